/// Makes a devnet folder: keys, certificates, genesis and one configuration per node.
#pragma once

#include "cli/devnet_layout.hpp"
#include "core/chain_spec.hpp"

namespace sluice::cli {

struct DevnetPlan {
    std::filesystem::path dir;
    std::size_t validators = 4;  ///< 1 … devnet_validators_max
    std::uint16_t base_port = 8545;
    std::uint64_t chain_id = 20022;
    std::uint32_t block_interval_ms = 10;
    core::DateYmd value_date = 0;  ///< first business date; 0: today (UTC)
    core::UnixMs time_ms = 0;      ///< of genesis
};

/// One letter per bank.
inline constexpr std::size_t devnet_validators_max = 26;

/// Writes the whole folder; `devnet.json` last, so that a folder that has it is whole. The error is a
/// sentence.
core::Result<Devnet, std::string> create_devnet(const DevnetPlan& plan);

/// What every bank gets in every currency, in minor units: 1,000,000,000.00.
inline constexpr core::Minor devnet_issue_minor = 100'000'000'000;

}  // namespace sluice::cli
