#include "tests/simulation/simulation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "consensus/limits.hpp"
#include "contracts/native/settlement_calls.hpp"
#include "contracts/native/settlement_results.hpp"
#include "contracts/simulation.hpp"
#include "core/check.hpp"
#include "core/limits.hpp"
#include "ledger/verify.hpp"
#include "tests/simulation/chaos.hpp"
#include "tests/simulation/stage.hpp"

namespace sluice::simulation {
namespace {

namespace native = contracts::native;

/// What healing takes beside views: restarts, an operator's rejoin, reading what was missed.
/// So long until everybody has the blocks that were there, and as long again for each peer that lies about
/// them.
constexpr core::Duration catch_up_time = core::seconds(20);
/// Until the next block where everybody is there again with all of its memory, having been restarted at once.
constexpr core::Duration restart_time = core::seconds(10);
/// After the first block: until everybody is at one head and everything is mined.
constexpr core::Duration settling_time = core::seconds(120);
constexpr std::size_t vote_log_bytes_max = 256u << 10;
constexpr core::Gas reading_gas = 10'000'000;

class Simulation {
  public:
    explicit Simulation(const Options& options) : stage_(options), chaos_(stage_) {}
    Verdict run();
    CallCounts calls(std::size_t node) const {
        const auto& process = *stage_.processes[node];
        return {process.effects, process.disk.calls() - process.disk_calls_of_install};
    }

  private:
    bool is_done() const;
    bool is_settled() const;
    bool is_mined(const core::TransactionPtr& transaction) const {
        return stage_.checkers.is_mined(transaction->sender, transaction->transaction.nonce);
    }
    void heal();
    void retry_unmined();
    void watch_bounds();
    void check_liveness();
    void check_times();
    void check_views();
    void check_end();
    void check_money(const ledger::LedgerSnapshot& snapshot);
    void check_whole_ledger(Process& process);
    std::string unfinished() const;
    std::size_t some_survivor() const;

    Stage stage_;
    Chaos chaos_;
    core::View highest_promise_ = 0;  ///< at healing
    bool all_are_well_ = false;       ///< since healing: nobody is lost, nobody has to rejoin
};

bool Simulation::is_settled() const {
    for (std::size_t i = 0; i < stage_.processes.size(); ++i) {
        if (!stage_.takes_part(i)) continue;
        if (!stage_.is_up(i) || stage_.processes[i]->height() != stage_.checkers.highest()) return false;
    }
    return true;
}

bool Simulation::is_done() const {
    if (stage_.checkers.violation()) return true;
    if (stage_.chaos || !stage_.first_block_after_healing) return false;
    if (stage_.checkers.highest() < stage_.options.heights || !is_settled()) return false;
    if (!stage_.has_its_validators()) return false;
    const auto& all = stage_.workload.submitted();
    return std::all_of(all.rbegin(), all.rend(),
                       [&](const auto& transaction) { return is_mined(transaction); });
}

std::size_t Simulation::some_survivor() const {
    std::size_t index = 0;
    while (!stage_.takes_part(index))
        ++index;
    return index;
}

/// Clients ask again for what they do not see mined.
void Simulation::retry_unmined() {
    if (stage_.checkers.violation()) return;
    for (const auto& transaction : stage_.workload.submitted()) {
        if (is_mined(transaction)) continue;
        for (std::size_t i = 0; i < stage_.processes.size(); ++i)
            if (stage_.takes_part(i)) stage_.submit(transaction, i);
    }
    stage_.world.after(core::seconds(10), {EventLabel::Kind::client, 2, 0}, [this] { retry_unmined(); });
}

void Simulation::heal() {
    chaos_.heal();
    // What was promised is known from the vote logs again, also where nobody was up.
    highest_promise_ = stage_.wire.highest_promise();
    all_are_well_ = stage_.options.impostors.empty();
    for (const auto& process : stage_.processes) {
        if (process->is_up())
            highest_promise_ = std::max(highest_promise_, process->status().consensus.promised);
        all_are_well_ = all_are_well_ && process->is_up() && process->memory == Memory::whole &&
                        stage_.takes_part(process->index);
    }
    stage_.height_at_healing = stage_.checkers.highest();
    stage_.note_caught_up();
    retry_unmined();
    stage_.submit(stage_.workload.payment(), some_survivor());
}

/// Every second: nothing that a node keeps grows without bound.
void Simulation::watch_bounds() {
    for (const auto& process : stage_.processes) {
        if (!process->is_up()) continue;
        const auto& pool = process->running().pool();
        if (pool.size() > core::limits::pool_transactions_max || pool.bytes() > core::limits::pool_bytes_max)
            stage_.checkers.violate(
                fmt::format("bounds: the pool of node {} has grown too large", process->index));
        if (process->disk.vote_bytes() > vote_log_bytes_max)
            stage_.checkers.violate(fmt::format("bounds: the vote log of node {} has grown to {} bytes",
                                                process->index, process->disk.vote_bytes()));
    }
    stage_.world.after(core::seconds(5), {EventLabel::Kind::watch, 0, 2}, [this] { watch_bounds(); });
}

std::string Simulation::unfinished() const {
    std::string text;
    for (const auto& process : stage_.processes) {
        text += fmt::format("; node {} ", process->index);
        if (!stage_.takes_part(process->index)) {
            text += "retired";
        } else if (!process->is_up()) {
            text += "down";
        } else {
            const auto status = process->status();
            text += fmt::format("height {} promised {} entered {} pool {} certified {}{}", status.height,
                                status.consensus.promised, status.consensus.entered, status.pool_transactions,
                                status.consensus.certified, status.consensus.recovering ? " recovering" : "");
        }
    }
    return text;
}

void Simulation::check_liveness() {
    if (!stage_.first_block_after_healing)
        return stage_.checkers.violate("liveness: no block after healing" + unfinished());
    if (!is_done())
        return stage_.checkers.violate("liveness: not everything settled after healing" + unfinished());
    check_times();
    check_views();
}

void Simulation::check_times() {
    const auto behind_max = catch_up_time * static_cast<std::int64_t>(1 + stage_.options.impostors.size());
    if (!stage_.caught_up_at || *stage_.caught_up_at - stage_.healed_at > behind_max)
        stage_.checkers.violate(fmt::format(
            "liveness: not all had the blocks of the moment of healing {} ms later", behind_max.us / 1000));
    const auto until_block = *stage_.first_block_after_healing - stage_.healed_at;
    if (all_are_well_ && stage_.options.faults.has(Fault::all_killed) && until_block > restart_time)
        stage_.checkers.violate(
            fmt::format("liveness: {} ms from the restart of all to the next block", until_block.us / 1000));
}

void Simulation::check_views() {
    // f failing primaries, the view that succeeds, and a join that crossed another one.
    const auto views_max = stage_.faults_tolerated() + 3;
    if (stage_.view_of_that_block > highest_promise_ + views_max)
        stage_.checkers.violate(fmt::format("views: from {} at healing to {} at the next block",
                                            highest_promise_, stage_.view_of_that_block));
    // Afterwards only the turns of validators that are lost for good cost a view each.
    // A change of the set, two blocks if it is a replacement, moves the turns.
    const auto turns = stage_.checkers.highest() / stage_.options.rotation_period + 2 +
                       2 * stage_.options.membership_changes;
    if (stage_.wire.highest_promise() >
        stage_.view_of_that_block + views_max + turns * stage_.faults_tolerated())
        stage_.checkers.violate(fmt::format("views: from {} at the first block after healing to {}",
                                            stage_.view_of_that_block, stage_.wire.highest_promise()));
}

/// Coins are neither made nor lost, and what the banks hold is what was issued.
void Simulation::check_money(const ledger::LedgerSnapshot& snapshot) {
    const auto state = snapshot.state_at(snapshot.height());
    CHECK(state.has_value());
    if (stage_.workload.coins(**state) != trader_balance() * core::Uint256(trader_count))
        stage_.checkers.violate("conservation: coins were made or lost");
    contracts::BlockContext block;
    block.height = snapshot.height() + 1;
    block.time_ms = core::time_ms_of(snapshot.head());
    block.gas_limit = reading_gas;
    block.transaction_gas_limit = reading_gas;
    block.chain_id = stage_.chain().spec.chain_id;
    block.validators = std::make_shared<const core::ValidatorSet>(*snapshot.validators(block.height));
    const auto read = [&](const native::ContractCall& call) {
        contracts::CallRequest request;
        request.to = call.to;
        request.data = call.data;
        const auto outcome = contracts::simulate_call(**state, block, request, reading_gas);
        CHECK(outcome.succeeded());
        return outcome.output;
    };
    core::SignedMinor held = 0;
    for (std::size_t bank = 0; bank < bank_count; ++bank) {
        const auto position = native::results::position(
            read(native::calls::position(bic_of_bank(bank).chars(), sim_currency().chars())));
        CHECK(position.has_value());
        held += position->balance + static_cast<core::SignedMinor>(position->locked);
    }
    const auto totals = native::results::totals(read(native::calls::totals(sim_currency().chars())));
    CHECK(totals.has_value());
    if (held !=
        static_cast<core::SignedMinor>(totals->issued) - static_cast<core::SignedMinor>(totals->redeemed))
        stage_.checkers.violate("conservation: the banks hold another sum than was issued");
}

void Simulation::check_whole_ledger(Process& process) {
    const auto report = ledger::verify_database(
        process.disk.store(), {.full = true, .chain = stage_.chain().identity(), .progress = {}});
    if (!report.whole())
        stage_.checkers.violate(fmt::format("ledger: node {} height {}: {}", process.index,
                                            report.faults.front().height, report.faults.front().what));
    hit(stage_.coverage, "whole ledger verified");
}

void Simulation::check_end() {
    if (stage_.checkers.violation()) return;
    check_liveness();
    if (stage_.checkers.violation()) return;
    auto& process = *stage_.processes[some_survivor()];
    check_money(*process.running().snapshot());
    if (stage_.options.full_verification) check_whole_ledger(process);
    for (const auto& each : stage_.processes)
        if (each->disk.rotations() > 0) hit(stage_.coverage, "vote log rotated");
}

Verdict Simulation::run() {
    const auto over = [this] { return is_done(); };
    auto& world = stage_.world;
    stage_.begin();
    chaos_.plan();
    watch_bounds();
    world.run(world.now() + core::milliseconds(static_cast<std::int64_t>(stage_.options.chaos_ms)), over);
    if (!stage_.checkers.violation()) {
        heal();
        const auto views = static_cast<std::int64_t>(stage_.faults_tolerated() + 2);
        const auto bound = consensus::limits::view_timeout_max * views + catch_up_time;
        world.run(world.now() + bound,
                  [this] { return stage_.checkers.violation() || stage_.first_block_after_healing; });
        if (stage_.first_block_after_healing) world.run(world.now() + settling_time, over);
    }
    check_end();

    Verdict verdict;
    if (stage_.checkers.violation()) verdict.failure = *stage_.checkers.violation();
    world.trace().note({stage_.checkers.highest(), stage_.checkers.transactions(), world.performed()});
    verdict.trace = world.trace().finish();
    verdict.coverage = std::move(stage_.coverage);
    verdict.faults = stage_.options.faults.names();
    for (const auto& casting : stage_.options.impostors)
        for (const auto name : {casting.script, casting.sync_lie})
            if (!name.empty()) verdict.faults.emplace_back(name);
    verdict.timeline = stage_.timeline();
    const auto since_healing = [this](const std::optional<core::Instant>& at) {
        return at ? std::optional(static_cast<std::uint64_t>((*at - stage_.healed_at).us / 1000))
                  : std::nullopt;
    };
    verdict.heal_ms = since_healing(stage_.first_block_after_healing);
    verdict.caught_up_ms = since_healing(stage_.caught_up_at);
    verdict.simulated_ms = static_cast<std::uint64_t>(world.now().us / 1000);
    verdict.events = world.performed();
    verdict.validators = stage_.options.validators;
    verdict.height = stage_.checkers.highest();
    verdict.transactions = stage_.checkers.transactions();
    return verdict;
}

}  // namespace

Verdict run(const Options& options) {
    return Simulation(options).run();
}

CallCounts count_calls(const Options& options, std::size_t node) {
    Simulation simulation(options);
    CHECK(simulation.run().passed());
    return simulation.calls(node);
}

}  // namespace sluice::simulation
