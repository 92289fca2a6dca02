/// What goes wrong, when and where: drawn from the seed before the run begins.
#pragma once

#include "tests/simulation/random.hpp"
#include "tests/simulation/stage.hpp"

namespace sluice::simulation {

/// Schedules its faults in the stage's world. One stream of numbers per kind of fault.
class Chaos {
  public:
    explicit Chaos(Stage& stage) : stage_(stage) {}

    void plan();
    /// Ends every fault: the network, the clocks, the disks; starts what is down. A minority may be lost for
    /// good, never more than f validators together with those whose memory failed.
    void heal();

  private:
    Random stream(Fault fault) const;
    core::Duration moment(Random& random) const;
    /// Calls `act` at `most` × strength random moments of the chaos, at least one.
    void often(Fault fault, std::uint64_t most, const std::function<void(Random&)>& act);

    void plan_network();
    void plan_partitions();
    void plan_processes();
    void plan_disk_calls();
    void plan_slow_disks();
    void plan_clocks();
    void cut_by_groups(Random& random);
    void stop(Random& random, std::size_t victim);
    void damage(Random& random, Process& process);
    void lose_minority();
    void kill_all();
    std::int64_t wrong_by_ms(Random& random, std::size_t node, std::int64_t most) const;

    Stage& stage_;
};

}  // namespace sluice::simulation
