/// sluice position, queue, participants: what a treasury person looks at.
#include <fmt/format.h>

#include "cli/amounts.hpp"
#include "cli/command.hpp"
#include "cli/network_access.hpp"

namespace sluice::cli {
namespace {

/// Runs one settle_ view and prints it as JSON, or through `show`.
ExitCode view(const Arguments& arguments, const NetworkAccess& network, const char* method, Json params,
              void (*show)(const Json&, const NetworkAccess&)) {
    const bool as_json = arguments.has("--json");
    RpcClient rpc(network.rpc_url());
    const auto answer = rpc.call(method, std::move(params));
    if (!answer) return fail(exit_code_of(answer.error()), answer.error().message, as_json);
    if (as_json)
        print_json(*answer);
    else
        show(*answer, network);
    return ExitCode::done;
}

std::string shown_bank(const NetworkAccess& network, const std::string& bic) {
    const auto parsed = core::Bic::parse(bic);
    const auto name = parsed ? network.name_of(*parsed) : bic;
    return name == bic ? bic : fmt::format("{} ({})", name, bic);
}

std::vector<std::string> position_row(const Json& position, const NetworkAccess& network) {
    return {shown_bank(network, position.value("bic", "")),
            position.value("ccy", ""),
            amount_text(position.value("balance", Json())),
            amount_text(position.value("locked", Json())),
            position.value("accountFrozen", false) ? "all" : amount_text(position.value("frozen", Json())),
            amount_text(position.value("creditLine", Json())),
            amount_text(position.value("available", Json())),
            amount_text(position.value("netQueued", Json()))};
}

std::vector<std::string> currencies_of(const Arguments& arguments, RpcClient& rpc) {
    if (const auto one = arguments.text("--currency"); !one.empty()) return {one};
    std::vector<std::string> codes;
    if (const auto totals = rpc.call("settle_getNetworkTotals", Json::array()); totals && totals->is_array())
        for (const auto& row : *totals)
            codes.push_back(row.value("ccy", ""));
    return codes;
}

std::vector<core::Bic> banks_of(const NetworkAccess& network, RpcClient& rpc) {
    std::vector<core::Bic> banks;
    static_cast<void>(network);
    const auto answer = rpc.call("settle_getParticipants", Json::array());
    if (!answer) return banks;
    for (const auto& row : answer->is_array() ? *answer : answer->value("participants", Json::array()))
        if (const auto bic = core::Bic::parse(row.value("bic", ""))) banks.push_back(*bic);
    return banks;
}

ExitCode position(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    RpcClient rpc(network->rpc_url());
    std::vector<core::Bic> banks;
    if (const auto name = arguments.text("--bic"); !name.empty()) {
        const auto bank = network->bank(name);
        if (!bank) return fail(ExitCode::usage, bank.error(), as_json);
        banks.push_back(*bank);
    } else {
        banks = banks_of(*network, rpc);
    }
    Json all = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const auto& bank : banks)
        for (const auto& currency : currencies_of(arguments, rpc)) {
            const auto answer =
                rpc.call("settle_getPosition", {{{"bic", bank.to_string()}, {"ccy", currency}}});
            if (!answer) return fail(exit_code_of(answer.error()), answer.error().message, as_json);
            all.push_back(*answer);
            rows.push_back(position_row(*answer, *network));
        }
    if (as_json)
        print_json(all.size() == 1 ? all.front() : all);
    else
        print_line(table(
            {"bank", "currency", "balance", "locked", "frozen", "credit line", "available", "net queued"},
            rows));
    return ExitCode::done;
}

void show_queue(const Json& answer, const NetworkAccess& network) {
    const auto payments = answer.value("payments", Json::array());
    if (payments.empty()) return print_line("The queue is empty.");
    std::vector<std::vector<std::string>> rows;
    for (const auto& payment : payments)
        rows.push_back({payment["place"].dump(), payment.value("uetr", ""),
                        shown_bank(network, payment.value("payer", "")),
                        shown_bank(network, payment.value("payee", "")),
                        amount_text(payment.value("amount", Json())), payment.value("priority", ""),
                        payment.value("why", "")});
    print_line(table({"place", "UETR", "payer", "payee", "amount", "priority", "state"}, rows));
}

ExitCode queue(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto bank = network->bank(arguments.text("--bic"));
    if (!bank) return fail(ExitCode::usage, bank.error(), as_json);
    return view(arguments, *network, "settle_getQueue",
                {{{"bic", bank->to_string()},
                  {"ccy", arguments.text("--currency")},
                  {"direction", arguments.has("--incoming") ? "incoming" : "outgoing"}}},
                show_queue);
}

void show_participants(const Json& answer, const NetworkAccess& network) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : answer.is_array() ? answer : answer.value("participants", Json::array())) {
        std::string duties;
        for (const auto& key : row.value("keys", Json::array()))
            duties += (duties.empty() ? "" : ", ") + key.value("duty", std::string());
        rows.push_back({shown_bank(network, row.value("bic", "")), row.value("name", ""),
                        row.value("status", ""), duties});
    }
    print_line(table({"bank", "name", "status", "keys"}, rows));
}

ExitCode participants(const Arguments& arguments) {
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), arguments.has("--json"));
    return view(arguments, *network, "settle_getParticipants", Json::array(), show_participants);
}

constexpr Argument position_arguments[] = {
    {"--bic", ArgumentKind::value, "Bank: devnet name or BIC; all banks by default"},
    {"--currency", ArgumentKind::value, "Three letters; all currencies by default"},
    dir_argument,
    rpc_argument,
    node_argument};
constexpr Argument queue_arguments[] = {
    {"--bic", ArgumentKind::value, "Bank: devnet name or BIC", true},
    {"--currency", ArgumentKind::value, "Three letters", true},
    {"--incoming", ArgumentKind::flag, "Payments to the bank instead of from it"},
    dir_argument,
    rpc_argument,
    node_argument};
constexpr Argument network_arguments[] = {dir_argument, rpc_argument, node_argument};

constexpr Command commands[] = {
    {"position", "Balances and what can be paid, per bank and currency", position_arguments, position,
     "sluice position --bic bank-a --currency EUR"},
    {"queue", "Payments that wait, in their order", queue_arguments, queue,
     "sluice queue --bic bank-a --currency EUR"},
    {"participants", "The banks of the network and their keys", network_arguments, participants},
};

}  // namespace

std::span<const Command> view_commands() {
    return commands;
}

}  // namespace sluice::cli
