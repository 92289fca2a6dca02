#include "consensus/proposal_store.hpp"

#include <tuple>

#include "consensus/limits.hpp"
#include "core/check.hpp"

namespace sluice::consensus {

namespace {

/// Greater is less useful: later heights, then views ahead of the entered one, then views behind it, each by
/// distance.
std::tuple<Height, bool, bool, View> uselessness(Height height, View view, ProposalStore::Position now) {
    if (view > now.view) return {height, true, true, view - now.view};
    return {height, view != now.view, false, now.view - view};
}

}  // namespace

ProposalStore::Outcome ProposalStore::add(const PrePrepare& message, Position now) {
    const Envelope& envelope = message.envelope;
    const Key key{envelope.height, envelope.view};
    CHECK(envelope.height >= now.height);
    if (const PrePrepare* kept = find(key.first, key.second)) {
        return kept->digest == message.digest ? Outcome::repeated : Outcome::conflicting;
    }
    const std::size_t size = message.payload->size();
    while (bytes_of(envelope.sender) + size > limits::proposal_bytes_per_sender_max) {
        const auto worst = least_useful(now, envelope.sender);
        if (worst == proposals_.end()) return Outcome::no_room;
        if (uselessness(key.first, key.second, now) >=
            uselessness(worst->first.first, worst->first.second, now)) {
            return Outcome::no_room;
        }
        erase(worst);
    }
    if (!make_room(size, now, key)) return Outcome::no_room;
    bytes_ += size;
    proposals_.emplace(key, message);
    return Outcome::stored;
}

bool ProposalStore::add_body(const Hash& digest, core::SharedBytes payload, Position now) {
    if (bodies_.contains(digest)) return true;
    const std::size_t size = payload->size();
    if (!make_room(size, now, std::nullopt)) return false;
    bytes_ += size;
    bodies_.emplace(digest, std::move(payload));
    return true;
}

const PrePrepare* ProposalStore::find(Height height, View view) const {
    const auto found = proposals_.find({height, view});
    return found == proposals_.end() ? nullptr : &found->second;
}

core::SharedBytes ProposalStore::body(const Hash& digest) const {
    if (const auto fetched = bodies_.find(digest); fetched != bodies_.end()) return fetched->second;
    for (const auto& [key, proposal] : proposals_) {
        if (proposal.digest == digest) return proposal.payload;
    }
    return nullptr;
}

void ProposalStore::forget(Height head, const Hash& validators_hash) {
    for (auto proposal = proposals_.begin(); proposal != proposals_.end();) {
        const auto next = std::next(proposal);
        const Envelope& envelope = proposal->second.envelope;
        if (envelope.height <= head || envelope.validators_hash != validators_hash) erase(proposal);
        proposal = next;
    }
    for (const auto& [digest, payload] : bodies_) {
        bytes_ -= payload->size();
    }
    bodies_.clear();
}

bool ProposalStore::make_room(std::size_t wanted, Position now, std::optional<Key> newcomer) {
    while (bytes_ + wanted > limits::proposal_bytes_max) {
        const auto worst = least_useful(now, std::nullopt);
        if (worst == proposals_.end()) return false;
        const auto& [height, view] = worst->first;
        if (newcomer &&
            uselessness(newcomer->first, newcomer->second, now) >= uselessness(height, view, now)) {
            return false;
        }
        erase(worst);
    }
    return true;
}

std::size_t ProposalStore::bytes_of(ValidatorIndex sender) const {
    std::size_t sum = 0;
    for (const auto& [key, proposal] : proposals_) {
        if (proposal.envelope.sender == sender) sum += proposal.payload->size();
    }
    return sum;
}

ProposalStore::Proposals::iterator ProposalStore::least_useful(Position now,
                                                               std::optional<ValidatorIndex> of) {
    auto worst = proposals_.end();
    for (auto proposal = proposals_.begin(); proposal != proposals_.end(); ++proposal) {
        const auto& [height, view] = proposal->first;
        if (of && proposal->second.envelope.sender != *of) continue;
        if (height == now.height && view == now.view) continue;
        if (worst == proposals_.end() ||
            uselessness(height, view, now) > uselessness(worst->first.first, worst->first.second, now)) {
            worst = proposal;
        }
    }
    return worst;
}

void ProposalStore::erase(Proposals::iterator proposal) {
    bytes_ -= proposal->second.payload->size();
    proposals_.erase(proposal);
}

}  // namespace sluice::consensus
