/// Mandates: what a bank lets somebody else do with its money, up to an amount per day. An agent is an
/// address (an indirect participant, a technical sender, a contract), or a bank that may collect direct
/// debits. Storage of 0x…5e01.
#pragma once

#include "contracts/native/books.hpp"
#include "contracts/native/reason_codes.hpp"

namespace sluice::contracts::native {

/// What an agent may be allowed to do. On the ABI a set of them is a `bytes4`: bit n of the number for act n.
enum class MandateAct : std::uint8_t {
    submit,    ///< submit payments of the bank
    lock,      ///< lock money of the bank
    transfer,  ///< move money of the bank at once
    debit,     ///< collect from the bank by pacs.010; the agent is a bank
};
using MandateActs = std::array<std::uint8_t, 4>;
constexpr MandateActs mandate_bit(MandateAct act) {
    return {0, 0, 0, static_cast<std::uint8_t>(1u << static_cast<unsigned>(act))};
}

/// One mandate as it is stored. A mandate of amount zero is none.
struct Mandate {
    core::Minor per_day = 0;    ///< at most so much in one day
    core::UnixMs until_ms = 0;  ///< last millisecond at which it holds; 0: until it is revoked
    MandateActs acts{};
    core::Minor used = 0;        ///< of the day `used_on`
    std::uint32_t used_on = 0;   ///< value date in the currency's time zone, YYYYMMDD
    std::uint32_t position = 0;  ///< in the bank's list, from 0
    static constexpr auto storage_members() {
        using M = Mandate;
        return std::make_tuple(&M::per_day, &M::until_ms, &M::acts, &M::used, &M::used_on, &M::position);
    }
};

/// Which mandate: its bank, its agent and its currency.
struct MandateKey {
    ParticipantIndex participant = 0;
    core::Address agent{};
    CurrencyIndex currency = 0;
    static constexpr auto storage_members() {
        return std::make_tuple(&MandateKey::participant, &MandateKey::agent, &MandateKey::currency);
    }
};

/// The agent that a bank is when it collects direct debits: an address that no key can have.
core::Address agent_of(const BicText& creditor);
/// The bank that such an agent is; nothing for an address.
std::optional<BicText> creditor_of(const core::Address& agent);

/// An act that an agent is about to do with money of `participant`.
struct MandateUse {
    ParticipantIndex participant = 0;
    core::Address agent{};
    MandateAct act{};
    CurrencyIndex currency = 0;
    core::Minor amount = 0;
};
/// Why the agent may not: AG01 without a mandate for the act at this time, AM02 beyond the amount of the day.
/// Reads two slots, and those of the currency.
std::optional<ReasonCode> find_mandate_fault(const Books& books, const MandateUse& use);
/// The same, and counts the amount if there is no fault.
std::optional<ReasonCode> use_mandate(const Books& books, const MandateUse& use);
inline bool is_mandated(const Books& books, const MandateUse& use) {
    return !find_mandate_fault(books, use).has_value();
}

/// What has been used of a mandate on the value date of the block.
core::Minor used_today(const Books& books, CurrencyIndex currency, const Mandate& mandate);

/// `per_day` 0 for none.
Mandate read_mandate(const Storage& participants, const MandateKey& key);
/// Gives a mandate or changes it; what was used today stays counted. Precondition (CHECKed): per_day > 0.
void put_mandate(const Storage& participants, const MandateKey& key, const Mandate& mandate);
/// Takes it back; another one of the bank moves to its place in the list. False if there was none.
bool drop_mandate(const Storage& participants, const MandateKey& key);
std::uint32_t mandate_count(const Storage& participants, ParticipantIndex participant);
/// Mandate number `position` of a bank. Precondition (CHECKed): position < mandate_count.
MandateKey mandate_at(const Storage& participants, ParticipantIndex participant, std::uint32_t position);

}  // namespace sluice::contracts::native
