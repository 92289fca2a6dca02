/// The liquidity saving contract, 0x…5e04: its switch, its runs, and what each bank allows it.
#include "contracts/native/currency_table.hpp"
#include "contracts/native/liquidity_client.hpp"
#include "contracts/native/liquidity_run.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/operator_roles.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/retry_list.hpp"
#include "contracts/native/settlement_contracts.hpp"
#include "contracts/native/settlement_events.hpp"
#include "contracts/native/spending_rules.hpp"

namespace sluice::contracts::native {

namespace {

// ---- acts of operators

MethodResult run(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    if (!may_act(books.participants, call.caller, Role::operator_)) return refused(reason::forbidden);
    const auto currency = find_currency(books.governance, std::get<0>(*arguments));
    if (!currency) return refused(reason::unknown_currency);
    request_run(books, currency->index, RunRequest::by_operator);
    return core::Bytes{};
}

MethodResult set_enabled(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText, bool>(call.arguments);
    if (!arguments) return malformed();
    const auto& [code, on] = *arguments;
    const Books books(call.state, call.block);
    if (!may_act(books.participants, call.caller, Role::operator_)) return refused(reason::forbidden);
    const auto currency = find_currency(books.governance, code);
    if (!currency) return refused(reason::unknown_currency);
    if (is_lsm_enabled(books, currency->index) == on) return core::Bytes{};
    set_lsm_enabled(books, currency->index, on);
    if (on) request_run(books, currency->index, RunRequest::leftover);
    call.emit(lsm_enabled_topic, {word_of(code)}, abi::encode(on));
    return core::Bytes{};
}

// ---- by an admin, for its own bank

MethodResult set_options(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText, bool, core::Minor>(call.arguments);
    if (!arguments) return malformed();
    const auto& [code, allow_bypass, sub_limit] = *arguments;
    const Books books(call.state, call.block);
    const KeyGrant admin = key_grant(books.participants, core::KeyDuty::admin, call.caller);
    if (!admin.covers(call.block.height)) return refused(reason::forbidden);
    const auto currency = find_currency(books.governance, code);
    if (!currency) return refused(reason::unknown_currency);
    if (sub_limit > amount_max) return refused(reason::amount_too_large);
    Account account(books.accounts, {admin.participant, currency->index});
    const core::Minor present = held_back(books.accounts, account.id()).lsm_sub_limit;
    if (account.has(AccountRule::bypass) == allow_bypass && present == sub_limit) return core::Bytes{};
    set_lsm_options(books.accounts, account, allow_bypass,
                    sub_limit == 0 ? std::nullopt : std::optional(sub_limit));
    account.store();
    if (account.has_queue()) add_to_retry(books.payments, account.id());
    call.emit(lsm_options_topic, {word_of(bic_at(books.participants, admin.participant)), word_of(code)},
              abi::encode(allow_bypass, sub_limit));
    return core::Bytes{};
}

// ---- views

LsmRunInfo info_of(const Books& books, const LsmRun& run) {
    if (run.id == 0) return {};
    return {.id = run.id,
            .height = run.height,
            .currency = currency_code(books.governance, run.currency),
            .queued = run.queued,
            .settled = run.settled,
            .bypassed = run.bypassed,
            .oversized = run.oversized,
            .gross = run.gross,
            .net_moved = run.net_moved,
            .liquidity_saved = run.liquidity_saved(),
            .inputs_hash = run.inputs_hash};
}

MethodResult run_info(Invocation& call) {
    const auto arguments = abi::decode<std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    return abi::encode(info_of(books, read_run(books, std::get<0>(*arguments))));
}

MethodResult last_run(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto currency = find_currency(books.governance, std::get<0>(*arguments));
    if (!currency) return abi::encode(LsmRunInfo{});
    return abi::encode(info_of(books, last_run_of(books, currency->index)));
}

MethodResult last_id(Invocation& call) {
    const Books books(call.state, call.block);
    return abi::encode(last_run_id(books));
}

MethodResult is_enabled(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto currency = find_currency(books.governance, std::get<0>(*arguments));
    return abi::encode(currency && is_lsm_enabled(books, currency->index));
}

MethodResult deadlock(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto currency = find_currency(books.governance, std::get<0>(*arguments));
    if (!currency) return abi::encode(false, std::uint64_t{0});
    return abi::encode(is_deadlocked(books.payments, currency->index),
                       queued_count(books.payments, currency->index));
}

/// The account that two arguments name, if both exist.
std::optional<Account> find_account(const Books& books, const BicText& bic, const CurrencyText& code) {
    const auto party = find_party(books.participants, bic);
    const auto currency = find_currency(books.governance, code);
    if (!party || !currency) return std::nullopt;
    return Account(books.accounts, {party->index, currency->index});
}

MethodResult options(Invocation& call) {
    const auto arguments = abi::decode<BicText, CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto account = find_account(books, std::get<0>(*arguments), std::get<1>(*arguments));
    if (!account) return abi::encode(false, core::Minor{0});
    return abi::encode(account->has(AccountRule::bypass),
                       held_back(books.accounts, account->id()).lsm_sub_limit);
}

MethodResult shortfall(Invocation& call) {
    const auto arguments = abi::decode<BicText, CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto account = find_account(books, std::get<0>(*arguments), std::get<1>(*arguments));
    const auto head = account ? queue_head(books.payments, *account) : std::nullopt;
    if (!head) return abi::encode(core::Minor{0});
    const PaymentRecord record =
        read_record(books.payments, row_of(payment_at_arrival(books.payments, head->arrival)));
    const core::SignedMinor missing =
        static_cast<core::SignedMinor>(record.amount) - spendable(books.accounts, *account, head->priority);
    return abi::encode(missing > 0 ? static_cast<core::Minor>(missing) : core::Minor{0});
}

constexpr core::Gas enabled_more = cost::log(2, 32);
constexpr core::Gas options_more = cost::log(3, 64);
constexpr Work run_work{.reads = 5, .writes = 8};
constexpr Work enabled_work{.reads = 5, .writes = 8};
constexpr Work options_work{.reads = 9, .writes = 5};
static_assert(gas_of(run_work) == 34'400);
static_assert(gas_of(enabled_work) + enabled_more == 35'781);
static_assert(gas_of(options_work) + options_more == 36'112);

constexpr std::array methods{
    Method{"run(bytes3)", selector_of("run(bytes3)"), Access::write, fixed_gas<run_work>, run},
    Method{"setEnabled(bytes3,bool)", selector_of("setEnabled(bytes3,bool)"), Access::write,
           fixed_gas<enabled_work, enabled_more>, set_enabled},
    Method{"setLsmOptions(bytes3,bool,uint128)", selector_of("setLsmOptions(bytes3,bool,uint128)"),
           Access::write, fixed_gas<options_work, options_more>, set_options},
    Method{"runInfo(uint64)", selector_of("runInfo(uint64)"), Access::view, fixed_gas<Work{.reads = 4}>,
           run_info},
    Method{"lastRun(bytes3)", selector_of("lastRun(bytes3)"), Access::view, fixed_gas<Work{.reads = 6}>,
           last_run},
    Method{"lastRunId()", selector_of("lastRunId()"), Access::view, fixed_gas<Work{.reads = 1}>, last_id},
    Method{"isEnabled(bytes3)", selector_of("isEnabled(bytes3)"), Access::view, fixed_gas<Work{.reads = 3}>,
           is_enabled},
    Method{"deadlock(bytes3)", selector_of("deadlock(bytes3)"), Access::view, fixed_gas<Work{.reads = 3}>,
           deadlock},
    Method{"lsmOptions(bytes11,bytes3)", selector_of("lsmOptions(bytes11,bytes3)"), Access::view,
           fixed_gas<Work{.reads = 7}>, options},
    Method{"shortfall(bytes11,bytes3)", selector_of("shortfall(bytes11,bytes3)"), Access::view,
           fixed_gas<Work{.reads = 12}>, shortfall},
};

}  // namespace

constinit const NativeContract liquidity_saving_contract{
    .address = liquidity_saving_address, .name = "liquidity_saving", .methods = methods};

}  // namespace sluice::contracts::native
