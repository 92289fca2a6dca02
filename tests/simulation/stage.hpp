/// Where the nodes play: machines, network, clients, and those who watch.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "tests/simulation/checkers.hpp"
#include "tests/simulation/network_model.hpp"
#include "tests/simulation/options.hpp"
#include "tests/simulation/process.hpp"
#include "tests/simulation/wire_checks.hpp"
#include "tests/simulation/workload.hpp"
#include "tests/simulation/world.hpp"

namespace sluice::simulation {

/// One run. Processes, chaos and checks hold a reference to it.
class Stage {
  public:
    explicit Stage(const Options& options);

    /// All nodes with an empty ledger, connected to each other, and clients that submit.
    void begin();

    // ---- what happens between processes
    /// `print` is the fingerprint of `bytes`.
    void transmit(std::size_t from, std::size_t to, network::Channel channel, const core::SharedBytes& bytes,
                  std::uint64_t print);
    /// The process is gone; it starts again after a while, unless it was killed for good.
    void crash(std::size_t index, bool power_cut);
    /// As `crash`, down for exactly so long.
    void stop(std::size_t index, bool power_cut, core::Duration down_for);
    void restart(std::size_t index);
    /// Both ends lose the connection; it is there again after `gap`.
    void reset_connection(std::size_t one, std::size_t other, core::Duration gap);
    void submit(const core::TransactionPtr& transaction, std::size_t to);

    // ---- what processes tell
    void on_height(std::size_t index, const node::FinalBlock& block);
    void on_pool_verdict(node::PoolVerdict verdict);
    void tell(std::size_t index, std::string_view line);

    // ---- questions
    const node::Chain& chain() const { return chain_kit.chain; }
    std::size_t index_of(const core::Address& address) const;
    std::size_t index_of_text(std::string_view address) const;
    bool is_up(std::size_t index) const { return processes[index]->is_up(); }
    /// Up, running, and expected to take part until the end.
    bool takes_part(std::size_t index) const { return !retired[index]; }
    std::size_t faults_tolerated() const { return core::faults_tolerated(options.validators); }
    std::int64_t drift_of(std::size_t index) const { return drifts[index]; }
    bool may_be_sick(std::size_t index) const { return sick[index]; }
    std::size_t primary() const;
    std::size_t some_node(Random& random) const;

    Options options;
    const ChainKit& chain_kit;
    Coverage coverage;
    World world;
    NetworkModel network;
    Checkers checkers;
    WireChecks wire;
    Workload workload;
    std::vector<std::unique_ptr<Process>> processes;
    std::vector<bool> sick;     ///< at most f validators, whose disks and clocks may fail in any way
    std::vector<bool> retired;  ///< killed or frozen for good
    std::vector<std::int64_t> drifts;
    bool chaos = true;
    std::optional<core::Instant> first_block_after_healing;
    core::View view_of_that_block = 0;  ///< the highest promise of that moment
    core::Instant healed_at;
    std::vector<std::string> timeline() const { return {lines_.begin(), lines_.end()}; }

    /// Connects a node that is up to every other one that is.
    void connect_all(std::size_t index);

  private:
    void connect(std::size_t one, std::size_t other);
    void client_acts();
    std::size_t place_for(const core::RecoveredTransaction& transaction);
    bool clients_have_finished() const;

    Random clients_;
    Random crashes_;
    std::deque<std::string> lines_;
    core::Height noted_ = 0;
};

}  // namespace sluice::simulation
