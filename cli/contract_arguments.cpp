#include "cli/contract_arguments.hpp"

#include <fmt/format.h>

#include "cli/abi/text.hpp"
#include "cli/confirmation.hpp"

namespace sluice::cli {
namespace {

core::Result<bool, std::string> read_wait(const Arguments& arguments) {
    const auto wait = arguments.text("--wait");
    if (wait != "final" && wait != "accepted")
        return core::fail(fmt::format("--wait {}: allowed is accepted or final", wait));
    return wait == "final";
}

}  // namespace

core::Result<core::Uint256, std::string> read_value(const Arguments& arguments) {
    const auto value = abi::parse_number(arguments.text("--value").empty() ? "0" : arguments.text("--value"));
    return value ? value : core::fail("--value: " + value.error());
}

core::Result<std::optional<core::Gas>, std::string> read_gas(const Arguments& arguments) {
    const auto text = arguments.text("--gas");
    if (text.empty()) return std::nullopt;
    const auto gas = abi::parse_number(text);
    if (!gas || !gas->fits_u64())
        return core::fail(fmt::format("--gas {}: allowed is a number of at most 64 bits", text));
    return gas->low_u64();
}

ExitCode print_failure(const ContractFailure& failure, bool as_json) {
    if (!as_json) return fail(failure.code, failure.message, false);
    Json json{{"error", failure.message}, {"exitCode", static_cast<int>(failure.code)}};
    if (!failure.revert_data.is_null()) json["revertData"] = failure.revert_data;
    if (!failure.receipt.is_null()) json["receipt"] = failure.receipt;
    print_json(json);
    return failure.code;
}

core::Result<Sender, std::string> read_sender(const Arguments& arguments) {
    const auto value = read_value(arguments);
    if (!value) return core::fail(value.error());
    const auto gas = read_gas(arguments);
    if (!gas) return core::fail(gas.error());
    const auto waits = read_wait(arguments);
    if (!waits) return core::fail(waits.error());
    auto network = NetworkAccess::find(arguments);
    if (!network) return core::fail(network.error());
    auto signing = network->contract_signing(arguments);
    if (!signing) return core::fail(signing.error());
    return Sender{std::move(*network), std::move(*signing), *value, *gas, *waits};
}

/// Deploying and calling ask nobody; sending native coin does.
bool may_send(const Arguments& arguments, const core::Uint256& value) {
    return value.is_zero() ||
           is_confirmed(arguments, fmt::format("Send {} wei with it.", core::to_decimal(value)));
}

Json outcome_json(const ContractReceipt& sent, std::chrono::steady_clock::time_point begin) {
    Json json{{"txHash", sent.transaction_hash}, {"gasLimit", sent.gas_limit}};
    if (sent.receipt.is_null()) {
        json["status"] = "Accepted";
        return json;
    }
    json["status"] = "Final";
    json["height"] = quantity(sent.receipt.value("blockNumber", Json())).value_or(0);
    json["blockHash"] = sent.receipt.value("blockHash", Json());
    json["gasUsed"] = quantity(sent.receipt.value("gasUsed", Json())).value_or(0);
    const auto took = std::chrono::steady_clock::now() - begin;
    json["milliseconds"] = std::chrono::duration<double, std::milli>(took).count();
    return json;
}

void print_hash_and_gas(const Json& outcome) {
    print_line(fmt::format("transaction {}", outcome["txHash"].get<std::string>()));
    if (outcome.contains("gasUsed"))
        print_line(fmt::format("gas {} of {}", outcome["gasUsed"].dump(), outcome["gasLimit"].dump()));
}

}  // namespace sluice::cli
