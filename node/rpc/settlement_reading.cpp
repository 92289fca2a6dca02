#include "node/rpc/settlement_reading.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "contracts/simulation.hpp"
#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {
namespace {

/// Views are the node's own calls: long queues cost more than a stranger's call may.
constexpr core::Gas view_gas_max = 4'000'000'000;
/// Rows of one bank that an answer names at most: what is older than these is asked of the contract.
constexpr std::uint64_t rows_of_bank_max = 10'000;

}  // namespace

core::Result<SettlementReader, Error> SettlementReader::open(const ledger::LedgerSnapshot& snapshot,
                                                             const NodeAccess& node) {
    const BlockReference now{BlockReference::Kind::pending, 0, {}};
    auto state = open_state(now, snapshot);
    if (!state) return core::fail(state.error());
    auto block = context_for(now, *state, snapshot, node);
    SettlementReader reader(std::move(*state), std::move(block));
    auto currencies = reader.ask(native::calls::currencies(), native::results::currencies);
    if (!currencies) return core::fail(currencies.error());
    reader.currencies_ = std::move(*currencies);
    return reader;
}

template <typename T>
core::Result<T, Error> SettlementReader::ask(const native::ContractCall& call,
                                             native::results::Decoded<T> (*decode)(core::ByteView)) const {
    contracts::CallRequest request;
    request.to = call.to;
    request.data = call.data;
    const auto outcome = contracts::simulate_call(*state_.view, block_, request, view_gas_max);
    if (!outcome.succeeded()) return core::fail(call_failed(outcome));
    auto decoded = decode(outcome.output);
    if (!decoded)
        return core::fail(server_error(fmt::format("the contract {} answered what is no result of its method",
                                                   core::to_hex_0x(call.to))));
    return std::move(*decoded);
}

template <typename T, typename CallOfPage>
core::Result<std::vector<T>, Error> SettlementReader::ask_pages(
    CallOfPage call_of_page, native::results::Decoded<std::vector<T>> (*decode)(core::ByteView)) const {
    std::vector<T> all;
    for (std::uint64_t from = 0; from < rows_of_bank_max; from += native::page_rows_max) {
        const auto page = ask(call_of_page(from), decode);
        if (!page) return core::fail(page.error());
        all.insert(all.end(), page->begin(), page->end());
        if (page->size() < native::page_rows_max) break;
    }
    return all;
}

core::Result<native::PaymentInfo, Error> SettlementReader::payment(const native::PaymentId& id) const {
    return ask(native::calls::payment(id), native::results::payment);
}

core::Result<std::vector<native::PaymentId>, Error> SettlementReader::queue(
    const native::calls::QueueQuery& query) const {
    return ask(native::calls::queue_of(query), native::results::payment_ids);
}

core::Result<native::PositionInfo, Error> SettlementReader::position(
    const core::Bic& bic, const core::CurrencyCode& currency) const {
    return ask(native::calls::position(bic.chars(), currency.chars()), native::results::position);
}

core::Result<native::LimitsInfo, Error> SettlementReader::limits(const core::Bic& bic,
                                                                 const core::CurrencyCode& currency) const {
    return ask(native::calls::limits(bic.chars(), currency.chars()), native::results::limits);
}

core::Result<std::vector<native::BilateralLimitInfo>, Error> SettlementReader::bilateral_limits(
    const core::Bic& bic, const core::CurrencyCode& currency, std::uint64_t from, std::uint64_t max) const {
    return ask(native::calls::bilateral_limits(bic.chars(), currency.chars(), from, max),
               native::results::bilateral_limits);
}

core::Result<native::ReturnsInfo, Error> SettlementReader::returns(const native::PaymentId& id) const {
    return ask(native::calls::returns_of(id), native::results::returns);
}

core::Result<native::results::Totals, Error> SettlementReader::totals(
    const core::CurrencyCode& currency) const {
    return ask(native::calls::totals(currency.chars()), native::results::totals);
}

core::Result<std::uint64_t, Error> SettlementReader::entry_count(const core::Bic& bic,
                                                                 const core::CurrencyCode& currency) const {
    return ask(native::calls::entry_count(bic.chars(), currency.chars()), native::results::number);
}

core::Result<native::ParticipantInfo, Error> SettlementReader::participant(const core::Bic& bic) const {
    return ask(native::calls::participant(bic.chars()), native::results::participant);
}

core::Result<std::vector<native::BicText>, Error> SettlementReader::participants(std::uint64_t from,
                                                                                 std::uint64_t max) const {
    return ask(native::calls::participants(from, max), native::results::bics);
}

core::Result<std::vector<native::KeyInfo>, Error> SettlementReader::keys(const core::Bic& bic) const {
    return ask_pages<native::KeyInfo>(
        [&](std::uint64_t from) { return native::calls::keys_of(bic.chars(), from, native::page_rows_max); },
        native::results::keys);
}

core::Result<std::vector<native::MandateInfo>, Error> SettlementReader::mandates(const core::Bic& bic) const {
    return ask_pages<native::MandateInfo>(
        [&](std::uint64_t from) {
            return native::calls::grants_of(bic.chars(), from, native::page_rows_max);
        },
        native::results::mandates);
}

core::Result<native::ScreeningThresholds, Error> SettlementReader::screening_thresholds(
    const core::Bic& bic, const core::CurrencyCode& currency) const {
    return ask(native::calls::screening_threshold(bic.chars(), currency.chars()),
               native::results::screening_thresholds);
}

core::Result<core::Minor, Error> SettlementReader::approval_threshold(
    const core::Bic& bic, const core::CurrencyCode& currency) const {
    return ask(native::calls::approval_threshold(bic.chars(), currency.chars()), native::results::amount);
}

core::Result<native::Recovery, Error> SettlementReader::recovery(const core::Bic& bic) const {
    return ask(native::calls::recovery_of(bic.chars()), native::results::recovery);
}

core::Result<native::Insolvency, Error> SettlementReader::insolvency(const core::Bic& bic) const {
    return ask(native::calls::insolvency_of(bic.chars()), native::results::insolvency);
}

core::Result<native::LockInfo, Error> SettlementReader::lock(const native::LockId& id) const {
    return ask(native::calls::lock_of(id), native::results::lock);
}

core::Result<std::vector<native::LockInfo>, Error> SettlementReader::locks(
    const native::calls::LockQuery& query) const {
    return ask(native::calls::locks_of(query), native::results::locks);
}

core::Result<std::vector<native::HolderInfo>, Error> SettlementReader::holders(std::uint64_t from,
                                                                               std::uint64_t max) const {
    return ask(native::calls::holders(from, max), native::results::holders);
}

core::Result<core::Minor, Error> SettlementReader::facade_balance(const native::CurrencyText& currency,
                                                                  const core::Address& owner) const {
    return ask(native::calls::facade_balance(currency, owner), native::results::amount);
}

core::Result<core::Address, Error> SettlementReader::settlement_address(const core::Bic& bic) const {
    return ask(native::calls::address_of(bic.chars()), native::results::address);
}

core::Result<native::BusinessDayInfo, Error> SettlementReader::business_day(
    const core::CurrencyCode& currency) const {
    return ask(native::calls::business_day(currency.chars()), native::results::business_day);
}

core::Result<std::array<core::UnixMs, 5>, Error> SettlementReader::phase_times(
    const core::CurrencyCode& currency, core::DateYmd value_date) const {
    return ask(native::calls::phase_times(currency.chars(), value_date), native::results::phase_times);
}

core::Result<core::DateYmd, Error> SettlementReader::next_value_date(
    const core::CurrencyCode& currency) const {
    return ask(native::calls::next_value_date(currency.chars()), native::results::date);
}

core::Result<native::ScheduleInfo, Error> SettlementReader::schedule(
    const core::CurrencyCode& currency) const {
    return ask(native::calls::schedule(currency.chars()), native::results::schedule);
}

core::Result<native::ClosedDay, Error> SettlementReader::closed_day(const core::CurrencyCode& currency,
                                                                    core::DateYmd value_date) const {
    return ask(native::calls::day_closed(currency.chars(), value_date), native::results::closed_day);
}

core::Result<std::vector<native::ValidatorInfo>, Error> SettlementReader::validators() const {
    return ask(native::calls::validators(), native::results::validators);
}

core::Result<std::vector<native::ProposalInfo>, Error> SettlementReader::proposals() const {
    return ask(native::calls::proposals(), native::results::proposals);
}

core::Result<native::ProposalInfo, Error> SettlementReader::proposal(std::uint64_t id) const {
    return ask(native::calls::proposal(id), native::results::proposal);
}

core::Result<native::LsmRunInfo, Error> SettlementReader::lsm_run(std::uint64_t id) const {
    return ask(native::calls::lsm_run(id), native::results::lsm_run);
}

core::Result<std::uint64_t, Error> SettlementReader::last_lsm_run_id() const {
    return ask(native::calls::last_lsm_run_id(), native::results::number);
}

core::Result<LiquidityState, Error> SettlementReader::liquidity_state(
    const native::CurrencyText& currency) const {
    const auto is_enabled = ask(native::calls::is_lsm_enabled(currency), native::results::flag);
    if (!is_enabled) return core::fail(is_enabled.error());
    const auto deadlock = ask(native::calls::lsm_deadlock(currency), native::results::lsm_deadlock);
    if (!deadlock) return core::fail(deadlock.error());
    const auto last_run = ask(native::calls::last_lsm_run(currency), native::results::lsm_run);
    if (!last_run) return core::fail(last_run.error());
    return LiquidityState{*is_enabled, *deadlock, *last_run};
}

core::Result<BankLiquidity, Error> SettlementReader::liquidity_of(
    const core::Bic& bic, const native::CurrencyText& currency) const {
    const auto options = ask(native::calls::lsm_options(bic.chars(), currency), native::results::lsm_options);
    if (!options) return core::fail(options.error());
    const auto shortfall = ask(native::calls::shortfall(bic.chars(), currency), native::results::amount);
    if (!shortfall) return core::fail(shortfall.error());
    return BankLiquidity{*options, *shortfall};
}

const native::CurrencyInfo* SettlementReader::find_currency(const core::CurrencyCode& currency) const {
    const auto found =
        std::find_if(currencies_.begin(), currencies_.end(),
                     [&](const native::CurrencyInfo& row) { return row.code == currency.chars(); });
    return found == currencies_.end() ? nullptr : &*found;
}

unsigned SettlementReader::exponent(const native::CurrencyText& currency) const {
    const auto found = std::find_if(currencies_.begin(), currencies_.end(),
                                    [&](const native::CurrencyInfo& row) { return row.code == currency; });
    return found == currencies_.end() ? 0 : found->exponent;
}

}  // namespace sluice::node::rpc
