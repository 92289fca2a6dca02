#include "contracts/native/settlement_results.hpp"

#include <algorithm>
#include <map>

namespace sluice::contracts::native {

namespace results {

namespace {

/// The only value of a result.
template <typename T>
Decoded<T> single(core::ByteView data) {
    auto decoded = abi::decode<T>(data);
    if (!decoded) return core::fail(decoded.error());
    return std::get<0>(std::move(*decoded));
}

/// Two values as a struct of two members.
template <typename S, typename A, typename B>
Decoded<S> pair(core::ByteView data) {
    auto decoded = abi::decode<A, B>(data);
    if (!decoded) return core::fail(decoded.error());
    return S{std::get<0>(*decoded), std::get<1>(*decoded)};
}

}  // namespace

Decoded<Submitted> submitted(core::ByteView data) {
    return pair<Submitted, Status, ReasonCode>(data);
}
Decoded<std::vector<Status>> statuses(core::ByteView data) {
    return single<std::vector<Status>>(data);
}
Decoded<Status> status(core::ByteView data) {
    return single<Status>(data);
}
Decoded<PaymentInfo> payment(core::ByteView data) {
    return single<PaymentInfo>(data);
}
Decoded<std::vector<PaymentId>> payment_ids(core::ByteView data) {
    return single<std::vector<PaymentId>>(data);
}
Decoded<bool> flag(core::ByteView data) {
    return single<bool>(data);
}
Decoded<PositionInfo> position(core::ByteView data) {
    return single<PositionInfo>(data);
}
Decoded<Totals> totals(core::ByteView data) {
    return pair<Totals, core::Minor, core::Minor>(data);
}
Decoded<std::uint64_t> number(core::ByteView data) {
    return single<std::uint64_t>(data);
}
Decoded<core::DateYmd> date(core::ByteView data) {
    return single<std::uint32_t>(data);
}
Decoded<core::Minor> amount(core::ByteView data) {
    return single<core::Minor>(data);
}
Decoded<RedemptionInfo> redemption(core::ByteView data) {
    return single<RedemptionInfo>(data);
}
Decoded<std::vector<RedemptionInfo>> redemptions(core::ByteView data) {
    return single<std::vector<RedemptionInfo>>(data);
}
Decoded<ParticipantInfo> participant(core::ByteView data) {
    return single<ParticipantInfo>(data);
}
Decoded<std::vector<BicText>> bics(core::ByteView data) {
    return single<std::vector<BicText>>(data);
}
Decoded<std::vector<KeyInfo>> keys(core::ByteView data) {
    return single<std::vector<KeyInfo>>(data);
}
Decoded<KeyHolder> key_holder(core::ByteView data) {
    return pair<KeyHolder, BicText, std::uint8_t>(data);
}
Decoded<std::vector<MandateInfo>> mandates(core::ByteView data) {
    return single<std::vector<MandateInfo>>(data);
}
Decoded<ScreeningThresholds> screening_thresholds(core::ByteView data) {
    return pair<ScreeningThresholds, core::Minor, core::Minor>(data);
}
Decoded<Recovery> recovery(core::ByteView data) {
    return pair<Recovery, core::Address, std::uint64_t>(data);
}
Decoded<Insolvency> insolvency(core::ByteView data) {
    return single<Insolvency>(data);
}
Decoded<core::Bytes> relayed(core::ByteView data) {
    return single<core::Bytes>(data);
}
Decoded<KeyOffer> key_offer(core::ByteView data) {
    return pair<KeyOffer, bool, std::uint64_t>(data);
}
Decoded<OperatorQuorum> operator_quorum(core::ByteView data) {
    return pair<OperatorQuorum, std::uint32_t, std::uint32_t>(data);
}
Decoded<ActOutcome> act_outcome(core::ByteView data) {
    return pair<ActOutcome, std::uint64_t, bool>(data);
}
Decoded<Act> act(core::ByteView data) {
    return single<Act>(data);
}
Decoded<BusinessDayInfo> business_day(core::ByteView data) {
    return single<BusinessDayInfo>(data);
}
Decoded<std::array<core::UnixMs, 5>> phase_times(core::ByteView data) {
    return single<std::array<core::UnixMs, 5>>(data);
}
Decoded<ScheduleInfo> schedule(core::ByteView data) {
    return single<ScheduleInfo>(data);
}
Decoded<ClosedDay> closed_day(core::ByteView data) {
    return single<ClosedDay>(data);
}
Decoded<ClosingBalanceInfo> closing_balance(core::ByteView data) {
    return single<ClosingBalanceInfo>(data);
}
Decoded<ChainParameterRow> parameters(core::ByteView data) {
    return single<ChainParameterRow>(data);
}
Decoded<std::vector<std::string>> features(core::ByteView data) {
    return single<std::vector<std::string>>(data);
}
Decoded<std::vector<ValidatorInfo>> validators(core::ByteView data) {
    return single<std::vector<ValidatorInfo>>(data);
}
Decoded<std::vector<CurrencyInfo>> currencies(core::ByteView data) {
    return single<std::vector<CurrencyInfo>>(data);
}
Decoded<PlacedLock> placed_lock(core::ByteView data) {
    return pair<PlacedLock, LockId, bool>(data);
}
Decoded<LockInfo> lock(core::ByteView data) {
    return single<LockInfo>(data);
}
Decoded<std::vector<LockInfo>> locks(core::ByteView data) {
    return single<std::vector<LockInfo>>(data);
}
Decoded<HolderInfo> holder(core::ByteView data) {
    return single<HolderInfo>(data);
}
Decoded<std::vector<HolderInfo>> holders(core::ByteView data) {
    return single<std::vector<HolderInfo>>(data);
}
Decoded<core::Address> address(core::ByteView data) {
    return single<core::Address>(data);
}
Decoded<BicText> bic(core::ByteView data) {
    return single<BicText>(data);
}
Decoded<ProposalInfo> proposal(core::ByteView data) {
    return single<ProposalInfo>(data);
}
Decoded<std::vector<ProposalInfo>> proposals(core::ByteView data) {
    return single<std::vector<ProposalInfo>>(data);
}
Decoded<ReturnsInfo> returns(core::ByteView data) {
    return single<ReturnsInfo>(data);
}
Decoded<LimitsInfo> limits(core::ByteView data) {
    return single<LimitsInfo>(data);
}
Decoded<std::vector<BilateralLimitInfo>> bilateral_limits(core::ByteView data) {
    return single<std::vector<BilateralLimitInfo>>(data);
}

}  // namespace results

namespace {

bool starts_with(core::ByteView data, const Selector& selector) {
    return data.size() >= selector.size() && std::equal(selector.begin(), selector.end(), data.begin());
}

}  // namespace

std::optional<RefusalInfo> decode_refusal(core::ByteView return_data) {
    if (const auto code = abi::decode_refused(return_data)) return RefusalInfo{*code, std::nullopt};
    constexpr Selector at = selector_of("RefusedAt(uint256,bytes4)");
    if (!starts_with(return_data, at)) return std::nullopt;
    const auto decoded = abi::decode<std::uint64_t, ReasonCode>(return_data.subspan(at.size()));
    if (!decoded) return std::nullopt;
    return RefusalInfo{std::get<1>(*decoded), std::get<0>(*decoded)};
}

std::vector<Instruction> instructions_in(core::ByteView call_data) {
    constexpr Selector one = selector_of(submit_signature);
    constexpr Selector many = selector_of(submit_batch_signature);
    constexpr Selector with_signature = selector_of(submit_signed_signature);
    if (call_data.size() < one.size()) return {};
    const core::ByteView arguments = call_data.subspan(one.size());
    if (starts_with(call_data, many)) {
        auto decoded = abi::decode<std::vector<Instruction>>(arguments);
        return decoded ? std::get<0>(std::move(*decoded)) : std::vector<Instruction>{};
    }
    constexpr Selector of_return = selector_of(return_payment_signature);
    if (!starts_with(call_data, one) && !starts_with(call_data, with_signature) &&
        !starts_with(call_data, of_return))
        return {};
    auto decoded = abi::decode<Instruction>(arguments);
    if (!decoded) return {};
    return {std::get<0>(std::move(*decoded))};
}

namespace {

/// The instructions of a transaction by payment id, so that a long batch is decoded once.
std::map<PaymentId, Instruction> instructions_by_id(const core::Transaction& transaction) {
    std::map<PaymentId, Instruction> by_id;
    if (transaction.to != payments_address) return by_id;
    for (Instruction& instruction : instructions_in(transaction.data)) {
        const PaymentId id = payment_id(view_of(instruction));
        by_id.insert_or_assign(id, std::move(instruction));
    }
    return by_id;
}

std::optional<PaymentFacts> facts_of(const std::map<PaymentId, Instruction>& instructions,
                                     const core::Log& log) {
    const auto event = decode_event(log);
    const auto* status = event ? std::get_if<PaymentStatusEvent>(&*event) : nullptr;
    if (status == nullptr) return std::nullopt;
    PaymentFacts facts{.event = *status, .instruction = std::nullopt};
    if (const auto found = instructions.find(status->id); found != instructions.end())
        facts.instruction = found->second;
    return facts;
}

}  // namespace

std::optional<PaymentFacts> payment_facts(const core::Transaction& transaction, const core::Log& log) {
    return facts_of(instructions_by_id(transaction), log);
}

std::vector<PaymentFacts> payment_facts(const core::Transaction& transaction, const core::Receipt& receipt) {
    const std::map<PaymentId, Instruction> instructions = instructions_by_id(transaction);
    std::vector<PaymentFacts> all;
    for (const core::Log& log : receipt.logs)
        if (auto facts = facts_of(instructions, log)) all.push_back(std::move(*facts));
    return all;
}

}  // namespace sluice::contracts::native
