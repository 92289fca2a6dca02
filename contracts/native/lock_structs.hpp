/// The structs about locks and holders that the accounts contract gives back, member by member as in
/// docs/settlement-contracts.md.
#pragma once

#include "contracts/native/holder_book.hpp"
#include "contracts/native/lock_book.hpp"

namespace sluice::contracts::native {

/// IAccounts.lockOf and locksOf
struct LockInfo {
    LockId id{};
    core::Word operation{};
    BicText payer{};
    BicText beneficiary{};
    CurrencyText currency{};
    core::Minor amount = 0;
    core::UnixMs expiry_ms = 0;
    core::Address agent{};  ///< zeros: the payer itself locked
    LockStatus status{};
    bool operator==(const LockInfo&) const = default;
    static constexpr auto abi_members() {
        using L = LockInfo;
        return std::make_tuple(&L::id, &L::operation, &L::payer, &L::beneficiary, &L::currency, &L::amount,
                               &L::expiry_ms, &L::agent, &L::status);
    }
};

/// IAccounts.holderOf and holders
struct HolderInfo {
    core::Address holder{};
    HolderStatus status{};
    BicText sponsor{};  ///< zeros: registered by an operator
    bool operator==(const HolderInfo&) const = default;
    static constexpr auto abi_members() {
        return std::make_tuple(&HolderInfo::holder, &HolderInfo::status, &HolderInfo::sponsor);
    }
};

}  // namespace sluice::contracts::native
