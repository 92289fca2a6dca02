/// Many replicas over a network, disks and processes that fail as a seed says; safety is watched throughout,
/// and after everything has healed the chain must move again in bounded time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "support/byzantine.hpp"
#include "support/safety_checker.hpp"

namespace sluice::consensus::testing {

/// What one history suffers. Drawn from the seed; tests may fix parts of it.
struct Weather {
    std::size_t validators = 4;
    std::size_t spare = 0;      ///< nodes that are not validators at first
    std::size_t twins = 0;      ///< validators that run twice with one key
    std::size_t liars = 0;      ///< validators that change what they send
    std::size_t amnesiacs = 0;  ///< validators that may lose their vote log at a crash
    std::uint64_t loss_permille = 0;
    std::uint64_t duplicate_permille = 0;
    std::uint64_t slow_permille = 0;  ///< messages that take seconds
    bool split = false;               ///< two halves that hear nothing of each other
    std::uint64_t cut_permille = 0;   ///< directed links that are cut while a partition lasts
    bool phase_cuts = false;          ///< each (type, view) has a directed cut of its own: where locks decide
    std::uint64_t crash_permille = 0;   ///< per effect performed
    std::uint64_t change_permille = 0;  ///< proposals that change the validator set
    Height blocks = 6;                  ///< work stops at this height while the weather lasts
    std::int64_t lasts_ms = 20'000;
    static Weather drawn(Dice& dice);
    /// One height, a few views, and in each phase of each view other links cut: what a lock exists for.
    static Weather phases(std::size_t validators, std::size_t twins, Dice& dice);
};

/// What happened; `failure` names the broken rule.
struct Outcome {
    std::optional<std::string> failure;
    Height height = 0;
    View view = 0;
    std::uint64_t events = 0;
    std::uint64_t crashes = 0;
    std::uint64_t locks_carried = 0;  ///< VIEW-CHANGEs with a lock on the wire
    std::uint64_t rejoins = 0;
    std::uint64_t evidence = 0;
};

class NetworkSimulation {
  public:
    NetworkSimulation(std::uint64_t seed, const Weather& weather);
    /// Writes a line per effect, crash and start to standard error: for reading one failing seed.
    void trace() { trace_ = true; }
    Outcome run();

  private:
    struct Slot {
        SimulatedNode node;
        bool faulty = false;
        bool liar = false;
        bool amnesiac = false;
        std::uint64_t incarnation = 0;
        std::uint64_t deadline_token = 0;
        std::optional<core::Instant> deadline = std::nullopt;
        std::uint64_t crashes_left = 3;
        bool persisting = false;  ///< the first effect is a write on its way to the disk; the rest waits
    };
    struct Event {
        core::Instant at;
        std::uint64_t order = 0;
        std::function<void()> happen;
        bool operator>(const Event& other) const {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    void later(core::Duration delay, std::function<void()> happen);
    void later_at(std::size_t slot, core::Duration delay, std::function<void(Slot&)> happen);
    void run_until(core::Instant end);
    void boot(std::size_t slot);
    void crash(std::size_t slot);
    void tell_work(std::size_t slot);
    void settle(std::size_t slot);
    void perform(std::size_t slot, const Effect& effect);
    void watch_deadline(std::size_t slot);
    void send(std::size_t from, const Message& message, std::optional<Address> only);
    void deliver(std::size_t from, std::size_t to, const Message& message);
    void build(std::size_t slot, const BuildProposal& request);
    void check(std::size_t slot, const CheckProposal& request);
    void fetch_body(std::size_t slot, const RequestBody& request);
    void sync(std::size_t slot, Height from_height, std::optional<std::size_t> source);
    void change_cuts();
    void heartbeat();
    void heal();
    bool connected(std::size_t from, std::size_t to) const { return !cut_.contains({from, to}); }
    bool phase_cut(const Message& message, std::size_t from, std::size_t to) const;
    bool blocks_cut(std::size_t from, std::size_t to) const;
    bool is_cut(std::uint64_t phase, std::uint64_t low, std::uint64_t high, std::size_t from,
                std::size_t to) const;
    core::Duration delay();
    bool everyone_at(Height height) const;
    std::string describe_stall(Height wanted) const;
    std::optional<Address> wanted_change(const SimulatedNode& node);

    void note(std::size_t slot, const std::string& what) const;

    std::uint64_t seed_;
    Dice dice_;
    Weather weather_;
    bool trace_ = false;
    ToyChain chain_;
    std::vector<Slot> slots_;
    std::set<std::pair<std::size_t, std::size_t>> cut_;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
    std::uint64_t order_ = 0;
    core::Instant now_{core::seconds(1).us};
    bool storm_ = true;
    Height target_ = 0;
    Liar liar_;
    SafetyChecker checker_;
    Outcome outcome_;
};

}  // namespace sluice::consensus::testing
