/// Where the nodes play: machines, network, clients, and those who watch.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "tests/simulation/checkers.hpp"
#include "tests/simulation/impostor.hpp"
#include "tests/simulation/membership_acts.hpp"
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
    /// A node says this to another one; an impostor sends what it likes instead. `print` is the fingerprint
    /// of `bytes`.
    void say(std::size_t from, std::size_t to, network::Channel channel, const core::SharedBytes& bytes,
             std::uint64_t print);
    /// One node shuts another one out, for longer each time.
    void shut_out(std::size_t by, std::size_t whom);
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
    /// Honest, and expected to take part until the end.
    bool takes_part(std::size_t index) const { return !retired[index] && !impostors[index]; }
    std::size_t faults_tolerated() const { return core::faults_tolerated(options.validators); }
    std::int64_t drift_of(std::size_t index) const { return drifts[index]; }
    bool may_be_sick(std::size_t index) const { return sick[index]; }
    std::size_t primary() const;
    /// No change of the validators is wanted any more.
    bool has_its_validators() const;
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
    std::vector<std::unique_ptr<Impostor>> impostors;  ///< by node; null: honest
    std::vector<bool> sick;     ///< at most f validators, whose disks and clocks may fail in any way
    std::vector<bool> retired;  ///< killed or frozen for good
    std::vector<std::int64_t> drifts;
    bool chaos = true;
    std::optional<core::Instant> first_block_after_healing;
    core::View view_of_that_block = 0;  ///< the highest promise of that moment
    core::Instant healed_at;
    /// All that take part had every block that anybody had at healing.
    std::optional<core::Instant> caught_up_at;
    std::vector<std::string> timeline() const { return {lines_.begin(), lines_.end()}; }

    /// Connects a node that is up to every other one that is.
    void connect_all(std::size_t index);
    /// Sets `caught_up_at` once it has come about.
    void note_caught_up();
    core::Height height_at_healing = 0;

  private:
    void connect(std::size_t one, std::size_t other);
    void transmit(std::size_t from, std::size_t to, network::Channel channel, const core::SharedBytes& bytes,
                  std::uint64_t print);
    void cast(const Casting& casting);
    void utter(std::size_t from, std::size_t to, std::vector<Frame> frames);
    void note_proof(core::ByteView bytes);
    void interject(std::size_t index);
    void client_acts();
    void top_up_payments();
    /// The operators of validators look at the furthest chain and sign what a change of the set still needs.
    void operators_act();
    ledger::LedgerSnapshotPtr furthest() const;
    std::size_t place_for(const core::RecoveredTransaction& transaction);
    bool clients_have_finished() const;

    std::optional<MembershipActs> membership_;
    Random clients_;
    Random crashes_;
    std::map<std::pair<std::size_t, std::size_t>, std::int64_t>
        shut_out_ms_;                                             ///< the last time, by whom whom
    std::unique_ptr<const consensus::MessageVerifier> verifier_;  ///< of what impostors say
    std::deque<std::string> lines_;
    core::Height noted_ = 0;
};

}  // namespace sluice::simulation
