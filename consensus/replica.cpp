#include "consensus/replica.hpp"

#include <algorithm>
#include <utility>

#include "core/check.hpp"

namespace sluice::consensus {

namespace {

PacemakerConfig pacemaker_config(const ReplicaConfig& config) {
    return {.base = config.view_timeout_base,
            .max = config.view_timeout_max,
            .execution_max = config.execution_time_max};
}

ViewChangeCause cause_of(Expiry expiry) {
    switch (expiry) {
        case Expiry::view_timeout:
            return ViewChangeCause::timeout;
        case Expiry::slow_proposal:
            return ViewChangeCause::slow_proposal;
        case Expiry::slow_execution:
            return ViewChangeCause::slow_check;
    }
    return ViewChangeCause::timeout;
}

}  // namespace

Replica::Replica(ReplicaConfig config, Head head, RecoveredState recovered, crypto::Signer* signer)
    : config_(config),
      signer_(signer),
      head_(std::move(head)),
      certified_(head_.height),
      views_(head_.validators),
      pacemaker_(pacemaker_config(config)) {
    CHECK(config_.rotation_period >= 1);
    CHECK(head_.certificate.has_value() == (head_.height > 0));
    if (signer_ != nullptr) self_ = head_.validators.index_of(signer_->address());
    restore(std::move(recovered));
}

void Replica::restore(RecoveredState recovered) {
    promised_ = recovered.promised;
    entry_ = std::move(recovered.entry);
    lock_ = std::move(recovered.lock);
    own_ = std::move(recovered.own);
    own_view_change_ = std::move(recovered.view_change);
    rejoin_ = recovered.rejoin;
    recovering_ = recovered.log_lost;
    rejoin_nonce_ = recovered.rejoin_nonce;
    if (rejoin_) promised_ = std::max(promised_, rejoin_->view);
    if (lock_) lock_body_ = recovered.bodies.at(lock_->digest);
    if (own_.prepare) {
        const Hash& digest = own_.prepare->digest;
        CHECK(proposals_.add_body(digest, recovered.bodies.at(digest), position()));
    }
    for (const auto& [digest, payload] : recovered.bodies) {
        logged_bodies_.insert(digest);
        // What finds no room stays in the log, and others hold it too.
        static_cast<void>(proposals_.add_body(digest, payload, position()));
    }
    if (!self_) return;
    HeightVotes& votes = votes_at(height());
    if (own_.pre_prepare) static_cast<void>(proposals_.add(*own_.pre_prepare, position()));
    if (own_.prepare) {
        votes.prepares.add(entry_.view, *self_, {own_.prepare->digest, own_.prepare->envelope.signature});
    }
    if (own_.commit) {
        votes.commits.add(entry_.view, *self_, {own_.commit->digest, own_.commit->envelope.signature});
    }
    views_.note(*self_, promised_);
    if (own_view_change_) static_cast<void>(views_.add(*own_view_change_));
}

Effects Replica::start(core::Instant now) {
    now_ = now;
    progress_at_ = now;
    entered_at_ = now;
    recent_.push_back(
        {.height = head_.height, .digest = head_.digest, .validators_hash = std::nullopt, .at = now});
    if (head_.certificate) enter_by(*head_.certificate);
    repeat_own_messages();
    return finish_step();
}

Effects Replica::step(core::Instant now, const Input& input) {
    CHECK(!recent_.empty());
    now_ = std::max(now_, now);
    std::visit([this](const auto& alternative) { on(alternative); }, input);
    return finish_step();
}

Effects Replica::finish_step() {
    while (advance()) {
    }
    ask_for_missing(false);
    settle_timers();
    gather_records();
    check_invariants();
    return std::exchange(effects_, {});
}

bool Replica::advance() {
    if (finalizing_) return false;
    return finalize() || join_higher_views() || renew_view_change() || begin_new_view() || propose() ||
           prepare() || commit();
}

/// One write for everything that a step wants durable, before anything that the step sends.
void Replica::gather_records() {
    std::vector<VoteRecord> records;
    std::optional<std::size_t> first;
    for (std::size_t i = 0; i < effects_.size(); ++i) {
        auto* persist = std::get_if<Persist>(&effects_[i]);
        if (persist == nullptr) continue;
        if (!first) first = i;
        std::move(persist->records.begin(), persist->records.end(), std::back_inserter(records));
        persist->records.clear();
    }
    if (!first) return;
    std::get<Persist>(effects_[*first]).records = std::move(records);
    std::erase_if(effects_, [](const Effect& effect) {
        const auto* persist = std::get_if<Persist>(&effect);
        return persist != nullptr && persist->records.empty();
    });
}

void Replica::settle_timers() {
    const bool can_act = may_vote(height(), promised_) && !finalizing_ && !catching_up();
    PacemakerFacts facts{.height = height(),
                         .view = promised_,
                         .changing = changing(),
                         .run = false,
                         .executing = false,
                         .not_before = not_before(),
                         .unproposed_since = std::nullopt};
    if (can_act && changing()) {
        facts.run = views_.count_at(promised_) >= head_.validators.quorum();
    } else if (can_act) {
        const PrePrepare* proposal = proposals_.find(height(), entry_.view);
        const auto votes = votes_.find(height());
        const bool voted = votes != votes_.end() && (votes->second.prepares.any(entry_.view) ||
                                                     votes->second.commits.any(entry_.view));
        const bool demanded = entry_.new_view && entry_.new_view->envelope.height == height();
        facts.run = work_.pending || proposal != nullptr || voted || demanded || lock_.has_value();
        facts.executing = building_.has_value() || (proposal != nullptr && checking_ == proposal->digest);
        if (work_.pending && proposal == nullptr && !is_primary(entry_.view))
            facts.unproposed_since = work_.since;
    }
    pacemaker_.update(now_, facts);

    const bool to_repeat = (changing() && own_view_change_) || own_.pre_prepare || own_.prepare ||
                           (entry_.new_view && is_own_new_view()) || recovering_;
    const bool to_ask = certified_ > head_.height || !missing_bodies().empty();
    if (!to_repeat && !to_ask) {
        repeat_at_.reset();
    } else if (!repeat_at_ || spoke_) {
        repeat_at_ = now_ + config_.resend_interval;
    }
    spoke_ = false;
}

std::optional<core::Instant> Replica::next_deadline() const {
    std::optional<core::Instant> earliest = pacemaker_.deadline();
    const auto consider = [&earliest](core::Instant at) {
        if (!earliest || at < *earliest) earliest = at;
    };
    if (repeat_at_) consider(*repeat_at_);
    if (catching_up()) consider(progress_at_ + config_.view_timeout_max);
    if (awaits_renewal() && view_changed_at_) consider(*view_changed_at_ + limits::view_change_interval);
    return earliest;
}

void Replica::on(const DeadlineReached&) {
    if (const std::optional<Expiry> expiry = pacemaker_.expired(now_)) {
        const bool possible = may_vote(height(), promised_) && !finalizing_ && promised_ + 1 != 0;
        if (possible) change_view(promised_ + 1, cause_of(*expiry));
    }
    if (repeat_at_ && *repeat_at_ <= now_) {
        repeat_own_messages();
        ask_for_missing(true);
    }
}

void Replica::check_invariants() const {
    CHECK(entry_.view <= promised_);
    CHECK(head_.height <= certified_);
    CHECK(!recent_.empty());
    CHECK(recent_.back().height == head_.height);
    CHECK(recent_.size() <= limits::recent_blocks);
    if (lock_) {
        CHECK(lock_->height == height());
        CHECK(lock_->view <= promised_);
        CHECK(lock_body_ != nullptr);
    }
    if (own_.pre_prepare) CHECK(own_.pre_prepare->envelope.view == entry_.view);
    if (own_.prepare) CHECK(own_.prepare->envelope.view == entry_.view);
    if (own_.pre_prepare && own_.prepare) CHECK(own_.pre_prepare->digest == own_.prepare->digest);
    if (own_.commit) {
        CHECK(own_.prepare.has_value());
        CHECK(own_.commit->digest == own_.prepare->digest);
        CHECK(lock_.has_value());
        CHECK(lock_->digest == own_.commit->digest);
        CHECK(lock_->view == own_.commit->envelope.view);
    }
    if (own_view_change_) {
        CHECK(own_view_change_->envelope.view == promised_);
        CHECK(own_view_change_->envelope.height == height());
    }
    if (!votes_.empty()) {
        CHECK(votes_.begin()->first > head_.height);
        CHECK(votes_.rbegin()->first <= head_.height + limits::height_window);
    }
}

std::vector<VoteRecord> Replica::durable_records() const {
    RecoveredState state;
    state.promised = promised_;
    state.entry = entry_;
    state.lock = lock_;
    state.own = own_;
    state.view_change = own_view_change_;
    state.rejoin = rejoin_;
    state.log_lost = recovering_;
    if (lock_) state.bodies[lock_->digest] = lock_body_;
    if (own_.prepare) state.bodies[own_.prepare->digest] = find_body(own_.prepare->digest);
    if (own_.pre_prepare) state.bodies[own_.pre_prepare->digest] = own_.pre_prepare->payload;
    return records_of(state, head_.height);
}

core::SharedBytes Replica::find_body(const Hash& digest) const {
    if (lock_ && lock_->digest == digest) return lock_body_;
    return proposals_.body(digest);
}

ReplicaStatus Replica::status() const {
    return {.head = head_.height,
            .promised = promised_,
            .entered = entry_.view,
            .primary =
                head_.validators.at(head_.validators.primary(height(), entry_.view, config_.rotation_period)),
            .is_validator = self_.has_value(),
            .is_primary = is_primary(entry_.view),
            .recovering = recovering_,
            .silenced = silenced_,
            .rejoin = rejoin_,
            .certified = certified_,
            .locked = lock_.has_value(),
            .timeouts_in_row = pacemaker_.exponent()};
}

}  // namespace sluice::consensus
