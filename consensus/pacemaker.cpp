#include "consensus/pacemaker.hpp"

#include <algorithm>
#include <vector>

#include "consensus/limits.hpp"

namespace sluice::consensus {

namespace {

void lower_to(std::optional<core::Instant>& earliest, const std::optional<core::Instant>& candidate) {
    if (candidate && (!earliest || *candidate < *earliest)) earliest = candidate;
}

}  // namespace

bool Pacemaker::is_new_position(const PacemakerFacts& facts) const {
    return facts.height != facts_.height || facts.view != facts_.view || facts.changing != facts_.changing;
}

void Pacemaker::update(core::Instant now, const PacemakerFacts& facts) {
    if (is_new_position(facts)) {
        position_since_ = now;
        view_deadline_.reset();
        remaining_.reset();
        execution_deadline_.reset();
    }
    facts_ = facts;
    const bool executing = facts.run && facts.executing;
    if (!facts.run) {
        view_deadline_.reset();
        remaining_.reset();
    } else if (executing) {
        if (!remaining_) {
            remaining_ = view_deadline_ ? std::max(*view_deadline_ - now, core::Duration{}) : view_timeout();
        }
        view_deadline_.reset();
    } else if (!view_deadline_) {
        view_deadline_ = remaining_ ? now + *remaining_ : std::max(now, facts.not_before) + view_timeout();
        remaining_.reset();
    }
    if (!executing) {
        execution_deadline_.reset();
    } else if (!execution_deadline_) {
        execution_deadline_ = now + config_.execution_max;
    }
    proposal_deadline_.reset();
    if (facts.run && facts.unproposed_since && exponent_ == 0) {
        proposal_deadline_ =
            std::max({*facts.unproposed_since, position_since_, facts.not_before}) + proposal_timeout();
    }
}

std::optional<Expiry> Pacemaker::expired(core::Instant now) const {
    if (view_deadline_ && *view_deadline_ <= now) return Expiry::view_timeout;
    if (proposal_deadline_ && *proposal_deadline_ <= now) return Expiry::slow_proposal;
    if (execution_deadline_ && *execution_deadline_ <= now) return Expiry::slow_execution;
    return std::nullopt;
}

std::optional<core::Instant> Pacemaker::deadline() const {
    std::optional<core::Instant> earliest;
    lower_to(earliest, view_deadline_);
    lower_to(earliest, proposal_deadline_);
    lower_to(earliest, execution_deadline_);
    return earliest;
}

void Pacemaker::view_changed() {
    if (view_timeout() < config_.max) ++exponent_;
}

void Pacemaker::committed() {
    if (exponent_ > 0) --exponent_;
}

void Pacemaker::note_commit_time(core::Duration taken) {
    commit_times_.push_back(taken);
    if (commit_times_.size() > limits::commit_times) commit_times_.pop_front();
}

core::Duration Pacemaker::view_timeout() const {
    core::Duration timeout = config_.base;
    for (std::uint64_t i = 0; i < exponent_ && timeout < config_.max; ++i) {
        timeout = timeout * 3 / 2;
    }
    return std::min(timeout, config_.max);
}

core::Duration Pacemaker::proposal_timeout() const {
    if (commit_times_.size() < limits::commit_times_min) return config_.base;
    std::vector<core::Duration> sorted(commit_times_.begin(), commit_times_.end());
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    const core::Duration wanted =
        std::max(limits::proposal_timeout_min, *middle * limits::proposal_timeout_commits);
    return std::min(wanted, config_.base);
}

}  // namespace sluice::consensus
