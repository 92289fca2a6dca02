/// The directory of participants: who they are, where they stand, which keys act for them. Storage of
/// 0x…5e01.
#pragma once

#include "contracts/native/settlement_types.hpp"

namespace sluice::contracts::native {

/// What a payment asks about a party: one slot, by BIC.
struct Party {
    ParticipantIndex index = 0;
    ParticipantStatus status{};
    bool has_approval_threshold = false;  ///< four-eyes is on in at least one currency
    bool has_screening = false;           ///< so is screening
    static constexpr auto storage_members() {
        return std::make_tuple(&Party::index, &Party::status, &Party::has_approval_threshold,
                               &Party::has_screening);
    }
};

/// 20 characters, or zeros for none.
using LeiText = std::array<char, 20>;

/// The fixed part of a directory entry, by index.
struct ParticipantRow {
    BicText bic{};
    LeiText lei{};
    std::uint32_t keys = 0;  ///< entries of the key list
    core::Height registered_at = 0;
    std::uint32_t open_admins = 0;  ///< admin keys in force whose end is not set
    static constexpr auto storage_members() {
        using R = ParticipantRow;
        return std::make_tuple(&R::bic, &R::lei, &R::keys, &R::registered_at, &R::open_admins);
    }
};

/// The last period in which an address acts for a participant in one duty, from one height until another.
struct KeyGrant {
    ParticipantIndex participant = 0;
    core::Height from = 0;
    core::Height until = 0;      ///< first height at which it is no more; 0: open
    std::uint32_t position = 0;  ///< of this period in the participant's key list
    std::uint32_t periods = 0;   ///< of this address in this duty, with whomever, this one included
    static constexpr auto storage_members() {
        using G = KeyGrant;
        return std::make_tuple(&G::participant, &G::from, &G::until, &G::position, &G::periods);
    }
    bool covers(core::Height height) const {
        return participant != 0 && height >= from && (until == 0 || height < until);
    }
    /// No later height is covered.
    bool ended(core::Height height) const { return participant == 0 || (until != 0 && height >= until); }
};

/// A key that a participant has named and that has not agreed yet. It counts for nothing and blocks nobody.
struct KeyOffer {
    bool is_open = false;
    core::Height from = 0;
    core::Address by{};  ///< the admin that named it; zeros for the first admin, whom operators name
    static constexpr auto storage_members() {
        return std::make_tuple(&KeyOffer::is_open, &KeyOffer::from, &KeyOffer::by);
    }
};

/// One period of a participant's key, as the key list has it.
struct KeyEntry {
    core::Address address{};
    core::KeyDuty duty{};
    core::Height from = 0;
    core::Height until = 0;
};

struct NewParticipant {
    BicText bic{};
    LeiText lei{};
    std::string_view name;
    core::ByteView read_key;
    ParticipantStatus status = ParticipantStatus::pending;
    core::Height height = 0;
};

std::optional<Party> find_party(const Storage& participants, const BicText& bic);
/// Precondition of all by-index functions (CHECKed): 1 <= index <= participant_count.
BicText bic_at(const Storage& participants, ParticipantIndex index);
ParticipantRow participant_row(const Storage& participants, ParticipantIndex index);
std::string participant_name(const Storage& participants, ParticipantIndex index);
core::Bytes participant_read_key(const Storage& participants, ParticipantIndex index);
std::uint32_t participant_count(const Storage& participants);

/// Adds an entry under the next index. Precondition (CHECKed): the BIC is new.
ParticipantIndex add_participant(const Storage& participants, const NewParticipant& participant);
void set_participant_status(const Storage& participants, const BicText& bic, ParticipantStatus status);

/// What is stored for an address in a duty; `participant` 0 for nothing.
KeyGrant key_grant(const Storage& participants, core::KeyDuty duty, const core::Address& address);
/// True if `address` has the duty for the participant at this height.
bool acts_for(const Storage& participants, ParticipantIndex participant, core::KeyDuty duty,
              const core::Address& address, core::Height height);
/// False if this address has or will have another duty, or serves another participant: a maker's key that
/// could also approve would make two pairs of eyes one.
bool is_free_for(const Storage& participants, ParticipantIndex participant, core::KeyDuty duty,
                 const core::Address& address, core::Height height);
/// Begins a period of a key at the end of the participant's list. What the list says of earlier periods, of
/// this participant or another, stays. Precondition (CHECKed): the last period of that address and duty
/// ended.
void begin_key(const Storage& participants, core::KeyDuty duty, const core::Address& address,
               ParticipantIndex participant, core::Height from, core::Height now);
/// Changes the begin and end of the last period. The caller sees to it that nothing before now changes.
void change_key(const Storage& participants, core::KeyDuty duty, const core::Address& address,
                const KeyGrant& grant);
/// Entry number `position` of a participant's key list, from 0. Precondition: position <
/// ParticipantRow::keys.
KeyEntry key_at(const Storage& participants, ParticipantIndex participant, std::uint32_t position);
/// Whom `address` served in a duty at a height, by the list; 0 for nobody. Reads two slots per period.
ParticipantIndex served_at(const Storage& participants, core::KeyDuty duty, const core::Address& address,
                           core::Height height);

KeyOffer key_offer(const Storage& participants, ParticipantIndex participant, core::KeyDuty duty,
                   const core::Address& address);
void put_key_offer(const Storage& participants, ParticipantIndex participant, core::KeyDuty duty,
                   const core::Address& address, const KeyOffer& offer);

/// Notes that payments of the participant are screened in at least one currency.
void mark_screened(const Storage& participants, const BicText& bic);

/// Amount from which payments of the participant need an approver; 0 for off.
core::Minor approval_threshold(const Storage& participants, const AccountId& account);
void set_approval_threshold(const Storage& participants, const AccountId& account, core::Minor amount);
/// True if an act of the bank over this amount takes a second pair of eyes.
bool needs_approval(const Storage& participants, const AccountId& account, core::Minor amount);

}  // namespace sluice::contracts::native
