/// What gas costs whom: the one place where a chain without fees and Ethereum's fee market differ.
#pragma once

#include <optional>

#include "core/transaction.hpp"

namespace sluice::contracts {

enum class FeeMode : std::uint8_t {
    none,      ///< gas is metered and never charged; any price is accepted
    ethereum,  ///< the sender buys gas, the tip goes to the miner, the base fee is burnt (EIP-1559, EIP-4844)
};

/// Gas that one blob takes (EIP-4844).
inline constexpr core::Gas blob_gas = 131'072;

/// How many blobs there may be. All zero where blob transactions are not taken at all.
struct BlobLimits {
    std::uint64_t per_block = 0;        ///< EIP-4844, EIP-7691
    std::uint64_t per_transaction = 0;  ///< EIP-7594; at most `per_block`
    bool operator==(const BlobLimits&) const = default;
};

/// The prices of a block and the rule by which they are paid. A value.
struct FeeRules {
    FeeMode mode = FeeMode::none;
    core::Uint256 base_fee{};
    core::Uint256 blob_base_fee{1};

    /// What one gas costs this transaction, and what GASPRICE says: the base fee in mode `none`.
    /// Precondition in mode `ethereum`: the transaction's maximum is not below the base fee.
    core::Uint256 price_of(const core::Transaction& transaction) const;
    /// What the sender must own before the transaction runs: the value, and in mode `ethereum` the dearest
    /// price of gas and blobs. Nothing where that passes 2^256-1.
    std::optional<core::Uint256> funds_needed(const core::Transaction& transaction) const;
    /// Taken from the sender before the transaction runs; 0 in mode `none`. At most `funds_needed`.
    core::Uint256 prepayment(const core::Transaction& transaction) const;
    /// Given back to the sender for `gas_left`, and paid to the miner for `gas_used`; 0 in mode `none`.
    core::Uint256 repayment(const core::Transaction& transaction, core::Gas gas_left) const;
    core::Uint256 reward(const core::Transaction& transaction, core::Gas gas_used) const;
};

/// Gas of a transaction's blobs.
core::Gas blob_gas_of(const core::Transaction& transaction);

}  // namespace sluice::contracts
