/// Requests of banks to take money back to the central bank's own books. Storage of 0x…5e02.
#pragma once

#include "contracts/native/settlement_structs.hpp"

namespace sluice::contracts::native {

/// A request, by participant and reference. It stays after it was decided, so that its reference is used up.
struct Redemption {
    RedemptionStatus status{};
    CurrencyIndex currency = 0;
    std::uint32_t open_position = 0;  ///< in the list of open requests, from 0
    std::uint64_t amount = 0;
    core::UnixMs requested_at_ms = 0;
    core::Address maker{};  ///< who requested it
    static constexpr auto storage_members() {
        using R = Redemption;
        return std::make_tuple(&R::status, &R::currency, &R::open_position, &R::amount, &R::requested_at_ms,
                               &R::maker);
    }
};

struct RedemptionKey {
    ParticipantIndex participant = 0;
    UetrBytes reference{};
    static constexpr auto storage_members() {
        return std::make_tuple(&RedemptionKey::participant, &RedemptionKey::reference);
    }
};

/// Status `none` for an unknown key.
Redemption read_redemption(const Storage& accounts, const RedemptionKey& key);
/// Records a request that waits for an approver of the bank.
void await_approval(const Storage& accounts, const RedemptionKey& key, const Redemption& redemption);
/// Ends one that waits for an approver: its reference stays used up.
void refuse_awaiting(const Storage& accounts, const RedemptionKey& key);
/// Records a request as open.
void open_redemption(const Storage& accounts, const RedemptionKey& key, const Redemption& redemption);
/// Decides an open one: takes it off the list of open requests.
void close_redemption(const Storage& accounts, const RedemptionKey& key, RedemptionStatus status);

std::uint32_t open_redemption_count(const Storage& accounts);
/// Open request number `position`; closing one moves the last one to its position.
RedemptionKey open_redemption_at(const Storage& accounts, std::uint32_t position);

/// What an issue with this RTGS reference was, as a hash; zero for none.
core::Hash read_issue(const Storage& accounts, const core::Word& rtgs_reference);
void write_issue(const Storage& accounts, const core::Word& rtgs_reference, const core::Hash& content);

}  // namespace sluice::contracts::native
