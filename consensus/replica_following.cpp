/// Following the chain and the others: appended blocks, certificates, laggards, what is missing, signs of
/// life.
#include <algorithm>
#include <utility>

#include "consensus/replica.hpp"
#include "consensus/replica_signing.hpp"
#include "core/check.hpp"

namespace sluice::consensus {

namespace {

bool is_due(const std::optional<core::Instant>& last, core::Instant now) {
    return !last || now - *last >= limits::answer_interval;
}

bool is_within(std::uint64_t value, std::uint64_t centre, std::uint64_t distance) {
    return value > centre ? value - centre <= distance : centre - value <= distance;
}

}  // namespace

// ---- questions

bool Replica::may_vote(Height at, View in) const {
    if (!self_ || recovering_ || silenced_) return false;
    return !rejoin_ || (at >= rejoin_->height && in >= rejoin_->view);
}

bool Replica::is_primary(View in) const {
    return self_ && *self_ == head_.validators.primary(height(), in, config_.rotation_period);
}

bool Replica::is_own_new_view() const {
    return self_ && entry_.new_view && entry_.new_view->envelope.sender == *self_ &&
           entry_.new_view->envelope.validators_hash == head_.validators.hash();
}

/// Being behind excuses from voting and timing only while the gap closes: nobody can halt a timer for ever.
bool Replica::catching_up() const {
    return behind() && now_ - progress_at_ < config_.view_timeout_max;
}

/// The height at work is final elsewhere: to vote on it would help nobody.
bool Replica::outdated() const {
    return certified_ > head_.height && catching_up();
}

bool Replica::in_vote_window(Height at, View in) const {
    if (at <= head_.height || at - head_.height > limits::height_window) return false;
    return is_within(in, entry_.view, limits::view_window) || is_within(in, promised_, limits::view_window);
}

const Replica::Appended* Replica::appended(Height at) const {
    if (at > head_.height || head_.height - at >= recent_.size()) return nullptr;
    return &recent_[recent_.size() - 1 - static_cast<std::size_t>(head_.height - at)];
}

core::Instant Replica::not_before() const {
    return last_proposal_at_ ? *last_proposal_at_ + config_.block_interval : core::Instant{};
}

// ---- hearing

std::optional<ValidatorIndex> Replica::hear(const Envelope& envelope, const Address& signer, View works_in) {
    // Also for one that has left the set meanwhile: it cannot know that before it has the block that says so.
    if (envelope.height <= head_.height) answer_laggard(envelope, signer);
    const std::optional<ValidatorIndex> sender = head_.validators.index_of(signer);
    if (!sender) return std::nullopt;
    views_.note(*sender, envelope.view);
    if (works_in < entry_.view) answer_older_view(signer);
    const bool same_set = envelope.validators_hash == head_.validators.hash();
    if (envelope.height > head_.height && !same_set) return std::nullopt;
    return sender;
}

/// A copy of an own message proves nothing; an own message that this replica never sent proves a second owner
/// of the key, or a vote log that went back in time. Either way two histories must not go on voting.
void Replica::check_echo(VoteType type, const Envelope& envelope, const Hash& digest) {
    if (recovering_ || silenced_ || envelope.height < height()) return;
    if (rejoin_ && envelope.height < rejoin_->height) return;
    if (could_be_mine(type, envelope, digest)) return;
    silenced_ = true;
    emit(RaiseAlarm{.kind = AlarmKind::own_key_elsewhere, .height = envelope.height, .view = envelope.view});
}

bool Replica::could_be_mine(VoteType type, const Envelope& envelope, const Hash& digest) const {
    const auto is = [&digest](const auto& own) { return own && own->digest == digest; };
    if (envelope.height > height() || envelope.view > promised_) return false;
    if (envelope.view < entry_.view) return true;  // no longer remembered
    const bool entered = envelope.view == entry_.view;
    switch (type) {
        case VoteType::pre_prepare:
            return entered && is(own_.pre_prepare);
        case VoteType::prepare:
            return entered && is(own_.prepare);
        case VoteType::commit:
            return entered && is(own_.commit);
        case VoteType::view_change:
            if (entered || envelope.view < promised_) return true;
            return own_view_change_ && subject_of(*own_view_change_).digest == digest;
        case VoteType::new_view:
            return entered;
        case VoteType::heartbeat:
        case VoteType::status_report:
            return true;
    }
    return false;
}

void Replica::accuse(const Address& validator, const SignedStatement& first, const SignedStatement& second) {
    const Evidence evidence{.validator = validator, .first = first, .second = second};
    if (evidence_.add(evidence)) emit(ReportEvidence{evidence});
}

// ---- answering

void Replica::answer_laggard(const Envelope& envelope, const Address& peer) {
    const Appended* block = appended(envelope.height);
    if (block != nullptr && now_ - block->at < limits::laggard_age) return;
    Answered& answered = answered_[peer];
    if (!is_due(answered.certificates, now_)) return;
    answered.certificates = now_;
    emit(SendCertificates{.to = peer, .from_height = envelope.height});
}

void Replica::answer_older_view(const Address& peer) {
    if (now_ - entered_at_ < limits::laggard_age) return;
    if (!view_certificate_ && !entry_.new_view) return;
    Answered& answered = answered_[peer];
    if (!is_due(answered.view, now_)) return;
    answered.view = now_;
    if (view_certificate_) {
        emit(Send{.to = peer, .message = *view_certificate_});
    } else {
        emit(Send{.to = peer, .message = *entry_.new_view});
    }
}

// ---- certificates and blocks

void Replica::on(const Verified<core::CommitCertificate>& message) {
    learn_certificate(*message, message.certificate_validators());
}

void Replica::learn_certificate(const core::CommitCertificate& certificate, const Hash& validators_hash) {
    claim_certified(certificate.height);
    if (certificate.height == height() && !decided_ && validators_hash == head_.validators.hash()) {
        decided_ = certificate;
    }
    const Appended* block = appended(certificate.height);
    if (block == nullptr) return;
    if (block->validators_hash && *block->validators_hash != validators_hash) return;
    if (block->digest != certificate.block_hash) {
        emit(
            RaiseAlarm{.kind = AlarmKind::fork_seen, .height = certificate.height, .view = certificate.view});
        return;
    }
    enter_by(certificate);
}

void Replica::claim_certified(Height certified) {
    if (certified <= certified_) return;
    if (!behind()) progress_at_ = now_;
    certified_ = certified;
    if (certified_ - head_.height > limits::height_window) emit(RequestSync{.height = certified_});
}

void Replica::on(const BlockAppended& appended_block) {
    CHECK(appended_block.height == height());
    CHECK(appended_block.certificate.height == appended_block.height);
    CHECK(appended_block.certificate.block_hash == appended_block.digest);
    if (decided_ && decided_->block_hash != appended_block.digest) {
        emit(RaiseAlarm{.kind = AlarmKind::fork_seen, .height = height(), .view = decided_->view});
    }
    const bool at_tip = appended_block.height >= certified_;
    if (at_tip) pacemaker_.committed();
    if (finalizing_ && proposal_at_) {
        const core::Instant work_at = work_.pending ? std::min(work_.since, *proposal_at_) : *proposal_at_;
        pacemaker_.note_commit_time(now_ - std::max(work_at, recent_.back().at));
    }
    recent_.push_back({.height = appended_block.height,
                       .digest = appended_block.digest,
                       .validators_hash = head_.validators.hash(),
                       .at = now_});
    if (recent_.size() > limits::recent_blocks) recent_.pop_front();
    head_.height = appended_block.height;
    head_.digest = appended_block.digest;
    head_.certificate = appended_block.certificate;
    certified_ = std::max(certified_, head_.height);
    progress_at_ = now_;
    begin_height(appended_block.next_validators);
    enter_by(appended_block.certificate);
    end_recovery();
}

void Replica::begin_height(const core::ValidatorSet& validators) {
    finalizing_.reset();
    decided_.reset();
    lock_.reset();
    lock_body_.reset();
    own_ = {};
    own_view_change_.reset();
    logged_bodies_.clear();
    building_.reset();
    checking_.reset();
    checked_.clear();
    refused_ = false;
    work_ = {};
    last_proposal_at_ = proposal_at_ ? proposal_at_ : last_proposal_at_;
    proposal_at_.reset();
    requested_bodies_.clear();
    votes_.erase(votes_.begin(), votes_.upper_bound(head_.height));
    if (!(validators == head_.validators)) take_validators(validators);
    proposals_.forget(head_.height, head_.validators.hash());
    if (proposals_.find(height(), entry_.view) != nullptr) proposal_at_ = now_;
}

/// Votes buffered for later heights were counted by the old set's positions.
void Replica::take_validators(const core::ValidatorSet& next) {
    votes_.clear();
    views_ = views_.carried_to(next);
    head_.validators = next;
    self_ = signer_ == nullptr ? std::nullopt : next.index_of(signer_->address());
    if (self_) views_.note(*self_, promised_);
    std::erase_if(answered_, [&next](const auto& entry) { return !next.index_of(entry.first); });
}

void Replica::on(const Syncing& syncing) {
    if (syncing.on && !behind()) progress_at_ = now_;
    syncing_ = syncing.on;
}

void Replica::on(const WorkPending& work) {
    work_ = work;
}

// ---- what is missing

std::vector<Hash> Replica::missing_bodies() const {
    std::vector<Hash> missing;
    const auto want = [this, &missing](const Hash& digest) {
        if (find_body(digest) == nullptr) missing.push_back(digest);
    };
    if (finalizing_) return missing;
    if (decided_) want(decided_->block_hash);
    if (changing() && is_primary(promised_)) {
        for (const ViewChange* view_change : views_.view_changes(height(), promised_)) {
            if (view_change->lock) want(view_change->lock->digest);
        }
    }
    if (working() && is_primary(entry_.view)) {
        if (const std::optional<Hash> demanded = demanded_block()) want(*demanded);
    }
    return missing;
}

void Replica::ask_for_missing(bool again) {
    const std::vector<Hash> missing = missing_bodies();
    for (const Hash& digest : missing) {
        const bool first = requested_bodies_.insert(digest).second;
        if (first || again) emit(RequestBody{.height = height(), .digest = digest});
    }
    if (!again || finalizing_) return;
    if (certified_ > head_.height) emit(RequestSync{.height = certified_});
}

void Replica::on(const Verified<Body>& body) {
    const std::vector<Hash> missing = missing_bodies();
    if (std::find(missing.begin(), missing.end(), body->digest) == missing.end()) return;
    // Without room the request is repeated until a proposal has left.
    static_cast<void>(proposals_.add_body(body->digest, body->payload, position()));
}

void Replica::repeat_own_messages() {
    if (recovering_ && self_) {
        const StatusReport question{.envelope = {}, .recovering = true, .nonce = rejoin_nonce_};
        emit(Broadcast{signed_by_self(question, height(), promised_)});
    }
    spoke_ = true;
    if (finalizing_ || !may_vote(height(), promised_)) return;
    if (changing()) {
        if (own_view_change_) emit(Broadcast{*own_view_change_});
        return;
    }
    if (is_own_new_view()) emit(Broadcast{*entry_.new_view});
    if (own_.pre_prepare) emit(Broadcast{*own_.pre_prepare});
    if (own_.prepare) emit(Broadcast{*own_.prepare});
    if (own_.commit) emit(Broadcast{*own_.commit});
}

// ---- signs of life

void Replica::on(const HeartbeatDue& due) {
    if (!self_ || silenced_) return;
    const Heartbeat heartbeat{.envelope = {}, .clock = due.clock, .version = config_.version};
    emit(Broadcast{signed_by_self(heartbeat, height(), promised_)});
}

void Replica::on(const Verified<Heartbeat>& message) {
    if (!is_own(message.signer()))
        static_cast<void>(hear(message->envelope, message.signer(), message->envelope.view));
}

void Replica::on(const Verified<StatusReport>& message) {
    if (is_own(message.signer())) return;
    static_cast<void>(hear(message->envelope, message.signer(), message->envelope.view));
    if (message->recovering) {
        if (recovering_ || !self_ || silenced_ || !head_.validators.index_of(message.signer())) return;
        Answered& answered = answered_[message.signer()];
        if (!is_due(answered.status, now_)) return;
        answered.status = now_;
        const StatusReport report{.envelope = {}, .recovering = false, .nonce = message->nonce};
        // Whoever asks need not be a neighbour; to others the answer means nothing, for the nonce.
        emit(Broadcast{signed_by_self(report, height(), promised_)});
        return;
    }
    if (recovering_ && reports_.add(*message, message.signer(), rejoin_nonce_)) end_recovery();
}

/// Only at the reported heads: a validator that is still behind may not know yet whose reports count.
void Replica::end_recovery() {
    if (!recovering_) return;
    const std::optional<RejoinFloor> floor = reports_.floor(head_.validators, head_.height);
    if (!floor) return;
    rejoin_ = floor;
    recovering_ = false;
    promised_ = std::max(promised_, rejoin_->view);
    emit(Persist{{rejoin_record(*rejoin_)}});
    emit(RejoinAgreed{.from_height = rejoin_->height, .from_view = rejoin_->view});
}

}  // namespace sluice::consensus
