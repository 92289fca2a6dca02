/// What settlement contracts answer: results of their methods, refusals, and the facts of a payment.
#pragma once

#include <vector>

#include "contracts/native/chain_parameters.hpp"
#include "contracts/native/day_book.hpp"
#include "contracts/native/insolvency.hpp"
#include "contracts/native/instruction.hpp"
#include "contracts/native/key_recovery.hpp"
#include "contracts/native/lock_structs.hpp"
#include "contracts/native/locks.hpp"
#include "contracts/native/mandate_acts.hpp"
#include "contracts/native/membership_proposals.hpp"
#include "contracts/native/screening.hpp"
#include "contracts/native/settlement_events.hpp"
#include "contracts/native/settlement_structs.hpp"
#include "contracts/native/submission.hpp"
#include "core/receipt.hpp"
#include "core/transaction.hpp"

namespace sluice::contracts::native {

/// Decoders of return data, one per shape. Total: every input gives a value or an error.
namespace results {

template <typename T>
using Decoded = core::Result<T, abi::Error>;

/// submit, submitSigned, returnPayment
Decoded<Submitted> submitted(core::ByteView data);
/// submitBatch
Decoded<std::vector<Status>> statuses(core::ByteView data);
/// approve, refuse, screen, hold, unhold, cancel, setPriority, freezePayment,
/// requestReturn
Decoded<Status> status(core::ByteView data);
/// IPayments.get
Decoded<PaymentInfo> payment(core::ByteView data);
/// queueOf
Decoded<std::vector<PaymentId>> payment_ids(core::ByteView data);
/// issue, requestRedeem, confirmAct, hasRole, vote, accept, isHoliday, and the acts of IBusinessDay
Decoded<bool> flag(core::ByteView data);
Decoded<PositionInfo> position(core::ByteView data);
struct Totals {
    core::Minor issued = 0;
    core::Minor redeemed = 0;
};
Decoded<Totals> totals(core::ByteView data);
/// entryCount, actNonce, recoveryDelay, startOf, midnightOf, proposeAdd, proposeRemove, proposeReplace,
/// proposeRotate
Decoded<std::uint64_t> number(core::ByteView data);
/// valueDateAt, nextValueDate
Decoded<core::DateYmd> date(core::ByteView data);
/// approvalThreshold, setCreditLine
Decoded<core::Minor> amount(core::ByteView data);
Decoded<RedemptionInfo> redemption(core::ByteView data);
Decoded<std::vector<RedemptionInfo>> redemptions(core::ByteView data);
Decoded<ParticipantInfo> participant(core::ByteView data);
/// list
Decoded<std::vector<BicText>> bics(core::ByteView data);
Decoded<std::vector<KeyInfo>> keys(core::ByteView data);
struct KeyHolder {
    BicText bic{};            ///< zeros for nobody
    std::uint8_t duties = 0;  ///< bit n for duty n
};
/// participantOf, keyAt
Decoded<KeyHolder> key_holder(core::ByteView data);
/// grantsOf
Decoded<std::vector<MandateInfo>> mandates(core::ByteView data);
/// screeningThreshold
Decoded<ScreeningThresholds> screening_thresholds(core::ByteView data);
/// recoveryOf
Decoded<Recovery> recovery(core::ByteView data);
/// insolvencyOf
Decoded<Insolvency> insolvency(core::ByteView data);
/// The result of the act in a result of actSigned.
Decoded<core::Bytes> relayed(core::ByteView data);
/// keyOffer
Decoded<KeyOffer> key_offer(core::ByteView data);
Decoded<OperatorQuorum> operator_quorum(core::ByteView data);
/// proposeAct
Decoded<ActOutcome> act_outcome(core::ByteView data);
Decoded<Act> act(core::ByteView data);
Decoded<BusinessDayInfo> business_day(core::ByteView data);
/// phaseTimes
Decoded<std::array<core::UnixMs, 5>> phase_times(core::ByteView data);
Decoded<ScheduleInfo> schedule(core::ByteView data);
/// dayClosed
Decoded<ClosedDay> closed_day(core::ByteView data);
Decoded<ClosingBalanceInfo> closing_balance(core::ByteView data);
Decoded<ChainParameterRow> parameters(core::ByteView data);
Decoded<std::vector<std::string>> features(core::ByteView data);
Decoded<std::vector<ValidatorInfo>> validators(core::ByteView data);
Decoded<std::vector<CurrencyInfo>> currencies(core::ByteView data);
/// lock
Decoded<PlacedLock> placed_lock(core::ByteView data);
/// lockOf
Decoded<LockInfo> lock(core::ByteView data);
/// locksOf
Decoded<std::vector<LockInfo>> locks(core::ByteView data);
/// holderOf
Decoded<HolderInfo> holder(core::ByteView data);
Decoded<std::vector<HolderInfo>> holders(core::ByteView data);
/// addressOf
Decoded<core::Address> address(core::ByteView data);
/// settlesFor
Decoded<BicText> bic(core::ByteView data);
Decoded<ProposalInfo> proposal(core::ByteView data);
Decoded<std::vector<ProposalInfo>> proposals(core::ByteView data);
Decoded<LimitsInfo> limits(core::ByteView data);
Decoded<ReturnsInfo> returns(core::ByteView data);
Decoded<std::vector<BilateralLimitInfo>> bilateral_limits(core::ByteView data);

}  // namespace results

/// A refusal: `Refused(bytes4)`, or of a batch `RefusedAt(uint256, bytes4)`.
struct RefusalInfo {
    ReasonCode code{};
    std::optional<std::uint64_t> index;  ///< of the instruction in its batch
    bool operator==(const RefusalInfo&) const = default;
};
/// Nothing for revert data of another kind.
std::optional<RefusalInfo> decode_refusal(core::ByteView return_data);

/// Every instruction that call data of the payments contract carries: of submit, submitBatch, submitSigned or
/// returnPayment.
std::vector<Instruction> instructions_in(core::ByteView call_data);

/// What a transaction and one log of its receipt say about a payment. A payment that the system transaction
/// settled has no instruction here: its own transaction is an earlier one.
struct PaymentFacts {
    PaymentStatusEvent event;
    std::optional<Instruction> instruction;
    bool operator==(const PaymentFacts&) const = default;
};
/// Nothing if the log is no PaymentStatus of the payments contract.
std::optional<PaymentFacts> payment_facts(const core::Transaction& transaction, const core::Log& log);
/// The facts of all payments that a transaction touched, in the order of its logs.
std::vector<PaymentFacts> payment_facts(const core::Transaction& transaction, const core::Receipt& receipt);

}  // namespace sluice::contracts::native
