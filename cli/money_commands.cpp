/// sluice issue and redeem: money between the central bank's own books and the ledger.
#include <cstdio>

#include <fmt/format.h>

#include "cli/amounts.hpp"
#include "cli/command.hpp"
#include "cli/confirmation.hpp"
#include "cli/submission_output.hpp"
#include "crypto/random.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

/// A reference typed by a person, or a random one: the same reference never issues twice.
core::Word issue_reference(const std::string& text) {
    return core::keccak256(core::view(text));
}

/// The person's own, or a random one, told before anything is sent: whoever is interrupted has to know what
/// to repeat.
std::string reference_of(const Arguments& arguments) {
    auto text = arguments.text("--reference");
    if (!text.empty()) return text;
    text = fmt::format("{:016x}", crypto::random_u64());
    std::fprintf(stderr, "reference %s (repeat with --reference %s: it takes effect once)\n", text.c_str(),
                 text.c_str());
    return text;
}

native::UetrBytes redemption_reference(const std::string& text) {
    native::UetrBytes reference{};
    const auto hash = core::keccak256(core::view(text));
    std::copy_n(hash.begin(), reference.size(), reference.begin());
    return reference;
}

struct Order {
    NetworkAccess network;
    core::Bic bank;
    Money money;
};

core::Result<Order, std::string> read_order(const Arguments& arguments, std::string_view bank_argument) {
    auto network = NetworkAccess::find(arguments);
    if (!network) return core::fail(network.error());
    const auto bank = network->bank(arguments.text(bank_argument));
    if (!bank) return core::fail(bank.error());
    RpcClient rpc(network->rpc_url());
    const auto money = read_money(rpc, arguments.text("--amount"), arguments.text("--currency"));
    if (!money) return core::fail(money.error());
    return Order{std::move(*network), *bank, *money};
}

ExitCode issue(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto order = read_order(arguments, "--to");
    if (!order) return fail(ExitCode::usage, order.error(), as_json);
    if (!is_confirmed(arguments,
                      fmt::format("Issue {} to {}.", order->money.to_string(), order->bank.to_string())))
        return fail(ExitCode::refused, "nothing was sent", as_json);
    return submit_and_print(
        arguments, order->network, "operator", "central-bank",
        native::calls::issue({.bic = order->bank.chars(),
                              .currency = order->money.currency.chars(),
                              .amount = order->money.minor,
                              .rtgs_reference = issue_reference(reference_of(arguments))}));
}

ExitCode redeem(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto order = read_order(arguments, "--from");
    if (!order) return fail(ExitCode::usage, order.error(), as_json);
    if (!is_confirmed(arguments, fmt::format("{} asks to redeem {}; the amount is locked at once.",
                                             order->bank.to_string(), order->money.to_string())))
        return fail(ExitCode::refused, "nothing was sent", as_json);
    const auto reference = redemption_reference(reference_of(arguments));
    const auto code = submit_and_print(
        arguments, order->network, "maker", arguments.text("--from"),
        native::calls::request_redeem(order->money.currency.chars(), order->money.minor, reference));
    if (code == ExitCode::done && !as_json)
        print_line(fmt::format(
            "reference {}: the central bank approves it with\n  sluice redeem-approve --bank {} --ref {}",
            core::to_hex(reference), order->bank.to_string(), core::to_hex(reference)));
    return code;
}

/// The bank's own second pair of eyes.
ExitCode redeem_confirm(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    native::UetrBytes reference{};
    if (!core::from_hex_exactly(arguments.text("--ref"), reference))
        return fail(ExitCode::usage, "--ref: allowed are the 32 hex digits that 'sluice redeem' printed",
                    as_json);
    return submit_and_print(arguments, *network, "approver", arguments.text("--bank"),
                            native::calls::confirm_redeem(reference, !arguments.has("--refuse")));
}

ExitCode redeem_approve(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto bank = network->bank(arguments.text("--bank"));
    if (!bank) return fail(ExitCode::usage, bank.error(), as_json);
    native::UetrBytes reference{};
    if (!core::from_hex_exactly(arguments.text("--ref"), reference))
        return fail(ExitCode::usage, "--ref: allowed are the 32 hex digits that 'sluice redeem' printed",
                    as_json);
    return submit_and_print(
        arguments, *network, "operator", "central-bank",
        native::calls::approve_redeem(bank->chars(), reference, !arguments.has("--refuse")));
}

constexpr Argument amount_row{"--amount", ArgumentKind::value, "Amount, like 1000.00", true};
constexpr Argument currency_row{"--currency", ArgumentKind::value, "Three letters, like EUR", true};
constexpr Argument reference_row{"--reference", ArgumentKind::value,
                                 "Your reference; the same one never counts twice (a random one by default)"};
constexpr Argument issue_arguments[] = {{"--to", ArgumentKind::value, "Bank that receives it", true},
                                        amount_row,
                                        currency_row,
                                        reference_row,
                                        wait_argument,
                                        yes_argument,
                                        dir_argument,
                                        rpc_argument,
                                        node_argument,
                                        key_argument,
                                        password_argument};
constexpr Argument redeem_arguments[] = {{"--from", ArgumentKind::value, "Bank that gives it back", true},
                                         amount_row,
                                         currency_row,
                                         reference_row,
                                         wait_argument,
                                         yes_argument,
                                         dir_argument,
                                         rpc_argument,
                                         node_argument,
                                         key_argument,
                                         password_argument};
constexpr Argument approve_arguments[] = {
    {"--bank", ArgumentKind::value, "Bank that asked", true},
    {"--ref", ArgumentKind::value, "Reference of the request, 32 hex digits", true},
    {"--refuse", ArgumentKind::flag, "Refuse it: the money goes back"},
    wait_argument,
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};

constexpr Command commands[] = {
    {"issue", "The central bank puts money on a bank's account", issue_arguments, issue,
     "sluice issue --to bank-a --amount 1000000.00 --currency EUR"},
    {"redeem", "A bank asks to take money off the ledger", redeem_arguments, redeem},
    {"redeem-confirm", "An approver of the bank lets its redemption go on, or refuses it", approve_arguments,
     redeem_confirm},
    {"redeem-approve", "The central bank approves or refuses a redemption", approve_arguments,
     redeem_approve},
};

}  // namespace

std::span<const Command> money_commands() {
    return commands;
}

}  // namespace sluice::cli
