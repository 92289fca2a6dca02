/// sluice credit, limit, reserve, freeze, unfreeze: what a bank may spend.
#include <fmt/format.h>

#include "cli/amounts.hpp"
#include "cli/command.hpp"
#include "cli/confirmation.hpp"
#include "cli/output.hpp"
#include "cli/payment_subject.hpp"
#include "cli/submission_output.hpp"
#include "contracts/native/payment_limits.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

/// A bank's account and an amount about it.
struct Order {
    NetworkAccess network;
    core::Bic bank;
    core::CurrencyCode currency;
    core::Minor value = native::no_limit;
    std::string value_text;  ///< "250.00 EUR", or "none"
};

/// `--bank`, `--currency` and `--amount`, which may be the word `none` where `may_be_none`.
core::Result<Order, std::string> read_order(const Arguments& arguments, bool may_be_none) {
    auto network = NetworkAccess::find(arguments);
    if (!network) return core::fail(network.error());
    const auto bank = network->bank(arguments.text("--bank"));
    if (!bank) return core::fail(bank.error());
    const auto amount = arguments.text("--amount");
    const bool is_none = may_be_none && amount == "none";
    RpcClient rpc(network->rpc_url());
    const auto money = read_money(rpc, is_none ? "0" : amount, arguments.text("--currency"), true);
    if (!money) return core::fail(money.error());
    return Order{std::move(*network), *bank, money->currency, is_none ? native::no_limit : money->minor,
                 is_none ? "none" : money->to_string()};
}

ExitCode set_credit_line(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto order = read_order(arguments, false);
    if (!order) return fail(ExitCode::usage, order.error(), as_json);
    if (!is_confirmed(arguments, fmt::format("Set the credit line of {} to {}.", order->bank.to_string(),
                                             order->value_text)))
        return fail(ExitCode::refused, "nothing was sent", as_json);
    return submit_and_print(
        arguments, order->network, "operator", "central-bank",
        native::calls::set_credit_line(order->bank.chars(), order->currency.chars(), order->value));
}

ExitCode set_limit(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto order = read_order(arguments, true);
    if (!order) return fail(ExitCode::usage, order.error(), as_json);
    if (arguments.text("--to").empty())
        return submit_and_print(arguments, order->network, "approver", order->bank.to_string(),
                                native::calls::set_multilateral_limit(order->currency.chars(), order->value));
    const auto to = order->network.bank(arguments.text("--to"));
    if (!to) return fail(ExitCode::usage, to.error(), as_json);
    return submit_and_print(
        arguments, order->network, "approver", order->bank.to_string(),
        native::calls::set_bilateral_limit(to->chars(), order->currency.chars(), order->value));
}

ExitCode reserve(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto order = read_order(arguments, false);
    if (!order) return fail(ExitCode::usage, order.error(), as_json);
    const auto name = arguments.text("--for");
    if (name != "urgent" && name != "high")
        return fail(ExitCode::usage, fmt::format("--for {}: allowed is urgent or high", name), as_json);
    const auto priority = name == "urgent" ? native::Priority::urgent : native::Priority::high;
    return submit_and_print(arguments, order->network, "approver", order->bank.to_string(),
                            native::calls::set_reservation(priority, order->currency.chars(), order->value));
}

// ---- limits and their use

std::vector<std::string> limit_row(const NetworkAccess& network, const std::string& to, const Json& limit) {
    const auto bank = core::Bic::parse(to);
    return {bank ? network.name_of(*bank) : to, amount_text(limit.value("limit", Json())),
            amount_text(limit.value("used", Json()))};
}

void show_limits(const Json& answer, const NetworkAccess& network) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& limit : answer.value("bilateralLimits", Json::array()))
        rows.push_back(limit_row(network, limit.value("to", ""), limit));
    const auto others = answer.value("multilateralLimit", Json());
    if (others.is_object()) rows.push_back(limit_row(network, "all others", others));
    if (rows.empty()) return print_line("No limits are set.");
    print_line(table({"towards", "limit", "used today"}, rows));
}

ExitCode list_limits(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto bank = network->bank(arguments.text("--bank"));
    if (!bank) return fail(ExitCode::usage, bank.error(), as_json);
    RpcClient rpc(network->rpc_url());
    const auto answer =
        rpc.call("settle_getLimits", {{{"bic", bank->to_string()}, {"ccy", arguments.text("--currency")}}});
    if (!answer) return fail(exit_code_of(answer.error()), answer.error().message, as_json);
    if (as_json)
        print_json(*answer);
    else
        show_limits(*answer, *network);
    return ExitCode::done;
}

// ---- freezes

ExitCode freeze_account(const Arguments& arguments, bool on) {
    const bool as_json = arguments.has("--json");
    const bool is_whole = on ? arguments.text("--amount").empty() : !arguments.has("--part");
    auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto bank = network->bank(arguments.text("--bank"));
    if (!bank) return fail(ExitCode::usage, bank.error(), as_json);
    RpcClient rpc(network->rpc_url());
    const bool has_amount = on && !is_whole;
    const auto money = read_money(rpc, has_amount ? arguments.text("--amount") : "0",
                                  arguments.text("--currency"), !has_amount);
    if (!money) return fail(ExitCode::usage, money.error(), as_json);
    const auto what = is_whole ? fmt::format("the {} account", money->currency.to_string())
                      : on     ? money->to_string()
                               : fmt::format("the frozen part in {}", money->currency.to_string());
    if (!is_confirmed(arguments,
                      fmt::format("{} {} of {}.", on ? "Freeze" : "Free", what, bank->to_string())))
        return fail(ExitCode::refused, "nothing was sent", as_json);
    return submit_and_print(arguments, *network, "operator", "central-bank",
                            native::calls::freeze({.bic = bank->chars(),
                                                   .currency = money->currency.chars(),
                                                   .amount = is_whole ? native::no_limit : money->minor,
                                                   .on = on,
                                                   .reason = arguments.text("--why")}));
}

ExitCode freeze_payment(const Arguments& arguments, bool on) {
    const bool as_json = arguments.has("--json");
    const auto subject = find_subject(arguments);
    if (!subject) return subject.error();
    const auto given = arguments.text("--reason");
    const auto reason = read_reason(given.empty() ? "RR04" : given);
    if (!reason) return fail(ExitCode::usage, reason.error(), as_json);
    return submit_and_print(arguments, subject->network, "operator", "central-bank",
                            native::calls::freeze_payment(subject->id, on, *reason));
}

ExitCode freeze_bank(const Arguments& arguments) {
    return freeze_account(arguments, true);
}
ExitCode unfreeze_bank(const Arguments& arguments) {
    return freeze_account(arguments, false);
}
ExitCode freeze_one(const Arguments& arguments) {
    return freeze_payment(arguments, true);
}
ExitCode unfreeze_one(const Arguments& arguments) {
    return freeze_payment(arguments, false);
}

constexpr Argument bank_row{"--bank", ArgumentKind::value, "Bank: devnet name or BIC", true};
constexpr Argument currency_row{"--currency", ArgumentKind::value, "Three letters, like EUR", true};
constexpr Argument amount_row{"--amount", ArgumentKind::value, "Amount, like 1000.00", true};
constexpr Argument credit_arguments[] = {bank_row,     currency_row,     amount_row,   wait_argument,
                                         yes_argument, dir_argument,     rpc_argument, node_argument,
                                         key_argument, password_argument};
constexpr Argument limit_arguments[] = {
    bank_row,
    {"--to", ArgumentKind::value,
     "Towards this bank; without it, towards all that have no limit of their own"},
    currency_row,
    {"--amount", ArgumentKind::value, "Most that may leave in a day, net of what comes back; none: no limit",
     true},
    wait_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};
constexpr Argument list_arguments[] = {bank_row, currency_row, dir_argument, rpc_argument, node_argument};
constexpr Argument reserve_arguments[] = {
    bank_row,
    currency_row,
    {"--amount", ArgumentKind::value, "Money that less urgent payments may not use; 0: none", true},
    {"--for", ArgumentKind::value, "urgent or high: who may use it", false, "high"},
    wait_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};
constexpr Argument why_row{"--why", ArgumentKind::value, "Reason for the record, up to 140 characters"};
constexpr Argument freeze_arguments[] = {
    bank_row,
    currency_row,
    {"--amount", ArgumentKind::value, "Freeze this much only; without it, the whole account"},
    why_row,
    wait_argument,
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};
constexpr Argument unfreeze_arguments[] = {
    bank_row,
    currency_row,
    {"--part", ArgumentKind::flag, "Free the frozen amount; without it, the account as a whole"},
    why_row,
    wait_argument,
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};
constexpr Argument payment_arguments[] = {
    uetr_argument, {"--reason", ArgumentKind::value, "ISO reason code", false, "RR04"},
    wait_argument, dir_argument,
    rpc_argument,  node_argument,
    key_argument,  password_argument};

constexpr Command commands[] = {
    {"credit set", "The central bank sets how far below zero a bank may go", credit_arguments,
     set_credit_line, "sluice credit set --bank bank-a --currency EUR --amount 5000000.00"},
    {"limit set", "A bank bounds what it pays in a day, to one bank or to all others", limit_arguments,
     set_limit, "sluice limit set --bank bank-a --to bank-b --currency EUR --amount 1000000.00"},
    {"limit list", "A bank's limits, and how much of each today has used", list_arguments, list_limits},
    {"reserve", "A bank keeps money for its urgent or high payments", reserve_arguments, reserve},
    {"freeze account", "An authority freezes a bank's account, or an amount of it", freeze_arguments,
     freeze_bank},
    {"freeze payment", "An authority stops one pending payment", payment_arguments, freeze_one},
    {"unfreeze account", "Ends the freeze of an account", unfreeze_arguments, unfreeze_bank},
    {"unfreeze payment", "Ends the freeze of a payment", payment_arguments, unfreeze_one},
};

}  // namespace

std::span<const Command> limit_commands() {
    return commands;
}

}  // namespace sluice::cli
