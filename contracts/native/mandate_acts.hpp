/// Methods about mandates: given and taken back by an admin of the bank.
#pragma once

#include "contracts/native/mandates.hpp"

namespace sluice::contracts::native {

/// IParticipants.grantsOf
struct MandateInfo {
    core::Address agent{};
    MandateActs acts{};
    CurrencyText currency{};
    core::Minor per_day = 0;
    core::UnixMs until_ms = 0;
    core::Minor used_today = 0;
    bool operator==(const MandateInfo&) const = default;
    static constexpr auto abi_members() {
        using M = MandateInfo;
        return std::make_tuple(&M::agent, &M::acts, &M::currency, &M::per_day, &M::until_ms, &M::used_today);
    }
};

/// grant(address agent, bytes4 acts, bytes3 ccy, uint128 perDay, uint64 until): by an admin, for its own
/// bank.
MethodResult grant_mandate(Invocation& call);
core::Gas grant_mandate_gas(const Invocation& call);
/// revoke(address agent, bytes3 ccy).
MethodResult revoke_mandate(Invocation& call);
core::Gas revoke_mandate_gas(const Invocation& call);

namespace views {

/// grantsOf(bytes11, uint256 from, uint256 max) returns (Grant[]).
MethodResult mandates_of(Invocation& call);
core::Gas mandates_of_gas(const Invocation& call);

}  // namespace views

}  // namespace sluice::contracts::native
