/// Who has to be told what: duplicate suppression and relaying, without any input or output.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "network/channel.hpp"
#include "network/short_hash.hpp"

namespace sluice::network {

/// What travels beside the body of a gossiped message.
struct GossipHeader {
    core::Address origin{};      ///< who made it, as the neighbour says
    std::uint64_t sequence = 0;  ///< chosen by the origin: tells a message sent again from a duplicate
    std::uint8_t hops = 0;       ///< connections it has crossed before this one
    bool operator==(const GossipHeader&) const = default;
};

/// What to do with a message.
struct GossipDecision {
    bool deliver = false;                 ///< hand it to the node: it is new here and not our own
    std::vector<core::Address> relay_to;  ///< send it on to these neighbours, in order of address
    GossipHeader header;                  ///< the header to send it on with
};

/// A set of the last N numbers, forgetting the least recently added. No clock, bounded memory.
class RecentIds {
  public:
    explicit RecentIds(std::size_t capacity);
    /// False if it was already there (which makes it recent again).
    bool insert(std::uint64_t id);
    std::size_t size() const { return order_.size(); }

  private:
    std::size_t capacity_;
    std::list<std::uint64_t> order_;
    std::unordered_map<std::uint64_t, std::list<std::uint64_t>::iterator> places_;
};

/// Flooding that spares known receivers. A message is relayed to a neighbour unless that neighbour handed it
/// over, made it, or has advertised a live connection to whoever made it. In a full mesh nobody relays; where
/// links are missing the message floods; ids and hops end every loop. One thread.
class Gossip {
  public:
    /// `key` must be unpredictable to peers: with it nobody can forge a message that is mistaken for another.
    /// `first_sequence` should differ between runs of one node (a random number does).
    Gossip(core::Address self, ShortHashKey key, std::uint64_t first_sequence,
           std::size_t remembered = recent_messages_max);

    void neighbour_up(const core::Address& neighbour);
    void neighbour_down(const core::Address& neighbour);
    /// `neighbour` now says that it is directly connected to exactly these.
    void neighbour_advertised(const core::Address& neighbour, std::vector<core::Address> connected_to);
    /// What to advertise: our live neighbours, in order.
    std::vector<core::Address> neighbours() const;
    /// What a neighbour advertised last; empty if it is unknown or has not yet.
    std::vector<core::Address> neighbours_of(const core::Address& neighbour) const;

    /// A message of our own: never delivered here, relayed to every neighbour.
    GossipDecision originate(Channel channel, core::ByteView body);
    /// A message handed over by a live neighbour.
    GossipDecision receive(const core::Address& from, const GossipHeader& header, Channel channel,
                           core::ByteView body);

    std::uint64_t duplicates_suppressed() const { return duplicates_suppressed_; }
    std::uint64_t messages_relayed() const { return messages_relayed_; }

  private:
    std::uint64_t id_of(const GossipHeader& header, Channel channel, core::ByteView body) const;

    core::Address self_;
    ShortHashKey key_;
    std::uint64_t next_sequence_;
    RecentIds recent_;
    std::map<core::Address, std::set<core::Address>> neighbours_;
    std::uint64_t duplicates_suppressed_ = 0;
    std::uint64_t messages_relayed_ = 0;
};

}  // namespace sluice::network
