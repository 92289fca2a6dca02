#include "network/gossip.hpp"

#include <algorithm>
#include <utility>

#include "core/check.hpp"

namespace sluice::network {

RecentIds::RecentIds(std::size_t capacity) : capacity_(capacity) {
    CHECK(capacity > 0);
    places_.reserve(std::min<std::size_t>(capacity, 4096));
}

bool RecentIds::insert(std::uint64_t id) {
    if (const auto found = places_.find(id); found != places_.end()) {
        order_.splice(order_.begin(), order_, found->second);
        return false;
    }
    if (order_.size() == capacity_) {
        places_.erase(order_.back());
        // The node of the forgotten id is used again: no allocation once the set is full.
        order_.splice(order_.begin(), order_, std::prev(order_.end()));
        order_.front() = id;
    } else {
        order_.push_front(id);
    }
    places_.emplace(id, order_.begin());
    return true;
}

Gossip::Gossip(core::Address self, ShortHashKey key, std::uint64_t first_sequence, std::size_t remembered)
    : self_(self), key_(key), next_sequence_(first_sequence), recent_(remembered) {}

void Gossip::neighbour_up(const core::Address& neighbour) {
    neighbours_[neighbour].clear();
}

void Gossip::neighbour_down(const core::Address& neighbour) {
    neighbours_.erase(neighbour);
}

void Gossip::neighbour_advertised(const core::Address& neighbour, std::vector<core::Address> connected_to) {
    const auto found = neighbours_.find(neighbour);
    if (found == neighbours_.end()) return;
    found->second = std::set<core::Address>(connected_to.begin(), connected_to.end());
}

std::vector<core::Address> Gossip::neighbours() const {
    std::vector<core::Address> all;
    all.reserve(neighbours_.size());
    for (const auto& [neighbour, connected_to] : neighbours_)
        all.push_back(neighbour);
    return all;
}

std::vector<core::Address> Gossip::neighbours_of(const core::Address& neighbour) const {
    const auto found = neighbours_.find(neighbour);
    if (found == neighbours_.end()) return {};
    return {found->second.begin(), found->second.end()};
}

GossipDecision Gossip::originate(Channel channel, core::ByteView body) {
    GossipDecision decision;
    decision.header = {.origin = self_, .sequence = next_sequence_++, .hops = 0};
    // Remembered, so that an echo from a malicious or confused neighbour is known for what it is.
    recent_.insert(id_of(decision.header, channel, body));
    decision.relay_to = neighbours();
    return decision;
}

GossipDecision Gossip::receive(const core::Address& from, const GossipHeader& header, Channel channel,
                               core::ByteView body) {
    GossipDecision decision;
    decision.header = header;
    if (header.origin == self_ || !recent_.insert(id_of(header, channel, body))) {
        ++duplicates_suppressed_;
        return decision;
    }
    decision.deliver = true;
    if (header.hops + 1 >= gossip_hops_max) return decision;
    decision.header.hops = static_cast<std::uint8_t>(header.hops + 1);
    for (const auto& [neighbour, connected_to] : neighbours_) {
        if (neighbour == from || neighbour == header.origin) continue;
        if (connected_to.contains(header.origin)) continue;
        decision.relay_to.push_back(neighbour);
    }
    messages_relayed_ += decision.relay_to.size();
    return decision;
}

std::uint64_t Gossip::id_of(const GossipHeader& header, Channel channel, core::ByteView body) const {
    // Hops change on the way and are no part of the identity; the body is, so that a neighbour who guesses
    // origin and sequence cannot put another body in the message's place.
    return ShortHash(key_)
        .update(core::ByteView(header.origin))
        .update(header.sequence)
        .update(static_cast<std::uint64_t>(channel))
        .update(body)
        .finish();
}

}  // namespace sluice::network
