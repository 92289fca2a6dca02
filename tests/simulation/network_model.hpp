/// The network between the nodes: every direction of every connection has faults of its own.
#pragma once

#include <optional>
#include <vector>

#include "core/time.hpp"
#include "tests/simulation/coverage.hpp"
#include "tests/simulation/faults.hpp"
#include "tests/simulation/random.hpp"

namespace sluice::simulation {

/// What becomes of one frame on its way.
struct Passage {
    std::optional<core::Instant> arrival;
    std::optional<core::Instant> repeated;  ///< it arrives a second time (gossip takes two ways)
    bool reset = false;                     ///< a byte was altered: TLS ends the connection
};

/// Decides; it delivers nothing. Connections are TLS: nothing altered ever arrives, and with a connection go
/// all frames that were under way on it, in both directions.
class NetworkModel {
  public:
    NetworkModel(std::uint64_t seed, const Strengths& strengths, std::size_t nodes, Coverage& coverage);

    Passage send(core::Instant now, std::size_t from, std::size_t to, std::size_t bytes);
    /// A frame that left with `epoch` has arrived; false if its connection has gone meanwhile.
    bool arrived(std::size_t from, std::size_t to, std::uint64_t epoch);
    std::uint64_t epoch(std::size_t from, std::size_t to) const { return link(from, to).epoch; }

    /// Nothing passes in this direction until it is mended; nobody is told.
    void cut(std::size_t from, std::size_t to) { link(from, to).cut = true; }
    /// Frames wait until then.
    void clog(std::size_t from, std::size_t to, core::Instant until) { link(from, to).clogged_until = until; }
    /// The connection between the two is gone until `connect`.
    void disconnect(std::size_t one, std::size_t other);
    void connect(std::size_t one, std::size_t other);
    bool is_connected(std::size_t one, std::size_t other) const { return link(one, other).connected; }
    void mend_cuts();
    /// From now on the network is as it should be.
    void heal();

  private:
    struct Link {
        std::uint64_t delay_us = 0;  ///< usual one-way delay
        std::uint64_t us_per_kilobyte = 0;
        std::uint64_t loss_per_mille = 0;
        std::uint64_t repeat_per_mille = 0;
        std::uint64_t alter_per_million = 0;
        std::uint64_t capacity = 0;  ///< frames under way at a time; 0: no bound
        std::uint64_t under_way = 0;
        std::uint64_t epoch = 0;
        core::Instant clogged_until;
        core::Instant last_arrival;
        bool reorders = false;
        bool cut = false;
        bool connected = false;
    };
    Link& link(std::size_t from, std::size_t to) { return links_[from * nodes_ + to]; }
    const Link& link(std::size_t from, std::size_t to) const { return links_[from * nodes_ + to]; }
    void draw(Link& link, const Strengths& strengths, Random& random) const;
    core::Instant arrival(core::Instant now, Link& link, std::size_t bytes);

    std::size_t nodes_;
    std::vector<Link> links_;
    Random delays_;
    Random losses_;
    Random repeats_;
    Random alterations_;
    Coverage& coverage_;
};

}  // namespace sluice::simulation
