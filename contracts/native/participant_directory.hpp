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
    static constexpr auto storage_members() {
        return std::make_tuple(&Party::index, &Party::status, &Party::has_approval_threshold);
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
    static constexpr auto storage_members() {
        using R = ParticipantRow;
        return std::make_tuple(&R::bic, &R::lei, &R::keys, &R::registered_at);
    }
};

/// An address that acts for a participant in one duty, from one height until another.
struct KeyGrant {
    ParticipantIndex participant = 0;
    core::Height from = 0;
    core::Height until = 0;  ///< first height at which it is no more; 0: open
    static constexpr auto storage_members() {
        return std::make_tuple(&KeyGrant::participant, &KeyGrant::from, &KeyGrant::until);
    }
    bool covers(core::Height height) const {
        return participant != 0 && height >= from && (until == 0 || height < until);
    }
    /// No later height is covered.
    bool ended(core::Height height) const { return participant == 0 || (until != 0 && height >= until); }
};

/// A participant's key as views list it.
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
/// Writes a grant, and lists the key with its participant if it is new there.
void put_key_grant(const Storage& participants, core::KeyDuty duty, const core::Address& address,
                   const KeyGrant& grant);
/// Key number `position` of a participant, from 0. Precondition: position < ParticipantRow::keys.
KeyEntry key_at(const Storage& participants, ParticipantIndex participant, std::uint32_t position);

/// Amount from which payments of the participant need an approver; 0 for off.
core::Minor approval_threshold(const Storage& participants, const AccountId& account);
void set_approval_threshold(const Storage& participants, const AccountId& account, core::Minor amount);

}  // namespace sluice::contracts::native
