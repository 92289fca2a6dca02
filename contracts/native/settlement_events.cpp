#include "contracts/native/settlement_events.hpp"

#include <algorithm>

namespace sluice::contracts::native {

namespace {

/// Reads one log: indexed members from topics, the others from data. Everything must be there and nothing
/// more.
class EventReader {
  public:
    explicit EventReader(const core::Log& log) : log_(log) {}

    template <Value T>
    EventReader& topic(T& value) {
        ok_ = ok_ && next_ < log_.topics.size() && take_word(log_.topics[next_].data(), value);
        ++next_;
        return *this;
    }
    template <typename... Ts>
    EventReader& data(Ts&... values) {
        const auto decoded = abi::decode<Ts...>(log_.data);
        ok_ = ok_ && decoded.has_value();
        if (ok_) std::tie(values...) = *decoded;
        return *this;
    }
    template <typename Event>
    std::optional<SettlementEvent> finish(const Event& event) const {
        if (!ok_ || next_ != log_.topics.size()) return std::nullopt;
        return event;
    }

  private:
    const core::Log& log_;
    std::size_t next_ = 1;  ///< the first topic is the event's own
    bool ok_ = true;
};

using Decoded = std::optional<SettlementEvent>;

Decoded payment_status(const core::Log& log) {
    PaymentStatusEvent e;
    return EventReader(log)
        .topic(e.id)
        .topic(e.payer)
        .topic(e.payee)
        .data(e.uetr, e.message_type, e.status, e.reason, e.amount, e.currency)
        .finish(e);
}

Decoded priority_changed(const core::Log& log) {
    PriorityChangedEvent e;
    return EventReader(log).topic(e.id).data(e.priority).finish(e);
}

Decoded account_entry(const core::Log& log) {
    AccountEntryEvent e;
    return EventReader(log)
        .topic(e.bic)
        .topic(e.currency)
        .topic(e.entry)
        .data(e.delta, e.balance, e.reference)
        .finish(e);
}

Decoded issued(const core::Log& log) {
    IssuedEvent e;
    return EventReader(log).topic(e.bic).topic(e.currency).data(e.amount, e.rtgs_reference).finish(e);
}

template <RedemptionStage stage>
Decoded redemption(const core::Log& log) {
    RedemptionEvent e{.stage = stage};
    return EventReader(log).topic(e.bic).topic(e.currency).data(e.amount, e.reference).finish(e);
}

Decoded locked(const core::Log& log) {
    LockedEvent e;
    return EventReader(log)
        .topic(e.id)
        .topic(e.payer)
        .topic(e.beneficiary)
        .data(e.currency, e.amount, e.expiry_ms, e.agent, e.operation)
        .finish(e);
}

Decoded lock_closed(const core::Log& log) {
    LockClosedEvent e;
    return EventReader(log)
        .topic(e.id)
        .topic(e.payer)
        .topic(e.beneficiary)
        .data(e.currency, e.amount, e.released)
        .finish(e);
}

Decoded address_bound(const core::Log& log) {
    AddressBoundEvent e;
    return EventReader(log).topic(e.bic).topic(e.address).finish(e);
}

Decoded holder_changed(const core::Log& log) {
    HolderChangedEvent e;
    return EventReader(log).topic(e.holder).topic(e.sponsor).data(e.status).finish(e);
}

Decoded holder_entry(const core::Log& log) {
    HolderEntryEvent e;
    return EventReader(log)
        .topic(e.holder)
        .topic(e.currency)
        .topic(e.entry)
        .data(e.delta, e.balance, e.reference)
        .finish(e);
}

Decoded participant_registered(const core::Log& log) {
    ParticipantRegisteredEvent e;
    return EventReader(log).topic(e.bic).data(e.lei).finish(e);
}

Decoded participant_status(const core::Log& log) {
    ParticipantStatusEvent e;
    return EventReader(log).topic(e.bic).data(e.status, e.reason).finish(e);
}

Decoded key_changed(const core::Log& log) {
    KeyChangedEvent e;
    return EventReader(log).topic(e.bic).topic(e.key).data(e.duty, e.on, e.from_height).finish(e);
}

Decoded key_offered(const core::Log& log) {
    KeyOfferedEvent e;
    return EventReader(log).topic(e.bic).topic(e.key).data(e.duty, e.on, e.from_height).finish(e);
}

Decoded mandate_changed(const core::Log& log) {
    MandateChangedEvent e;
    return EventReader(log)
        .topic(e.bic)
        .topic(e.agent)
        .topic(e.currency)
        .data(e.acts, e.per_day, e.until_ms)
        .finish(e);
}

Decoded screening_threshold(const core::Log& log) {
    ScreeningThresholdEvent e;
    return EventReader(log).topic(e.bic).topic(e.currency).data(e.own, e.required).finish(e);
}

Decoded recovery_proposed(const core::Log& log) {
    RecoveryEvent e{.stage = RecoveryEvent::Stage::proposed};
    return EventReader(log).topic(e.bic).topic(e.new_admin).data(e.due_ms).finish(e);
}

Decoded recovery_ended(const core::Log& log) {
    RecoveryEvent e{.stage = RecoveryEvent::Stage::ended};
    return EventReader(log).topic(e.bic).topic(e.new_admin).data(e.done).finish(e);
}

Decoded recovery_delay(const core::Log& log) {
    RecoveryDelayEvent e;
    return EventReader(log).data(e.delay_ms).finish(e);
}

Decoded insolvent(const core::Log& log) {
    InsolventEvent e;
    return EventReader(log).topic(e.bic).data(e.height, e.time_ms, e.last_arrival, e.reason).finish(e);
}

Decoded queues_removed(const core::Log& log) {
    QueuesRemovedEvent e;
    return EventReader(log).topic(e.bic).data(e.payments).finish(e);
}

Decoded forced_transfer(const core::Log& log) {
    ForcedTransferEvent e;
    return EventReader(log)
        .topic(e.order_reference)
        .topic(e.from)
        .topic(e.to)
        .data(e.currency, e.amount, e.reason)
        .finish(e);
}

Decoded role_changed(const core::Log& log) {
    RoleChangedEvent e;
    return EventReader(log).topic(e.role).topic(e.who).data(e.on).finish(e);
}

Decoded approval_threshold_changed(const core::Log& log) {
    ApprovalThresholdEvent e;
    return EventReader(log).topic(e.bic).topic(e.currency).data(e.amount).finish(e);
}

Decoded operator_threshold_changed(const core::Log& log) {
    OperatorThresholdEvent e;
    return EventReader(log).data(e.threshold).finish(e);
}

Decoded act_proposed(const core::Log& log) {
    ActEvent e{.stage = ActEvent::Stage::proposed};
    return EventReader(log).topic(e.act).topic(e.by).data(e.call).finish(e);
}

Decoded act_confirmed(const core::Log& log) {
    ActEvent e{.stage = ActEvent::Stage::confirmed};
    return EventReader(log).topic(e.act).topic(e.by).data(e.confirmations).finish(e);
}

Decoded act_performed(const core::Log& log) {
    ActEvent e{.stage = ActEvent::Stage::performed};
    return EventReader(log).topic(e.act).finish(e);
}

Decoded limit_changed(const core::Log& log) {
    LimitChangedEvent e;
    return EventReader(log).topic(e.bic).topic(e.currency).data(e.kind, e.to, e.value).finish(e);
}

Decoded frozen(const core::Log& log) {
    FrozenEvent e;
    return EventReader(log).topic(e.bic).topic(e.currency).data(e.amount, e.on, e.reason).finish(e);
}

Decoded payment_frozen(const core::Log& log) {
    PaymentFrozenEvent e;
    return EventReader(log).topic(e.id).data(e.on, e.reason).finish(e);
}

Decoded return_requested(const core::Log& log) {
    ReturnRequestedEvent e;
    return EventReader(log)
        .topic(e.id)
        .topic(e.payer)
        .topic(e.payee)
        .data(e.amount, e.reason, e.message_hash)
        .finish(e);
}

Decoded return_answered(const core::Log& log) {
    ReturnAnsweredEvent e;
    return EventReader(log).topic(e.id).topic(e.payer).topic(e.payee).data(e.answer, e.reason).finish(e);
}

Decoded payment_return(const core::Log& log) {
    PaymentReturnEvent e;
    return EventReader(log).topic(e.original).topic(e.id).data(e.amount, e.reason).finish(e);
}

Decoded phase_changed(const core::Log& log) {
    PhaseChangedEvent e;
    return EventReader(log).topic(e.currency).data(e.value_date, e.phase).finish(e);
}

Decoded advance_ordered(const core::Log& log) {
    AdvanceOrderedEvent e;
    return EventReader(log).topic(e.currency).data(e.value_date, e.phase).finish(e);
}

Decoded phase_extended(const core::Log& log) {
    PhaseExtendedEvent e;
    return EventReader(log).topic(e.currency).data(e.value_date, e.phase, e.time_ms).finish(e);
}

Decoded schedule_changed(const core::Log& log) {
    ScheduleChangedEvent e;
    return EventReader(log).topic(e.currency).data(e.minutes, e.weekdays).finish(e);
}

Decoded calendar_changed(const core::Log& log) {
    CalendarChangedEvent e;
    return EventReader(log).topic(e.currency).topic(e.date).data(e.is_holiday, e.times).finish(e);
}

Decoded closing_balance(const core::Log& log) {
    ClosingBalanceEvent e;
    return EventReader(log)
        .topic(e.bic)
        .topic(e.currency)
        .topic(e.value_date)
        .data(e.entries, e.balance)
        .finish(e);
}

Decoded overnight_credit(const core::Log& log) {
    OvernightCreditEvent e;
    return EventReader(log).topic(e.bic).topic(e.currency).topic(e.value_date).data(e.amount).finish(e);
}

Decoded day_closed(const core::Log& log) {
    DayClosedEvent e;
    return EventReader(log)
        .topic(e.currency)
        .topic(e.value_date)
        .data(e.height, e.time_ms, e.expired, e.accounts)
        .finish(e);
}

Decoded lsm_run(const core::Log& log) {
    LsmRunEvent e;
    return EventReader(log)
        .topic(e.run)
        .topic(e.currency)
        .data(e.queued, e.settled, e.gross, e.net_moved, e.liquidity_saved, e.inputs_hash)
        .finish(e);
}

Decoded deadlock(const core::Log& log) {
    DeadlockEvent e;
    return EventReader(log).topic(e.run).topic(e.currency).data(e.queued).finish(e);
}

Decoded lsm_enabled(const core::Log& log) {
    LsmEnabledEvent e;
    return EventReader(log).topic(e.currency).data(e.on).finish(e);
}

Decoded lsm_options(const core::Log& log) {
    LsmOptionsEvent e;
    return EventReader(log).topic(e.bic).topic(e.currency).data(e.allow_bypass, e.sub_limit).finish(e);
}

struct EventRow {
    core::Address contract{};
    core::Word topic{};
    Decoded (*decode)(const core::Log&) = nullptr;
};
constexpr std::array rows{
    EventRow{payments_address, payment_status_topic, payment_status},
    EventRow{payments_address, priority_changed_topic, priority_changed},
    EventRow{accounts_address, account_entry_topic, account_entry},
    EventRow{accounts_address, issued_topic, issued},
    EventRow{accounts_address, redeem_requested_topic, redemption<RedemptionStage::requested>},
    EventRow{accounts_address, redeem_awaiting_topic, redemption<RedemptionStage::awaiting>},
    EventRow{accounts_address, redeemed_topic, redemption<RedemptionStage::redeemed>},
    EventRow{accounts_address, redeem_refused_topic, redemption<RedemptionStage::refused>},
    EventRow{participants_address, participant_registered_topic, participant_registered},
    EventRow{participants_address, participant_status_topic, participant_status},
    EventRow{participants_address, key_changed_topic, key_changed},
    EventRow{participants_address, role_changed_topic, role_changed},
    EventRow{participants_address, approval_threshold_topic, approval_threshold_changed},
    EventRow{participants_address, operator_threshold_topic, operator_threshold_changed},
    EventRow{participants_address, act_proposed_topic, act_proposed},
    EventRow{participants_address, act_confirmed_topic, act_confirmed},
    EventRow{participants_address, act_performed_topic, act_performed},
    EventRow{accounts_address, limit_changed_topic, limit_changed},
    EventRow{accounts_address, frozen_topic, frozen},
    EventRow{payments_address, payment_frozen_topic, payment_frozen},
    EventRow{payments_address, return_requested_topic, return_requested},
    EventRow{payments_address, return_answered_topic, return_answered},
    EventRow{payments_address, payment_return_topic, payment_return},
    EventRow{business_day_address, phase_changed_topic, phase_changed},
    EventRow{business_day_address, advance_ordered_topic, advance_ordered},
    EventRow{business_day_address, phase_extended_topic, phase_extended},
    EventRow{business_day_address, schedule_changed_topic, schedule_changed},
    EventRow{business_day_address, calendar_changed_topic, calendar_changed},
    EventRow{business_day_address, closing_balance_topic, closing_balance},
    EventRow{business_day_address, overnight_credit_topic, overnight_credit},
    EventRow{business_day_address, day_closed_topic, day_closed},
    EventRow{liquidity_saving_address, lsm_run_topic, lsm_run},
    EventRow{liquidity_saving_address, deadlock_topic, deadlock},
    EventRow{liquidity_saving_address, lsm_enabled_topic, lsm_enabled},
    EventRow{liquidity_saving_address, lsm_options_topic, lsm_options},
    EventRow{accounts_address, locked_topic, locked},
    EventRow{accounts_address, lock_closed_topic, lock_closed},
    EventRow{accounts_address, address_bound_topic, address_bound},
    EventRow{accounts_address, holder_changed_topic, holder_changed},
    EventRow{accounts_address, holder_entry_topic, holder_entry},
    EventRow{participants_address, key_offered_topic, key_offered},
    EventRow{participants_address, mandate_changed_topic, mandate_changed},
    EventRow{participants_address, screening_topic, screening_threshold},
    EventRow{participants_address, recovery_proposed_topic, recovery_proposed},
    EventRow{participants_address, recovery_ended_topic, recovery_ended},
    EventRow{participants_address, recovery_delay_topic, recovery_delay},
    EventRow{participants_address, insolvent_topic, insolvent},
    EventRow{participants_address, queues_removed_topic, queues_removed},
    EventRow{accounts_address, forced_transfer_topic, forced_transfer},
};

}  // namespace

std::optional<SettlementEvent> decode_event(const core::Log& log) {
    if (log.topics.empty()) return std::nullopt;
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const EventRow& each) {
        return each.contract == log.address && each.topic == log.topics[0];
    });
    return row == rows.end() ? std::nullopt : row->decode(log);
}

core::Log log_of(const PaymentStatusEvent& event) {
    return {.address = payments_address,
            .topics = {payment_status_topic, event.id, word_of(event.payer), word_of(event.payee)},
            .data = abi::encode(event.uetr, event.message_type, event.status, event.reason, event.amount,
                                event.currency)};
}

}  // namespace sluice::contracts::native
