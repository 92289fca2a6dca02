/// Acts that anybody may relay: a key signs the call, somebody else sends it (EIP-712).
///
///     Act(bytes call,uint64 nonce,uint64 deadline)
///
/// Each key counts its acts: a signature counts once, in the order in which the key signed.
#pragma once

#include "contracts/native/native_contract.hpp"
#include "contracts/native/typed_data.hpp"

namespace sluice::contracts::native {

/// An act as its key signs it.
struct SignedAct {
    core::ByteView call;           ///< selector and arguments of one of the methods that may be relayed
    std::uint64_t nonce = 0;       ///< acts of this key that were relayed before
    core::UnixMs deadline_ms = 0;  ///< last millisecond at which it counts; 0 for none
};
/// What the key signs.
core::Hash signing_digest(const SignedAct& act, const SigningDomain& domain);
/// Longest call that can be relayed.
inline constexpr std::size_t relayed_call_bytes_max = 4'096;

/// actSigned(bytes call, uint64 nonce, uint64 deadline, bytes signature) returns (bytes result): does the
/// call in the name of the key that signed. A refusal of the call is the refusal of the whole, and uses
/// nothing up.
MethodResult act_signed(Invocation& call);
core::Gas act_signed_gas(const Invocation& call);
/// actNonce(address) returns (uint64): the nonce of the key's next act.
MethodResult act_nonce(Invocation& call);

}  // namespace sluice::contracts::native
