/// What a node holds for those who join, and when it would rather be opened again itself.
#include "core/check.hpp"
#include "node/node.hpp"

namespace sluice::node {
namespace {

/// Reads for one neighbour at a time; it asks again for what it does not get.
constexpr std::size_t reading_max = 4;
/// A body has megabytes; whoever asks in earnest repeats itself more seldom.
constexpr core::Duration body_answer_pause = core::milliseconds(100);
/// An empty ledger that is further behind begins with a snapshot instead of executing every block.
constexpr core::Height join_behind_min = 10'000;

}  // namespace

std::string_view describe(Reopening why) {
    switch (why) {
        case Reopening::join:
            return "to join from a snapshot";
        case Reopening::caught_up:
            return "to vote, now that the ledger holds what the vote log knows";
    }
    CHECK(false);
    return {};
}

void Node::answer_body(Now now, const core::Address& peer, const BodyRequest& request) {
    auto& next = next_body_answer_[peer];
    if (now.instant < next) return;
    auto body = driver_.replica().find_body(request.block_hash);
    if (!body) return;
    next = now.instant + body_answer_pause;
    outbox_.send(peer, network::Channel::sync,
                 core::share(encode(SyncMessage{BodyAnswer{request.block_hash, std::move(body)}})));
}

void Node::read_for(const core::Address& peer, Task task) {
    auto& under_way = reading_[peer];
    if (under_way >= reading_max) return;
    ++under_way;
    workers_.start(Lane::bulk, std::move(task));
}

void Node::take(Now, AnswerRead result) {
    if (const auto found = reading_.find(result.to); found != reading_.end() && found->second > 0)
        --found->second;
    outbox_.send(result.to, network::Channel::sync, std::move(result.answer));
}

core::SharedBytes Node::head_notice() const {
    const auto& head = pipeline_.head();
    return core::share(
        encode(SyncMessage{HeadNotice{head.header.height, head.hash, snapshot_->first_body()}}));
}

void Node::pin_state(core::Instant now) {
    if (auto state = snapshot_->export_state()) pins_.add(now, std::move(state));
}

void Node::note_unserved() {
    const core::Height height = pipeline_.head().header.height;
    const bool is_unserved = sync_.is_unserved(height);
    if (is_unserved && !is_unserved_ && height > 0)
        log_.error("next_block_unserved",
                   {{"height", height + 1},
                    {"advice",
                     "peers have dropped it: 'sluiced repair --discard-ledger' keeps this ledger "
                     "beside and joins from a snapshot"}});
    is_unserved_ = is_unserved;
}

void Node::reopen_if_due() {
    const core::Height height = pipeline_.head().header.height;
    std::optional<Reopening> why;
    if (silent_until_ && height >= *silent_until_) why = Reopening::caught_up;
    // A peer that keeps everything may be a moment later than one that does not.
    const bool stays_unserved = is_unserved_ && sync_.is_unserved(height);
    const bool is_far = sync_.best_claim() > join_behind_min || stays_unserved;
    if (may_join_ && height == 0 && is_far) why = Reopening::join;
    if (!why || stopped_) return;
    stopped_ = true;
    log_.info("reopening", {{"why", describe(*why)}, {"height", height}});
    observer_.on_reopening(*why);
}

}  // namespace sluice::node
