/// Everything a node opens before it runs: configuration's files, genesis, key, ledger, vote log.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "crypto/signer.hpp"
#include "ledger/directory_lock.hpp"
#include "ledger/leveldb_store.hpp"
#include "node/config.hpp"
#include "node/event_log.hpp"
#include "node/opening.hpp"

namespace sluice::node {

/// Exit codes of sluiced. A supervisor must not restart on `needs_operator` in a loop.
enum class ExitCode : int { stopped = 0, failed = 1, usage = 2, needs_operator = 78 };

/// One or two sentences for the operator: what, where, what to do next.
struct StartFailure {
    ExitCode code = ExitCode::failed;
    std::string message;
};

/// Reads and checks a genesis file and derives the first block.
core::Result<Chain, StartFailure> load_chain(const std::filesystem::path& genesis_file);

/// Opens the key file with its password file: owner-only permissions, no symbolic links, strong unless the
/// chain is a devnet.
core::Result<std::unique_ptr<crypto::Signer>, StartFailure> load_signer(const NodeConfig& config,
                                                                        bool devnet);

/// A data directory, open and locked. Members close in reverse order.
struct OpenedNode {
    ledger::DirectoryLock lock;
    std::unique_ptr<ledger::KvStore> store;
    std::unique_ptr<ledger::VoteDirectory> vote_directory;
    OpenedData data;
};

/// `sluiced init`: makes a data directory with genesis and an empty vote log. Refuses one that is not empty.
core::Result<void, StartFailure> initialise(const NodeConfig& config, const Chain& chain);

/// What `rejoin` may throw away.
struct RejoinOptions {
    bool accept_lost_votes = false;  ///< do not wait for the reports of others
    bool discard_whole_log = false;  ///< the log here is whole, but an older copy
};
/// `sluiced rejoin`: a new vote log in place of a lost or damaged one, which is kept beside it under another
/// name; a missing ledger begins at genesis again. Refuses where the vote log is whole, unless told
/// otherwise. Cut short at any point it leaves a directory that does not start, and may be run again. Returns
/// a sentence on what happens next.
core::Result<std::string, StartFailure> rejoin(const NodeConfig& config, const Chain& chain,
                                               const RejoinOptions& options);

/// Opens an initialised data directory. A damaged or missing vote log, a ledger behind it and another chain's
/// data need an operator. A ledger that `repair` has left behind the vote log opens without a voice. An
/// unfinished join gives way to genesis. With `may_join` an empty ledger that is far behind asks to begin
/// with a snapshot.
core::Result<OpenedNode, StartFailure> open_node(const NodeConfig& config, const Chain& chain, bool may_join);

/// Whether the node is to join from a snapshot before it opens: its ledger is empty, and the configuration
/// says so or a join was cut short.
core::Result<bool, StartFailure> is_to_join(const NodeConfig& config, const Chain& chain);

/// A data directory whose ledger is to be replaced by a snapshot.
struct OpenedStore {
    ledger::DirectoryLock lock;
    std::unique_ptr<ledger::KvStore> store;
    ledger::StateOptions options;
};
core::Result<OpenedStore, StartFailure> open_store(const NodeConfig& config);

/// Where things lie inside a data directory.
std::filesystem::path ledger_directory(const NodeConfig& config);
std::filesystem::path vote_directory(const NodeConfig& config);
/// A file that is there as long as the ledger may be behind the vote log, by the operator's word.
std::filesystem::path repair_mark(const NodeConfig& config);
/// Keeps a folder beside itself under the first name `FOLDER.SUFFIX-N` that is free; the name.
core::Result<std::filesystem::path, StartFailure> set_aside(const std::filesystem::path& folder,
                                                            std::string_view suffix);

/// How the configuration opens database and ledger.
ledger::LevelDbOptions store_options(const NodeConfig& config);
OpeningOptions opening_options(const NodeConfig& config);

/// The whole text of a file, or a sentence saying why not.
core::Result<std::string, StartFailure> read_text_file(const std::filesystem::path& file,
                                                       std::size_t bytes_max);

}  // namespace sluice::node
