/// The work of a node that joins from a snapshot: checking what peers offer, and writing what holds.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/documents/receipt_document.hpp"
#include "ledger/kv_store.hpp"
#include "ledger/state_import.hpp"
#include "node/sync_messages.hpp"

namespace sluice::node {

/// A block that the operator knows by other means: keys of validators that have left long ago cannot lead
/// past it.
struct TrustedBlock {
    core::Height height = 0;
    core::Hash hash{};
    bool operator==(const TrustedBlock&) const = default;
};

/// What the operator gave, and nobody else: everything that is believed without proof.
struct JoinRoots {
    core::ChainIdentity chain;
    core::Header genesis;
    core::ValidatorSet validators;  ///< of genesis
    std::optional<TrustedBlock> trusted;
};

/// How far the proofs of one peer have led.
struct JoinTrust {
    core::TrustAnchor known;
    std::vector<ledger::ValidatorChange> changes;
};
JoinTrust trust_in_genesis(const JoinRoots& roots);

/// Follow an offer's links, and where they are all there check its block.
struct CheckOffer {
    core::Address from{};
    std::shared_ptr<const JoinRoots> roots;
    JoinTrust trust;
    SnapshotOffer offer;
};
struct OfferChecked {
    core::Address from{};
    std::optional<JoinTrust> trust;                    ///< more links are wanted above it
    std::shared_ptr<const ledger::JoinedChain> chain;  ///< the offer holds; null otherwise
    std::string fault;                                 ///< the offer does not hold
};

/// Empty the store and begin.
struct BeginImport {
    std::shared_ptr<const ledger::JoinedChain> chain;
};
struct ImportBegun {
    ledger::WantedPart root;
};

/// Check chunks against what their parents say, and write them.
struct TakeParts {
    core::Address from{};
    std::vector<ledger::WantedPart> wanted;
    std::vector<ledger::StateChunk> chunks;  ///< for the first of `wanted`, at most as many
};
struct PartsTaken {
    core::Address from{};
    std::vector<ledger::WantedPart> wanted;  ///< what is still to come: not sent, and what was found
    std::string fault;                       ///< a chunk that does not hold; those before it were taken
    std::uint64_t accounts = 0;              ///< so far
    std::uint64_t bytes = 0;                 ///< so far
};

/// Compute every root anew, and make it a ledger.
struct FinishImport {
    std::shared_ptr<const ledger::JoinedChain> chain;
};
struct ImportFinished {
    std::string fault;
};

using JoinTask = std::variant<CheckOffer, BeginImport, TakeParts, FinishImport>;
using JoinResult = std::variant<OfferChecked, ImportBegun, PartsTaken, ImportFinished>;

/// What these tasks write to.
struct JoinStorage {
    ledger::KvStore& store;
    ledger::StateOptions options;
    std::unique_ptr<ledger::StateImport> import = nullptr;
};

/// Runs one task; one at a time, in the order in which they were started. Throws StorageFailure.
JoinResult run(JoinTask task, JoinStorage& storage);

}  // namespace sluice::node
