/// Everything a node opens before it runs: configuration's files, genesis, key, ledger, vote log.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/chain_spec.hpp"
#include "core/result.hpp"
#include "crypto/signer.hpp"
#include "ledger/directory_lock.hpp"
#include "ledger/kv_store.hpp"
#include "ledger/ledger.hpp"
#include "ledger/vote_file.hpp"
#include "ledger/vote_log.hpp"
#include "node/config.hpp"
#include "node/event_log.hpp"
#include "node/node.hpp"

namespace sluice::node {

/// Exit codes of sluiced. A supervisor must not restart on `needs_operator` in a loop.
enum class ExitCode : int { stopped = 0, failed = 1, usage = 2, needs_operator = 78 };

/// One or two sentences for the operator: what, where, what to do next.
struct StartFailure {
    ExitCode code = ExitCode::failed;
    std::string message;
};

/// A chain as its genesis file fixes it.
struct Chain {
    core::ChainSpec spec;
    core::Header genesis;  ///< with its state root
    core::Hash genesis_hash{};
    core::ChainIdentity identity() const { return {spec.chain_id, genesis_hash}; }
};

/// Reads and checks a genesis file and derives the first block.
core::Result<Chain, StartFailure> load_chain(const std::filesystem::path& genesis_file);

/// Opens the key file with its password file: owner-only permissions, no symbolic links, strong unless the chain
/// is a devnet.
core::Result<std::unique_ptr<crypto::Signer>, StartFailure> load_signer(const NodeConfig& config, bool devnet);

/// A data directory, open and locked. Members close in reverse order.
struct Storehouse {
    ledger::DirectoryLock lock;
    std::unique_ptr<ledger::KvStore> store;
    std::unique_ptr<ledger::VoteDirectory> vote_directory;
    std::unique_ptr<ledger::VoteLog> vote_log;
    std::unique_ptr<ledger::Ledger> ledger;
};

/// The data directory and what the node starts from.
struct OpenedNode {
    Storehouse storehouse;
    NodeSetup setup;  ///< `signer` is still null
};

/// `sluiced init`: makes a data directory with genesis and an empty vote log. Refuses one that is not empty.
core::Result<void, StartFailure> initialise(const NodeConfig& config, const Chain& chain);

/// Opens an initialised data directory. A damaged or missing vote log, a ledger behind it and another chain's data
/// need an operator.
core::Result<OpenedNode, StartFailure> open_node(const NodeConfig& config, const Chain& chain);

/// Where things lie inside a data directory.
std::filesystem::path ledger_directory(const NodeConfig& config);
std::filesystem::path vote_directory(const NodeConfig& config);

/// The whole text of a file, or a sentence saying why not.
core::Result<std::string, StartFailure> read_text_file(const std::filesystem::path& file, std::size_t bytes_max);

}  // namespace sluice::node
