/// A bank that lost its admin keys: k of n operators name a new one, which counts after a delay in which any
/// admin that is left may object. Storage of 0x…5e01.
#pragma once

#include "contracts/native/books.hpp"

namespace sluice::contracts::native {

/// How long a key may put off its claim once the delay has passed.
inline constexpr core::UnixMs recovery_claim_window_ms = 30ull * 24 * 3600 * 1000;

/// A recovery under way; `new_admin` zero for none.
struct Recovery {
    core::Address new_admin{};
    core::UnixMs due_ms = 0;  ///< from when on the key may claim its place
    static constexpr auto storage_members() {
        return std::make_tuple(&Recovery::new_admin, &Recovery::due_ms);
    }
    /// What was agreed long ago must not come back as a surprise: it has to be proposed anew.
    bool has_lapsed(core::UnixMs now_ms) const { return now_ms > due_ms + recovery_claim_window_ms; }
};

/// How long admins may object unless operators set another delay, and what they may set.
inline constexpr core::UnixMs recovery_delay_default_ms = 48ull * 3600 * 1000;
inline constexpr core::UnixMs recovery_delay_min_ms = 3600ull * 1000;
inline constexpr core::UnixMs recovery_delay_max_ms = 30ull * 24 * 3600 * 1000;

/// recoverKeys(bytes11, address newAdmin): operators. A later one takes the place of the one before.
MethodResult recover_keys(Invocation& call);
core::Gas recover_keys_gas(const Invocation& call);
/// vetoRecovery(bytes11): an admin of the bank.
MethodResult veto_recovery(Invocation& call);
core::Gas veto_recovery_gas(const Invocation& call);
/// claimRecovery(bytes11): the new admin itself, once the delay has passed: so it has shown that it holds the
/// key.
MethodResult claim_recovery(Invocation& call);
core::Gas claim_recovery_gas(const Invocation& call);
/// setRecoveryDelay(uint64 ms): operators. Recoveries under way keep theirs.
MethodResult set_recovery_delay(Invocation& call);
core::Gas recovery_delay_gas(const Invocation& call);

namespace views {

/// recoveryOf(bytes11) returns (address newAdmin, uint64 dueMs): zeros for none.
MethodResult recovery_of(Invocation& call);
/// recoveryDelay() returns (uint64 ms).
MethodResult recovery_delay(Invocation& call);

}  // namespace views

}  // namespace sluice::contracts::native
