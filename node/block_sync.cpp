#include "node/block_sync.hpp"

#include <algorithm>

namespace sluice::node {
namespace {

/// An answer that takes longer is asked of another peer.
constexpr core::Duration answer_time_max = core::seconds(3);
/// A peer that did not deliver is left alone this long, while there is another one to ask.
constexpr core::Duration quiet_time = core::seconds(10);
/// One block behind is normal while votes are under way: only after this long is it fetched.
constexpr core::Duration one_behind_time = core::milliseconds(300);
/// Without a request under way the situation is looked at again after this long.
constexpr core::Duration retry_time = core::milliseconds(100);
/// Blocks that wait here for execution; beyond that nothing more is asked for.
constexpr std::size_t received_max = 2 * sync_blocks_max;

}  // namespace

void BlockSync::peer_up(const core::Address& peer) {
    peers_.try_emplace(peer);
}

void BlockSync::peer_down(const core::Address& peer) {
    peers_.erase(peer);
    if (request_ && request_->peer == peer) request_.reset();
}

void BlockSync::peer_has(const core::Address& peer, core::Height height,
                         std::optional<core::Height> first_block) {
    const auto found = peers_.find(peer);
    if (found == peers_.end()) return;
    found->second.height = height;
    if (first_block) found->second.first_block = *first_block;
}

bool BlockSync::is_unserved(core::Height head) const {
    bool is_behind = false;
    for (const auto& [address, peer] : peers_) {
        if (peer.height <= head) continue;
        if (peer.first_block <= head + 1) return false;
        is_behind = true;
    }
    return is_behind;
}

void BlockSync::certified(core::Height height) {
    certified_ = std::max(certified_, height);
}

core::Height BlockSync::best_claim() const {
    core::Height best = 0;
    for (const auto& [address, peer] : peers_)
        best = std::max(best, peer.height);
    return best;
}

void BlockSync::answer(const core::Address& peer, BlocksAnswer answer) {
    if (!request_ || request_->peer != peer || request_->id != answer.request_id) return;
    const Request request = *request_;
    request_.reset();
    if (answer.blocks.empty() || answer.blocks.size() > request.count) {
        // It claimed more than it gave: believe its claim no longer.
        peers_[peer].height = request.from - 1;
        return;
    }
    core::Height height = request.from;
    for (auto& block : answer.blocks)
        received_.push_back({height++, std::move(block), peer});
}

void BlockSync::refused(const core::Address& peer) {
    peers_.erase(peer);
    start_over();
}

/// What is here or asked for does not follow on: it will be asked for again.
void BlockSync::start_over() {
    received_.clear();
    request_.reset();
    at_work_ = 0;
}

void BlockSync::drop_received_up_to(core::Height head) {
    while (!received_.empty() && received_.front().height <= head)
        received_.pop_front();
    if (!received_.empty() && received_.front().height != next_wanted(head)) start_over();
}

/// The block after the head may be at work already: it was taken from here and is not appended yet.
core::Height BlockSync::next_wanted(core::Height head) const {
    return std::max(head, at_work_) + 1;
}

std::optional<core::Address> BlockSync::choose_peer(core::Height from, core::Instant now) {
    std::optional<core::Address> first, next, longest_quiet;
    core::Instant ends_first;
    bool all_are_quiet = true;
    for (const auto& [address, peer] : peers_) {
        const bool is_quiet = peer.quiet_until > now;
        all_are_quiet = all_are_quiet && is_quiet;
        if (peer.height < from || peer.first_block > from) continue;
        if (!is_quiet) {
            if (!first) first = address;
            if (!next && address > last_asked_) next = address;
        } else if (!longest_quiet || peer.quiet_until < ends_first) {
            longest_quiet = address;
            ends_first = peer.quiet_until;
        }
    }
    if (next) return next;
    if (first) return first;
    // Where others answer and do not have it, a claim of one that does not deliver is worth nothing.
    return all_are_quiet || certified_ >= from ? longest_quiet : std::nullopt;
}

void BlockSync::advance(Now now, core::Height head) {
    drop_received_up_to(head);
    if (request_ && now.instant >= request_->deadline) {
        if (const auto peer = peers_.find(request_->peer); peer != peers_.end())
            peer->second.quiet_until = now.instant + quiet_time;
        request_.reset();
    }
    if (request_ && request_->from + request_->count <= head + 1) request_.reset();
    ask(now.instant, head);
    wake_at_.reset();
    if (request_)
        wake_at_ = request_->deadline;
    else if (behind_since_)
        wake_at_ = now.instant + retry_time;
}

void BlockSync::ask(core::Instant now, core::Height head) {
    const core::Height target = std::max(certified_, best_claim());
    if (target <= head) {
        behind_since_.reset();
        return;
    }
    if (!behind_since_ || behind_at_ != head) {
        behind_since_ = now;
        behind_at_ = head;
    }
    if (target == head + 1 && now < *behind_since_ + one_behind_time) return;
    if (request_ || received_.size() >= received_max) return;
    const core::Height from = received_.empty() ? next_wanted(head) : received_.back().height + 1;
    if (from > target) return;
    const auto peer = choose_peer(from, now);
    if (!peer) return;
    const auto count = static_cast<std::uint32_t>(std::min<core::Height>(sync_blocks_max, target - from + 1));
    request_ = Request{next_request_++, *peer, from, count, now + answer_time_max};
    last_asked_ = *peer;
    const BlocksRequest request{request_->id, from, count};
    outbox_.send(*peer, network::Channel::sync, core::share(encode(SyncMessage{request})));
}

std::optional<std::pair<CertifiedBlock, core::Address>> BlockSync::take_next(core::Height head) {
    at_work_ = 0;
    drop_received_up_to(head);
    if (received_.empty() || received_.front().height != head + 1) return std::nullopt;
    auto next = std::pair{std::move(received_.front().block), received_.front().from};
    received_.pop_front();
    at_work_ = head + 1;
    return next;
}

}  // namespace sluice::node
