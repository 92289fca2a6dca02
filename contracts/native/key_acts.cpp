#include "contracts/native/key_acts.hpp"

#include <algorithm>

#include "contracts/native/method_gas.hpp"
#include "contracts/native/reason_codes.hpp"
#include "contracts/native/settlement_events.hpp"

namespace sluice::contracts::native {

namespace {

constexpr Work set_key_work{.reads = 13, .writes = 4};
constexpr Work accept_work{.reads = 15, .writes = 6};
constexpr core::Gas event_gas = cost::log(3, 96);
static_assert(gas_of(set_key_work) + event_gas == 41'868);
static_assert(gas_of(accept_work) + event_gas == 51'868);

/// One change of one key, as an admin asked for it.
struct Change {
    BicText bic{};
    ParticipantIndex participant = 0;
    core::KeyDuty duty{};
    core::Address key{};
    core::Height from = 0;  ///< not before the present block
};

void store(const Invocation& call, const Change& change, bool on, const KeyGrant& grant) {
    change_key(call.storage(), change.duty, change.key, grant);
    call.emit(key_changed_topic, {word_of(change.bic), word_of(change.key)},
              abi::encode(change.duty, on, on ? grant.from : grant.until));
}

/// A key that counts or will: moves its begin if that lies ahead, or takes back its end.
MethodResult keep_on(const Invocation& call, const Change& change, KeyGrant grant) {
    if (grant.from > call.block.height) {
        if (grant.from == change.from && grant.until == 0) return core::Bytes{};
        grant.from = change.from;
    } else if (grant.until == 0) {
        return core::Bytes{};
    } else if (change.from > grant.until) {
        // Two periods of one key at a time would need a second row; the first has to end first.
        return refused(reason::bad_form);
    }
    grant.until = 0;
    store(call, change, true, grant);
    return core::Bytes{};
}

MethodResult end_key(const Invocation& call, const Change& change, KeyGrant grant) {
    const bool is_open = grant.until == 0;
    if (change.duty == core::KeyDuty::admin && is_open &&
        participant_row(call.storage(), change.participant).open_admins <= 1)
        return refused(reason::forbidden);
    if (grant.until == change.from) return core::Bytes{};
    const core::Height height = call.block.height;
    if (grant.from > height && change.from <= grant.from)
        grant.from = grant.until = height;  // it never begins
    else
        grant.until = change.from;
    store(call, change, false, grant);
    return core::Bytes{};
}

MethodResult name_key(const Invocation& call, const Change& change) {
    const Storage participants = call.storage();
    // The last admin key must not end before the next one counts: so each counts at once.
    if (change.duty == core::KeyDuty::admin && change.from > call.block.height)
        return refused(reason::bad_form);
    if (!is_free_for(participants, change.participant, change.duty, change.key, call.block.height))
        return refused(reason::forbidden);
    offer_key(call, change.bic, change.participant, change.duty, change.key,
              {.is_open = true, .from = change.from, .by = call.caller});
    return core::Bytes{};
}

MethodResult withdraw_offer(const Invocation& call, const Change& change) {
    const Storage participants = call.storage();
    if (!key_offer(participants, change.participant, change.duty, change.key).is_open)
        return refused(reason::unknown_reference);
    put_key_offer(participants, change.participant, change.duty, change.key, {});
    call.emit(key_offered_topic, {word_of(change.bic), word_of(change.key)},
              abi::encode(change.duty, false, change.from));
    return core::Bytes{};
}

/// An offer falls with the admin that made it: who took over from a stolen key is rid of what that key named.
/// That of operators is for the first admin only.
bool does_stand(const Storage& participants, ParticipantIndex participant, const KeyOffer& offer,
                core::Height height) {
    if (offer.by == core::Address{}) return participant_row(participants, participant).open_admins == 0;
    return acts_for(participants, participant, core::KeyDuty::admin, offer.by, height);
}

}  // namespace

void offer_key(const Invocation& call, const BicText& bic, ParticipantIndex participant, core::KeyDuty duty,
               const core::Address& key, const KeyOffer& offer) {
    CHECK(offer.is_open);
    put_key_offer(call.storage(), participant, duty, key, offer);
    call.emit(key_offered_topic, {word_of(bic), word_of(key)}, abi::encode(duty, true, offer.from));
}

void admit_key(const Invocation& call, const BicText& bic, ParticipantIndex participant, core::KeyDuty duty,
               const core::Address& key, core::Height from) {
    begin_key(call.storage(), duty, key, participant, from, call.block.height);
    call.emit(key_changed_topic, {word_of(bic), word_of(key)}, abi::encode(duty, true, from));
}

core::Gas set_key_gas(const Invocation& call) {
    return fixed_gas<set_key_work, event_gas>(call);
}

MethodResult set_key(Invocation& call) {
    const auto arguments =
        abi::decode<BicText, core::KeyDuty, core::Address, bool, std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, duty, key, on, from_block] = *arguments;
    const Storage participants = call.storage();
    const core::Height height = call.block.height;
    const auto party = find_party(participants, bic);
    if (!party) return refused(reason::bad_bank);
    if (!acts_for(participants, party->index, core::KeyDuty::admin, call.caller, height) ||
        party->status == ParticipantStatus::withdrawn)
        return refused(reason::forbidden);
    if (!is_duty(duty) || key == core::Address{}) return refused(reason::bad_form);

    const Change change{bic, party->index, duty, key, std::max<core::Height>(from_block, height)};
    const KeyGrant grant = key_grant(participants, duty, key);
    const bool counts = grant.participant == party->index && !grant.ended(height);
    if (on) return counts ? keep_on(call, change, grant) : name_key(call, change);
    return counts ? end_key(call, change, grant) : withdraw_offer(call, change);
}

core::Gas accept_key_gas(const Invocation& call) {
    return fixed_gas<accept_work, event_gas>(call);
}

MethodResult accept_key(Invocation& call) {
    const auto arguments = abi::decode<BicText, core::KeyDuty>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, duty] = *arguments;
    const Storage participants = call.storage();
    const core::Height height = call.block.height;
    const auto party = find_party(participants, bic);
    if (!party) return refused(reason::bad_bank);
    if (!is_duty(duty)) return refused(reason::bad_form);
    const KeyGrant grant = key_grant(participants, duty, call.caller);
    if (grant.participant == party->index && !grant.ended(height)) return core::Bytes{};
    const KeyOffer offer = key_offer(participants, party->index, duty, call.caller);
    if (!offer.is_open) return refused(reason::unknown_reference);
    if (party->status == ParticipantStatus::withdrawn ||
        !does_stand(participants, party->index, offer, height) ||
        !is_free_for(participants, party->index, duty, call.caller, height))
        return refused(reason::forbidden);
    put_key_offer(participants, party->index, duty, call.caller, {});
    admit_key(call, bic, party->index, duty, call.caller, std::max(offer.from, height));
    return core::Bytes{};
}

}  // namespace sluice::contracts::native
