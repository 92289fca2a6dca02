/// What Ethereum's forks decide outside of the machine: limits of blobs and gas, and the price of blob gas.
#pragma once

#include "contracts/block_context.hpp"

namespace sluice::conformance {

/// Target, maximum and update fraction of blobs (EIP-4844, EIP-7691, EIP-7892).
struct BlobSchedule {
    std::uint64_t target = 0;
    std::uint64_t max = 0;
    std::uint64_t update_fraction = 0;
};

/// All zero before Cancun.
BlobSchedule blob_schedule_of(contracts::evm::Revision revision);
/// At most 6 per transaction from Osaka on (EIP-7594).
contracts::BlobLimits blob_limits_of(const BlobSchedule& schedule, contracts::evm::Revision revision);
/// EIP-4844, "fake exponential" of the excess; at most 2^256-1.
core::Uint256 blob_base_fee_of(std::uint64_t excess_blob_gas, const BlobSchedule& schedule);
/// 2^24 from Osaka on (EIP-7825), without bound before.
core::Gas transaction_gas_limit_of(contracts::evm::Revision revision);

}  // namespace sluice::conformance
