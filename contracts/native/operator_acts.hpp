/// Acts by k of n: proposed and confirmed by operators (or issuers), performed once enough have confirmed.
#pragma once

#include "contracts/native/operator_roles.hpp"

namespace sluice::contracts::native {

enum class ActStage : std::uint8_t { none, open, performed };
template <>
inline constexpr ActStage last_enumerator<ActStage> = ActStage::performed;
template <>
inline constexpr Role last_enumerator<Role> = Role::auditor;

/// A proposed act.
struct Act {
    core::Address proposer{};
    ActStage stage{};
    Role role{};                      ///< whose act it is
    std::uint32_t confirmations = 0;  ///< the proposer's included
    core::UnixMs proposed_at_ms = 0;
    core::Bytes call;  ///< call data of the method that performs it
    static constexpr auto abi_members() {
        return std::make_tuple(&Act::proposer, &Act::stage, &Act::role, &Act::confirmations,
                               &Act::proposed_at_ms, &Act::call);
    }
};

/// An act that was not performed this long after its proposal never will be: confirmations do not pile up for
/// ever.
inline constexpr core::UnixMs act_lifetime_ms = 7ull * 24 * 3600 * 1000;
/// Longest call of an act.
inline constexpr std::size_t act_call_bytes_max = 4'096;

struct ActOutcome {
    std::uint64_t act = 0;
    bool performed = false;
};

/// Proposes the act that `call_data` performs, confirmed by the caller; where one confirmation is enough it
/// is performed at once. A revert of the performing method is the revert of the proposal.
core::Result<ActOutcome, Revert> propose_act(Invocation& call, core::ByteView call_data);
/// Adds the caller's confirmation and performs the act when k holders have confirmed. Confirmations of
/// holders who lost their role since do not count. Confirming twice changes nothing.
core::Result<ActOutcome, Revert> confirm_act(Invocation& call, std::uint64_t act);
Act read_act(const Storage& participants, std::uint64_t act);

/// Gas of the method that performs `call_data`; 0 for what is no act.
core::Gas act_gas(const Invocation& call, core::ByteView call_data);

}  // namespace sluice::contracts::native
