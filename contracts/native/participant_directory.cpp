#include "contracts/native/participant_directory.hpp"

#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x01 to 0x06 and 0x0c of the participants contract.
// 0x01                              uint32 participants
// 0x02 ‖ bytes11 bic                struct Party
// 0x03 ‖ uint32 index               struct ParticipantRow; slot 4: string name; slot 5: bytes readKey
// 0x04 ‖ uint8 duty ‖ address       struct KeyGrant
// 0x05 ‖ uint32 index ‖ uint32 i    struct ListedKey: period number i of the participant's keys
// 0x06 ‖ uint32 index ‖ uint16 ccy  uint128 approval threshold
// 0x0c ‖ uint32 index ‖ uint8 duty ‖ address    struct KeyOffer
constexpr std::uint8_t count_table = 0x01;
constexpr std::uint8_t party_table = 0x02;
constexpr std::uint8_t participant_table = 0x03;
constexpr std::uint8_t grant_table = 0x04;
constexpr std::uint8_t key_table = 0x05;
constexpr std::uint8_t threshold_table = 0x06;
constexpr std::uint8_t offer_table = 0x0c;
constexpr std::uint8_t name_slot = 4;
constexpr std::uint8_t read_key_slot = 5;

struct ListedKey {
    core::Address address{};
    core::KeyDuty duty{};
    core::Height from = 0;
    core::Height until = 0;
    ParticipantIndex earlier_participant = 0;  ///< where the period before this one is listed; 0: none
    std::uint32_t earlier_position = 0;
    static constexpr auto storage_members() {
        using K = ListedKey;
        return std::make_tuple(&K::address, &K::duty, &K::from, &K::until, &K::earlier_participant,
                               &K::earlier_position);
    }
    bool covers(core::Height height) const { return height >= from && (until == 0 || height < until); }
};

static_assert(Place<ParticipantRow>::slots <= name_slot);
static_assert(Place<Party>::slots == 1 && Place<KeyGrant>::slots == 1,
              "a payment reads one slot for each party and one for its signer");
static_assert(Place<ListedKey>::slots == 2 && Place<ParticipantRow>::slots == 2);

Place<std::uint32_t> count_place(const Storage& participants) {
    return {participants, row_key(count_table)};
}
Place<Party> party_place(const Storage& participants, const BicText& bic) {
    return {participants, row_key(party_table, bic)};
}
core::Word participant_key(ParticipantIndex index) {
    return row_key(participant_table, index);
}
Place<ParticipantRow> row_place(const Storage& participants, ParticipantIndex index) {
    return {participants, participant_key(index)};
}
Place<KeyGrant> grant_place(const Storage& participants, core::KeyDuty duty, const core::Address& address) {
    return {participants, row_key(grant_table, static_cast<std::uint8_t>(duty), address)};
}
Place<ListedKey> key_place(const Storage& participants, ParticipantIndex participant,
                           std::uint32_t position) {
    return {participants, row_key(key_table, participant, position)};
}
Place<KeyOffer> offer_place(const Storage& participants, ParticipantIndex participant, core::KeyDuty duty,
                            const core::Address& address) {
    return {participants, row_key(offer_table, participant, static_cast<std::uint8_t>(duty), address)};
}
Place<core::Minor> threshold_place(const Storage& participants, const AccountId& account) {
    return {participants, row_key(threshold_table, account.participant, account.currency)};
}

}  // namespace

std::optional<Party> find_party(const Storage& participants, const BicText& bic) {
    const Party party = party_place(participants, bic).read();
    if (party.index == 0) return std::nullopt;
    return party;
}

BicText bic_at(const Storage& participants, ParticipantIndex index) {
    // Only the first slot: a queue asks for the BIC of every payee.
    const BicText bic = Place<BicText>(participants, participant_key(index)).read();
    CHECK(bic[0] != 0);
    return bic;
}

ParticipantRow participant_row(const Storage& participants, ParticipantIndex index) {
    const ParticipantRow row = row_place(participants, index).read();
    CHECK(row.bic[0] != 0);
    return row;
}

std::string participant_name(const Storage& participants, ParticipantIndex index) {
    return Place<Text>(participants, row_slot(participant_key(index), name_slot)).read_text();
}

core::Bytes participant_read_key(const Storage& participants, ParticipantIndex index) {
    return Place<Text>(participants, row_slot(participant_key(index), read_key_slot)).read();
}

std::uint32_t participant_count(const Storage& participants) {
    return count_place(participants).read();
}

ParticipantIndex add_participant(const Storage& participants, const NewParticipant& participant) {
    CHECK(!find_party(participants, participant.bic));
    const ParticipantIndex index = participant_count(participants) + 1;
    count_place(participants).write(index);
    party_place(participants, participant.bic).write({.index = index, .status = participant.status});
    row_place(participants, index)
        .write({.bic = participant.bic, .lei = participant.lei, .registered_at = participant.height});
    Place<Text>(participants, row_slot(participant_key(index), name_slot)).write(participant.name);
    Place<Text>(participants, row_slot(participant_key(index), read_key_slot)).write(participant.read_key);
    return index;
}

void set_participant_status(const Storage& participants, const BicText& bic, ParticipantStatus status) {
    const auto place = party_place(participants, bic);
    Party party = place.read();
    CHECK(party.index != 0);
    party.status = status;
    place.write(party);
}

KeyGrant key_grant(const Storage& participants, core::KeyDuty duty, const core::Address& address) {
    return grant_place(participants, duty, address).read();
}

bool acts_for(const Storage& participants, ParticipantIndex participant, core::KeyDuty duty,
              const core::Address& address, core::Height height) {
    const KeyGrant grant = key_grant(participants, duty, address);
    return grant.participant == participant && grant.covers(height);
}

bool is_free_for(const Storage& participants, ParticipantIndex participant, core::KeyDuty duty,
                 const core::Address& address, core::Height height) {
    for (auto other = core::KeyDuty::admin; is_duty(other);
         other = static_cast<core::KeyDuty>(static_cast<std::uint8_t>(other) + 1)) {
        const KeyGrant grant = key_grant(participants, other, address);
        const bool is_same = grant.participant == participant && other == duty;
        if (!is_same && !grant.ended(height)) return false;
    }
    return true;
}

void begin_key(const Storage& participants, core::KeyDuty duty, const core::Address& address,
               ParticipantIndex participant, core::Height from, core::Height now) {
    const auto place = grant_place(participants, duty, address);
    const KeyGrant earlier = place.read();
    CHECK(earlier.ended(now));
    const auto row_at = row_place(participants, participant);
    ParticipantRow row = row_at.read();
    key_place(participants, participant, row.keys)
        .write({.address = address,
                .duty = duty,
                .from = from,
                .earlier_participant = earlier.participant,
                .earlier_position = earlier.position});
    place.write(
        {.participant = participant, .from = from, .position = row.keys, .periods = earlier.periods + 1});
    ++row.keys;
    if (duty == core::KeyDuty::admin) ++row.open_admins;
    row_at.write(row);
}

void change_key(const Storage& participants, core::KeyDuty duty, const core::Address& address,
                const KeyGrant& grant) {
    const auto place = grant_place(participants, duty, address);
    const bool was_open = place.read().until == 0;
    place.write(grant);
    const auto listed_at = key_place(participants, grant.participant, grant.position);
    ListedKey listed = listed_at.read();
    CHECK(listed.address == address && listed.duty == duty);
    listed.from = grant.from;
    listed.until = grant.until;
    listed_at.write(listed);
    if (duty != core::KeyDuty::admin || was_open == (grant.until == 0)) return;
    const auto row_at = row_place(participants, grant.participant);
    ParticipantRow row = row_at.read();
    row.open_admins = was_open ? row.open_admins - 1 : row.open_admins + 1;
    row_at.write(row);
}

KeyEntry key_at(const Storage& participants, ParticipantIndex participant, std::uint32_t position) {
    const ListedKey key = key_place(participants, participant, position).read();
    return {key.address, key.duty, key.from, key.until};
}

ParticipantIndex served_at(const Storage& participants, core::KeyDuty duty, const core::Address& address,
                           core::Height height) {
    const KeyGrant last = key_grant(participants, duty, address);
    ParticipantIndex participant = last.participant;
    std::uint32_t position = last.position;
    while (participant != 0) {
        const ListedKey period = key_place(participants, participant, position).read();
        if (period.covers(height)) return participant;
        participant = period.earlier_participant;
        position = period.earlier_position;
    }
    return 0;
}

KeyOffer key_offer(const Storage& participants, ParticipantIndex participant, core::KeyDuty duty,
                   const core::Address& address) {
    return offer_place(participants, participant, duty, address).read();
}

void put_key_offer(const Storage& participants, ParticipantIndex participant, core::KeyDuty duty,
                   const core::Address& address, const KeyOffer& offer) {
    offer_place(participants, participant, duty, address).write(offer);
}

void mark_screened(const Storage& participants, const BicText& bic) {
    const auto place = party_place(participants, bic);
    Party party = place.read();
    CHECK(party.index != 0);
    party.has_screening = true;
    place.write(party);
}

core::Minor approval_threshold(const Storage& participants, const AccountId& account) {
    return threshold_place(participants, account).read();
}

bool needs_approval(const Storage& participants, const AccountId& account, core::Minor amount) {
    const core::Minor threshold = approval_threshold(participants, account);
    return threshold != 0 && amount >= threshold;
}

void set_approval_threshold(const Storage& participants, const AccountId& account, core::Minor amount) {
    threshold_place(participants, account).write(amount);
    if (amount == 0) return;
    const auto place = party_place(participants, bic_at(participants, account.participant));
    Party party = place.read();
    party.has_approval_threshold = true;
    place.write(party);
}

}  // namespace sluice::contracts::native
