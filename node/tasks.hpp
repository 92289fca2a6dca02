/// Work that leaves the node's thread: values that are run elsewhere and come back as results.
#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "consensus/durable_state.hpp"
#include "consensus/message_verifier.hpp"
#include "contracts/evm/machine.hpp"
#include "contracts/header_rules.hpp"
#include "contracts/transaction_rules.hpp"
#include "core/block.hpp"
#include "core/commit_certificate.hpp"
#include "ledger/ledger.hpp"
#include "ledger/vote_log.hpp"
#include "node/sync_messages.hpp"

namespace sluice::node {

/// What executes blocks: the state of the head, and a machine that remembers code it has analysed.
struct Executor {
    explicit Executor(ledger::HeadState head) : state(std::move(head)) {}
    std::uint64_t table_seed = 0;  ///< of every block executed with it (`BlockContext::table_seed`)
    ledger::HeadState state;
    contracts::evm::Machine machine;
};
/// On loan to the one task that executes; it comes back with the result.
using ExecutorLoan = std::unique_ptr<Executor>;

/// The head as execution of the next block needs it.
struct ChainHead {
    core::Header header;
    core::Hash hash{};
    std::shared_ptr<const core::ValidatorSet> validators;  ///< of header.height + 1
    std::optional<core::UnixMs> next_due;                  ///< earliest due settlement work
    std::shared_ptr<const contracts::native::QueueIndex> queues;
};

struct AccountBalance {
    core::Address address{};
    core::Uint256 balance;  ///< wei, after the block
};
/// A block that was executed here once, with all that its append needs. Shared, never changed.
struct ExecutedBlock {
    core::Block block;
    core::Hash hash{};
    core::SharedBytes encoded;
    std::vector<core::Receipt> receipts;
    ledger::PreparedState state;
    std::shared_ptr<const core::ValidatorSet> next_validators;
    std::optional<core::UnixMs> next_due;
    std::shared_ptr<const contracts::native::QueueIndex> queues;
    std::vector<AccountBalance> balances;  ///< of the accounts that the block changed
};
using ExecutedBlockPtr = std::shared_ptr<const ExecutedBlock>;

// ---- tasks and their results, in pairs

/// A frame of the consensus channel: decode and check every signature.
struct VerifyConsensusMessage {
    core::Address from{};  ///< the neighbour that handed it over
    core::SharedBytes encoded;
    std::shared_ptr<const consensus::MessageVerifier> verifier;
};
struct ConsensusMessageVerified {
    core::Address from{};
    core::SharedBytes encoded;
    core::Result<consensus::VerifiedMessage, consensus::MessageError> message;
};

/// Transactions that a peer gossiped: decode, recover, ask the pool's rules.
struct AdmitTransactions {
    core::Address from{};
    bool is_relayed = false;  ///< `from` did not make the message
    std::vector<core::SharedBytes> encoded;
    ledger::LedgerSnapshotPtr head;
    contracts::TransactionRules rules;
};
/// One transaction that may enter the pool.
struct AdmittedToPool {
    core::TransactionPtr transaction;
    std::uint64_t account_nonce = 0;  ///< of the sender, at the head it was checked against
    core::Height checked_at = 0;      ///< the height of that head
};
struct TransactionsAdmitted {
    core::Address from{};
    bool is_relayed = false;
    std::vector<AdmittedToPool> admitted;
    std::size_t malformed = 0;  ///< undecodable or unsigned ones: no honest peer sends them
};

/// Execute candidates from the pool into a block on the head.
struct BuildBlock {
    ExecutorLoan executor;
    ChainHead head;
    std::uint64_t chain_id = 0;
    core::Address miner{};
    core::View view = 0;
    core::UnixMs time_ms = 0;
    std::vector<core::TransactionPtr> candidates;
    bool allow_empty = false;
};
struct BlockBuilt {
    ExecutorLoan executor;
    core::View view = 0;
    ExecutedBlockPtr block;  ///< null when there was nothing to put into it
    std::vector<core::Hash>
        invalid;  ///< candidates that did not run for another reason than room: to be dropped
    bool money_violated = false;
};

/// Take a block's bytes apart and, for one that comes with a certificate, check that first.
struct DecodeBlock {
    core::Hash digest{};  ///< expected hash; ignored when a certificate names it
    core::SharedBytes encoded;
    core::SharedBytes certificate;  ///< null for a proposal
    core::ChainIdentity chain;
    std::shared_ptr<const core::ValidatorSet> validators;  ///< of the certificate's height
    core::Address from{};                                  ///< who sent it, for imports
};
struct BlockDecoded {
    core::Hash digest{};
    core::SharedBytes encoded;
    core::Address from{};
    bool is_import = false;
    std::optional<core::EncodedBlock> block;  ///< nothing: see `fault`
    std::vector<core::Hash> transaction_hashes;
    std::optional<core::CommitCertificate> certificate;
    std::string fault;
};

/// Execute somebody's block on the head and compare every field of its header.
struct CheckBlock {
    ExecutorLoan executor;
    ChainHead head;
    std::uint64_t chain_id = 0;
    core::UnixMs wall_ms = 0;
    bool is_final = false;  ///< a certified block is not measured against the local clock
    core::Hash digest{};
    core::SharedBytes encoded;
    core::EncodedBlock block;
    std::vector<core::TransactionPtr> known;  ///< by index; null where the pool does not have it
};
struct BlockChecked {
    ExecutorLoan executor;
    core::Hash digest{};
    core::Address miner{};
    ExecutedBlockPtr block;  ///< null: see `fault`
    std::string fault;
    std::size_t recovered = 0;  ///< signatures recovered here because the pool did not have them
    bool money_violated = false;
};

/// Make votes durable.
struct PersistVotes {
    std::vector<consensus::VoteRecord> records;
};
struct VotesPersisted {
    std::uint64_t next_sequence = 0;
};

/// Make a final block durable.
struct AppendBlock {
    ExecutedBlockPtr block;
    core::CommitCertificate certificate;
};
struct BlockAppendedToLedger {
    ExecutedBlockPtr block;
    core::CommitCertificate certificate;
    ledger::LedgerSnapshotPtr snapshot;
};

/// Tell the vote log what the ledger now holds; a grown log starts anew with `kept`.
struct MarkVoteLog {
    ledger::HighWaterMark mark;
    std::vector<consensus::VoteRecord> kept;
};
struct VoteLogMarked {
    std::uint64_t next_sequence = 0;
};

/// Read blocks for a peer that is behind.
struct ReadBlocks {
    core::Address to{};
    BlocksRequest request;
    ledger::LedgerSnapshotPtr snapshot;
};
/// Put together what a node that joins needs to know of a state that is held for it.
struct ReadOffer {
    core::Address to{};
    SnapshotRequest request;
    ledger::LedgerSnapshotPtr snapshot;
    ledger::StateExportPtr state;  ///< null: none is held
};
/// Read parts of such a state.
struct ReadParts {
    core::Address to{};
    PartsRequest request;
    ledger::StateExportPtr state;  ///< null: it is not held any more
};
struct AnswerRead {
    core::Address to{};
    core::SharedBytes answer;  ///< an encoded BlocksAnswer, SnapshotOffer or PartsAnswer
};

using Task = std::variant<VerifyConsensusMessage, AdmitTransactions, BuildBlock, DecodeBlock, CheckBlock,
                          PersistVotes, AppendBlock, MarkVoteLog, ReadBlocks, ReadOffer, ReadParts>;
using TaskResult =
    std::variant<ConsensusMessageVerified, TransactionsAdmitted, BlockBuilt, BlockDecoded, BlockChecked,
                 VotesPersisted, BlockAppendedToLedger, VoteLogMarked, AnswerRead>;

/// What tasks of the disk lane write to; others touch none of it.
struct Storage {
    ledger::Ledger& ledger;
    ledger::VoteLog& vote_log;
};

/// A block may be at most this far ahead of the local clock.
inline constexpr core::UnixMs clock_tolerance_ms = 5'000;

/// Runs one task. Pure for the compute lane; disk tasks write to `storage` and throw StorageFailure when the
/// machine fails.
TaskResult run(Task task, Storage& storage);

/// One link per change of the validators in force at or below `height`, for changes whose block lies above
/// `above`: the block that named the next set, sealed by the one before. At most `limit` links.
std::vector<core::TrustLink> trust_path(const ledger::LedgerSnapshot& snapshot, core::Height above,
                                        core::Height height, std::size_t limit);

/// The kind of a task, for metrics.
std::string_view name_of(const Task& task);

/// The digest of a payload as consensus asks for it: the header's hash, if the transactions are those the
/// header names.
std::optional<core::Hash> payload_digest(core::ByteView payload);

}  // namespace sluice::node
