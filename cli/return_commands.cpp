/// sluice return and recall: money that goes back after a payment has settled.
#include <cstdio>

#include <fmt/format.h>

#include "cli/amounts.hpp"
#include "cli/business_date.hpp"
#include "cli/command.hpp"
#include "cli/confirmation.hpp"
#include "cli/output.hpp"
#include "cli/payment_subject.hpp"
#include "cli/submission_output.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

std::string currency_of(const Json& payment) {
    return payment.value("amount", Json::object()).value("ccy", "");
}

/// --amount, or the whole of the payment less what was returned already.
core::Result<Money, std::string> amount_to_return(Subject& subject, const std::string& typed) {
    const auto currency = currency_of(subject.payment);
    const auto whole =
        read_money(subject.rpc, typed.empty() ? amount_text(subject.payment["amount"]) : typed, currency);
    if (!whole || !typed.empty()) return whole;
    const auto returns = subject.payment.value("returns", Json::object());
    const auto returned = read_money(subject.rpc, amount_text(returns.value("returned", Json())), currency);
    if (!returned || returned->minor > whole->minor) return whole;
    Money left = *whole;
    left.minor -= returned->minor;
    return left;
}

core::Result<core::Bic, std::string> bic_in(const std::string& text) {
    const auto bic = core::Bic::parse(text);
    return bic ? core::Result<core::Bic, std::string>(*bic)
               : core::fail(fmt::format("the node named the bank '{}'", text));
}

struct ReturnOrder {
    native::Instruction instruction;
    Money money;
};

/// A return: from the payee of the original to its payer, on today's value date.
core::Result<ReturnOrder, std::string> read_return(Subject& subject, const Arguments& arguments) {
    const auto payer = bic_in(subject.payee);
    if (!payer) return core::fail(payer.error());
    const auto payee = bic_in(subject.payer);
    if (!payee) return core::fail(payee.error());
    const auto money = amount_to_return(subject, arguments.text("--amount"));
    if (!money) return core::fail(money.error());
    const auto uetr = uetr_or_new("--new-uetr", arguments.text("--new-uetr"));
    if (!uetr) return core::fail(uetr.error());
    const auto priority = read_priority(arguments.text("--priority"));
    if (!priority) return core::fail(priority.error());
    const auto date = business_date(subject.rpc, money->currency);
    if (!date) return core::fail(date.error().message);
    native::Instruction instruction;
    instruction.uetr = uetr->bytes;
    instruction.message_type = native::tag_of(native::MessageType::payment_return);
    instruction.payer = payer->chars();
    instruction.payee = payee->chars();
    instruction.currency = money->currency.chars();
    instruction.amount = money->minor;
    instruction.priority = *priority;
    instruction.value_date = *date;
    instruction.end_to_end_id = "NOTPROVIDED";
    return ReturnOrder{std::move(instruction), *money};
}

ExitCode give_back(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    auto subject = find_subject(arguments);
    if (!subject) return subject.error();
    const auto reason = read_reason(arguments.text("--reason"));
    if (!reason) return fail(ExitCode::usage, reason.error(), as_json);
    const auto order = read_return(*subject, arguments);
    if (!order) return fail(ExitCode::usage, order.error(), as_json);
    const auto uetr = core::Uetr{order->instruction.uetr}.to_string();
    if (!is_confirmed(arguments,
                      fmt::format("{} returns {} to {} (UETR {}, of payment {}).", subject->payee,
                                  order->money.to_string(), subject->payer, uetr, arguments.text("UETR"))))
        return fail(ExitCode::refused, "nothing was sent", as_json);
    // Before anything is sent: whoever is interrupted has to know what to repeat.
    std::fprintf(stderr, "UETR %s\n", uetr.c_str());
    const auto repetition = fmt::format("repeat with --new-uetr {} --amount {}: it takes effect once", uetr,
                                        core::format_amount(order->money.minor, order->money.exponent));
    return submit_and_print(arguments, subject->network, "maker", subject->payee,
                            native::calls::return_payment(order->instruction, subject->id, *reason),
                            repetition);
}

ExitCode ask_back(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    auto subject = find_subject(arguments);
    if (!subject) return subject.error();
    const auto why = subject->payment.value("why", "");
    if (why != "Settled")
        return fail(ExitCode::refused,
                    fmt::format("the payment is {}: only a settled one is recalled{}", why,
                                subject->payment.value("status", "") == "Pending"
                                    ? fmt::format("; sluice cancel {} ends it", arguments.text("UETR"))
                                    : std::string()),
                    as_json);
    const auto reason = read_reason(arguments.text("--reason"));
    if (!reason) return fail(ExitCode::usage, reason.error(), as_json);
    const auto money = amount_to_return(*subject, arguments.text("--amount"));
    if (!money) return fail(ExitCode::usage, money.error(), as_json);
    return submit_and_print(
        arguments, subject->network, "maker", subject->payer,
        native::calls::request_return(
            {.id = subject->id, .amount = money->minor, .reason = *reason, .message_hash = {}}));
}

/// The answers of camt.029 by the words that people type.
core::Result<native::ReasonCode, std::string> read_answer(const std::string& text) {
    if (text == "yes") return native::ReasonCode{'C', 'N', 'C', 'L'};
    if (text == "no") return native::ReasonCode{'R', 'J', 'C', 'R'};
    if (text == "pending") return native::ReasonCode{'P', 'D', 'C', 'R'};
    return core::fail(fmt::format("--answer {}: allowed is yes, no or pending", text));
}

ExitCode answer_recall(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto subject = find_subject(arguments);
    if (!subject) return subject.error();
    const auto answer = read_answer(arguments.text("--answer"));
    if (!answer) return fail(ExitCode::usage, answer.error(), as_json);
    native::ReasonCode reason{};
    if (const auto typed = arguments.text("--reason"); !typed.empty()) {
        const auto read = read_reason(typed);
        if (!read) return fail(ExitCode::usage, read.error(), as_json);
        reason = *read;
    }
    const auto code = submit_and_print(arguments, subject->network, "maker", subject->payee,
                                       native::calls::answer_return(subject->id, *answer, reason));
    if (code == ExitCode::done && !as_json && arguments.text("--answer") == "yes")
        print_line(fmt::format("The answer moves no money; this does:\n  sluice return {} --reason FOCR",
                               arguments.text("UETR")));
    return code;
}

constexpr Argument amount_row{"--amount", ArgumentKind::value,
                              "Part of it, like 100.00; all that is left by default"};
constexpr Argument return_arguments[] = {
    uetr_argument,
    amount_row,
    {"--reason", ArgumentKind::value, "ISO return reason, like AC04 or FOCR", true},
    {"--new-uetr", ArgumentKind::value, "Unique reference of the return (UUID v4); a new one by default"},
    {"--priority", ArgumentKind::value, "high, normal or low", false, "normal"},
    wait_argument,
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};
constexpr Argument ask_arguments[] = {
    uetr_argument,
    amount_row,
    {"--reason", ArgumentKind::value, "ISO cancellation reason, like DUPL", true},
    wait_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};
constexpr Argument answer_arguments[] = {uetr_argument,
                                         {"--answer", ArgumentKind::value, "yes, no or pending", true},
                                         {"--reason", ArgumentKind::value, "ISO reason of the answer"},
                                         wait_argument,
                                         dir_argument,
                                         rpc_argument,
                                         node_argument,
                                         key_argument,
                                         password_argument};

constexpr Command commands[] = {
    {"return", "A bank gives a settled payment back, or a part of it", return_arguments, give_back,
     "sluice return 8a562c67-ca16-48ba-b074-65581be6f011 --reason AC04"},
    {"recall request", "A payer asks for a settled payment back", ask_arguments, ask_back},
    {"recall answer", "The bank that was paid answers a recall", answer_arguments, answer_recall},
};

}  // namespace

std::span<const Command> return_commands() {
    return commands;
}

}  // namespace sluice::cli
