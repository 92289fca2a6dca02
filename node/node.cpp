#include "node/node.hpp"

#include <algorithm>

#include "consensus/message_codec.hpp"
#include "core/check.hpp"
#include "core/limits.hpp"

namespace sluice::node {
namespace {

/// Consensus messages of one neighbour that may be under work at a time; a faster one
/// loses messages, which are sent again.
constexpr std::size_t verifying_max = 1024;
constexpr std::size_t regossip_bytes_max = 256 * 1024;
/// Transactions that were not mined for this long are gossiped again, so many at a time.
constexpr core::UnixMs regossip_age_ms = 5'000;
constexpr core::Duration regossip_interval = core::seconds(5);
constexpr std::size_t regossip_count_max = 512;
/// Heights below the next one whose validators are known from the start.
constexpr core::Height validator_heights = 16;
/// Due work further away than this is looked at again then.
constexpr core::UnixMs due_look_ahead_ms = 3'600'000;

contracts::TransactionRules rules_at(const ledger::LedgerSnapshot& snapshot, std::uint64_t chain_id) {
    const auto state = snapshot.state_at(snapshot.height());
    CHECK(state.has_value());
    const auto parameters = contracts::chain_parameters(**state);
    return {chain_id, parameters.block_gas_limit, parameters.transaction_gas_limit};
}

/// The sets of the newest heights and the next: votes of others carry certificates of blocks that are here
/// already.
consensus::ValidatorHistory recent_validators(const ledger::LedgerSnapshot& snapshot) {
    const core::Height next = snapshot.height() + 1;
    const core::Height first = next > validator_heights ? next - validator_heights : 1;
    const auto set_of = [&](core::Height height) {
        auto set = snapshot.validators(height);
        CHECK(set.has_value());
        return std::move(*set);
    };
    consensus::ValidatorHistory history(first, set_of(first));
    for (core::Height height = first + 1; height <= next; ++height)
        history.extend(set_of(height));
    return history;
}

}  // namespace

Node::Node(NodeSetup setup, Outbox& outbox, Workers& workers, NodeObserver& observer, EventLog& log)
    : chain_(setup.chain),
      self_(setup.self),
      rotation_period_(setup.replica.rotation_period),
      outbox_(outbox),
      workers_(workers),
      observer_(observer),
      log_(log),
      pipeline_({setup.chain, setup.self, setup.head, std::move(setup.executor)}, pool_, workers),
      sync_(outbox),
      driver_(consensus::Replica(setup.replica,
                                 {.height = setup.head.header.height,
                                  .digest = setup.head.hash,
                                  .certificate = setup.head_certificate,
                                  .validators = *setup.head.validators},
                                 std::move(setup.recovered), setup.silent_until ? nullptr : setup.signer),
              outbox, workers),
      validators_(recent_validators(*setup.snapshot)),
      snapshot_(std::move(setup.snapshot)),
      snapshot_interval_(setup.snapshot_interval),
      may_join_(setup.may_join),
      silent_until_(setup.silent_until),
      rules_(rules_at(*snapshot_, setup.chain.chain_id)) {
    driver_.note_sequence(setup.vote_log_sequence);
    renew_verifier();
}

void Node::start(Now now) {
    next_second_ = now.instant;
    next_regossip_ = now.instant + regossip_interval;
    last_block_at_ = now.instant;
    // Whatever height it is: until the next multiple there is no other state to join from.
    if (snapshot_interval_ != 0) pin_state(now.instant);
    driver_.start(now);
    settle(now);
    note_work(now, true);
    settle(now);
}

void Node::renew_verifier() {
    verifier_ = std::make_shared<const consensus::MessageVerifier>(chain_, rotation_period_, validators_,
                                                                   payload_digest);
}

// ---- what came in

void Node::on_frame(Now now, const core::Address& from, network::Channel channel, core::SharedBytes bytes,
                    bool is_relayed) {
    if (stopped_) return;
    switch (channel) {
        case network::Channel::control:
            break;
        case network::Channel::consensus:
            on_consensus_frame(from, std::move(bytes));
            break;
        case network::Channel::sync:
            // Neighbours say it to each other; nobody passes it on.
            if (!is_relayed) on_sync_frame(now, from, *bytes);
            break;
        case network::Channel::transactions:
            on_transactions_frame(from, *bytes, is_relayed);
            break;
    }
    settle(now);
}

void Node::on_consensus_frame(const core::Address& from, core::SharedBytes bytes) {
    auto& under_way = verifying_[from];
    if (under_way >= verifying_max) return;
    ++under_way;
    workers_.start(Lane::compute, VerifyConsensusMessage{from, std::move(bytes), verifier_});
}

void Node::on_sync_frame(Now now, const core::Address& from, core::ByteView bytes) {
    auto message = decode_sync_message(bytes);
    if (!message) return outbox_.punish(from, "malformed sync message");
    if (const auto* notice = std::get_if<HeadNotice>(&*message)) {
        sync_.peer_has(from, notice->height, notice->first_block);
    } else if (const auto* request = std::get_if<BlocksRequest>(&*message)) {
        read_for(from, ReadBlocks{from, *request, snapshot_});
    } else if (auto* answer = std::get_if<BlocksAnswer>(&*message)) {
        sync_.answer(from, std::move(*answer));
    } else if (auto* wish = std::get_if<SnapshotRequest>(&*message)) {
        read_for(from, ReadOffer{from, *wish, snapshot_, pins_.newest()});
    } else if (auto* parts = std::get_if<PartsRequest>(&*message)) {
        auto state = pins_.find(now.instant, parts->block_hash);
        read_for(from, ReadParts{from, std::move(*parts), std::move(state)});
    } else if (const auto* wanted = std::get_if<BodyRequest>(&*message)) {
        answer_body(now, from, *wanted);
    } else if (auto* body = std::get_if<BodyAnswer>(&*message)) {
        // What nobody asked for is not even hashed: a body may have megabytes.
        if (!driver_.replica().lacks_body(body->block_hash)) return;
        auto verified = verifier_->verify_body(body->block_hash, std::move(body->block));
        if (!verified) return outbox_.punish(from, "a body of another block than it was asked for");
        step(now, *verified);
    }
}

void Node::on_peer_up(Now now, const core::Address& peer) {
    peers_.insert(peer);
    sync_.peer_up(peer);
    outbox_.send(peer, network::Channel::sync, head_notice());
    settle(now);
}

void Node::on_peer_down(Now now, const core::Address& peer) {
    peers_.erase(peer);
    sync_.peer_down(peer);
    settle(now);
}

void Node::on_task_done(Now now, TaskResult result) {
    if (stopped_) return;
    std::visit([&](auto& concrete) { take(now, std::move(concrete)); }, result);
    settle(now);
}

void Node::take(Now now, ConsensusMessageVerified result) {
    --verifying_[result.from];
    if (!result.message) {
        if (result.message.error() == consensus::MessageError::unknown_validators)
            return hold_back(std::move(result));
        if (consensus::blames_sender(result.message.error()))
            log_.warn("consensus_message_refused",
                      {{"from", result.from}, {"reason", consensus::describe(result.message.error())}});
        return;
    }
    ++signatures_verified_;
    note_heard(now, *result.message);
    step(now, consensus::to_input(std::move(*result.message)));
}

/// Its validators are named by a block that is not here yet, or that has come while it was verified.
void Node::hold_back(ConsensusMessageVerified result) {
    const auto message = consensus::decode_message(*result.encoded);
    const auto* envelope = message ? consensus::envelope_of(*message) : nullptr;
    const bool is_known_by_now = envelope != nullptr && envelope->height == validators_.certain_up_to() &&
                                 envelope->validators_hash == pipeline_.head().validators->hash();
    if (is_known_by_now) return on_consensus_frame(result.from, std::move(result.encoded));
    early_.keep(result.from, std::move(result.encoded));
}

void Node::note_heard(Now now, const consensus::VerifiedMessage& message) {
    std::visit(
        [&](const auto& verified) {
            using Message = std::decay_t<decltype(*verified)>;
            if (verified.signer() == core::Address{}) return;
            auto& seen = seen_[verified.signer()];
            seen.last_seen_ms = now.wall_ms;
            if constexpr (std::is_same_v<Message, consensus::Heartbeat>) {
                seen.head = verified->envelope.height - 1;
                seen.clock_ahead_ms =
                    static_cast<std::int64_t>(verified->clock) - static_cast<std::int64_t>(now.wall_ms);
                sync_.peer_has(verified.signer(), *seen.head);
            }
        },
        message);
}

void Node::take(Now, BlockBuilt result) {
    pipeline_.on_done(std::move(result));
}
void Node::take(Now, BlockDecoded result) {
    pipeline_.on_done(std::move(result));
}
void Node::take(Now, BlockChecked result) {
    pipeline_.on_done(std::move(result));
}
void Node::take(Now, BlockAppendedToLedger result) {
    pipeline_.on_done(std::move(result));
}
void Node::take(Now, VotesPersisted result) {
    driver_.on_persisted(result);
}
void Node::take(Now, VoteLogMarked result) {
    driver_.note_sequence(result.next_sequence);
}
// ---- what follows

void Node::step(Now now, const consensus::Input& input) {
    driver_.step(now, input);
}

void Node::settle(Now now) {
    for (bool more = true; more && !stopped_;) {
        more = false;
        for (const auto& effect : driver_.take_requests()) {
            perform(now, effect);
            more = true;
        }
        for (const auto& event : pipeline_.take_events()) {
            std::visit([&](const auto& concrete) { handle(now, concrete); }, event);
            more = true;
        }
        start_build(now);
        note_work(now, false);
        sync_.advance(now, pipeline_.head().header.height);
        note_syncing(now);
        if (!pipeline_.is_busy_importing())
            if (auto next = sync_.take_next(pipeline_.head().header.height)) {
                pipeline_.import(std::move(next->first), next->second);
                more = true;
            }
        reopen_if_due();
        // What was said to consensus above may have been answered.
        more = more || driver_.has_requests();
    }
}

void Node::note_work(Now now, bool say_again) {
    const auto due_ms = pipeline_.head().next_due;
    due_at_.reset();
    if (due_ms && *due_ms > now.wall_ms)
        due_at_ =
            now.instant +
            core::milliseconds(static_cast<std::int64_t>(std::min(*due_ms - now.wall_ms, due_look_ahead_ms)));
    const bool pending = pool_.has_executable() || pipeline_.is_due(now.wall_ms);
    if (pending && !work_pending_) work_since_ = now.instant;
    if (pending == work_pending_ && !say_again) return;
    work_pending_ = pending;
    log_.debug("work", {{"pending", pending ? "yes" : "no"}, {"height", pipeline_.head().header.height}});
    step(now, consensus::WorkPending{pending, work_since_});
}

void Node::note_syncing(Now now) {
    const bool syncing = sync_.certified_height() > pipeline_.head().header.height;
    if (syncing == syncing_) return;
    syncing_ = syncing;
    log_.debug("syncing", {{"on", syncing ? "yes" : "no"}, {"up_to", sync_.certified_height()}});
    step(now, consensus::Syncing{syncing});
}

void Node::start_build(Now now) {
    if (!build_ || now.instant < build_->not_before) return;
    const auto wanted = *std::exchange(build_, std::nullopt);
    pipeline_.build(wanted.height, wanted.view, wanted.allow_empty, now.wall_ms);
}

void Node::perform(Now now, const consensus::Effect& effect) {
    if (const auto* build = std::get_if<consensus::BuildProposal>(&effect)) {
        log_.debug("build_wanted", {{"height", build->height},
                                    {"view", build->view},
                                    {"wait_us", (build->not_before - now.instant).us}});
        build_ = *build;
    } else if (const auto* check = std::get_if<consensus::CheckProposal>(&effect)) {
        pipeline_.check(check->height, check->digest, check->payload, now.wall_ms);
    } else if (const auto* finalize = std::get_if<consensus::Finalize>(&effect)) {
        pipeline_.finalize(finalize->height, finalize->digest, finalize->payload, finalize->certificate,
                           now.wall_ms);
    } else if (const auto* behind = std::get_if<consensus::SendCertificates>(&effect)) {
        outbox_.send(behind->to, network::Channel::sync, head_notice());
    } else if (const auto* sync = std::get_if<consensus::RequestSync>(&effect)) {
        sync_.certified(sync->height);
    } else if (const auto* body = std::get_if<consensus::RequestBody>(&effect)) {
        for (const auto& peer : peers_)
            outbox_.send(peer, network::Channel::sync,
                         core::share(encode(SyncMessage{BodyRequest{body->digest}})));
    } else if (const auto* promised = std::get_if<consensus::ViewPromised>(&effect)) {
        log_.warn("view_change", {{"view", promised->view}, {"cause", consensus::describe(promised->cause)}});
    } else if (const auto* entered = std::get_if<consensus::ViewEntered>(&effect)) {
        log_.info("view_entered", {{"view", entered->view}});
        observer_.on_view_entered(entered->view);
        censorship_.clear();
    } else if (const auto* evidence = std::get_if<consensus::ReportEvidence>(&effect)) {
        log_.error("equivocation", {{"validator", evidence->evidence.validator},
                                    {"height", evidence->evidence.first.subject.height},
                                    {"view", evidence->evidence.first.subject.view}});
        observer_.on_evidence();
    } else if (const auto* alarm = std::get_if<consensus::RaiseAlarm>(&effect)) {
        log_.error(
            "alarm",
            {{"what", consensus::describe(alarm->kind)}, {"height", alarm->height}, {"view", alarm->view}});
    } else if (const auto* rejoin = std::get_if<consensus::RejoinAgreed>(&effect)) {
        log_.warn("rejoin_agreed", {{"from_height", rejoin->from_height}, {"from_view", rejoin->from_view}});
    }
}

void Node::handle(Now now, const ProposalReady& event) {
    log_.debug("proposal_built",
               {{"height", event.height}, {"view", event.view}, {"bytes", event.payload->size()}});
    step(now, consensus::ProposalBuilt{event.height, event.view, event.digest, event.payload});
}

void Node::handle(Now now, const NothingToBuild& event) {
    log_.debug("nothing_to_build", {{"height", event.height}, {"view", event.view}});
    step(now, consensus::NothingToPropose{event.height, event.view});
    // What came into the pool meanwhile was announced before the answer, so it is announced again.
    if (pool_.has_executable()) note_work(now, true);
}

void Node::handle(Now now, const ProposalVerdict& event) {
    if (!event.ok)
        log_.warn("proposal_refused",
                  {{"height", event.height}, {"block", event.digest}, {"reason", event.fault}});
    step(now, consensus::ProposalChecked{event.height, event.digest, event.ok, event.proposer});
}

void Node::handle(Now now, const BlockDurable& event) {
    const auto& header = event.block->block.header;
    snapshot_ = event.snapshot;
    if (snapshot_interval_ != 0 && header.height % snapshot_interval_ == 0) pin_state(now.instant);
    last_block_at_ = now.instant;
    for (const auto& signature : event.certificate.signatures) {
        // The certificate was verified under the set that voted, which is the one before `extend`.
        if (const auto* voters = validators_.set_of(header.height))
            sealed_[voters->at(signature.index)] = header.height;
    }
    const bool others_vote = *event.block->next_validators != *validators_.set_of(header.height);
    validators_.extend(*event.block->next_validators);
    renew_verifier();
    if (others_vote)
        for (auto& [from, encoded] : early_.take())
            on_consensus_frame(from, std::move(encoded));
    signatures_verified_ += pipeline_.take_recovered();
    log_.debug("block", {{"height", header.height},
                         {"transactions", event.block->block.transactions.size()},
                         {"hash", event.block->hash}});
    observer_.on_final_block({event.snapshot, event.block});
    step(now, consensus::BlockAppended{header.height, event.block->hash, event.certificate,
                                       *event.block->next_validators});
    workers_.start(Lane::disk,
                   MarkVoteLog{{header.height, event.block->hash}, driver_.replica().durable_records()});
    note_work(now, true);
    watch_primary(now, *event.block);
}

void Node::watch_primary(Now now, const ExecutedBlock& block) {
    if (syncing_ || driver_.replica().status().is_primary) return censorship_.clear();
    const auto findings = censorship_.on_block(block.block, block.encoded->size(), pool_);
    gossip(findings.to_gossip);
    if (findings.passed_over.empty()) return;
    const auto state = snapshot_->state_at(snapshot_->height());
    CHECK(state.has_value());
    for (const auto& transaction : findings.passed_over) {
        const auto admission = contracts::admit_to_pool(*transaction, **state, rules_);
        if (!admission || !admission->is_executable) continue;
        log_.warn("passed_over", {{"transaction", transaction->hash}, {"height", block.block.header.height}});
        return step(now, consensus::PrimaryCensors{});
    }
}

void Node::handle(Now, const ImportRefused& event) {
    log_.warn("sync_block_refused",
              {{"from", event.from}, {"height", event.height}, {"reason", event.fault}});
    sync_.refused(event.from);
    outbox_.punish(event.from, "served a block that does not hold");
}

void Node::handle(Now, const PipelineFatal& event) {
    stopped_ = true;
    log_.error("fatal", {{"reason", event.reason}});
    observer_.on_fatal(event.reason);
}

// ---- time

void Node::on_deadline(Now now) {
    if (stopped_) return;
    if (now.instant >= next_second_) on_second(now);
    if (const auto at = driver_.next_deadline(); at && now.instant >= *at)
        step(now, consensus::DeadlineReached{});
    settle(now);
}

void Node::on_second(Now now) {
    next_second_ = now.instant + core::seconds(1);
    step(now, consensus::HeartbeatDue{now.wall_ms});
    note_unserved();
    const auto encoded = head_notice();
    for (const auto& peer : peers_)
        outbox_.send(peer, network::Channel::sync, encoded);
    pool_.expire(now.wall_ms);
    if (now.instant >= next_regossip_) {
        next_regossip_ = now.instant + regossip_interval;
        if (now.wall_ms > regossip_age_ms)
            gossip(pool_.executable_older_than(now.wall_ms - regossip_age_ms, regossip_count_max,
                                               regossip_bytes_max));
    }
}

std::optional<core::Instant> Node::next_deadline() const {
    core::Instant next = next_second_;
    if (const auto at = driver_.next_deadline()) next = std::min(next, *at);
    if (const auto at = sync_.next_deadline()) next = std::min(next, *at);
    if (build_) next = std::min(next, build_->not_before);
    if (due_at_) next = std::min(next, *due_at_);
    return next;
}

}  // namespace sluice::node
