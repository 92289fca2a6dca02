/// sluice pay and the acts on one's own payments.
#include <cstdio>

#include <fmt/format.h>

#include "cli/amounts.hpp"
#include "cli/business_date.hpp"
#include "cli/command.hpp"
#include "cli/confirmation.hpp"
#include "cli/payment_subject.hpp"
#include "cli/receipt_files.hpp"
#include "cli/submission_output.hpp"
#include "contracts/native/settlement_results.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

core::Result<core::DateYmd, std::string> value_date(RpcClient& rpc, const core::CurrencyCode& currency,
                                                    const std::string& text) {
    if (!text.empty()) {
        if (const auto date = core::parse_date(text)) return *date;
        return core::fail(fmt::format("--value-date {}: allowed is a day as YYYY-MM-DD", text));
    }
    const auto date = business_date(rpc, currency);
    if (!date) return core::fail(date.error().message);
    return *date;
}

struct PaymentOrder {
    native::Instruction instruction;
    Money money;
    std::string payer_name, payee_name;
};

core::Result<PaymentOrder, std::string> read_order(const Arguments& arguments, const NetworkAccess& network,
                                                   RpcClient& rpc) {
    PaymentOrder order;
    const auto payer = network.bank(arguments.text("--from"));
    if (!payer) return core::fail(payer.error());
    const auto payee = network.bank(arguments.text("--to"));
    if (!payee) return core::fail(payee.error());
    const auto money = read_money(rpc, arguments.text("--amount"), arguments.text("--currency"));
    if (!money) return core::fail(money.error());
    const auto uetr = uetr_or_new("--uetr", arguments.text("--uetr"));
    if (!uetr) return core::fail(uetr.error());
    const auto priority = read_priority(arguments.text("--priority"));
    if (!priority) return core::fail(priority.error());
    const auto date = value_date(rpc, money->currency, arguments.text("--value-date"));
    if (!date) return core::fail(date.error());
    auto& instruction = order.instruction;
    instruction.uetr = uetr->bytes;
    instruction.message_type = native::tag_of(native::MessageType::bank_credit);
    instruction.payer = payer->chars();
    instruction.payee = payee->chars();
    instruction.currency = money->currency.chars();
    instruction.amount = money->minor;
    instruction.priority = *priority;
    instruction.value_date = *date;
    instruction.end_to_end_id = arguments.text("--reference");
    order.money = *money;
    order.payer_name = network.name_of(*payer);
    order.payee_name = network.name_of(*payee);
    return order;
}

/// Leaves the receipt of a final payment where `sluice verify` finds it.
void keep_receipt(RpcClient& rpc, const NetworkAccess& network,
                  const core::Result<Submitted, RpcError>& submitted, const std::string& uetr, bool as_json) {
    if (!submitted || submitted->answer.value("status", "") != "Final") return;
    const auto file = network.folder() / "receipts" / (uetr + ".json");
    const auto kept = save_receipt(rpc, uetr, file);
    if (as_json) return;
    print_line(kept ? fmt::format("receipt {}", file.string())
                    : fmt::format("no receipt file: {}", kept.error()));
}

ExitCode pay(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    RpcClient rpc(network->rpc_url());
    const auto order = read_order(arguments, *network, rpc);
    if (!order) return fail(ExitCode::usage, order.error(), as_json);
    if (!is_confirmed(arguments,
                      fmt::format("{} pays {} to {} (UETR {}).", order->payer_name, order->money.to_string(),
                                  order->payee_name, core::Uetr{order->instruction.uetr}.to_string())))
        return fail(ExitCode::refused, "nothing was sent", as_json);
    const auto signing = network->signing(arguments, "maker", arguments.text("--from"));
    if (!signing) return fail(ExitCode::usage, signing.error(), as_json);
    const auto uetr = core::Uetr{order->instruction.uetr}.to_string();
    // Before anything is sent: whoever is interrupted has to know what to repeat.
    if (!as_json) std::fprintf(stderr, "UETR %s\n", uetr.c_str());
    const auto begin = std::chrono::steady_clock::now();
    const auto submitted =
        submit_call(rpc, *signing, native::calls::submit(order->instruction), arguments.text("--wait"));
    const auto took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin);
    const auto code = print_outcome(
        submitted, as_json, took.count(),
        fmt::format("repeat the command with --uetr {}, which pays once however often it is sent", uetr));
    keep_receipt(rpc, *network, submitted, uetr, as_json);
    return code;
}

/// An act on one payment by its payer.
ExitCode act(const Arguments& arguments, std::string_view role,
             native::ContractCall (*call)(const native::PaymentId&, const Arguments&)) {
    const auto subject = find_subject(arguments);
    if (!subject) return subject.error();
    return submit_and_print(arguments, subject->network, role, subject->payer, call(subject->id, arguments));
}

ExitCode cancel(const Arguments& arguments) {
    return act(arguments, "maker", [](const native::PaymentId& id, const Arguments&) {
        return native::calls::cancel(id, {'C', 'U', 'S', 'T'});
    });
}
ExitCode hold(const Arguments& arguments) {
    return act(arguments, "maker",
               [](const native::PaymentId& id, const Arguments&) { return native::calls::hold(id); });
}
ExitCode unhold(const Arguments& arguments) {
    return act(arguments, "maker",
               [](const native::PaymentId& id, const Arguments&) { return native::calls::unhold(id); });
}
ExitCode set_priority(const Arguments& arguments) {
    const auto priority = read_priority(arguments.text("--priority"));
    if (!priority) return fail(ExitCode::usage, priority.error(), arguments.has("--json"));
    return act(arguments, "maker", [](const native::PaymentId& id, const Arguments& given) {
        return native::calls::set_priority(id, *read_priority(given.text("--priority")));
    });
}

ExitCode screen(const Arguments& arguments) {
    return act(arguments, "screening", [](const native::PaymentId& id, const Arguments& given) {
        return native::calls::screen(id, !given.has("--fail"));
    });
}

ExitCode approve(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    auto subject = find_subject(arguments);
    if (!subject) return subject.error();
    const auto data = read_call(subject->rpc, native::calls::payment(subject->id));
    if (!data) return fail(exit_code_of(data.error()), data.error().message, as_json);
    const auto record = native::results::payment(*data);
    if (!record) return fail(ExitCode::refused, "the node's record of the payment cannot be read", as_json);
    const auto& payment = subject->payment;
    const auto& amount = payment.value("amount", Json());
    if (!is_confirmed(
            arguments,
            fmt::format("Approve that {} pays {} {} to {}, value date {} (UETR {}).", subject->payer,
                        amount_text(amount), amount.value("ccy", "?"), payment.value("payee", "?"),
                        payment.value("valueDate", Json()).dump(), arguments.text("UETR"))))
        return fail(ExitCode::refused, "nothing was sent", as_json);
    return submit_and_print(arguments, subject->network, "approver", subject->payer,
                            native::calls::approve(subject->id, record->content_hash));
}

/// What came back of a payment, and what its payer asks back.
void show_returns(const Json& returns) {
    if (returns.value("count", 0) != 0)
        print_line(fmt::format("returned {} by {} return(s)", amount_text(returns.value("returned", Json())),
                               returns.value("count", 0)));
    if (returns.contains("original") && returns["original"].is_string())
        print_line(fmt::format("returns payment {}", returns["original"].get<std::string>()));
    const auto recall = returns.value("recall", Json());
    if (recall.is_object())
        print_line(fmt::format("recall of {} ({}): {}", amount_text(recall.value("amount", Json())),
                               recall.value("reason", Json()).dump(), recall.value("state", "")));
}

ExitCode show_payment(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    RpcClient rpc(network->rpc_url());
    const auto answer = rpc.call("settle_getPayment", {{{"uetr", arguments.text("UETR")}}});
    if (!answer) return fail(exit_code_of(answer.error()), answer.error().message, as_json);
    if (as_json) {
        print_json(*answer);
        return ExitCode::done;
    }
    if (answer->is_null()) {
        print_line("Unknown: no payment with this UETR is on the ledger");
        return ExitCode::done;
    }
    const auto& payment = *answer;
    print_line(fmt::format(
        "{} ({}): {} pays {} {} to {}", payment.value("status", "?"), payment.value("why", "?"),
        payment.value("payer", "?"), amount_text(payment.value("amount", Json())),
        payment.contains("amount") ? payment["amount"].value("ccy", "") : "", payment.value("payee", "?")));
    std::vector<std::vector<std::string>> rows;
    for (const auto& step : payment.value("history", Json::array()))
        rows.push_back({format_time(step.value("time", std::uint64_t{0})),
                        step.contains("height") ? step["height"].dump() : "-",
                        step.value("why", step.value("status", std::string("?"))),
                        step.contains("reason") && step["reason"].is_string()
                            ? step["reason"].get<std::string>()
                            : "-"});
    print_line(table({"time", "height", "status", "reason"}, rows));
    show_returns(payment.value("returns", Json::object()));
    return ExitCode::done;
}

constexpr Argument pay_arguments[] = {
    {"--from", ArgumentKind::value, "Paying bank: devnet name or BIC", true},
    {"--to", ArgumentKind::value, "Bank that is paid: devnet name or BIC", true},
    {"--amount", ArgumentKind::value, "Amount, like 250.00", true},
    {"--currency", ArgumentKind::value, "Three letters, like EUR", true},
    {"--uetr", ArgumentKind::value, "Unique reference (UUID v4); a new one by default"},
    {"--priority", ArgumentKind::value, "high, normal or low", false, "normal"},
    {"--value-date", ArgumentKind::value,
     "YYYY-MM-DD; the currency's business day by default, the next one once it is closed"},
    {"--reference", ArgumentKind::value, "End-to-end id, up to 35 characters", false, "NOTPROVIDED"},
    wait_argument,
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument,
};
constexpr Argument act_arguments[] = {uetr_argument, wait_argument, dir_argument,     rpc_argument,
                                      node_argument, key_argument,  password_argument};
constexpr Argument approve_arguments[] = {uetr_argument, wait_argument, yes_argument, dir_argument,
                                          rpc_argument,  node_argument, key_argument, password_argument};
constexpr Argument screen_arguments[] = {
    uetr_argument, {"--fail", ArgumentKind::flag, "It does not pass: it is rejected for good"},
    wait_argument, dir_argument,
    rpc_argument,  node_argument,
    key_argument,  password_argument};
constexpr Argument priority_arguments[] = {
    uetr_argument, {"--priority", ArgumentKind::value, "high, normal or low", true},
    wait_argument, dir_argument,
    rpc_argument,  node_argument,
    key_argument,  password_argument};
constexpr Argument show_arguments[] = {uetr_argument, dir_argument, rpc_argument, node_argument};

constexpr Command commands[] = {
    {"pay", "Pay from one bank to another and wait until it is final", pay_arguments, pay,
     "sluice pay --from bank-a --to bank-b --amount 250.00 --currency EUR"},
    {"payment", "Where a payment stands, and how it got there", show_arguments, show_payment},
    {"approve", "Approve a payment that waits for a second key", approve_arguments, approve},
    {"screen", "Let a payment that waits for screening pass, or not", screen_arguments, screen},
    {"hold", "Take a queued payment out of the queue for a while", act_arguments, hold},
    {"unhold", "Put a held payment back into the queue", act_arguments, unhold},
    {"cancel", "Cancel a payment that has not settled", act_arguments, cancel},
    {"priority", "Give a waiting payment another priority", priority_arguments, set_priority},
};

}  // namespace

std::span<const Command> payment_commands() {
    return commands;
}

}  // namespace sluice::cli
