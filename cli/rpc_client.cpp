#include "cli/rpc_client.hpp"

#include <charconv>

#include <fmt/format.h>

namespace sluice::cli {
namespace {

core::Result<Json, RpcError> result_of(const std::string& url, const std::string& body) {
    const auto answer = Json::parse(body, nullptr, false);
    if (answer.is_discarded() || !answer.is_object())
        return core::fail(
            RpcError{RpcError::Kind::malformed, 0, fmt::format("{} did not answer with JSON-RPC", url), {}});
    if (const auto error = answer.find("error"); error != answer.end() && error->is_object())
        return core::fail(RpcError{RpcError::Kind::refused, error->value("code", 0),
                                   error->value("message", std::string("refused")),
                                   error->value("data", Json())});
    const auto result = answer.find("result");
    if (result == answer.end())
        return core::fail(
            RpcError{RpcError::Kind::malformed, 0, fmt::format("{} answered without a result", url), {}});
    return *result;
}

}  // namespace

RpcError after_acceptance(const RpcError& error) {
    const bool is_told =
        error.kind == RpcError::Kind::refused && error.code <= -38'000 && error.code > -39'000;
    if (is_told) return error;
    return {RpcError::Kind::unreachable, 0, error.message, {}};
}

ExitCode exit_code_of(const RpcError& error) {
    if (error.kind == RpcError::Kind::unreachable) return ExitCode::unreachable;
    return error.code == not_final_code ? ExitCode::not_final : ExitCode::refused;
}

RpcClient::RpcClient(std::string url, std::chrono::milliseconds timeout)
    : url_(std::move(url)), http_([&] {
          network::HttpClientOptions options;
          options.read_timeout = timeout;
          return options;
      }()) {}

core::Result<Json, RpcError> RpcClient::call(std::string_view method, Json params) {
    const Json request{
        {"jsonrpc", "2.0"}, {"id", next_id_++}, {"method", method}, {"params", std::move(params)}};
    const auto body = http_.post_json(url_, request.dump());
    if (body) return result_of(url_, *body);
    const auto& error = body.error();
    if (error.kind == network::HttpClientError::Kind::http_status)
        return core::fail(
            RpcError{RpcError::Kind::refused, static_cast<int>(error.status), error.message, {}});
    return core::fail(RpcError{RpcError::Kind::unreachable, 0, error.message, {}});
}

std::optional<std::uint64_t> quantity(const Json& value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (!value.is_string()) return std::nullopt;
    const auto text = value.get<std::string>();
    if (text.rfind("0x", 0) != 0 || text.size() == 2) return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), number, 16);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace sluice::cli
