/// sluice participant …: what a bank does with its own entry: keys, mandates, thresholds, recovery.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "cli/amounts.hpp"
#include "cli/command.hpp"
#include "cli/confirmation.hpp"
#include "cli/submission_output.hpp"
#include "contracts/native/settlement_calls.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

core::Result<std::uint64_t, std::string> read_number(const Arguments& arguments, std::string_view name) {
    const auto text = arguments.text(name);
    std::uint64_t number = 0;
    if (text.empty()) return number;
    const auto [stopped, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault == std::errc{} && stopped == text.data() + text.size()) return number;
    return core::fail(fmt::format("{} {}: allowed is a number", name, text));
}

core::Result<core::Address, std::string> read_address(const Arguments& arguments, std::string_view name) {
    if (const auto address = core::address_from_hex(arguments.text(name))) return *address;
    return core::fail(fmt::format("{} {}: allowed are 0x and 40 hex digits", name, arguments.text(name)));
}

constexpr std::array<std::pair<std::string_view, core::KeyDuty>, 5> duties{
    {{"admin", core::KeyDuty::admin},
     {"maker", core::KeyDuty::maker},
     {"approver", core::KeyDuty::approver},
     {"read", core::KeyDuty::read},
     {"screening", core::KeyDuty::screening}}};

core::Result<core::KeyDuty, std::string> read_duty(const Arguments& arguments) {
    const auto text = arguments.text("--duty");
    const auto found =
        std::find_if(duties.begin(), duties.end(), [&](const auto& duty) { return duty.first == text; });
    if (found != duties.end()) return found->second;
    return core::fail(fmt::format("--duty {}: allowed is admin, maker, approver, read or screening", text));
}

constexpr std::array<std::pair<std::string_view, native::MandateAct>, 3> mandate_acts{
    {{"submit", native::MandateAct::submit},
     {"lock", native::MandateAct::lock},
     {"transfer", native::MandateAct::transfer}}};

/// "submit,lock" as the set that the contract takes.
core::Result<native::MandateActs, std::string> read_acts(std::string_view text) {
    native::MandateActs acts{};
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        const auto word = text.substr(0, comma);
        const auto found = std::find_if(mandate_acts.begin(), mandate_acts.end(),
                                        [&](const auto& act) { return act.first == word; });
        if (found == mandate_acts.end())
            return core::fail(
                fmt::format("--acts {}: allowed are submit, lock and transfer, with commas between", word));
        acts[3] = static_cast<std::uint8_t>(acts[3] | native::mandate_bit(found->second)[3]);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return acts;
}

/// The call of a command, or what is wrong with the command line.
using CallOf = core::Result<native::ContractCall, std::string>;

/// Sends the act that `call_of` makes, with the key of `role` of the bank --bank.
ExitCode act_of_bank(const Arguments& arguments, std::string_view role,
                     CallOf (*call_of)(const Arguments&, const NetworkAccess&, const core::Bic&)) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto bank = network->bank(arguments.text("--bank"));
    if (!bank) return fail(ExitCode::usage, bank.error(), as_json);
    const auto call = call_of(arguments, *network, *bank);
    if (!call) return fail(ExitCode::usage, call.error(), as_json);
    return submit_and_print(arguments, *network, role, arguments.text("--bank"), *call);
}

CallOf key_call(const Arguments& arguments, const core::Bic& bank, bool on) {
    const auto duty = read_duty(arguments);
    if (!duty) return core::fail(duty.error());
    const auto address = read_address(arguments, "--address");
    if (!address) return core::fail(address.error());
    const auto height = read_number(arguments, "--from-height");
    if (!height) return core::fail(height.error());
    return native::calls::set_key({bank.chars(), *duty, *address, on, *height});
}

ExitCode key_add(const Arguments& arguments) {
    const auto code = act_of_bank(arguments, "admin",
                                  [](const Arguments& given, const NetworkAccess&, const core::Bic& bank) {
                                      return key_call(given, bank, true);
                                  });
    if (code == ExitCode::done && !arguments.has("--json"))
        print_line(
            fmt::format("it counts once its holder has agreed:\n  sluice participant key-accept --bank {} "
                        "--duty {} --key FILE --password-file FILE",
                        arguments.text("--bank"), arguments.text("--duty")));
    return code;
}

ExitCode key_end(const Arguments& arguments) {
    return act_of_bank(arguments, "admin",
                       [](const Arguments& given, const NetworkAccess&, const core::Bic& bank) {
                           return key_call(given, bank, false);
                       });
}

ExitCode key_accept(const Arguments& arguments) {
    return act_of_bank(arguments, arguments.text("--duty"),
                       [](const Arguments& given, const NetworkAccess&, const core::Bic& bank) -> CallOf {
                           const auto duty = read_duty(given);
                           if (!duty) return core::fail(duty.error());
                           return native::calls::accept_key(bank.chars(), *duty);
                       });
}

core::Result<Money, std::string> money_of(const Arguments& arguments, const NetworkAccess& network) {
    RpcClient rpc(network.rpc_url());
    return read_money(rpc, arguments.text("--amount"), arguments.text("--currency"), true);
}

ExitCode approval(const Arguments& arguments) {
    return act_of_bank(arguments, "admin",
                       [](const Arguments& given, const NetworkAccess& network, const core::Bic&) -> CallOf {
                           const auto money = money_of(given, network);
                           if (!money) return core::fail(money.error());
                           return native::calls::set_approval_threshold(money->currency.chars(),
                                                                        money->minor);
                       });
}

ExitCode screening(const Arguments& arguments) {
    return act_of_bank(arguments, "admin",
                       [](const Arguments& given, const NetworkAccess& network, const core::Bic&) -> CallOf {
                           const auto money = money_of(given, network);
                           if (!money) return core::fail(money.error());
                           return native::calls::set_screening(money->currency.chars(), money->minor);
                       });
}

/// Whom a mandate is for: an address by --agent, a bank that collects by --creditor.
core::Result<core::Address, std::string> read_agent(const Arguments& arguments,
                                                    const NetworkAccess& network) {
    const bool by_address = !arguments.text("--agent").empty();
    if (by_address == !arguments.text("--creditor").empty())
        return core::fail(std::string("name either --agent ADDRESS or --creditor BANK"));
    if (by_address) return read_address(arguments, "--agent");
    const auto creditor = network.bank(arguments.text("--creditor"));
    if (!creditor) return core::fail(creditor.error());
    return native::agent_of(creditor->chars());
}

ExitCode grant(const Arguments& arguments) {
    return act_of_bank(arguments, "admin",
                       [](const Arguments& given, const NetworkAccess& network, const core::Bic&) -> CallOf {
                           const auto agent = read_agent(given, network);
                           if (!agent) return core::fail(agent.error());
                           const auto acts = read_acts(given.text("--acts"));
                           if (!acts) return core::fail(acts.error());
                           const auto money = money_of(given, network);
                           if (!money) return core::fail(money.error());
                           const auto until = read_number(given, "--until");
                           if (!until) return core::fail(until.error());
                           const bool collects = native::creditor_of(*agent).has_value();
                           return native::calls::grant(
                               {.agent = *agent,
                                .acts = collects ? native::mandate_bit(native::MandateAct::debit) : *acts,
                                .currency = money->currency.chars(),
                                .per_day = money->minor,
                                .until_ms = *until});
                       });
}

ExitCode revoke(const Arguments& arguments) {
    return act_of_bank(
        arguments, "admin",
        [](const Arguments& given, const NetworkAccess& network, const core::Bic&) -> CallOf {
            const auto agent = read_agent(given, network);
            if (!agent) return core::fail(agent.error());
            const auto currency = core::CurrencyCode::parse(given.text("--currency"));
            if (!currency) return core::fail(std::string("--currency: allowed are three capital letters"));
            return native::calls::revoke(*agent, currency->chars());
        });
}

ExitCode recovery_veto(const Arguments& arguments) {
    return act_of_bank(arguments, "admin",
                       [](const Arguments&, const NetworkAccess&, const core::Bic& bank) -> CallOf {
                           return native::calls::veto_recovery(bank.chars());
                       });
}

ExitCode recovery_claim(const Arguments& arguments) {
    return act_of_bank(arguments, "admin",
                       [](const Arguments&, const NetworkAccess&, const core::Bic& bank) -> CallOf {
                           return native::calls::claim_recovery(bank.chars());
                       });
}

ExitCode show(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto bank = network->bank(arguments.text("BANK"));
    if (!bank) return fail(ExitCode::usage, bank.error(), as_json);
    RpcClient rpc(network->rpc_url());
    const auto answer = rpc.call("settle_getParticipant", {{{"bic", bank->to_string()}}});
    if (!answer) return fail(exit_code_of(answer.error()), answer.error().message, as_json);
    if (as_json) {
        print_json(*answer);
        return ExitCode::done;
    }
    print_line(fmt::format("{} ({}): {}", answer->value("name", ""), answer->value("bic", ""),
                           answer->value("status", "")));
    std::vector<std::vector<std::string>> rows;
    for (const auto& key : answer->value("keys", Json::array()))
        rows.push_back({key.value("duty", ""), key.value("address", ""), key["from"].dump(),
                        key["until"].is_null() ? "-" : key["until"].dump()});
    print_line(table({"duty", "key", "from height", "until height"}, rows));
    rows.clear();
    for (const auto& mandate : answer->value("mandates", Json::array()))
        rows.push_back(
            {mandate["creditor"].is_null() ? mandate.value("agent", "")
                                           : mandate["creditor"].get<std::string>(),
             mandate["acts"].dump(),
             amount_text(mandate["perDay"]) + " " + mandate["perDay"].value("ccy", ""),
             amount_text(mandate["usedToday"]),
             mandate["until"].is_null() ? "-" : format_time(mandate["until"].get<std::uint64_t>())});
    if (!rows.empty()) print_line(table({"mandate of", "acts", "per day", "used today", "until"}, rows));
    for (const auto& each : answer->value("thresholds", Json::array()))
        print_line(fmt::format("{}: approval from {}, screening from {} (required from {}); 0 is off",
                               each.value("ccy", ""), amount_text(each["approval"]),
                               amount_text(each["screening"]), amount_text(each["requiredScreening"])));
    if (const auto recovery = answer->value("recovery", Json()); !recovery.is_null())
        print_line(fmt::format("recovery: {} may claim its place from {}", recovery.value("newAdmin", ""),
                               format_time(recovery.value("from", std::uint64_t{0}))));
    if (const auto end = answer->value("insolvency", Json()); !end.is_null())
        print_line(fmt::format("insolvent since height {}, {}: {} queued payments cancelled{}",
                               end["height"].dump(), format_time(end.value("time", std::uint64_t{0})),
                               end["cancelled"].dump(), end.value("cleared", false) ? "" : " so far"));
    return ExitCode::done;
}

constexpr Argument bank_row{"--bank", ArgumentKind::value, "The bank: devnet name or BIC", true};
constexpr Argument duty_row{"--duty", ArgumentKind::value, "admin, maker, approver, read or screening", true};
constexpr Argument address_row{"--address", ArgumentKind::value, "Address of the key", true};
constexpr Argument height_row{"--from-height", ArgumentKind::value, "Height at which it begins; 0: at once"};
constexpr Argument amount_row{"--amount", ArgumentKind::value, "Amount, like 1000.00; 0 turns it off", true};
constexpr Argument currency_row{"--currency", ArgumentKind::value, "Three letters, like EUR", true};
constexpr Argument agent_row{"--agent", ArgumentKind::value, "Address that may act for the bank"};
constexpr Argument creditor_row{"--creditor", ArgumentKind::value, "Bank that may collect direct debits"};
constexpr Argument key_add_arguments[] = {bank_row,      duty_row,         address_row,  height_row,
                                          wait_argument, dir_argument,     rpc_argument, node_argument,
                                          key_argument,  password_argument};
constexpr Argument key_end_arguments[] = {
    bank_row,
    duty_row,
    address_row,
    {"--from-height", ArgumentKind::value, "First height at which it counts no more; 0: at once"},
    wait_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};
constexpr Argument accept_arguments[] = {bank_row,     duty_row,      wait_argument, dir_argument,
                                         rpc_argument, node_argument, key_argument,  password_argument};
constexpr Argument threshold_arguments[] = {bank_row,      amount_row,   currency_row,
                                            wait_argument, dir_argument, rpc_argument,
                                            node_argument, key_argument, password_argument};
constexpr Argument grant_arguments[] = {
    bank_row,
    agent_row,
    creditor_row,
    {"--acts", ArgumentKind::value, "Of an agent: submit, lock, transfer, with commas between", false,
     "submit"},
    {"--amount", ArgumentKind::value, "Amount per day, like 1000.00", true},
    currency_row,
    {"--until", ArgumentKind::value, "Last moment in Unix milliseconds; 0: until revoked"},
    wait_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};
constexpr Argument revoke_arguments[] = {bank_row,      agent_row,        creditor_row, currency_row,
                                         wait_argument, dir_argument,     rpc_argument, node_argument,
                                         key_argument,  password_argument};
constexpr Argument bank_arguments[] = {bank_row,      wait_argument, dir_argument,     rpc_argument,
                                       node_argument, key_argument,  password_argument};
constexpr Argument show_arguments[] = {{"BANK", ArgumentKind::positional, "Devnet name or BIC", true},
                                       dir_argument,
                                       rpc_argument,
                                       node_argument};

constexpr Command commands[] = {
    {"participant show", "A bank: keys with their history, mandates, thresholds", show_arguments, show},
    {"participant key-add", "Name a key for a duty; it counts once it has agreed", key_add_arguments, key_add,
     "sluice participant key-add --bank bank-a --duty maker --address 0x…"},
    {"participant key-end", "End a key, or take back one that has not agreed", key_end_arguments, key_end},
    {"participant key-accept", "Agree with the key that was named", accept_arguments, key_accept},
    {"participant approval", "From which amount on a second key must approve", threshold_arguments, approval},
    {"participant screening", "From which amount on a screening key must look", threshold_arguments,
     screening},
    {"participant grant", "Let an agent act, or a bank collect, up to an amount per day", grant_arguments,
     grant, "sluice participant grant --bank bank-a --creditor bank-b --amount 1000.00 --currency EUR"},
    {"participant revoke", "Take a mandate back", revoke_arguments, revoke},
    {"participant recovery-veto", "Object to a recovery of the bank's keys", bank_arguments, recovery_veto},
    {"participant recovery-claim", "Take the place of admin after a recovery", bank_arguments,
     recovery_claim},
};

}  // namespace

std::span<const Command> participant_commands() {
    return commands;
}

}  // namespace sluice::cli
