/// sluice authority …: acts of the operators, and their confirmation by k of n.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "cli/amounts.hpp"
#include "cli/command.hpp"
#include "cli/confirmation.hpp"
#include "cli/submission_output.hpp"
#include "contracts/native/settlement_results.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

/// The call of a command, or what is wrong with the command line.
using CallOf = core::Result<native::ContractCall, std::string>;

/// What is sent for an operator act: the act itself where one signature is enough, else its proposal.
core::Result<native::ContractCall, std::string> proposed_if_needed(RpcClient& rpc,
                                                                   const native::ContractCall& call) {
    const auto data = read_call(rpc, native::calls::operator_threshold());
    if (!data) return core::fail(data.error().message);
    const auto quorum = native::results::operator_quorum(*data);
    if (!quorum) return core::fail(std::string("the node's answer about operators cannot be read"));
    return quorum->threshold <= 1 ? call : native::calls::propose_act(call.data);
}

/// Sends an operator act, after the person agreed to `sentence`.
ExitCode order(const Arguments& arguments, const NetworkAccess& network, const native::ContractCall& call,
               const std::string& sentence) {
    const bool as_json = arguments.has("--json");
    if (!is_confirmed(arguments, sentence)) return fail(ExitCode::refused, "nothing was sent", as_json);
    RpcClient rpc(network.rpc_url());
    const auto sent = proposed_if_needed(rpc, call);
    if (!sent) return fail(ExitCode::unreachable, sent.error(), as_json);
    const auto code = submit_and_print(arguments, network, "operator", "central-bank", *sent);
    if (code == ExitCode::done && !as_json && sent->data != call.data)
        print_line("it is proposed; the other operators confirm it with\n  sluice authority confirm NUMBER");
    return code;
}

/// A command about one bank: `call_of` makes the call, `sentence_of` says it.
ExitCode order_about(const Arguments& arguments,
                     CallOf (*call_of)(const Arguments&, const NetworkAccess&, const core::Bic&),
                     std::string_view what) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto bank = network->bank(arguments.text("--bank"));
    if (!bank) return fail(ExitCode::usage, bank.error(), as_json);
    const auto call = call_of(arguments, *network, *bank);
    if (!call) return fail(ExitCode::usage, call.error(), as_json);
    return order(arguments, *network, *call, fmt::format("{} {}.", what, bank->to_string()));
}

core::Result<core::Address, std::string> read_address(const Arguments& arguments, std::string_view name) {
    if (const auto address = core::address_from_hex(arguments.text(name))) return *address;
    return core::fail(fmt::format("{} {}: allowed are 0x and 40 hex digits", name, arguments.text(name)));
}

ExitCode register_bank(const Arguments& arguments) {
    return order_about(
        arguments,
        [](const Arguments& given, const NetworkAccess&, const core::Bic& bank) -> CallOf {
            const auto admin = read_address(given, "--admin");
            if (!admin) return core::fail(admin.error());
            native::LeiText lei{};
            const auto text = given.text("--lei");
            if (!text.empty() && text.size() != lei.size())
                return core::fail(fmt::format("--lei {}: allowed are 20 characters", text));
            std::copy(text.begin(), text.end(), lei.begin());
            return native::calls::register_participant({.bic = bank.chars(),
                                                        .lei = lei,
                                                        .name = given.text("--name"),
                                                        .admin = *admin,
                                                        .read_key = {}});
        },
        "Register");
}

ExitCode set_status(const Arguments& arguments) {
    return order_about(
        arguments,
        [](const Arguments& given, const NetworkAccess&, const core::Bic& bank) -> CallOf {
            const auto text = given.text("--status");
            for (const auto& [word, status] : {std::pair{"active", native::ParticipantStatus::active},
                                               std::pair{"suspended", native::ParticipantStatus::suspended},
                                               std::pair{"withdrawn", native::ParticipantStatus::withdrawn}})
                if (text == word)
                    return native::calls::set_status(bank.chars(), status, given.text("--reason"));
            return core::fail(fmt::format("--status {}: allowed is active, suspended or withdrawn", text));
        },
        "Change the status of");
}

ExitCode declare_insolvent(const Arguments& arguments) {
    return order_about(
        arguments,
        [](const Arguments& given, const NetworkAccess&, const core::Bic& bank) -> CallOf {
            return native::calls::declare_insolvent(bank.chars(), given.text("--reason"));
        },
        "Declare insolvent, for good:");
}

ExitCode recover(const Arguments& arguments) {
    return order_about(
        arguments,
        [](const Arguments& given, const NetworkAccess&, const core::Bic& bank) -> CallOf {
            const auto admin = read_address(given, "--admin");
            if (!admin) return core::fail(admin.error());
            return native::calls::recover_keys(bank.chars(), *admin);
        },
        "Name a new admin of");
}

ExitCode require_screening(const Arguments& arguments) {
    return order_about(
        arguments,
        [](const Arguments& given, const NetworkAccess& network, const core::Bic& bank) -> CallOf {
            RpcClient rpc(network.rpc_url());
            const auto money = read_money(rpc, given.text("--amount"), given.text("--currency"), true);
            if (!money) return core::fail(money.error());
            return native::calls::require_screening(bank.chars(), money->currency.chars(), money->minor);
        },
        "Require screening of");
}

ExitCode force_transfer(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto from = network->bank(arguments.text("--from"));
    if (!from) return fail(ExitCode::usage, from.error(), as_json);
    const auto to = network->bank(arguments.text("--to"));
    if (!to) return fail(ExitCode::usage, to.error(), as_json);
    RpcClient rpc(network->rpc_url());
    const auto money = read_money(rpc, arguments.text("--amount"), arguments.text("--currency"));
    if (!money) return fail(ExitCode::usage, money.error(), as_json);
    const auto call = native::calls::force_transfer(
        {.from = from->chars(),
         .to = to->chars(),
         .currency = money->currency.chars(),
         .amount = money->minor,
         .order_reference = core::keccak256(core::view(arguments.text("--order"))),
         .reason = arguments.text("--reason")});
    return order(arguments, *network, call,
                 fmt::format("Take {} from {} and give it to {}, by order {}.", money->to_string(),
                             from->to_string(), to->to_string(), arguments.text("--order")));
}

ExitCode confirm(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto text = arguments.text("NUMBER");
    std::uint64_t number = 0;
    const auto [stopped, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{} || stopped != text.data() + text.size())
        return fail(ExitCode::usage, fmt::format("NUMBER {}: allowed is the number of a proposed act", text),
                    as_json);
    RpcClient rpc(network->rpc_url());
    const auto data = read_call(rpc, native::calls::act(number));
    if (!data) return fail(exit_code_of(data.error()), data.error().message, as_json);
    const auto act = native::results::act(*data);
    if (!act || act->stage == native::ActStage::none)
        return fail(ExitCode::refused, fmt::format("no act {} was proposed", number), as_json);
    if (!is_confirmed(
            arguments,
            fmt::format("Confirm act {}, proposed by {} and confirmed {} times, with the call {}.", number,
                        core::to_hex_0x(act->proposer), act->confirmations, core::to_hex_0x(act->call))))
        return fail(ExitCode::refused, "nothing was sent", as_json);
    return submit_and_print(arguments, *network, "operator", "central-bank",
                            native::calls::confirm_act(number));
}

constexpr Argument bank_row{"--bank", ArgumentKind::value, "The bank: devnet name or BIC", true};
constexpr Argument reason_row{"--reason", ArgumentKind::value, "Why, up to 256 bytes", true};
constexpr Argument admin_row{"--admin", ArgumentKind::value, "Address of the admin key", true};
constexpr Argument amount_row{"--amount", ArgumentKind::value, "Amount, like 1000.00", true};
constexpr Argument currency_row{"--currency", ArgumentKind::value, "Three letters, like EUR", true};
constexpr Argument register_arguments[] = {
    bank_row,         {"--name", ArgumentKind::value, "Legal name, up to 70 bytes", true},
    admin_row,        {"--lei", ArgumentKind::value, "Legal entity identifier, 20 characters"},
    wait_argument,    yes_argument,
    dir_argument,     rpc_argument,
    node_argument,    key_argument,
    password_argument};
constexpr Argument status_arguments[] = {
    bank_row,     {"--status", ArgumentKind::value, "active, suspended or withdrawn", true},
    reason_row,   wait_argument,
    yes_argument, dir_argument,
    rpc_argument, node_argument,
    key_argument, password_argument};
constexpr Argument insolvent_arguments[] = {bank_row,      reason_row,   wait_argument,
                                            yes_argument,  dir_argument, rpc_argument,
                                            node_argument, key_argument, password_argument};
constexpr Argument recover_arguments[] = {bank_row,      admin_row,    wait_argument,
                                          yes_argument,  dir_argument, rpc_argument,
                                          node_argument, key_argument, password_argument};
constexpr Argument screening_arguments[] = {bank_row,     amount_row,       currency_row, wait_argument,
                                            yes_argument, dir_argument,     rpc_argument, node_argument,
                                            key_argument, password_argument};
constexpr Argument transfer_arguments[] = {
    {"--from", ArgumentKind::value, "Bank that loses it", true},
    {"--to", ArgumentKind::value, "Bank that gets it", true},
    amount_row,
    currency_row,
    {"--order", ArgumentKind::value, "Reference of the order; the same one never counts twice", true},
    reason_row,
    wait_argument,
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};
constexpr Argument confirm_arguments[] = {
    {"NUMBER", ArgumentKind::positional, "Number of the proposed act", true},
    wait_argument,
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};

constexpr Command commands[] = {
    {"authority register", "Register a bank; its admin agrees with 'participant key-accept'",
     register_arguments, register_bank},
    {"authority status", "Activate, suspend or withdraw a bank", status_arguments, set_status},
    {"authority insolvent", "From now on nothing of a bank settles; its queue is cancelled",
     insolvent_arguments, declare_insolvent},
    {"authority recover", "Name a new admin for a bank that lost its keys", recover_arguments, recover},
    {"authority require-screening", "From which amount on a bank's payments are screened",
     screening_arguments, require_screening},
    {"authority transfer", "Move money by order of an authority", transfer_arguments, force_transfer},
    {"authority confirm", "Confirm an act that another operator proposed", confirm_arguments, confirm},
};

}  // namespace

std::span<const Command> authority_commands() {
    return commands;
}

}  // namespace sluice::cli
