#include "cli/submission_output.hpp"

#include <fmt/format.h>

namespace sluice::cli {

ExitCode print_outcome(const core::Result<Submitted, RpcError>& submitted, bool as_json, double milliseconds,
                       std::string_view repetition) {
    if (!submitted) {
        if (as_json && submitted.error().data.is_object()) {
            print_json({{"error", submitted.error().message},
                        {"code", submitted.error().code},
                        {"data", submitted.error().data}});
            return exit_code_of(submitted.error());
        }
        auto message = submitted.error().message;
        if (submitted.error().kind == RpcError::Kind::unreachable)
            message += fmt::format(". Whether it took effect is unknown: {}", repetition);
        return fail(exit_code_of(submitted.error()), message, as_json);
    }
    const auto& answer = submitted->answer;
    const auto status = answer.value("status", std::string("Accepted"));
    if (as_json) {
        auto json = answer;
        json["milliseconds"] = milliseconds;
        print_json(json);
    } else {
        const auto text = [&](const char* key) {
            return answer.contains(key) && answer[key].is_string() ? answer[key].get<std::string>()
                                                                   : std::string();
        };
        std::string line = status;
        if (!text("why").empty()) line += fmt::format(" ({})", text("why"));
        if (!text("reason").empty()) line += fmt::format(", reason {}", text("reason"));
        if (submitted->is_final) {
            line += fmt::format(" at height {}, {}", answer["height"].dump(),
                                format_time(answer.value("time", std::uint64_t{0})));
            line += answer.value("repeated", false) ? "; it was submitted before, nothing moved now"
                                                    : fmt::format(", after {:.0f} ms", milliseconds);
        }
        print_line(line);
        if (!text("uetr").empty()) print_line(fmt::format("UETR {}", text("uetr")));
        print_line(fmt::format("transaction {}", submitted->transaction_hash));
    }
    return status == "Never" ? ExitCode::refused : ExitCode::done;
}

ExitCode submit_and_print(const Arguments& arguments, const NetworkAccess& network, std::string_view role,
                          std::string_view bank, const contracts::native::ContractCall& call,
                          std::string_view repetition) {
    const bool as_json = arguments.has("--json");
    const auto signing = network.signing(arguments, role, bank);
    if (!signing) return fail(ExitCode::usage, signing.error(), as_json);
    const auto wait = arguments.text("--wait").empty() ? std::string("final") : arguments.text("--wait");
    if (wait != "final" && wait != "accepted")
        return fail(ExitCode::usage, fmt::format("--wait {}: allowed is accepted or final", wait), as_json);
    RpcClient rpc(network.rpc_url());
    const auto begin = std::chrono::steady_clock::now();
    const auto submitted = submit_call(rpc, *signing, call, wait);
    const auto took = std::chrono::steady_clock::now() - begin;
    return print_outcome(submitted, as_json, std::chrono::duration<double, std::milli>(took).count(),
                         repetition);
}

}  // namespace sluice::cli
