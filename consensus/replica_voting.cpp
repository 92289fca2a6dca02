/// The normal case: PRE-PREPARE, PREPARE, COMMIT, and what makes a block final.
#include <utility>

#include "consensus/replica.hpp"
#include "consensus/replica_signing.hpp"
#include "core/check.hpp"

namespace sluice::consensus {

namespace {

SignedStatement statement(VoteType type, const Envelope& envelope, const VoteSet::Vote& vote) {
    return {.subject = {.type = type,
                        .height = envelope.height,
                        .view = envelope.view,
                        .digest = vote.digest,
                        .validators_hash = envelope.validators_hash},
            .signature = vote.signature};
}

}  // namespace

// ---- hearing

void Replica::on(const Verified<PrePrepare>& message) {
    const Envelope& envelope = message->envelope;
    if (is_own(message.signer())) return check_echo(VoteType::pre_prepare, envelope, message->digest);
    if (!hear(envelope, message.signer(), envelope.view)) return;
    if (!in_vote_window(envelope.height, envelope.view)) return;
    const ProposalStore::Outcome outcome = proposals_.add(*message, position());
    if (outcome == ProposalStore::Outcome::conflicting) {
        const PrePrepare& kept = *proposals_.find(envelope.height, envelope.view);
        accuse(message.signer(), {subject_of(kept), kept.envelope.signature},
               {subject_of(*message), envelope.signature});
    }
    if (envelope.height == height() && envelope.view == entry_.view && !proposal_at_) proposal_at_ = now_;
}

void Replica::on(const Verified<Prepare>& message) {
    hear_vote(VoteType::prepare, message->envelope, message.signer(), message->digest);
}

void Replica::on(const Verified<Commit>& message) {
    hear_vote(VoteType::commit, message->envelope, message.signer(), message->digest);
}

void Replica::hear_vote(VoteType type, const Envelope& envelope, const Address& signer, const Hash& digest) {
    if (is_own(signer)) return check_echo(type, envelope, digest);
    const std::optional<ValidatorIndex> sender = hear(envelope, signer, envelope.view);
    if (!sender || !in_vote_window(envelope.height, envelope.view)) return;
    HeightVotes& votes = votes_at(envelope.height);
    VoteSet& set = type == VoteType::prepare ? votes.prepares : votes.commits;
    const VoteSet::Vote vote{.digest = digest, .signature = envelope.signature};
    const VoteSet::Outcome outcome = set.add(envelope.view, *sender, vote);
    if (outcome == VoteSet::Outcome::conflicting) {
        accuse(signer, statement(type, envelope, *set.find(envelope.view, *sender)),
               statement(type, envelope, vote));
    }
    // A quorum for a later height proves that this one is final elsewhere.
    if (outcome == VoteSet::Outcome::counted && type == VoteType::commit && envelope.height > height() &&
        set.count(envelope.view, digest) >= head_.validators.quorum()) {
        claim_certified(envelope.height);
    }
}

Replica::HeightVotes& Replica::votes_at(Height at) {
    const std::size_t validators = head_.validators.size();
    return votes_.try_emplace(at, HeightVotes{VoteSet(validators), VoteSet(validators)}).first->second;
}

// ---- proposing

bool Replica::propose() {
    if (!working() || !may_vote(height(), entry_.view) || !is_primary(entry_.view)) return false;
    if (own_.pre_prepare || building_ || outdated() || height() < entry_.first_height()) return false;
    if (const std::optional<Hash> demanded = demanded_block()) {
        const core::SharedBytes body = find_body(*demanded);
        if (body == nullptr) return false;
        send_proposal(*demanded, body);
        return true;
    }
    const bool entered_here = entry_.new_view && entry_.new_view->envelope.height == height();
    if (!entered_here && (!work_.pending || lock_)) return false;
    building_ = Building{.height = height(), .view = entry_.view};
    emit(BuildProposal{
        .height = height(), .view = entry_.view, .not_before = not_before(), .allow_empty = entered_here});
    return true;
}

void Replica::on(const ProposalBuilt& built) {
    if (!building_ || building_->height != built.height || building_->view != built.view) return;
    building_.reset();
    if (!working() || built.height != height() || own_.pre_prepare) return;
    CHECK(built.payload != nullptr);
    checked_.insert_or_assign(built.digest, signer_->address());
    send_proposal(built.digest, built.payload);
}

void Replica::on(const NothingToPropose& nothing) {
    if (!building_ || building_->height != nothing.height || building_->view != nothing.view) return;
    building_.reset();
    work_.pending = false;
}

void Replica::send_proposal(const Hash& digest, const core::SharedBytes& payload) {
    own_.pre_prepare = signed_by_self(PrePrepare{.envelope = {}, .digest = digest, .payload = payload},
                                      height(), entry_.view);
    static_cast<void>(proposals_.add(*own_.pre_prepare, position()));
    if (!proposal_at_) proposal_at_ = now_;
    std::vector<VoteRecord> records;
    remember_body(digest, payload, records);
    records.push_back(sent_record(*own_.pre_prepare));
    emit(Persist{std::move(records)});
    emit(Broadcast{*own_.pre_prepare});
    spoke_ = true;
}

void Replica::remember_body(const Hash& digest, const core::SharedBytes& payload,
                            std::vector<VoteRecord>& records) {
    if (!logged_bodies_.insert(digest).second) return;
    records.push_back(body_record(height(), entry_.view, digest, *payload));
}

// ---- preparing

bool Replica::prepare() {
    if (!working() || own_.prepare || refused_ || !may_vote(height(), entry_.view) || outdated())
        return false;
    const PrePrepare* proposal = proposals_.find(height(), entry_.view);
    if (proposal == nullptr || height() < entry_.first_height()) return false;
    const Hash digest = proposal->digest;
    const std::optional<Hash> demanded = demanded_block();
    if (demanded && *demanded != digest) {
        refuse_proposal(std::nullopt);
        return false;
    }
    if (contradicts_lock(digest)) {
        refuse_proposal(AlarmKind::lock_contradicted);
        return false;
    }
    const auto checked = checked_.find(digest);
    if (checked == checked_.end()) {
        if (checking_ == digest) return false;
        checking_ = digest;
        emit(CheckProposal{
            .height = height(), .view = entry_.view, .digest = digest, .payload = proposal->payload});
        return false;
    }
    // A fresh block must name its primary; a block that others are locked on keeps its first builder.
    const Address& primary =
        head_.validators.at(head_.validators.primary(height(), entry_.view, config_.rotation_period));
    if (!demanded && checked->second != primary) {
        refuse_proposal(std::nullopt);
        return false;
    }
    own_.prepare = signed_by_self(Prepare{.envelope = {}, .digest = digest}, height(), entry_.view);
    votes_at(height()).prepares.add(entry_.view, *self_, {digest, own_.prepare->envelope.signature});
    std::vector<VoteRecord> records;
    remember_body(digest, proposal->payload, records);
    records.push_back(sent_record(*own_.prepare));
    emit(Persist{std::move(records)});
    emit(Broadcast{*own_.prepare});
    spoke_ = true;
    return true;
}

void Replica::on(const ProposalChecked& checked) {
    if (checking_ == checked.digest) checking_.reset();
    if (checked.height != height()) return;
    if (checked.ok) {
        // Another one gives way: without its verdict the present proposal would be checked for ever.
        if (checked_.size() >= limits::checked_bodies_max && !checked_.contains(checked.digest))
            checked_.erase(checked_.begin());
        checked_.insert_or_assign(checked.digest, checked.proposer);
        return;
    }
    const PrePrepare* proposal = proposals_.find(height(), entry_.view);
    if (proposal != nullptr && proposal->digest == checked.digest) refuse_proposal(std::nullopt);
}

void Replica::refuse_proposal(std::optional<AlarmKind> alarm) {
    refused_ = true;
    if (alarm) emit(RaiseAlarm{.kind = *alarm, .height = height(), .view = entry_.view});
}

std::optional<Hash> Replica::demanded_block() const {
    if (!entry_.new_view || entry_.new_view->envelope.height != height()) return std::nullopt;
    const PrepareCertificate* lock = highest_lock(entry_.new_view->view_changes);
    if (lock == nullptr) return std::nullopt;
    return lock->digest;
}

bool Replica::contradicts_lock(const Hash& digest) const {
    if (!lock_ || lock_->digest == digest) return false;
    const bool justified = entry_.new_view && entry_.new_view->envelope.height == height();
    return !justified;
}

// ---- committing

bool Replica::commit() {
    if (!working() || !own_.prepare || own_.commit || !may_vote(height(), entry_.view)) return false;
    const Hash digest = own_.prepare->digest;
    HeightVotes& votes = votes_at(height());
    if (votes.prepares.count(entry_.view, digest) < head_.validators.quorum()) return false;
    CHECK(!lock_ || lock_->view < entry_.view);
    core::SharedBytes body = find_body(digest);
    CHECK(body != nullptr);
    lock_ = PrepareCertificate{.height = height(),
                               .view = entry_.view,
                               .digest = digest,
                               .signatures = votes.prepares.signatures(entry_.view, digest)};
    lock_body_ = std::move(body);
    own_.commit = signed_by_self(Commit{.envelope = {}, .digest = digest}, height(), entry_.view);
    votes.commits.add(entry_.view, *self_, {digest, own_.commit->envelope.signature});
    emit(Persist{{lock_record(*lock_), sent_record(*own_.commit)}});
    emit(Broadcast{*own_.commit});
    spoke_ = true;
    return true;
}

// ---- finality

bool Replica::finalize() {
    if (!decided_) {
        const auto votes = votes_.find(height());
        if (votes == votes_.end()) return false;
        const VoteSet& commits = votes->second.commits;
        const auto decision = commits.decided(head_.validators.quorum());
        if (!decision) return false;
        decided_ =
            core::CommitCertificate{.height = height(),
                                    .view = decision->view,
                                    .block_hash = decision->digest,
                                    .signatures = commits.signatures(decision->view, decision->digest)};
        claim_certified(height());
    }
    core::SharedBytes payload = find_body(decided_->block_hash);
    if (payload == nullptr) return false;
    finalizing_ = decided_->block_hash;
    emit(Finalize{.height = height(),
                  .digest = decided_->block_hash,
                  .payload = std::move(payload),
                  .certificate = *decided_});
    return true;
}

}  // namespace sluice::consensus
