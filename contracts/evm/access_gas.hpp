/// What reaching an account or a storage slot costs (EIP-1884 before Berlin, EIP-2929 from Berlin on).
#pragma once

#include "contracts/evm/frame.hpp"
#include "contracts/evm/precompiles.hpp"

namespace sluice::contracts::evm {

namespace access_cost {

inline constexpr std::int64_t warm = 100;
inline constexpr std::int64_t cold_account = 2'600;
inline constexpr std::int64_t cold_slot = 2'100;
inline constexpr std::int64_t account_istanbul = 700;
inline constexpr std::int64_t slot_istanbul = 800;

}  // namespace access_cost

/// Warms the account; true if it was cold. Precompiled contracts are never cold.
inline bool warms_up(Frame& frame, AccountRef account) {
    return frame.state.warm(account) && !is_precompile(frame.state.address_of(account), frame.revision);
}

/// Of BALANCE, EXTCODESIZE, EXTCODECOPY, EXTCODEHASH and the calls; the account is warm afterwards.
inline std::int64_t account_access_gas(Frame& frame, AccountRef account) {
    if (frame.revision < Revision::berlin) return access_cost::account_istanbul;
    return warms_up(frame, account) ? access_cost::cold_account : access_cost::warm;
}

}  // namespace sluice::contracts::evm
