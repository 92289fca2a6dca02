/// The rows of Sluice's own contracts. Their Solidity interfaces are in docs/settlement-contracts.md.
#pragma once

#include "contracts/native/native_contract.hpp"

namespace sluice::contracts::native {

extern const NativeContract system_contract;        ///< 0x…5e00: where system transactions go; no methods
extern const NativeContract participants_contract;  ///< 0x…5e01
extern const NativeContract accounts_contract;      ///< 0x…5e02
extern const NativeContract payments_contract;      ///< 0x…5e03
extern const NativeContract liquidity_saving_contract;  ///< 0x…5e04
extern const NativeContract business_day_contract;      ///< 0x…5e05
extern const NativeContract governance_contract;        ///< 0x…5e06
extern const NativeContract currency_facade_contract;   ///< 0x5e20…: the ERC-20 façade of each currency

}  // namespace sluice::contracts::native
