/// One node as a state machine over its ports: frames, transactions, task results and deadlines go in;
/// messages and tasks come out. It reads no clock, starts no thread and opens no file.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "node/block_pipeline.hpp"
#include "node/block_sync.hpp"
#include "node/censorship_watch.hpp"
#include "node/consensus_driver.hpp"
#include "node/early_messages.hpp"
#include "node/mempool.hpp"
#include "node/pinned_states.hpp"
#include "node/ports.hpp"
#include "node/status.hpp"

namespace sluice::node {

struct NodeSetup {
    core::ChainIdentity chain;
    consensus::ReplicaConfig replica;
    core::Address self{};              ///< address of the node's key, validator or observer
    crypto::Signer* signer = nullptr;  ///< null for an observer; outlives the node
    ChainHead head;
    std::optional<core::CommitCertificate> head_certificate;  ///< absent at genesis
    ExecutorLoan executor;
    ledger::LedgerSnapshotPtr snapshot;
    consensus::RecoveredState recovered;
    std::uint64_t vote_log_sequence = 0;
    core::Height snapshot_interval = 0;  ///< states of its multiples are held for nodes that join; 0: none
    /// At genesis and far behind, or where nobody serves the next block: ask to be opened again from a
    /// snapshot.
    bool may_join = false;
    /// The vote log knows this height, which the ledger has not reached: follow without a voice (`signer` is
    /// null) until it has, then ask to be opened again.
    std::optional<core::Height> silent_until;
};

/// Owned by one thread (`node`); every entry is called there. Ports outlive it.
class Node {
  public:
    Node(NodeSetup setup, Outbox& outbox, Workers& workers, NodeObserver& observer, EventLog& log);

    /// Once, before anything else.
    void start(Now now);
    /// `is_relayed`: the neighbour `from` only passed it on, and is not blamed for what it holds.
    void on_frame(Now now, const core::Address& from, network::Channel channel, core::SharedBytes bytes,
                  bool is_relayed = false);
    void on_peer_up(Now now, const core::Address& peer);
    void on_peer_down(Now now, const core::Address& peer);
    void on_task_done(Now now, TaskResult result);
    void on_deadline(Now now);
    /// When on_deadline is wanted next.
    std::optional<core::Instant> next_deadline() const;

    /// Transactions that RPC workers have admitted against a recent head; what was added is gossiped.
    std::vector<PoolVerdict> submit(Now now, const std::vector<AdmittedToPool>& transactions);

    /// The rules for admitting transactions, and the snapshot to admit against.
    contracts::TransactionRules transaction_rules() const { return rules_; }
    const ledger::LedgerSnapshotPtr& snapshot() const { return snapshot_; }
    const Mempool& pool() const { return pool_; }
    const std::vector<consensus::Evidence>& evidence() const { return driver_.replica().evidence(); }
    NodeStatus status(Now now) const;

  private:
    struct SeenValidator {
        core::UnixMs last_seen_ms = 0;
        std::optional<core::Height> head;
        std::optional<std::int64_t> clock_ahead_ms;
    };

    // what came in
    void on_consensus_frame(const core::Address& from, core::SharedBytes bytes);
    void on_sync_frame(Now now, const core::Address& from, core::ByteView bytes);
    void on_transactions_frame(const core::Address& from, core::ByteView bytes, bool is_relayed);
    /// Reads for a peer, unless it has too many reads under way.
    void read_for(const core::Address& peer, Task task);
    void answer_body(Now now, const core::Address& peer, const BodyRequest& request);
    void take(Now now, ConsensusMessageVerified result);
    void take(Now now, TransactionsAdmitted result);
    void take(Now now, BlockBuilt result);
    void take(Now now, BlockDecoded result);
    void take(Now now, BlockChecked result);
    void take(Now now, VotesPersisted result);
    void take(Now now, BlockAppendedToLedger result);
    void take(Now now, VoteLogMarked result);
    void take(Now now, AnswerRead result);

    // what consensus wants
    void step(Now now, const consensus::Input& input);
    void perform(Now now, const consensus::Effect& effect);
    void start_build(Now now);

    // what the pipeline says
    void handle(Now now, const ProposalReady& event);
    void handle(Now now, const NothingToBuild& event);
    void handle(Now now, const ProposalVerdict& event);
    void handle(Now now, const BlockDurable& event);
    void handle(Now now, const ImportRefused& event);
    void handle(Now now, const PipelineFatal& event);

    /// Carries on until nothing more follows from what has happened.
    void settle(Now now);
    void note_work(Now now, bool say_again);
    void note_syncing(Now now);
    void watch_primary(Now now, const ExecutedBlock& block);
    void hold_back(ConsensusMessageVerified result);
    void note_heard(Now now, const consensus::VerifiedMessage& message);
    void renew_verifier();
    std::vector<PoolVerdict> add_to_pool(Now now, const std::vector<AdmittedToPool>& transactions);
    void gossip(const std::vector<core::TransactionPtr>& transactions);
    void on_second(Now now);
    core::SharedBytes head_notice() const;
    void pin_state(core::Instant now);
    /// Tells the operator when nobody serves the next block any more.
    void note_unserved();
    /// Stops, and asks to be opened again, when what it was waiting for has come.
    void reopen_if_due();

    core::ChainIdentity chain_;
    core::Address self_;
    std::uint64_t rotation_period_;
    Outbox& outbox_;
    Workers& workers_;
    NodeObserver& observer_;
    EventLog& log_;

    Mempool pool_;
    BlockPipeline pipeline_;
    BlockSync sync_;
    CensorshipWatch censorship_;
    ConsensusDriver driver_;
    consensus::ValidatorHistory validators_;
    std::shared_ptr<const consensus::MessageVerifier> verifier_;
    EarlyMessages early_;
    ledger::LedgerSnapshotPtr snapshot_;
    PinnedStates pins_;
    core::Height snapshot_interval_;
    bool may_join_;
    bool is_unserved_ = false;
    std::optional<core::Height> silent_until_;
    contracts::TransactionRules rules_;

    std::set<core::Address> peers_;
    std::map<core::Address, std::size_t>
        verifying_;  ///< consensus messages under verification, per neighbour
    std::map<core::Address, std::size_t> admitting_;  ///< transaction frames under admission, per neighbour
    std::map<core::Address, std::size_t> reading_;    ///< reads under way, per neighbour
    std::map<core::Address, core::Instant> next_body_answer_;  ///< not before, per neighbour
    std::map<core::Address, SeenValidator> seen_;
    std::map<core::Address, core::Height> sealed_;
    std::optional<consensus::BuildProposal> build_;  ///< wanted, but its time has not come
    bool work_pending_ = false;
    core::Instant work_since_;
    bool syncing_ = false;
    bool stopped_ = false;
    std::uint64_t signatures_verified_ = 0;
    core::Instant next_second_;
    core::Instant next_regossip_;
    core::Instant last_block_at_;
    std::optional<core::Instant> due_at_;  ///< when settlement work falls due, by the local clock
};

}  // namespace sluice::node
