/// Reading methods of the accounts contract.
#pragma once

#include "contracts/native/books.hpp"

namespace sluice::contracts::native::views {

/// The account that two arguments name, if both exist.
std::optional<AccountId> find_account(const Books& books, const BicText& bic, const CurrencyText& code);

/// position(bytes11, bytes3) returns (int256 balance, uint128 locked, uint128 frozen, uint128 creditLine,
/// int256 available, int256 netQueued): zeros for an unknown party or currency.
MethodResult position(Invocation& call);
/// totals(bytes3) returns (uint128 issued, uint128 redeemed).
MethodResult totals(Invocation& call);
/// entryCount(bytes11, bytes3) returns (uint64): the number of the last account entry.
MethodResult entry_count(Invocation& call);
/// redemption(bytes11, bytes16) returns (Redemption).
MethodResult redemption(Invocation& call);
/// openRedemptions(uint256 from, uint256 max) returns (Redemption[]).
MethodResult open_redemptions(Invocation& call);
core::Gas open_redemptions_gas(const Invocation& call);

}  // namespace sluice::contracts::native::views
