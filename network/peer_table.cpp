#include "network/peer_table.hpp"

#include <algorithm>
#include <utility>

#include "core/check.hpp"
#include "network/limits.hpp"

namespace sluice::network {

namespace {

/// True for refusals that dialling again at once cannot change.
bool is_lasting(CloseReason reason) {
    switch (reason) {
        case CloseReason::certificate_refused:
        case CloseReason::certificate_of_another:
        case CloseReason::malformed:
        case CloseReason::wrong_protocol_version:
        case CloseReason::wrong_chain:
        case CloseReason::wrong_genesis:
        case CloseReason::bad_signature:
        case CloseReason::unexpected_address:
        case CloseReason::not_allowed:
        case CloseReason::too_many_peers:
        case CloseReason::banned:
            return true;
        case CloseReason::none:
        case CloseReason::unreachable:
        case CloseReason::tls_failed:
        case CloseReason::handshake_timeout:
        case CloseReason::already_connected:
        case CloseReason::self_connection:
        case CloseReason::slow_consumer:
        case CloseReason::silent:
        case CloseReason::misbehaved:
        case CloseReason::shutting_down:
        case CloseReason::connection_lost:
            return false;
    }
    return false;
}

}  // namespace

PeerTable::PeerTable(core::Address self, std::vector<PeerTarget> targets,
                     std::chrono::milliseconds longest_wait)
    : longest_wait_(longest_wait) {
    rows_.reserve(targets.size());
    for (PeerTarget& target : targets) {
        Row row;
        row.target = std::move(target);
        row.identity = row.target.expected;
        row.is_self = row.identity == self;
        rows_.push_back(std::move(row));
    }
}

std::vector<PeerTable::TargetIndex> PeerTable::begin_due_dials(Instant now) {
    std::vector<TargetIndex> due;
    for (TargetIndex index = 0; index < rows_.size(); ++index) {
        Row& row = rows_[index];
        if (row.is_dialling || row.is_self || row.due > now || is_connected(row)) continue;
        if (row.identity && is_banned(*row.identity, now)) continue;
        row.is_dialling = true;
        due.push_back(index);
    }
    return due;
}

void PeerTable::dial_failed(TargetIndex index, CloseReason reason, Instant now) {
    Row& row = rows_[index];
    row.is_dialling = false;
    row.last_reason = reason;
    ++row.failures;
    if (reason == CloseReason::self_connection) row.is_self = true;
    row.due = now + (is_lasting(reason) ? longest_wait_ : backoff(row.failures));
}

void PeerTable::dial_succeeded(TargetIndex index) {
    rows_[index].is_dialling = false;
}

void PeerTable::learn_identity(TargetIndex index, const core::Address& address) {
    rows_[index].identity = address;
}

void PeerTable::peer_up(const core::Address& address) {
    live_.insert(address);
    for (Row& row : rows_) {
        if (row.identity == address) row.failures = 0;
    }
}

void PeerTable::peer_down(const core::Address& address, CloseReason reason, Instant now) {
    live_.erase(address);
    for (Row& row : rows_) {
        if (row.identity != address) continue;
        row.failures = 0;
        row.last_reason = reason;
        row.due = now + redial_first;
    }
}

void PeerTable::penalise(const core::Address& address, Instant now) {
    if (!bans_.contains(address) && bans_.size() >= bans_max) forget_oldest_ban();
    Ban& ban = bans_[address];
    const bool is_forgiven = ban.length.count() == 0 || now >= ban.until + ban_max;
    ban.length = is_forgiven ? ban_first : std::min(ban.length * 2, ban_max);
    ban.until = now + ban.length;
}

bool PeerTable::is_banned(const core::Address& address, Instant now) const {
    const auto found = bans_.find(address);
    return found != bans_.end() && now < found->second.until;
}

std::vector<AbsentPeer> PeerTable::absent() const {
    std::vector<AbsentPeer> result;
    for (const Row& row : rows_) {
        if (row.is_self || is_connected(row)) continue;
        result.push_back({.target = row.target, .attempts = row.failures, .last_reason = row.last_reason});
    }
    return result;
}

bool PeerTable::is_connected(const Row& row) const {
    return row.identity && is_live(*row.identity);
}

std::chrono::milliseconds PeerTable::backoff(std::uint64_t failures) const {
    const std::uint64_t doublings = std::min<std::uint64_t>(failures - 1, 10);
    return std::min(redial_first * (1 << doublings), longest_wait_);
}

void PeerTable::forget_oldest_ban() {
    const auto oldest = std::min_element(bans_.begin(), bans_.end(), [](const auto& a, const auto& b) {
        return a.second.until < b.second.until;
    });
    CHECK(oldest != bans_.end());
    bans_.erase(oldest);
}

}  // namespace sluice::network
