/// From an open store and vote directory to a node ready to start: the same for real disks and simulated
/// ones.
#pragma once

#include <string>

#include "core/chain_spec.hpp"
#include "core/result.hpp"
#include "ledger/kv_store.hpp"
#include "ledger/ledger.hpp"
#include "ledger/vote_file.hpp"
#include "ledger/vote_log.hpp"
#include "node/join_tasks.hpp"
#include "node/node.hpp"

namespace sluice::node {

/// A chain as its genesis fixes it.
struct Chain {
    core::ChainSpec spec;
    core::Header genesis;  ///< with its state root
    core::Hash genesis_hash{};
    core::ChainIdentity identity() const { return {spec.chain_id, genesis_hash}; }
};

/// The first block of a spec. Precondition: `core::find_fault(spec)` finds nothing.
Chain make_chain(core::ChainSpec spec);

struct OpeningOptions {
    ledger::LedgerOptions ledger;
    ledger::VoteLogOptions votes;
    core::Duration block_interval = core::milliseconds(10);
    /// The ledger may be behind what the vote log knows: the node follows without a voice until it is not.
    bool may_be_behind = false;
    /// An empty ledger that is far behind may ask to begin with a snapshot.
    bool may_join = false;
};

/// What a node holds of its disk while it runs, and what it starts from.
struct OpenedData {
    /// While the node has no voice: a log in memory, so that the one on disk stays as it is.
    std::unique_ptr<ledger::VoteDirectory> silent_votes;
    std::unique_ptr<ledger::VoteLog> vote_log;
    std::unique_ptr<ledger::Ledger> ledger;
    NodeSetup setup;  ///< `self`, `signer` and `recovered.rejoin_nonce` are for the caller to fill in
};

/// The height that a ledger must have for the votes of a log to stand: what was committed, and what every
/// vote was cast on.
core::Height height_known(const ledger::VoteLogContents& contents);

/// What a node that joins believes without proof.
std::shared_ptr<const JoinRoots> join_roots(const Chain& chain, const std::optional<TrustedBlock>& trusted);

/// Writes genesis into a store that is empty or holds an unfinished join; a sentence on failure.
core::Result<void, std::string> create_ledger(ledger::KvStore& store, const Chain& chain,
                                              const OpeningOptions& options);

/// Writes genesis and an empty vote log into an empty store and directory; a sentence on failure.
core::Result<void, std::string> create_data(ledger::KvStore& store, ledger::VoteDirectory& votes,
                                            const Chain& chain, const OpeningOptions& options);

/// Who answers for the votes that a lost log held.
enum class LostVotes {
    ask_others,  ///< q other validators: it votes again from the floor that their reports give
    accept,      ///< the operator, because more than f have lost their logs: it votes from the next height on
};

/// A new vote log in place of a lost one, and genesis in an empty store: `votes` must be empty. The validator
/// follows the chain and votes as `lost` says. Refuses a ledger that is damaged or another chain's; a
/// sentence on failure.
core::Result<void, std::string> replace_votes(ledger::KvStore& store, ledger::VoteDirectory& votes,
                                              const Chain& chain, const OpeningOptions& options,
                                              LostVotes lost);

/// Reads both, checks that they belong together and to this chain. Any failure needs an operator; the
/// sentence says what and what to do.
core::Result<OpenedData, std::string> open_data(ledger::KvStore& store, ledger::VoteDirectory& votes,
                                                const Chain& chain, const OpeningOptions& options);

}  // namespace sluice::node
