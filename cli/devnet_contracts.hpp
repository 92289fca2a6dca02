/// Contracts that Ethereum's tools expect at fixed addresses: a devnet has them from its genesis.
#pragma once

#include <vector>

#include "core/ids.hpp"

namespace sluice::cli {

struct PresetContract {
    core::Address address{};
    core::Bytes code;  ///< runtime bytecode
};

/// The CREATE2 proxy (Arachnid's deterministic deployment proxy) and Multicall3, whose source is
/// `contracts/solidity/Multicall.sol`.
std::vector<PresetContract> preset_contracts();

}  // namespace sluice::cli
