/// What settlement contracts answer when they are asked on a state: typed, for settle_ methods.
#pragma once

#include <map>
#include <vector>

#include "contracts/native/liquidity_client.hpp"
#include "contracts/native/settlement_calls.hpp"
#include "contracts/native/settlement_results.hpp"
#include "node/rpc/block_reference.hpp"

namespace sluice::node::rpc {

namespace native = contracts::native;

/// Liquidity saving of a currency.
struct LiquidityState {
    bool is_enabled = false;
    native::results::Deadlock deadlock;
    native::LsmRunInfo last_run;
};
/// What a bank allows liquidity saving, and what the head of its queue lacks.
struct BankLiquidity {
    native::results::LsmOptions options;
    core::Minor shortfall = 0;
};

/// Views of the settlement contracts on the state of the head, at the time of the block that would follow
/// now. For one call, one thread. Errors are -32000 and name the view.
class SettlementReader {
  public:
    static core::Result<SettlementReader, Error> open(const ledger::LedgerSnapshot& snapshot,
                                                      const NodeAccess& node);

    /// Of the head.
    core::Height height() const { return state_.height; }
    core::UnixMs now_ms() const { return block_.time_ms; }

    core::Result<native::PaymentInfo, Error> payment(const native::PaymentId& id) const;
    core::Result<std::vector<native::PaymentId>, Error> queue(const native::calls::QueueQuery& query) const;
    core::Result<native::PositionInfo, Error> position(const core::Bic& bic,
                                                       const core::CurrencyCode& currency) const;
    core::Result<native::LimitsInfo, Error> limits(const core::Bic& bic,
                                                   const core::CurrencyCode& currency) const;
    core::Result<std::vector<native::BilateralLimitInfo>, Error> bilateral_limits(
        const core::Bic& bic, const core::CurrencyCode& currency, std::uint64_t from,
        std::uint64_t max) const;
    core::Result<native::ReturnsInfo, Error> returns(const native::PaymentId& id) const;
    core::Result<native::results::Totals, Error> totals(const core::CurrencyCode& currency) const;
    /// Entries that an account has had so far.
    core::Result<std::uint64_t, Error> entry_count(const core::Bic& bic,
                                                   const core::CurrencyCode& currency) const;
    core::Result<native::ParticipantInfo, Error> participant(const core::Bic& bic) const;
    core::Result<std::vector<native::BicText>, Error> participants(std::uint64_t from,
                                                                   std::uint64_t max) const;
    /// Every period of every key, all pages.
    core::Result<std::vector<native::KeyInfo>, Error> keys(const core::Bic& bic) const;
    core::Result<std::vector<native::MandateInfo>, Error> mandates(const core::Bic& bic) const;
    core::Result<native::ScreeningThresholds, Error> screening_thresholds(
        const core::Bic& bic, const core::CurrencyCode& currency) const;
    core::Result<core::Minor, Error> approval_threshold(const core::Bic& bic,
                                                        const core::CurrencyCode& currency) const;
    core::Result<native::Recovery, Error> recovery(const core::Bic& bic) const;
    core::Result<native::Insolvency, Error> insolvency(const core::Bic& bic) const;
    /// Status `none` for an unknown id.
    core::Result<native::LockInfo, Error> lock(const native::LockId& id) const;
    /// Open ones of a bank.
    core::Result<std::vector<native::LockInfo>, Error> locks(const native::calls::LockQuery& query) const;
    core::Result<std::vector<native::HolderInfo>, Error> holders(std::uint64_t from, std::uint64_t max) const;
    /// What an address has on the façade of a currency.
    core::Result<core::Minor, Error> facade_balance(const native::CurrencyText& currency,
                                                    const core::Address& owner) const;
    /// Zeros for a bank without one.
    core::Result<core::Address, Error> settlement_address(const core::Bic& bic) const;
    core::Result<native::BusinessDayInfo, Error> business_day(const core::CurrencyCode& currency) const;
    /// Planned times of the phases from PreOpen to Closing; zeros for what is no value date.
    core::Result<std::array<core::UnixMs, 5>, Error> phase_times(const core::CurrencyCode& currency,
                                                                 core::DateYmd value_date) const;
    /// The value date after the present one; 0 where none is planned.
    core::Result<core::DateYmd, Error> next_value_date(const core::CurrencyCode& currency) const;
    core::Result<native::ScheduleInfo, Error> schedule(const core::CurrencyCode& currency) const;
    core::Result<native::ClosedDay, Error> closed_day(const core::CurrencyCode& currency,
                                                      core::DateYmd value_date) const;
    core::Result<std::vector<native::ValidatorInfo>, Error> validators() const;
    /// Open proposals about validators.
    core::Result<std::vector<native::ProposalInfo>, Error> proposals() const;
    core::Result<native::ProposalInfo, Error> proposal(std::uint64_t id) const;
    /// All zero for a run that never was or is no longer remembered.
    core::Result<native::LsmRunInfo, Error> lsm_run(std::uint64_t id) const;
    core::Result<std::uint64_t, Error> last_lsm_run_id() const;
    core::Result<LiquidityState, Error> liquidity_state(const native::CurrencyText& currency) const;
    core::Result<BankLiquidity, Error> liquidity_of(const core::Bic& bic,
                                                    const native::CurrencyText& currency) const;
    /// In the order of genesis.
    const std::vector<native::CurrencyInfo>& currencies() const { return currencies_; }
    /// Null for a currency that is not settled here.
    const native::CurrencyInfo* find_currency(const core::CurrencyCode& currency) const;
    /// Decimals of a currency; 0 for one that is not settled here.
    unsigned exponent(const native::CurrencyText& currency) const;

  private:
    SettlementReader(CallableState state, contracts::BlockContext block)
        : state_(std::move(state)), block_(std::move(block)) {}
    template <typename T>
    core::Result<T, Error> ask(const native::ContractCall& call,
                               native::results::Decoded<T> (*decode)(core::ByteView)) const;
    /// All pages of a list; `call_of_page` makes the call from a row on.
    template <typename T, typename CallOfPage>
    core::Result<std::vector<T>, Error> ask_pages(
        CallOfPage call_of_page, native::results::Decoded<std::vector<T>> (*decode)(core::ByteView)) const;

    CallableState state_;
    contracts::BlockContext block_;
    std::vector<native::CurrencyInfo> currencies_;
};

}  // namespace sluice::node::rpc
