#include "node/snapshot_join.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace sluice::node {
namespace {

/// An offer holds a block and its receipts, and is put together from the disk.
constexpr core::Duration offer_time_max = core::seconds(10);
/// After the first offer that holds, others may show a newer state, or the same one as a further source.
constexpr core::Duration choosing_time = core::seconds(1);
/// Peers are asked again this long after they had nothing; when nobody has, it is over after twice that.
constexpr core::Duration ask_again_time = core::seconds(3);
constexpr core::Duration nothing_time = core::seconds(6);
constexpr core::Duration parts_time_max = core::seconds(5);
/// A source that did not answer is left alone this long, and given up after so many times.
constexpr core::Duration quiet_time = core::seconds(5);
constexpr unsigned overdue_max = 3;
/// Sources asked at a time: their answers are in memory together.
constexpr std::size_t requests_max = 4;
constexpr core::Duration look_time = core::milliseconds(200);

}  // namespace

SnapshotJoin::SnapshotJoin(std::shared_ptr<const JoinRoots> roots, Outbox& outbox, JoinWorkers& workers,
                           EventLog& log)
    : roots_(std::move(roots)), outbox_(outbox), workers_(workers), log_(log) {}

void SnapshotJoin::start(Now now) {
    settle(now);
}

void SnapshotJoin::send(const core::Address& to, const SyncMessage& message) {
    outbox_.send(to, network::Channel::sync, core::share(encode(message)));
}

void SnapshotJoin::on_peer_up(Now now, const core::Address& peer) {
    if (end_) return;
    peers_.insert_or_assign(peer, Peer{.asking = Asking::idle,
                                       .request_id = 0,
                                       .deadline = {},
                                       .is_silent = false,
                                       .trust = trust_in_genesis(*roots_),
                                       .offer = nullptr,
                                       .is_source = false,
                                       .request = std::nullopt,
                                       .quiet_until = {},
                                       .overdue = 0});
    settle(now);
}

void SnapshotJoin::on_peer_down(Now now, const core::Address& peer) {
    const auto found = peers_.find(peer);
    if (end_ || found == peers_.end()) return;
    stop_using(found->second);
    peers_.erase(found);
    settle(now);
}

void SnapshotJoin::on_frame(Now now, const core::Address& from, network::Channel channel,
                            const core::SharedBytes& bytes) {
    if (end_ || channel != network::Channel::sync || !peers_.contains(from)) return;
    auto message = decode_sync_message(*bytes);
    if (!message) {
        exclude(from, "malformed sync message");
    } else if (auto* offer = std::get_if<SnapshotOffer>(&*message)) {
        on_offer(now, from, std::move(*offer));
    } else if (auto* answer = std::get_if<PartsAnswer>(&*message)) {
        on_parts(from, std::move(*answer));
    } else if (const auto* wish = std::get_if<SnapshotRequest>(&*message)) {
        // Another one that joins need not wait for this one.
        SnapshotOffer none;
        none.request_id = wish->request_id;
        send(from, none);
    } else if (const auto* blocks = std::get_if<BlocksRequest>(&*message)) {
        send(from, BlocksAnswer{blocks->request_id, {}});
    }
    settle(now);
}

void SnapshotJoin::on_offer(Now now, const core::Address& from, SnapshotOffer offer) {
    Peer& peer = peers_.at(from);
    if (peer.asking != Asking::asked || peer.request_id != offer.request_id) return;
    if (!first_answer_) first_answer_ = now.instant;
    peer.is_silent = false;
    if (offer.height == 0 && !offer.more_links) {
        peer.asking = Asking::offered_nothing;
        peer.deadline = now.instant + ask_again_time;
        return;
    }
    peer.asking = Asking::checking;
    workers_.start(CheckOffer{from, roots_, peer.trust, std::move(offer)});
}

void SnapshotJoin::on_parts(const core::Address& from, PartsAnswer answer) {
    Peer& peer = peers_.at(from);
    if (!peer.request || peer.request->id != answer.request_id || peer.request->wanted.empty()) return;
    if (answer.chunks.size() > peer.request->wanted.size())
        return exclude(from, "sent more parts of a state than it was asked for");
    if (answer.chunks.empty()) {
        // It has let go of this state, which is its right.
        return stop_using(peer);
    }
    ++taking_;
    workers_.start(TakeParts{from, std::exchange(peer.request->wanted, {}), std::move(answer.chunks)});
}

void SnapshotJoin::on_task_done(Now now, JoinResult result) {
    if (end_) return;
    std::visit([&](auto& concrete) { take(now, std::move(concrete)); }, result);
    settle(now);
}

void SnapshotJoin::take(Now now, OfferChecked result) {
    const auto found = peers_.find(result.from);
    if (found == peers_.end() || found->second.asking != Asking::checking) return;
    Peer& peer = found->second;
    if (!result.fault.empty()) {
        log_.warn("snapshot_refused", {{"from", result.from}, {"reason", result.fault}});
        return exclude(result.from, "offered a state that does not hold");
    }
    if (result.trust) {
        peer.trust = std::move(*result.trust);
        peer.asking = Asking::idle;
        peer.deadline = now.instant;
        return;
    }
    peer.asking = Asking::offered;
    peer.offer = std::move(result.chain);
    peer.is_source = chosen_ && peer.offer->head_hash == chosen_->head_hash;
    if (!first_offer_) first_offer_ = now.instant;
}

void SnapshotJoin::take(Now, ImportBegun result) {
    phase_ = Phase::fetching;
    wanted_ = {std::move(result.root)};
}

void SnapshotJoin::take(Now, PartsTaken result) {
    --taking_;
    accounts_ = result.accounts;
    bytes_ = result.bytes;
    std::move(result.wanted.begin(), result.wanted.end(), std::back_inserter(wanted_));
    const auto found = peers_.find(result.from);
    if (found == peers_.end()) return;
    // A peer that was away meanwhile may have been asked for other parts.
    auto& request = found->second.request;
    if (request && request->wanted.empty()) request.reset();
    found->second.overdue = 0;
    if (result.fault.empty()) return;
    log_.warn("snapshot_part_refused", {{"from", result.from}, {"reason", result.fault}});
    exclude(result.from, "sent a part of a state that does not hold");
}

void SnapshotJoin::take(Now, ImportFinished result) {
    if (result.fault.empty()) {
        log_.info("joined", {{"height", chosen_->head.height}, {"accounts", accounts_}, {"bytes", bytes_}});
        end_ = JoinEnd::joined;
        return;
    }
    // Every part was checked under the root, so this is the machine's fault and not a peer's.
    log_.error("snapshot_not_whole", {{"reason", result.fault}});
    begin_anew();
}

void SnapshotJoin::on_deadline(Now now) {
    settle(now);
}

void SnapshotJoin::settle(Now now) {
    next_look_.reset();
    if (end_) return;
    give_up_overdue(now);
    ask_for_offers(now);
    if (phase_ == Phase::choosing) choose(now);
    if (phase_ == Phase::fetching) fetch(now);
    if (!end_) next_look_ = now.instant + look_time;
}

void SnapshotJoin::ask_for_offers(Now now) {
    for (auto& [address, peer] : peers_) {
        if (peer.deadline > now.instant) continue;
        if (peer.asking == Asking::asked) peer.is_silent = true;
        if (peer.asking == Asking::checking || peer.asking == Asking::offered) continue;
        peer.asking = Asking::asked;
        peer.request_id = next_request_++;
        peer.deadline = now.instant + offer_time_max;
        send(address, SnapshotRequest{peer.request_id, peer.trust.known.height,
                                      roots_->trusted ? roots_->trusted->height : 0});
    }
}

void SnapshotJoin::choose(Now now) {
    bool is_waiting = false;
    std::shared_ptr<const ledger::JoinedChain> best;
    for (const auto& [address, peer] : peers_) {
        is_waiting |= (peer.asking == Asking::asked && !peer.is_silent) || peer.asking == Asking::checking;
        if (peer.offer && (!best || peer.offer->head.height > best->head.height)) best = peer.offer;
    }
    if (!best && !is_waiting && first_answer_ && now.instant >= *first_answer_ + nothing_time)
        end_ = JoinEnd::nothing_offered;
    if (!best || (is_waiting && now.instant < *first_offer_ + choosing_time)) return;
    chosen_ = std::move(best);
    for (auto& [address, peer] : peers_)
        peer.is_source = peer.offer && peer.offer->head_hash == chosen_->head_hash;
    log_.info(
        "joining",
        {{"height", chosen_->head.height}, {"block", chosen_->head_hash}, {"sources", progress().sources}});
    phase_ = Phase::beginning;
    workers_.start(BeginImport{chosen_});
}

void SnapshotJoin::fetch(Now now) {
    std::size_t sources = 0, under_way = 0;
    for (const auto& [address, peer] : peers_) {
        sources += peer.is_source ? 1 : 0;
        under_way += peer.request ? 1 : 0;
    }
    if (wanted_.empty() && under_way == 0 && taking_ == 0) {
        phase_ = Phase::finishing;
        return workers_.start(FinishImport{chosen_});
    }
    if (sources == 0 && taking_ == 0) return begin_anew();
    for (auto& [address, peer] : peers_) {
        if (wanted_.empty() || under_way >= requests_max) return;
        if (!peer.is_source || peer.request || peer.quiet_until > now.instant) continue;
        const std::size_t count = std::min<std::size_t>(wanted_.size(), sync_parts_max);
        const auto first = wanted_.end() - static_cast<std::ptrdiff_t>(count);
        peer.request = Request{next_request_++, {first, wanted_.end()}, now.instant + parts_time_max};
        wanted_.erase(first, wanted_.end());
        // The newest finds come first in the answer as well.
        std::reverse(peer.request->wanted.begin(), peer.request->wanted.end());
        PartsRequest request{peer.request->id, chosen_->head_hash, {}};
        for (const auto& wanted : peer.request->wanted)
            request.parts.push_back(wanted.part);
        send(address, request);
        ++under_way;
    }
}

void SnapshotJoin::give_up_overdue(Now now) {
    for (auto& [address, peer] : peers_) {
        const bool is_overdue =
            peer.request && !peer.request->wanted.empty() && peer.request->deadline <= now.instant;
        if (!is_overdue) continue;
        std::move(peer.request->wanted.begin(), peer.request->wanted.end(), std::back_inserter(wanted_));
        peer.request.reset();
        peer.quiet_until = now.instant + quiet_time;
        if (++peer.overdue >= overdue_max) stop_using(peer);
    }
}

/// What it was asked for is asked of others.
void SnapshotJoin::stop_using(Peer& peer) {
    if (peer.request)
        std::move(peer.request->wanted.begin(), peer.request->wanted.end(), std::back_inserter(wanted_));
    peer.request.reset();
    peer.is_source = false;
}

void SnapshotJoin::exclude(const core::Address& peer, std::string_view why) {
    const auto found = peers_.find(peer);
    CHECK(found != peers_.end());
    stop_using(found->second);
    peers_.erase(found);
    outbox_.punish(peer, why);
}

/// Nobody holds the chosen state any more: others have newer ones by now.
void SnapshotJoin::begin_anew() {
    log_.warn("joining_anew", {{"height", chosen_->head.height}, {"accounts", accounts_}});
    phase_ = Phase::choosing;
    chosen_.reset();
    wanted_.clear();
    accounts_ = bytes_ = 0;
    first_offer_.reset();
    first_answer_.reset();
    for (auto& [address, peer] : peers_) {
        peer.asking = Asking::idle;
        peer.deadline = {};
        peer.trust = trust_in_genesis(*roots_);
        peer.offer.reset();
        peer.is_source = false;
        peer.request.reset();
        peer.overdue = 0;
    }
}

JoinProgress SnapshotJoin::progress() const {
    JoinProgress progress;
    progress.height = chosen_ ? chosen_->head.height : 0;
    progress.peers = peers_.size();
    for (const auto& [address, peer] : peers_)
        progress.sources += peer.is_source ? 1 : 0;
    progress.parts_waiting = wanted_.size();
    progress.accounts = accounts_;
    progress.bytes = bytes_;
    return progress;
}

}  // namespace sluice::node
