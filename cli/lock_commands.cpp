/// sluice lock, release, refund, locks: money set aside for somebody until a time; holder, holders,
/// settlement-address: who has money on the currency façades.
#include <cstdio>

#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "cli/amounts.hpp"
#include "cli/command.hpp"
#include "cli/confirmation.hpp"
#include "cli/submission_output.hpp"
#include "core/calendar.hpp"
#include "crypto/random.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

std::uint64_t now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

/// "90s", "30m", "2h" or "7d".
std::optional<std::uint64_t> duration_ms(std::string_view text) {
    if (text.size() < 2) return std::nullopt;
    std::uint64_t count = 0;
    const auto* end = text.data() + text.size() - 1;
    const auto [stopped, fault] = std::from_chars(text.data(), end, count);
    if (fault != std::errc{} || stopped != end || count > 1'000'000) return std::nullopt;
    switch (text.back()) {
        case 's':
            return count * 1'000;
        case 'm':
            return count * 60'000;
        case 'h':
            return count * 3'600'000;
        case 'd':
            return count * 86'400'000;
        default:
            return std::nullopt;
    }
}

/// The person's own, or a random one. What a repetition needs is told before anything is sent: whoever is
/// interrupted has to know it.
std::string operation_of(const Arguments& arguments, std::uint64_t expiry) {
    auto text = arguments.text("--operation");
    if (text.empty()) text = fmt::format("{:016x}", crypto::random_u64());
    std::fprintf(stderr, "%s\n",
                 fmt::format("operation {} (repeat with --operation {} --until {}: it takes effect once)",
                             text, text, expiry)
                     .c_str());
    return text;
}

/// The last moment of the lock: --until in Unix milliseconds, or --for from now on.
core::Result<std::uint64_t, std::string> expiry_of(const Arguments& arguments) {
    if (const auto until = arguments.text("--until"); !until.empty()) {
        std::uint64_t expiry = 0;
        const auto [stopped, fault] = std::from_chars(until.data(), until.data() + until.size(), expiry);
        if (fault == std::errc{} && stopped == until.data() + until.size()) return expiry;
        return core::fail(std::string("--until: allowed are Unix milliseconds"));
    }
    const auto length = duration_ms(arguments.text("--for"));
    if (!length) return core::fail(std::string("--for: allowed is a number with s, m, h or d, like 30m"));
    return now_ms() + *length;
}

struct LockRequest {
    NetworkAccess network;
    native::LockOrder order;
    std::string sentence;
};

core::Result<LockRequest, std::string> read_request(const Arguments& arguments) {
    auto network = NetworkAccess::find(arguments);
    if (!network) return core::fail(network.error());
    const auto payer = network->bank(arguments.text("--from"));
    if (!payer) return core::fail(payer.error());
    const auto beneficiary = network->bank(arguments.text("--to"));
    if (!beneficiary) return core::fail(beneficiary.error());
    RpcClient rpc(network->rpc_url());
    const auto money = read_money(rpc, arguments.text("--amount"), arguments.text("--currency"));
    if (!money) return core::fail(money.error());
    const auto expiry = expiry_of(arguments);
    if (!expiry) return core::fail(expiry.error());
    auto sentence = fmt::format("Lock {} of {} for {} until {}.", money->to_string(), payer->to_string(),
                                beneficiary->to_string(), format_time(*expiry));
    return LockRequest{std::move(*network),
                       {.operation = core::keccak256(core::view(operation_of(arguments, *expiry))),
                        .payer = payer->chars(),
                        .beneficiary = beneficiary->chars(),
                        .currency = money->currency.chars(),
                        .amount = money->minor,
                        .expiry_ms = *expiry},
                       std::move(sentence)};
}

ExitCode lock(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto request = read_request(arguments);
    if (!request) return fail(ExitCode::usage, request.error(), as_json);
    if (!is_confirmed(arguments, request->sentence))
        return fail(ExitCode::refused, "nothing was sent", as_json);
    const auto id = core::to_hex_0x(native::lock_id(request->order.payer, request->order.operation));
    std::fprintf(stderr, "lock %s\n", id.c_str());
    const auto code = submit_and_print(arguments, request->network, "maker", arguments.text("--from"),
                                       native::calls::lock(request->order));
    if (code == ExitCode::done && !as_json)
        print_line(fmt::format("{} pays it with\n  sluice release {} --bank {}", arguments.text("--from"), id,
                               arguments.text("--from")));
    return code;
}

ExitCode close_with(const Arguments& arguments, native::ContractCall (*call)(const native::LockId&),
                    std::string_view what) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto id = core::hash_from_hex(arguments.text("LOCK"));
    if (!id)
        return fail(ExitCode::usage, "LOCK: allowed are the 64 hex digits that 'sluice lock' printed",
                    as_json);
    if (!is_confirmed(arguments, fmt::format("{} lock {}.", what, core::to_hex_0x(*id))))
        return fail(ExitCode::refused, "nothing was sent", as_json);
    return submit_and_print(arguments, *network, "maker", arguments.text("--bank"), call(*id));
}

ExitCode release(const Arguments& arguments) {
    return close_with(arguments, native::calls::release, "Pay the beneficiary of");
}

ExitCode refund(const Arguments& arguments) {
    return close_with(arguments, native::calls::refund, "Give back");
}

/// Asks one settle_ view; prints JSON, or a table of one row per member of `list`.
ExitCode view(const Arguments& arguments, const NetworkAccess& network, const char* method, Json query,
              const char* list, const std::vector<std::string>& header,
              std::vector<std::string> (*row)(const Json&, const NetworkAccess&)) {
    const bool as_json = arguments.has("--json");
    RpcClient rpc(network.rpc_url());
    const auto answer = rpc.call(method, Json::array({std::move(query)}));
    if (!answer) return fail(exit_code_of(answer.error()), answer.error().message, as_json);
    if (as_json) {
        print_json(*answer);
        return ExitCode::done;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& each : answer->value(list, Json::array()))
        rows.push_back(row(each, network));
    if (rows.empty())
        print_line("There are none.");
    else
        print_line(table(header, rows));
    return ExitCode::done;
}

std::string shown_bank(const NetworkAccess& network, const std::string& bic) {
    const auto parsed = core::Bic::parse(bic);
    return parsed ? network.name_of(*parsed) : bic;
}

std::vector<std::string> lock_row(const Json& lock, const NetworkAccess& network) {
    return {lock.value("lockId", ""),
            shown_bank(network, lock.value("payer", "")),
            shown_bank(network, lock.value("beneficiary", "")),
            amount_text(lock.value("amount", Json())),
            format_time(lock.value("expiry", std::uint64_t{0})),
            lock["agent"].is_string() ? lock["agent"].get<std::string>() : std::string("payer")};
}

ExitCode locks(const Arguments& arguments) {
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), arguments.has("--json"));
    const auto bank = network->bank(arguments.text("--bic"));
    if (!bank) return fail(ExitCode::usage, bank.error(), arguments.has("--json"));
    return view(arguments, *network, "settle_getLocks",
                {{"bic", bank->to_string()},
                 {"ccy", arguments.text("--currency")},
                 {"direction", arguments.has("--incoming") ? "incoming" : "outgoing"}},
                "locks", {"lock", "payer", "beneficiary", "amount", "until", "locked by"}, lock_row);
}

// ---- holders of the currency façades

std::vector<std::string> holder_row(const Json& holder, const NetworkAccess& network) {
    std::string balances;
    for (const auto& amount : holder.value("balances", Json::array())) {
        if (amount.value("minor", "0") == "0") continue;
        balances += (balances.empty() ? "" : ", ") + amount_text(amount) + " " + amount.value("ccy", "");
    }
    return {holder.value("address", ""), holder.value("status", ""),
            holder["sponsor"].is_string() ? shown_bank(network, holder["sponsor"].get<std::string>())
                                          : std::string("operator"),
            balances};
}

ExitCode holders(const Arguments& arguments) {
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), arguments.has("--json"));
    return view(arguments, *network, "settle_getHolders", Json::object(), "holders",
                {"contract", "status", "sponsor", "balances"}, holder_row);
}

std::optional<native::HolderStatus> holder_status(std::string_view text) {
    if (text == "active") return native::HolderStatus::active;
    if (text == "closing") return native::HolderStatus::closing;
    if (text == "frozen") return native::HolderStatus::frozen;
    return std::nullopt;
}

ExitCode set_holder(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto address = core::address_from_hex(arguments.text("CONTRACT"));
    if (!address) return fail(ExitCode::usage, "CONTRACT: allowed are 40 hex digits", as_json);
    const auto status = holder_status(arguments.text("--status"));
    if (!status) return fail(ExitCode::usage, "--status: allowed are active, closing and frozen", as_json);
    const auto bank = arguments.text("--bank");
    return submit_and_print(arguments, *network, bank.empty() ? "operator" : "admin",
                            bank.empty() ? "central-bank" : bank,
                            native::calls::set_holder(*address, *status));
}

ExitCode bind_address(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto address = core::address_from_hex(arguments.text("ADDRESS"));
    if (!address) return fail(ExitCode::usage, "ADDRESS: allowed are 40 hex digits", as_json);
    return submit_and_print(arguments, *network, "admin", arguments.text("--bank"),
                            native::calls::bind_address(*address));
}

constexpr Argument lock_argument{"LOCK", ArgumentKind::positional, "Id of the lock, 64 hex digits", true};
constexpr Argument lock_arguments[] = {
    {"--from", ArgumentKind::value, "Bank that pays", true},
    {"--to", ArgumentKind::value, "Bank that it is for", true},
    {"--amount", ArgumentKind::value, "Amount, like 1000.00", true},
    {"--currency", ArgumentKind::value, "Three letters, like EUR", true},
    {"--for", ArgumentKind::value, "How long, like 30m, 2h or 7d", false, "1h"},
    {"--until", ArgumentKind::value, "Its last moment in Unix milliseconds, instead of --for"},
    {"--operation", ArgumentKind::value, "Your operation id (a random one by default)"},
    wait_argument,
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};
constexpr Argument release_arguments[] = {
    lock_argument,    {"--bank", ArgumentKind::value, "Bank that locked it"},
    wait_argument,    yes_argument,
    dir_argument,     rpc_argument,
    node_argument,    key_argument,
    password_argument};
constexpr Argument refund_arguments[] = {
    lock_argument,    {"--bank", ArgumentKind::value, "Bank that it is for, or any bank once it has expired"},
    wait_argument,    yes_argument,
    dir_argument,     rpc_argument,
    node_argument,    key_argument,
    password_argument};
constexpr Argument locks_arguments[] = {
    {"--bic", ArgumentKind::value, "Bank: devnet name or BIC", true},
    {"--currency", ArgumentKind::value, "Three letters", true},
    {"--incoming", ArgumentKind::flag, "Locks for the bank instead of by it"},
    dir_argument,
    rpc_argument,
    node_argument};
constexpr Argument holders_arguments[] = {dir_argument, rpc_argument, node_argument};
constexpr Argument holder_arguments[] = {
    {"CONTRACT", ArgumentKind::positional, "Address of the contract", true},
    {"--bank", ArgumentKind::value, "Bank whose admin signs; the central bank by default"},
    {"--status", ArgumentKind::value, "active, closing (pays out only) or frozen", false, "active"},
    wait_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};
constexpr Argument bind_arguments[] = {
    {"ADDRESS", ArgumentKind::positional, "One of the bank's maker keys; forty zeros for none", true},
    {"--bank", ArgumentKind::value, "Bank whose admin signs", true},
    wait_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};

constexpr Command commands[] = {
    {"lock", "Set money aside for another bank until a time", lock_arguments, lock,
     "sluice lock --from bank-a --to bank-b --amount 250.00 --currency EUR --for 1h"},
    {"release", "Pay locked money to the bank that it is for", release_arguments, release,
     "sluice release 0x… --bank bank-a"},
    {"refund", "Give locked money back to who locked it", refund_arguments, refund,
     "sluice refund 0x… --bank bank-b"},
    {"locks", "Locks of a bank that are open", locks_arguments, locks,
     "sluice locks --bic bank-a --currency EUR"},
    {"holder", "Let a contract hold central-bank money, or stop it", holder_arguments, set_holder,
     "sluice holder 0x… --bank bank-a"},
    {"holders", "Contracts that hold central-bank money", holders_arguments, holders},
    {"settlement-address", "Make a maker key the bank's address on the ERC-20 façades", bind_arguments,
     bind_address, "sluice settlement-address 0x… --bank bank-a"},
};

}  // namespace

std::span<const Command> lock_commands() {
    return commands;
}

}  // namespace sluice::cli
