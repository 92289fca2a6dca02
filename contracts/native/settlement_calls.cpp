#include "contracts/native/settlement_calls.hpp"

namespace sluice::contracts::native::calls {

namespace {

template <typename... Ts>
ContractCall to_payments(const Selector& selector, const Ts&... arguments) {
    return {payments_address, abi::encode_call(selector, arguments...)};
}
template <typename... Ts>
ContractCall to_accounts(const Selector& selector, const Ts&... arguments) {
    return {accounts_address, abi::encode_call(selector, arguments...)};
}
template <typename... Ts>
ContractCall to_participants(const Selector& selector, const Ts&... arguments) {
    return {participants_address, abi::encode_call(selector, arguments...)};
}

template <typename... Ts>
ContractCall to_governance(const Selector& selector, const Ts&... arguments) {
    return {governance_address, abi::encode_call(selector, arguments...)};
}

template <typename... Ts>
ContractCall to_business_day(const Selector& selector, const Ts&... arguments) {
    return {business_day_address, abi::encode_call(selector, arguments...)};
}

core::Uint256 number(std::uint64_t value) {
    return core::Uint256(value);
}

}  // namespace

// ---- payments

ContractCall submit(const Instruction& instruction) {
    return to_payments(selector_of(submit_signature), instruction);
}

ContractCall submit_batch(std::span<const Instruction> instructions) {
    std::vector<InstructionView> views;
    views.reserve(instructions.size());
    for (const Instruction& instruction : instructions)
        views.push_back(view_of(instruction));
    return to_payments(selector_of(submit_batch_signature), views);
}

ContractCall submit_signed(const Instruction& instruction, const core::Signature& signature) {
    return to_payments(selector_of(submit_signed_signature), instruction, signature_bytes(signature));
}

ContractCall approve(const PaymentId& id, const core::Hash& content_hash) {
    return to_payments(selector_of("approve(bytes32,bytes32)"), id, content_hash);
}

ContractCall refuse(const PaymentId& id, const ReasonCode& reason) {
    return to_payments(selector_of("refuse(bytes32,bytes4)"), id, reason);
}

ContractCall screen(const PaymentId& id, bool pass) {
    return to_payments(selector_of("screen(bytes32,bool)"), id, pass);
}

ContractCall act_signed(const SignedAct& act, const core::Signature& signature) {
    return to_payments(selector_of("actSigned(bytes,uint64,uint64,bytes)"), act.call, act.nonce,
                       act.deadline_ms, signature_bytes(signature));
}

ContractCall act_nonce(const core::Address& key) {
    return to_payments(selector_of("actNonce(address)"), key);
}

ContractCall hold(const PaymentId& id) {
    return to_payments(selector_of("hold(bytes32)"), id);
}

ContractCall unhold(const PaymentId& id) {
    return to_payments(selector_of("unhold(bytes32)"), id);
}

ContractCall cancel(const PaymentId& id, const ReasonCode& reason) {
    return to_payments(selector_of("cancel(bytes32,bytes4)"), id, reason);
}

ContractCall set_priority(const PaymentId& id, Priority priority) {
    return to_payments(selector_of("setPriority(bytes32,uint8)"), id, priority);
}

ContractCall freeze_payment(const PaymentId& id, bool on, const ReasonCode& reason) {
    return to_payments(selector_of("freezePayment(bytes32,bool,bytes4)"), id, on, reason);
}

ContractCall request_return(const Recall& recall) {
    return to_payments(selector_of("requestReturn(bytes32,uint128,bytes4,bytes32)"), recall.id, recall.amount,
                       recall.reason, recall.message_hash);
}

ContractCall answer_return(const PaymentId& id, const ReasonCode& answer, const ReasonCode& reason) {
    return to_payments(selector_of("answerReturn(bytes32,bytes4,bytes4)"), id, answer, reason);
}

ContractCall return_payment(const Instruction& instruction, const PaymentId& original,
                            const ReasonCode& reason) {
    return to_payments(selector_of(return_payment_signature), instruction, original, reason);
}

ContractCall returns_of(const PaymentId& id) {
    return to_payments(selector_of("returnsOf(bytes32)"), id);
}

ContractCall payment(const PaymentId& id) {
    return to_payments(selector_of("get(bytes32)"), id);
}

ContractCall queue_of(const QueueQuery& query) {
    return to_payments(selector_of("queueOf(bytes11,bytes3,bool,uint256,uint256)"), query.bic, query.currency,
                       query.incoming, number(query.from), number(query.max));
}

// ---- accounts

ContractCall issue(const Issue& issue) {
    return to_accounts(selector_of("issue(bytes11,bytes3,uint128,bytes32)"), issue.bic, issue.currency,
                       issue.amount, issue.rtgs_reference);
}

ContractCall request_redeem(const CurrencyText& currency, core::Minor amount, const UetrBytes& reference) {
    return to_accounts(selector_of("requestRedeem(bytes3,uint128,bytes16)"), currency, amount, reference);
}

ContractCall confirm_redeem(const UetrBytes& reference, bool confirmed) {
    return to_accounts(selector_of("confirmRedeem(bytes16,bool)"), reference, confirmed);
}

ContractCall approve_redeem(const BicText& bic, const UetrBytes& reference, bool approved) {
    return to_accounts(selector_of("approveRedeem(bytes11,bytes16,bool)"), bic, reference, approved);
}

ContractCall force_transfer(const ForcedTransfer& transfer) {
    return to_accounts(selector_of("forceTransfer(bytes11,bytes11,bytes3,uint128,bytes32,string)"),
                       transfer.from, transfer.to, transfer.currency, transfer.amount,
                       transfer.order_reference, transfer.reason);
}

ContractCall position(const BicText& bic, const CurrencyText& currency) {
    return to_accounts(selector_of("position(bytes11,bytes3)"), bic, currency);
}

ContractCall totals(const CurrencyText& currency) {
    return to_accounts(selector_of("totals(bytes3)"), currency);
}

ContractCall entry_count(const BicText& bic, const CurrencyText& currency) {
    return to_accounts(selector_of("entryCount(bytes11,bytes3)"), bic, currency);
}

ContractCall redemption(const BicText& bic, const UetrBytes& reference) {
    return to_accounts(selector_of("redemption(bytes11,bytes16)"), bic, reference);
}

ContractCall open_redemptions(std::uint64_t from, std::uint64_t max) {
    return to_accounts(selector_of("openRedemptions(uint256,uint256)"), number(from), number(max));
}

ContractCall set_credit_line(const BicText& bic, const CurrencyText& currency, core::Minor line) {
    return to_accounts(selector_of("setCreditLine(bytes11,bytes3,uint128)"), bic, currency, line);
}

ContractCall set_bilateral_limit(const BicText& to, const CurrencyText& currency, core::Minor limit) {
    return to_accounts(selector_of("setBilateralLimit(bytes11,bytes3,uint128)"), to, currency, limit);
}

ContractCall set_multilateral_limit(const CurrencyText& currency, core::Minor limit) {
    return to_accounts(selector_of("setMultilateralLimit(bytes3,uint128)"), currency, limit);
}

ContractCall set_reservation(Priority priority, const CurrencyText& currency, core::Minor amount) {
    return to_accounts(selector_of("setReservation(uint8,bytes3,uint128)"), priority, currency, amount);
}

ContractCall freeze(const Freeze& freeze) {
    return to_accounts(selector_of("freeze(bytes11,bytes3,uint128,bool,string)"), freeze.bic, freeze.currency,
                       freeze.amount, freeze.on, freeze.reason);
}

ContractCall limits(const BicText& bic, const CurrencyText& currency) {
    return to_accounts(selector_of("limits(bytes11,bytes3)"), bic, currency);
}

ContractCall bilateral_limits(const BicText& bic, const CurrencyText& currency, std::uint64_t from,
                              std::uint64_t max) {
    return to_accounts(selector_of("bilateralLimits(bytes11,bytes3,uint256,uint256)"), bic, currency,
                       number(from), number(max));
}

// ---- participants

ContractCall register_participant(const Registration& r) {
    return to_participants(selector_of("register(bytes11,bytes20,string,address,bytes)"), r.bic, r.lei,
                           r.name, r.admin, r.read_key);
}

ContractCall set_status(const BicText& bic, ParticipantStatus status, std::string_view reason) {
    return to_participants(selector_of("setStatus(bytes11,uint8,string)"), bic, status, reason);
}

ContractCall set_key(const KeyChange& change) {
    return to_participants(selector_of("setKey(bytes11,uint8,address,bool,uint64)"), change.bic, change.duty,
                           change.key, change.on, change.from);
}

ContractCall accept_key(const BicText& bic, core::KeyDuty duty) {
    return to_participants(selector_of("acceptKey(bytes11,uint8)"), bic, duty);
}

ContractCall key_offer(const BicText& bic, core::KeyDuty duty, const core::Address& key) {
    return to_participants(selector_of("keyOffer(bytes11,uint8,address)"), bic, duty, key);
}

ContractCall key_at(const core::Address& key, core::Height height) {
    return to_participants(selector_of("keyAt(address,uint64)"), key, height);
}

ContractCall grant(const MandateGrant& mandate) {
    return to_participants(selector_of("grant(address,bytes4,bytes3,uint128,uint64)"), mandate.agent,
                           mandate.acts, mandate.currency, mandate.per_day, mandate.until_ms);
}

ContractCall revoke(const core::Address& agent, const CurrencyText& currency) {
    return to_participants(selector_of("revoke(address,bytes3)"), agent, currency);
}

ContractCall grants_of(const BicText& bic, std::uint64_t from, std::uint64_t max) {
    return to_participants(selector_of("grantsOf(bytes11,uint256,uint256)"), bic, number(from), number(max));
}

ContractCall set_screening(const CurrencyText& currency, core::Minor amount) {
    return to_participants(selector_of("setScreening(bytes3,uint128)"), currency, amount);
}

ContractCall require_screening(const BicText& bic, const CurrencyText& currency, core::Minor amount) {
    return to_participants(selector_of("requireScreening(bytes11,bytes3,uint128)"), bic, currency, amount);
}

ContractCall screening_threshold(const BicText& bic, const CurrencyText& currency) {
    return to_participants(selector_of("screeningThreshold(bytes11,bytes3)"), bic, currency);
}

ContractCall recover_keys(const BicText& bic, const core::Address& new_admin) {
    return to_participants(selector_of("recoverKeys(bytes11,address)"), bic, new_admin);
}

ContractCall veto_recovery(const BicText& bic) {
    return to_participants(selector_of("vetoRecovery(bytes11)"), bic);
}

ContractCall claim_recovery(const BicText& bic) {
    return to_participants(selector_of("claimRecovery(bytes11)"), bic);
}

ContractCall set_recovery_delay(core::UnixMs delay_ms) {
    return to_participants(selector_of("setRecoveryDelay(uint64)"), delay_ms);
}

ContractCall recovery_of(const BicText& bic) {
    return to_participants(selector_of("recoveryOf(bytes11)"), bic);
}

ContractCall recovery_delay() {
    return to_participants(selector_of("recoveryDelay()"));
}

ContractCall declare_insolvent(const BicText& bic, std::string_view reason) {
    return to_participants(selector_of("declareInsolvent(bytes11,string)"), bic, reason);
}

ContractCall insolvency_of(const BicText& bic) {
    return to_participants(selector_of("insolvencyOf(bytes11)"), bic);
}

ContractCall set_role(Role role, const core::Address& who, bool on) {
    return to_participants(selector_of("setRole(bytes32,address,bool)"), native::name_of(role), who, on);
}

ContractCall set_operator_threshold(std::uint32_t threshold) {
    return to_participants(selector_of("setOperatorThreshold(uint32)"), threshold);
}

ContractCall set_approval_threshold(const CurrencyText& currency, core::Minor amount) {
    return to_participants(selector_of("setApprovalThreshold(bytes3,uint128)"), currency, amount);
}

ContractCall propose_act(core::ByteView call_data) {
    return to_participants(selector_of("proposeAct(bytes)"), call_data);
}

ContractCall confirm_act(std::uint64_t act) {
    return to_participants(selector_of("confirmAct(uint256)"), number(act));
}

ContractCall participant(const BicText& bic) {
    return to_participants(selector_of("get(bytes11)"), bic);
}

ContractCall participants(std::uint64_t from, std::uint64_t max) {
    return to_participants(selector_of("list(uint256,uint256)"), number(from), number(max));
}

ContractCall keys_of(const BicText& bic, std::uint64_t from, std::uint64_t max) {
    return to_participants(selector_of("keysOf(bytes11,uint256,uint256)"), bic, number(from), number(max));
}

ContractCall participant_of(const core::Address& key) {
    return to_participants(selector_of("participantOf(address)"), key);
}

ContractCall has_role(Role role, const core::Address& who) {
    return to_participants(selector_of("hasRole(bytes32,address)"), native::name_of(role), who);
}

ContractCall operator_threshold() {
    return to_participants(selector_of("operatorThreshold()"));
}

ContractCall approval_threshold(const BicText& bic, const CurrencyText& currency) {
    return to_participants(selector_of("approvalThreshold(bytes11,bytes3)"), bic, currency);
}

ContractCall act(std::uint64_t act) {
    return to_participants(selector_of("act(uint256)"), number(act));
}

// ---- business day and governance

ContractCall business_day(const CurrencyText& currency) {
    return to_business_day(selector_of("now_(bytes3)"), currency);
}

ContractCall value_date_at(const CurrencyText& currency, core::UnixMs time_ms) {
    return to_business_day(selector_of("valueDateAt(bytes3,uint64)"), currency, time_ms);
}

ContractCall start_of(const CurrencyText& currency, core::DateYmd value_date) {
    return to_business_day(selector_of("startOf(bytes3,uint32)"), currency, value_date);
}

ContractCall midnight_of(const CurrencyText& currency, core::DateYmd date) {
    return to_business_day(selector_of("midnightOf(bytes3,uint32)"), currency, date);
}

ContractCall phase_times(const CurrencyText& currency, core::DateYmd value_date) {
    return to_business_day(selector_of("phaseTimes(bytes3,uint32)"), currency, value_date);
}

ContractCall is_holiday(const CurrencyText& currency, core::DateYmd date) {
    return to_business_day(selector_of("isHoliday(bytes3,uint32)"), currency, date);
}

ContractCall schedule(const CurrencyText& currency) {
    return to_business_day(selector_of("schedule(bytes3)"), currency);
}

ContractCall next_value_date(const CurrencyText& currency) {
    return to_business_day(selector_of("nextValueDate(bytes3)"), currency);
}

ContractCall day_closed(const CurrencyText& currency, core::DateYmd value_date) {
    return to_business_day(selector_of("dayClosed(bytes3,uint32)"), currency, value_date);
}

ContractCall closing_balance(const BicText& bic, const CurrencyText& currency) {
    return to_business_day(selector_of("closingBalance(bytes11,bytes3)"), bic, currency);
}

ContractCall advance(const CurrencyText& currency, Phase to) {
    return to_business_day(selector_of("advance(bytes3,uint8)"), currency, to);
}

ContractCall extend(const CurrencyText& currency, Phase phase, core::UnixMs time_ms) {
    return to_business_day(selector_of("extend(bytes3,uint8,uint64)"), currency, phase, time_ms);
}

ContractCall set_schedule(const CurrencyText& currency, const ScheduleInfo& schedule) {
    return to_business_day(selector_of("setSchedule(bytes3,uint32[5],uint8)"), currency, schedule.minutes,
                           schedule.weekdays);
}

ContractCall calendar(const CurrencyText& currency, core::DateYmd date,
                      const std::array<core::UnixMs, 5>& times) {
    return to_business_day(selector_of("calendar(bytes3,uint32,uint64[5])"), currency, date, times);
}

ContractCall set_holiday(const CurrencyText& currency, core::DateYmd date, bool on) {
    return to_business_day(selector_of("setHoliday(bytes3,uint32,bool)"), currency, date, on);
}

ContractCall parameters() {
    return to_governance(selector_of("parameters()"));
}

ContractCall features() {
    return to_governance(selector_of("features()"));
}

ContractCall validators() {
    return to_governance(selector_of("validators()"));
}

ContractCall currencies() {
    return to_governance(selector_of("currencies()"));
}

ContractCall propose_add(const NewValidator& joins, core::Height expires_at) {
    return to_governance(selector_of("proposeAdd(address,bytes11,string,uint64)"), joins.address, joins.bic,
                         joins.name, expires_at);
}

ContractCall propose_remove(const core::Address& leaves, core::Height expires_at) {
    return to_governance(selector_of("proposeRemove(address,uint64)"), leaves, expires_at);
}

ContractCall propose_replace(const core::Address& leaves, const NewValidator& joins,
                             core::Height expires_at) {
    return to_governance(selector_of("proposeReplace(address,address,bytes11,string,uint64)"), leaves,
                         joins.address, joins.bic, joins.name, expires_at);
}

ContractCall propose_rotate(const core::Address& new_key, core::Height expires_at) {
    return to_governance(selector_of("proposeRotate(address,uint64)"), new_key, expires_at);
}

ContractCall vote(std::uint64_t proposal) {
    return to_governance(selector_of("vote(uint64)"), proposal);
}

ContractCall accept(std::uint64_t proposal) {
    return to_governance(selector_of("accept(uint64)"), proposal);
}

ContractCall withdraw(std::uint64_t proposal) {
    return to_governance(selector_of("withdraw(uint64)"), proposal);
}

ContractCall proposal(std::uint64_t proposal) {
    return to_governance(selector_of("proposal(uint64)"), proposal);
}

ContractCall proposals() {
    return to_governance(selector_of("proposals()"));
}

}  // namespace sluice::contracts::native::calls
