/// PBFT as a state machine without input or output: it is told things and answers what it wants done.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "consensus/durable_state.hpp"
#include "consensus/effects.hpp"
#include "consensus/inputs.hpp"
#include "consensus/limits.hpp"
#include "consensus/pacemaker.hpp"
#include "consensus/proposal_store.hpp"
#include "consensus/rejoin.hpp"
#include "consensus/view_change.hpp"
#include "consensus/vote_set.hpp"
#include "core/commit_certificate.hpp"
#include "core/time.hpp"
#include "core/validator_set.hpp"
#include "crypto/signer.hpp"

namespace sluice::consensus {

/// Fixed for the life of a replica.
struct ReplicaConfig {
    core::ChainIdentity chain;
    std::uint64_t rotation_period = 256;  ///< heights per primary within a view; at least 1
    core::Duration block_interval = core::milliseconds(10);  ///< least spacing between proposals
    core::Duration view_timeout_base = limits::view_timeout_base;
    core::Duration view_timeout_max = limits::view_timeout_max;
    core::Duration resend_interval = limits::resend_interval;
    core::Duration execution_time_max = limits::execution_time_max;
    std::uint32_t version = 0;  ///< carried by heartbeats
};

/// The last block of the ledger, as found at start.
struct Head {
    Height height = 0;
    Hash digest{};
    std::optional<core::CommitCertificate> certificate;  ///< absent exactly for genesis
    core::ValidatorSet validators;                       ///< of height + 1
};

/// What a person or a metric wants to know.
struct ReplicaStatus {
    Height head = 0;
    View promised = 0;
    View entered = 0;
    Address primary{};          ///< of head + 1 in the entered view
    bool is_validator = false;  ///< of head + 1, with a key here
    bool is_primary = false;
    bool recovering = false;  ///< lost its vote log and does not know yet where to vote again
    bool silenced = false;    ///< saw its own key used elsewhere
    std::optional<RejoinFloor> rejoin;
    Height certified = 0;  ///< highest height known to be final anywhere
    bool locked = false;
    std::uint64_t timeouts_in_row = 0;  ///< exponent of the view timer
};

/// One validator, or an observer that follows without voting. Owned by one thread. `step` never blocks,
/// throws, reads a clock or sends; the same inputs give the same effects. It signs its own messages with the
/// signer given at construction: signing is deterministic (RFC 6979) and must lie between "decide" and
/// "persist", which is inside a step, so handing unsigned messages out would put half of the protocol's order
/// into the driver.
class Replica {
  public:
    /// `signer` is null for an observer and must outlive the replica. `recovered` comes from
    /// `recover(records, head)`, or is empty on a log that `init` has just created.
    Replica(ReplicaConfig config, Head head, RecoveredState recovered, crypto::Signer* signer);

    /// To be called once, before any step: re-sends the last own messages and takes up what a crash
    /// interrupted.
    Effects start(core::Instant now);
    /// Takes one input. The effects must be performed strictly in order, before those of the next step.
    Effects step(core::Instant now, const Input& input);
    /// When DeadlineReached is wanted next; it may move with every step. Nothing: only inputs move this
    /// replica.
    std::optional<core::Instant> next_deadline() const;

    /// The least that a new log must hold so that nothing is forgotten: for rotation after a BlockAppended.
    std::vector<VoteRecord> durable_records() const;
    /// The body of a proposal of the height at work, for a peer that asked for it; null if it is not here.
    core::SharedBytes find_body(const Hash& digest) const;
    /// It has asked for this body and not got it yet.
    bool lacks_body(const Hash& digest) const {
        return requested_bodies_.contains(digest) && find_body(digest) == nullptr;
    }
    const std::vector<Evidence>& evidence() const { return evidence_.entries(); }
    ReplicaStatus status() const;

  private:
    /// A block that this replica holds final, with what is needed to judge certificates and laggards.
    struct Appended {
        Height height = 0;
        Hash digest{};
        std::optional<Hash> validators_hash;  ///< unknown for the head found at start
        core::Instant at;
    };
    struct HeightVotes {
        VoteSet prepares;
        VoteSet commits;
    };
    /// When a peer was last answered, so that its repetitions cost little.
    struct Answered {
        std::optional<core::Instant> certificates;
        std::optional<core::Instant> view;
        std::optional<core::Instant> status;
    };
    struct Building {
        Height height = 0;
        View view = 0;
    };

    // Inputs (replica_voting.cpp, replica_views.cpp, replica_following.cpp).
    void on(const Verified<PrePrepare>& message);
    void on(const Verified<Prepare>& message);
    void on(const Verified<Commit>& message);
    void on(const Verified<ViewChange>& message);
    void on(const Verified<NewView>& message);
    void on(const Verified<Heartbeat>& message);
    void on(const Verified<StatusReport>& message);
    void on(const Verified<core::CommitCertificate>& message);
    void on(const Verified<Body>& message);
    void on(const ProposalBuilt& built);
    void on(const NothingToPropose& nothing);
    void on(const ProposalChecked& checked);
    void on(const BlockAppended& appended);
    void on(const WorkPending& work);
    void on(const Syncing& syncing);
    void on(const PrimaryCensors& censors);
    void on(const HeartbeatDue& due);
    void on(const DeadlineReached& reached);

    // What follows from the state: each does one thing if its condition holds, and says so (replica.cpp runs
    // them).
    bool advance();
    bool finalize();
    bool join_higher_views();
    bool issue_view_change();
    bool renew_view_change();
    bool begin_new_view();
    bool propose();
    bool prepare();
    bool commit();

    // Questions about the state.
    Height height() const { return head_.height + 1; }
    bool working() const { return promised_ == entry_.view && !finalizing_; }
    bool changing() const { return promised_ > entry_.view; }
    bool may_vote(Height at, View in) const;
    bool is_primary(View in) const;
    bool is_own_new_view() const;
    bool behind() const { return certified_ > head_.height || syncing_; }
    bool catching_up() const;
    bool outdated() const;
    bool awaits_renewal() const;
    bool in_vote_window(Height at, View in) const;
    /// The block that the entered view demands at this height; nothing if a fresh one is due.
    std::optional<Hash> demanded_block() const;
    bool contradicts_lock(const Hash& digest) const;
    std::vector<Hash> missing_bodies() const;
    ProposalStore::Position position() const { return {.height = height(), .view = entry_.view}; }
    const Appended* appended(Height at) const;
    core::Instant not_before() const;

    // Hearing others.
    /// What every signed message tells: its sender's height and view; `works_in` is the highest view that the
    /// sender has shown to have entered. Answers the sender's index in the present set, if it has one and
    /// signed under it.
    std::optional<ValidatorIndex> hear(const Envelope& envelope, const Address& signer, View works_in);
    void hear_vote(VoteType type, const Envelope& envelope, const Address& signer, const Hash& digest);
    bool is_own(const Address& signer) const { return self_ && signer == head_.validators.at(*self_); }
    void check_echo(VoteType type, const Envelope& envelope, const Hash& digest);
    bool could_be_mine(VoteType type, const Envelope& envelope, const Hash& digest) const;
    void answer_laggard(const Envelope& envelope, const Address& peer);
    void answer_older_view(const Address& peer);
    void learn_certificate(const core::CommitCertificate& certificate, const Hash& validators_hash);
    void claim_certified(Height certified);
    HeightVotes& votes_at(Height at);
    void accuse(const Address& validator, const SignedStatement& first, const SignedStatement& second);

    // Acting.
    template <typename M>
    M signed_by_self(M message, Height at, View in) const;
    void change_view(View to, ViewChangeCause cause);
    void enter(Entry entry);
    void enter_by(const core::CommitCertificate& certificate);
    void send_proposal(const Hash& digest, const core::SharedBytes& payload);
    void remember_body(const Hash& digest, const core::SharedBytes& payload,
                       std::vector<VoteRecord>& records);
    void refuse_proposal(std::optional<AlarmKind> alarm);
    void forget_view_work();
    void begin_height(const core::ValidatorSet& validators);
    void take_validators(const core::ValidatorSet& next);
    void repeat_own_messages();
    void end_recovery();
    void ask_for_missing(bool again);
    void settle_timers();
    void gather_records();
    void check_invariants() const;
    void restore(RecoveredState recovered);
    Effects finish_step();
    template <typename E>
    void emit(E effect) {
        effects_.push_back(Effect(std::move(effect)));
    }

    ReplicaConfig config_;
    crypto::Signer* signer_;

    // The chain.
    Head head_;
    std::deque<Appended> recent_;         ///< the last blocks, the head last
    std::optional<ValidatorIndex> self_;  ///< position among the validators of height()
    std::optional<Hash> finalizing_;  ///< handed out as final, not yet appended: nothing more is sent for it
    std::optional<core::CommitCertificate> decided_;  ///< of height(), received whole
    Height certified_ = 0;                            ///< highest height with a certificate seen
    bool syncing_ = false;
    core::Instant progress_at_;  ///< last append, or begin of being behind

    // What a crash must not change (durable_state.hpp).
    View promised_ = 0;
    Entry entry_;
    std::optional<PrepareCertificate> lock_;
    core::SharedBytes lock_body_;
    OwnMessages own_;                            ///< of (height(), entered view)
    std::optional<ViewChange> own_view_change_;  ///< of (height(), promised view), while changing
    std::set<Hash> logged_bodies_;               ///< at height()
    std::optional<RejoinFloor> rejoin_;
    bool recovering_ = false;

    // What was heard.
    std::map<Height, HeightVotes> votes_;
    ProposalStore proposals_;
    ViewTable views_;
    std::optional<core::CommitCertificate> view_certificate_;  ///< newest one of the entered view
    std::map<Address, Answered> answered_;
    EvidenceLog evidence_;
    RejoinReports reports_;
    Hash rejoin_nonce_{};
    bool silenced_ = false;

    // Work in hand.
    WorkPending work_;
    std::optional<Building> building_;
    std::optional<Hash> checking_;
    std::map<Hash, Address> checked_;  ///< good blocks at height(), with the builder they name
    bool refused_ = false;             ///< the proposal of (height(), entered view) is not acceptable
    std::optional<core::Instant> proposal_at_;       ///< when the proposal of height() was first heard
    std::optional<core::Instant> last_proposal_at_;  ///< that of the head
    std::set<Hash> requested_bodies_;

    // Time.
    Pacemaker pacemaker_;
    core::Instant entered_at_;
    std::optional<core::Instant> view_changed_at_;  ///< last VIEW-CHANGE issued
    std::optional<core::Instant> repeat_at_;
    bool spoke_ = false;  ///< this step sent an own message that is to be repeated
    core::Instant now_;
    Effects effects_;
};

}  // namespace sluice::consensus
