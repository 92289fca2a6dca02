/// What a receipt file proves to somebody who holds the genesis file of the chain: no node, no network, no
/// clock.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/native/settlement_results.hpp"
#include "core/documents/receipt_document.hpp"

namespace sluice::cli {

struct ReceiptFiles {
    std::string_view receipt;
    std::string_view genesis;
    /// JSON with `header` and `validators` (the set of the next height): a receipt file that was verified
    /// before will do. Nothing: genesis is the anchor.
    std::optional<std::string_view> trusted_header;
};

struct VerifiedReceipt {
    core::ReceiptSummary payment;  ///< every field agrees with the proven log
    core::ProvenReceipt proven;
    contracts::native::PaymentFacts facts;
    core::ChainIdentity chain;
    bool is_devnet = false;
    std::vector<std::string> sealed_by;  ///< names from genesis, addresses of validators that came later
    core::Height anchor_height = 0;      ///< 0: genesis
    core::Hash anchor_hash{};
};

/// The error is a sentence: which file or check failed, and on what. Total.
core::Result<VerifiedReceipt, std::string> check_receipt(const ReceiptFiles& files);

/// The chain that a genesis file describes: its id, and the hash of header 0, recomputed from every
/// parameter.
struct GenesisChain {
    core::ChainSpec spec;
    core::Header header;
    core::ChainIdentity identity;
    core::ValidatorSet validators;  ///< of height 1
};
core::Result<GenesisChain, std::string> read_genesis_chain(std::string_view genesis);

}  // namespace sluice::cli
