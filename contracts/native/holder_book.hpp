/// Who has money on the currency façades: banks by their settlement address, and holders, which are contracts
/// with accounts of their own. Storage of 0x…5e02.
#pragma once

#include "contracts/native/books.hpp"

namespace sluice::contracts::native {

/// What a holder may do with its money.
enum class HolderStatus : std::uint8_t {
    none,     ///< not registered: it can have no money
    active,   ///< takes in and pays out
    closing,  ///< only pays out
    frozen,   ///< neither
};
template <>
inline constexpr HolderStatus last_enumerator<HolderStatus> = HolderStatus::frozen;
/// "Active", as documents and JSON write it.
std::string_view name_of(HolderStatus status);

/// A registered contract.
struct Holder {
    std::uint32_t index = 0;  ///< from 1 in the order of registration
    HolderStatus status{};
    ParticipantIndex sponsor = 0;  ///< the bank that registered it; 0: an operator
    static constexpr auto storage_members() {
        return std::make_tuple(&Holder::index, &Holder::status, &Holder::sponsor);
    }
};

/// Index 0 for an address that is not registered.
Holder read_holder(const Storage& accounts, const core::Address& address);
/// Registers an address under the next index, as active. Precondition (CHECKed): it is not registered.
void add_holder(const Storage& accounts, const core::Address& address, ParticipantIndex sponsor);
void set_holder_status(const Storage& accounts, const core::Address& address, HolderStatus status);
/// Takes a holder from the bank that registered it: its status is an authority's.
void end_sponsorship(const Storage& accounts, const core::Address& address);
std::uint32_t holder_count(const Storage& accounts);
/// Precondition: 1 <= index <= holder_count.
core::Address holder_at(const Storage& accounts, std::uint32_t index);

/// Accounts of holders lie beside those of participants, with this bit in their index: what is true for
/// accounts (money is conserved, entries count without gaps) is true for them. They have no queue, no credit
/// line and no terms, and their index names no participant.
inline constexpr ParticipantIndex holder_bit = 0x8000'0000;
constexpr AccountId holder_account(std::uint32_t holder, CurrencyIndex currency) {
    return {holder | holder_bit, currency};
}

/// The participant whose settlement address this is; 0 for nobody's.
ParticipantIndex settles_for(const Storage& accounts, const core::Address& address);
/// Zeros for a participant without one.
core::Address settlement_address(const Storage& accounts, ParticipantIndex participant);
/// Gives a participant another settlement address, or none (zeros). Whoever had that address loses it.
void set_settlement_address(const Storage& accounts, ParticipantIndex participant,
                            const core::Address& address);

}  // namespace sluice::contracts::native
