/// Which configured peers to dial and when, who is connected, and who is shut out. No sockets, no clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/ids.hpp"
#include "network/peer_identity.hpp"
#include "network/transport.hpp"

namespace sluice::network {

/// Identities, configured targets and bans of one node. One thread; time is an argument.
class PeerTable {
  public:
    using Instant = std::chrono::steady_clock::time_point;
    using TargetIndex = std::size_t;

    PeerTable(core::Address self, std::vector<PeerTarget> targets,
              std::chrono::milliseconds longest_wait = redial_max);

    const PeerTarget& target(TargetIndex index) const { return rows_[index].target; }

    /// Targets whose time has come and whose peer is not connected; they count as being dialled from now on,
    /// until one of the next two is called for them.
    std::vector<TargetIndex> begin_due_dials(Instant now);
    /// The dial came to nothing, or its connection was refused by either side. A reason that time alone will
    /// not mend waits longest at once.
    void dial_failed(TargetIndex index, CloseReason reason, Instant now);
    /// The dial ended in a live connection.
    void dial_succeeded(TargetIndex index);
    /// Who answers at a target, once it has proven it (even if the connection is then refused).
    void learn_identity(TargetIndex index, const core::Address& address);

    void peer_up(const core::Address& address);
    /// Makes its targets due soon.
    void peer_down(const core::Address& address, CloseReason reason, Instant now);
    bool is_live(const core::Address& address) const { return live_.contains(address); }
    std::size_t live_count() const { return live_.size(); }

    /// Shuts an identity out: 1 s, doubling with each offence up to 10 minutes; ten minutes of good behaviour
    /// after the end of a ban clear the record.
    void penalise(const core::Address& address, Instant now);
    bool is_banned(const core::Address& address, Instant now) const;

    /// Configured peers that are not connected, in order of configuration.
    std::vector<AbsentPeer> absent() const;

  private:
    struct Row {
        PeerTarget target;
        std::optional<core::Address> identity;  ///< who answered there last
        bool is_dialling = false;
        bool is_self = false;
        std::uint64_t failures = 0;
        CloseReason last_reason = CloseReason::none;
        Instant due{};
    };
    struct Ban {
        Instant until{};
        std::chrono::milliseconds length{0};
    };
    bool is_connected(const Row& row) const;
    std::chrono::milliseconds backoff(std::uint64_t failures) const;
    void forget_oldest_ban();

    std::chrono::milliseconds longest_wait_;
    std::vector<Row> rows_;
    std::set<core::Address> live_;
    std::map<core::Address, Ban> bans_;
};

}  // namespace sluice::network
