/// The payments contract, 0x…5e03: submitting, four eyes, and what a payer does with its queue.
#include <algorithm>

#include "contracts/native/day_calendar.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/operator_roles.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/payment_lifecycle.hpp"
#include "contracts/native/payment_views.hpp"
#include "contracts/native/relay.hpp"
#include "contracts/native/return_acts.hpp"
#include "contracts/native/schedule.hpp"
#include "contracts/native/settlement_contracts.hpp"
#include "contracts/native/settlement_events.hpp"
#include "contracts/native/submission.hpp"

namespace sluice::contracts::native {

namespace {

/// A payment that settles at once: both parties, the signer and the currency are read by every payment;
/// record and accounts are this one's own. Queueing writes more slots and no account entries, and limits,
/// reservations and freezes read up to six slots more and change two; it takes no longer than this pays for.
constexpr Work submit_work{.reads = 5, .again = 7, .writes = 6};
constexpr core::Gas submit_gas = gas_of(submit_work) - cost::entry + cost::log(4, 192) +
                                 2 * cost::log(4, 96) + cost::hash(31) + cost::hash(256);
static_assert(submit_gas == 37'411);

/// Changing one pending payment: its record, its rows, the queue and the sums of both parties.
constexpr Work change_work{.reads = 11, .again = 6, .writes = 13};
constexpr core::Gas change_more = cost::log(4, 192);
static_assert(gas_of(change_work) + change_more == 65'511);

// ---- submitting

/// A mandate that stands in for the payer's key: its row and the currency's, read and counted.
constexpr core::Gas mandate_gas = 2 * cost::slot_read + 4 * cost::slot_again + 2 * cost::slot_write;
static_assert(mandate_gas == 10'400);

/// The bank whose maker calls, as a word of call data; nothing for who is no maker.
std::optional<core::Word> own_bank(const Invocation& call) {
    const Storage participants(call.state, participants_address);
    const KeyGrant grant = key_grant(participants, core::KeyDuty::maker, call.caller);
    if (!grant.covers(call.block.height)) return std::nullopt;
    return word_of(bic_at(participants, grant.participant));
}

/// The offset that the word at `at` holds, counted from `base`; nothing where it leads out of the input.
std::optional<std::size_t> follow(core::ByteView input, std::size_t base, std::size_t at) {
    if (at > input.size() || input.size() - at < 32) return std::nullopt;
    constexpr std::size_t digits = 4;
    if (std::any_of(input.begin() + at, input.begin() + at + 32 - digits,
                    [](std::uint8_t byte) { return byte != 0; }))
        return std::nullopt;
    std::size_t offset = 0;
    for (std::size_t i = at + 32 - digits; i < at + 32; ++i)
        offset = offset << 8 | input[i];
    if (offset > input.size() - base) return std::nullopt;
    return base + offset;
}

/// Whether the instruction at `at` may need a mandate, told without decoding: every payment is priced by
/// this. None does that a maker of its payer submits, but a direct debit.
bool may_need_mandate(core::ByteView input, std::optional<std::size_t> at,
                      const std::optional<core::Word>& own) {
    constexpr std::size_t type_at = 32;  // behind the UETR
    constexpr std::size_t payer_at = 64;
    constexpr MessageTag debit = {'P', '0', '1', '0'};
    if (!own || !at || input.size() - *at < payer_at + own->size()) return true;
    const core::ByteView tuple = input.subspan(*at);
    return std::equal(debit.begin(), debit.end(), tuple.begin() + type_at) ||
           !std::equal(own->begin(), own->end(), tuple.begin() + payer_at);
}

core::Gas submit_one_gas(const Invocation& call) {
    const bool by_mandate = may_need_mandate(call.arguments, follow(call.arguments, 0, 0), own_bank(call));
    return cost::entry + submit_gas + (by_mandate ? mandate_gas : 0) + cost::copy(call.arguments.size());
}

MethodResult submit(Invocation& call) {
    const auto arguments = abi::decode<InstructionView>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto submitted = submit_payment(books, std::get<0>(*arguments), call.caller);
    if (!submitted) return refused(submitted.error());
    return abi::encode(submitted->status, submitted->reason);
}

core::Gas submit_batch_gas(const Invocation& call) {
    const std::uint64_t claimed = abi::dynamic_length(call.arguments, 0).value_or(0);
    // More elements than words of input cannot be decoded; they must not overflow the sum either.
    const std::uint64_t count = std::min<std::uint64_t>(claimed, call.arguments.size() / 32);
    const auto own = own_bank(call);
    const auto list = follow(call.arguments, 0, 0);
    core::Gas mandates = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        // Elements are found from behind the length of their list.
        const auto element =
            list ? follow(call.arguments, std::min(*list + 32, call.arguments.size()), *list + 32 + 32 * i)
                 : std::nullopt;
        if (may_need_mandate(call.arguments, element, own)) mandates += mandate_gas;
    }
    return cost::entry + count * submit_gas + mandates + cost::copy(call.arguments.size());
}

/// RefusedAt(uint256 index, bytes4 isoCode): a batch is refused as a whole, and says by which instruction.
tl::unexpected<Revert> refused_at(std::size_t index, const ReasonCode& code) {
    return core::fail(Revert{abi::encode_call(selector_of("RefusedAt(uint256,bytes4)"),
                                              core::Uint256(std::uint64_t{index}), code)});
}

MethodResult submit_batch(Invocation& call) {
    const auto arguments = abi::decode<std::vector<InstructionView>>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    std::vector<Status> statuses;
    for (const InstructionView& instruction : std::get<0>(*arguments)) {
        // Direct debits are priced one by one.
        if (message_type_of(instruction.message_type) == MessageType::bank_direct_debit)
            return refused_at(statuses.size(), reason::unsupported);
        const auto submitted = submit_payment(books, instruction, call.caller);
        if (!submitted) return refused_at(statuses.size(), submitted.error());
        statuses.push_back(submitted->status);
    }
    return abi::encode(statuses);
}

core::Gas submit_signed_gas(const Invocation& call) {
    return cost::entry + submit_gas + mandate_gas + cost::copy(call.arguments.size()) + cost::slot_read +
           cost::recover + cost::hash(call.arguments.size()) + 3 * cost::hash(512);
}

MethodResult submit_signed(Invocation& call) {
    const auto arguments = abi::decode<InstructionView, core::ByteView>(call.arguments);
    if (!arguments) return malformed();
    const auto& [instruction, signature_text] = *arguments;
    // The form is tested first: a digest over an instruction of any size would be work that nobody paid for.
    if (const auto fault = find_fault(instruction)) return refused(*fault);
    const auto signature = signature_from_bytes(signature_text);
    if (!signature) return refused(reason::bad_form);
    const Books books(call.state, call.block);
    const auto maker =
        crypto::recover_address(signing_digest(instruction, signing_domain(books)), *signature);
    if (!maker) return refused(reason::forbidden);
    const auto submitted = submit_payment(books, instruction, *maker);
    if (!submitted) return refused(submitted.error());
    return abi::encode(submitted->status, submitted->reason);
}

// ---- four eyes

bool has_key(const Books& books, const PaymentRecord& record, core::KeyDuty duty, const core::Address& who) {
    return acts_for(books.participants, record.payer, duty, who, books.block.height);
}

/// While an authority holds a payment, its payer neither releases nor ends it.
std::optional<ReasonCode> find_freeze(const PaymentRecord& record) {
    if (outcome_of(record.status) == Outcome::pending && record.has(PaymentStop::frozen))
        return reason::forbidden;
    return std::nullopt;
}

/// Whether `who` may decide on a payment that waits for approval: an approver of the payer who did not make
/// it.
std::optional<ReasonCode> find_approval_fault(const Books& books, const PaymentId& id,
                                              const PaymentRecord& record, const core::Address& who) {
    if (record.status == Status::none) return reason::unknown_reference;
    if (!has_key(books, record, core::KeyDuty::approver, who)) return reason::forbidden;
    if (record.status == Status::awaiting_approval && read_waiting(books.payments, row_of(id)).maker == who)
        return reason::forbidden;
    return std::nullopt;
}

MethodResult approve(Invocation& call) {
    const auto arguments = abi::decode<PaymentId, core::Hash>(call.arguments);
    if (!arguments) return malformed();
    const auto& [id, content] = *arguments;
    const Books books(call.state, call.block);
    const PaymentRow row = row_of(id);
    const PaymentRecord record = read_record(books.payments, row);
    if (const auto fault = find_approval_fault(books, id, record, call.caller)) return refused(*fault);
    if (read_content_hash(books.payments, row) != content) return refused(reason::duplicate);
    if (record.status != Status::awaiting_approval || waits_for_screening(record))
        return abi::encode(record.status);
    // The system transaction of this block rejects what nobody approved before its time.
    if (call.block.time_ms >= due_time(books.payments, read_pending(books.payments, row).arrival))
        return refused(reason::too_late);
    admit_approved(books, id);
    return abi::encode(read_record(books.payments, row).status);
}

MethodResult refuse(Invocation& call) {
    const auto arguments = abi::decode<PaymentId, ReasonCode>(call.arguments);
    if (!arguments) return malformed();
    const auto& [id, given] = *arguments;
    const Books books(call.state, call.block);
    const PaymentRecord record = read_record(books.payments, row_of(id));
    if (const auto fault = find_approval_fault(books, id, record, call.caller)) return refused(*fault);
    const ReasonCode code = given == reason::none ? reason::refused_by_approver : given;
    if (!is_reason_code(code)) return refused(reason::bad_form);
    if (record.status != Status::awaiting_approval || waits_for_screening(record))
        return abi::encode(record.status);
    if (const auto frozen = find_freeze(record)) return refused(*frozen);
    Payment payment = pending_payment(books, id);
    end(books, payment, Status::rejected, code);
    return abi::encode(Status::rejected);
}

/// Decision of a screening key of the payer.
MethodResult screen(Invocation& call) {
    const auto arguments = abi::decode<PaymentId, bool>(call.arguments);
    if (!arguments) return malformed();
    const auto& [id, pass] = *arguments;
    const Books books(call.state, call.block);
    const PaymentRow row = row_of(id);
    const PaymentRecord record = read_record(books.payments, row);
    if (record.status == Status::none) return refused(reason::unknown_reference);
    if (!has_key(books, record, core::KeyDuty::screening, call.caller)) return refused(reason::forbidden);
    if (!waits_for_screening(record)) return abi::encode(record.status);
    if (call.block.time_ms >= due_time(books.payments, read_pending(books.payments, row).arrival))
        return refused(reason::too_late);
    if (pass) {
        admit_screened(books, id);
    } else {
        if (const auto frozen = find_freeze(record)) return refused(*frozen);
        Payment payment = pending_payment(books, id);
        end(books, payment, Status::rejected, reason::regulatory);
    }
    return abi::encode(read_record(books.payments, row).status);
}

// ---- what a payer does with a pending payment

/// The record of a payment that `call.caller` may change: a maker or approver of its payer.
core::Result<PaymentRecord, ReasonCode> own_record(const Invocation& call, const Books& books,
                                                   const PaymentId& id) {
    const PaymentRecord record = read_record(books.payments, row_of(id));
    if (record.status == Status::none) return core::fail(reason::unknown_reference);
    if (!has_key(books, record, core::KeyDuty::maker, call.caller) &&
        !has_key(books, record, core::KeyDuty::approver, call.caller))
        return core::fail(reason::forbidden);
    return record;
}

/// Whether somebody else than the payer may cancel: a creditor its direct debit while the debtor has not
/// agreed, an operator what an insolvent or withdrawn participant has left.
bool may_cancel_for_payer(const Invocation& call, const Books& books, const PaymentRecord& record) {
    if (record.status == Status::none) return false;
    const bool is_open_debit =
        record.type == MessageType::bank_direct_debit && record.status == Status::awaiting_approval;
    if (is_open_debit &&
        acts_for(books.participants, record.payee, core::KeyDuty::maker, call.caller, books.block.height))
        return true;
    const auto payer = find_party(books.participants, bic_at(books.participants, record.payer));
    CHECK(payer.has_value());
    const bool has_left =
        payer->status == ParticipantStatus::insolvent || payer->status == ParticipantStatus::withdrawn;
    return has_left && may_act(books.participants, call.caller, Role::operator_);
}

MethodResult cancel(Invocation& call) {
    const auto arguments = abi::decode<PaymentId, ReasonCode>(call.arguments);
    if (!arguments) return malformed();
    const auto& [id, given] = *arguments;
    const Books books(call.state, call.block);
    auto record = own_record(call, books, id);
    ReasonCode code = given == reason::none ? reason::by_customer : given;
    if (!record) {
        const PaymentRecord foreign = read_record(books.payments, row_of(id));
        if (!may_cancel_for_payer(call, books, foreign)) return refused(record.error());
        const bool is_by_operator = foreign.type != MessageType::bank_direct_debit;
        if (given == reason::none && is_by_operator) code = reason::blocked_account;
        record = foreign;
    }
    if (!is_reason_code(code)) return refused(reason::bad_form);
    if (const auto frozen = find_freeze(*record)) return refused(*frozen);
    // What has ended stays as it is; the caller learns how.
    if (outcome_of(record->status) != Outcome::pending) return abi::encode(record->status);
    Payment payment = pending_payment(books, id);
    end(books, payment, Status::cancelled, code);
    return abi::encode(Status::cancelled);
}

MethodResult hold_payment(Invocation& call) {
    const auto arguments = abi::decode<PaymentId>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const PaymentId& id = std::get<0>(*arguments);
    const auto record = own_record(call, books, id);
    if (!record) return refused(record.error());
    if (record->status != Status::queued) return abi::encode(record->status);
    Payment payment = pending_payment(books, id);
    hold(books, payment, reason::none);
    return abi::encode(Status::held);
}

MethodResult unhold_payment(Invocation& call) {
    const auto arguments = abi::decode<PaymentId>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const PaymentId& id = std::get<0>(*arguments);
    const auto record = own_record(call, books, id);
    if (!record) return refused(record.error());
    if (record->status != Status::held) return abi::encode(record->status);
    if (const auto frozen = find_freeze(*record)) return refused(*frozen);
    Payment payment = pending_payment(books, id);
    // A queue that stands still takes nothing up; another would hold it again as soon as it came to its head.
    const auto payer = find_party(books.participants, payment.payer);
    const auto payee = find_party(books.participants, payment.payee);
    CHECK(payer.has_value());
    CHECK(payee.has_value());
    if (const auto obstacle = find_obstacle(payer->status, payee->status)) return refused(*obstacle);
    unhold(books, payment);
    return abi::encode(Status::queued);
}

MethodResult change_priority(Invocation& call) {
    const auto arguments = abi::decode<PaymentId, Priority>(call.arguments);
    if (!arguments) return malformed();
    const auto& [id, priority] = *arguments;
    const Books books(call.state, call.block);
    const auto record = own_record(call, books, id);
    if (!record) return refused(record.error());
    if (priority == Priority::urgent && !has_role(books.participants, call.caller, Role::operator_))
        return refused(reason::forbidden);
    const bool changes = outcome_of(record->status) == Outcome::pending && record->priority != priority;
    if (!changes) return abi::encode(record->status);
    // An approver has signed the priority as well; to overtake what it let pass takes an approver again.
    if (priority < record->priority &&
        needs_approval(books.participants, record->payer_account(), record->amount) &&
        !has_key(books, *record, core::KeyDuty::approver, call.caller))
        return refused(reason::forbidden);
    Payment payment = pending_payment(books, id);
    set_priority(books, payment, priority);
    return abi::encode(record->status);
}

// ---- what an authority does with a pending payment

MethodResult freeze_payment(Invocation& call) {
    const auto arguments = abi::decode<PaymentId, bool, ReasonCode>(call.arguments);
    if (!arguments) return malformed();
    const auto& [id, on, given] = *arguments;
    const Books books(call.state, call.block);
    if (!may_act(books.participants, call.caller, Role::freezer)) return refused(reason::forbidden);
    const ReasonCode code = given == reason::none ? reason::by_authority : given;
    if (!is_reason_code(code)) return refused(reason::bad_form);
    const PaymentRecord record = read_record(books.payments, row_of(id));
    if (record.status == Status::none) return refused(reason::unknown_reference);
    if (outcome_of(record.status) != Outcome::pending || record.has(PaymentStop::frozen) == on)
        return abi::encode(record.status);
    Payment payment = pending_payment(books, id);
    if (on)
        freeze(books, payment, code);
    else
        unfreeze(books, payment);
    books.emit(payments_address, payment_frozen_topic, {word_of(id)}, abi::encode(on, code));
    return abi::encode(payment.record.status);
}

constexpr std::array methods{
    Method{submit_signature, selector_of(submit_signature), Access::write, submit_one_gas, submit},
    Method{submit_batch_signature, selector_of(submit_batch_signature), Access::write, submit_batch_gas,
           submit_batch},
    Method{submit_signed_signature, selector_of(submit_signed_signature), Access::write, submit_signed_gas,
           submit_signed},
    Method{"approve(bytes32,bytes32)", selector_of("approve(bytes32,bytes32)"), Access::write,
           fixed_gas<change_work, change_more + 2 * cost::log(4, 96)>, approve},
    Method{"refuse(bytes32,bytes4)", selector_of("refuse(bytes32,bytes4)"), Access::write,
           fixed_gas<change_work, change_more>, refuse},
    Method{"screen(bytes32,bool)", selector_of("screen(bytes32,bool)"), Access::write,
           fixed_gas<change_work, change_more + 2 * cost::log(4, 96)>, screen},
    Method{"actSigned(bytes,uint64,uint64,bytes)", selector_of("actSigned(bytes,uint64,uint64,bytes)"),
           Access::write, act_signed_gas, act_signed},
    Method{"actNonce(address)", selector_of("actNonce(address)"), Access::view, fixed_gas<Work{.reads = 1}>,
           act_nonce},
    Method{"hold(bytes32)", selector_of("hold(bytes32)"), Access::write, fixed_gas<change_work, change_more>,
           hold_payment},
    Method{"unhold(bytes32)", selector_of("unhold(bytes32)"), Access::write,
           fixed_gas<change_work, change_more>, unhold_payment},
    Method{"cancel(bytes32,bytes4)", selector_of("cancel(bytes32,bytes4)"), Access::write,
           fixed_gas<change_work, change_more>, cancel},
    Method{"setPriority(bytes32,uint8)", selector_of("setPriority(bytes32,uint8)"), Access::write,
           fixed_gas<change_work, change_more>, change_priority},
    Method{"freezePayment(bytes32,bool,bytes4)", selector_of("freezePayment(bytes32,bool,bytes4)"),
           Access::write, fixed_gas<change_work, change_more + cost::log(2, 64)>, freeze_payment},
    Method{"requestReturn(bytes32,uint128,bytes4,bytes32)",
           selector_of("requestReturn(bytes32,uint128,bytes4,bytes32)"), Access::write,
           acts::request_return_gas, acts::request_return},
    Method{"answerReturn(bytes32,bytes4,bytes4)", selector_of("answerReturn(bytes32,bytes4,bytes4)"),
           Access::write, acts::answer_return_gas, acts::answer_return},
    Method{return_payment_signature, selector_of(return_payment_signature), Access::write,
           acts::return_payment_gas, acts::return_payment},
    Method{"returnsOf(bytes32)", selector_of("returnsOf(bytes32)"), Access::view, fixed_gas<Work{.reads = 3}>,
           views::returns_of},
    Method{"get(bytes32)", selector_of("get(bytes32)"), Access::view,
           fixed_gas<Work{.reads = 12 + search_days_max}>, views::payment},
    Method{"queueOf(bytes11,bytes3,bool,uint256,uint256)",
           selector_of("queueOf(bytes11,bytes3,bool,uint256,uint256)"), Access::view, views::queue_gas,
           views::queue_of},
};

}  // namespace

constinit const NativeContract payments_contract{
    .address = payments_address, .name = "payments", .methods = methods};

}  // namespace sluice::contracts::native
