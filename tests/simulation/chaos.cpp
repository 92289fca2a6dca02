#include "tests/simulation/chaos.hpp"

#include <algorithm>

namespace sluice::simulation {
namespace {

using Kind = EventLabel::Kind;

core::Duration random_ms(Random& random, std::uint64_t least, std::uint64_t most) {
    return core::milliseconds(static_cast<std::int64_t>(random.between(least, most)));
}

/// It votes again only once q others have answered it: nobody else may be missing then.
bool has_to_rejoin(const Process& process) {
    return process.memory != Memory::whole || process.needs_rejoin || process.damaged;
}

constexpr std::int64_t hour_ms = 3'600'000;
/// Correct clocks differ by less than half of what validators tolerate in a block's time.
constexpr std::int64_t honest_error_ms = 2'000;

}  // namespace

Random Chaos::stream(Fault fault) const {
    return Random::of(stage_.options.seed, fault_names[static_cast<std::size_t>(fault)]);
}

core::Duration Chaos::moment(Random& random) const {
    return random_ms(random, 0, stage_.options.chaos_ms);
}

void Chaos::often(Fault fault, std::uint64_t most, const std::function<void(Random&)>& act) {
    if (!stage_.options.faults.has(fault)) return;
    auto random = stream(fault);
    for (auto left = random.between(1, stage_.options.faults.scaled(fault, most)); left > 0; --left) {
        const auto at = moment(random);
        stage_.world.after(at, {Kind::fault, 0, 100 + static_cast<std::uint64_t>(fault)},
                           [this, act, own = Random(random.next())]() mutable {
                               if (stage_.chaos) act(own);
                           });
    }
}

void Chaos::plan() {
    plan_network();
    plan_partitions();
    plan_processes();
    plan_disk_calls();
    plan_slow_disks();
    plan_clocks();
}

void Chaos::plan_network() {
    const auto nodes = stage_.processes.size();
    if (nodes < 2) return;
    often(Fault::clog, 10, [this, nodes](Random& random) {
        const auto from = random.below(nodes);
        const auto to = random.below(nodes);
        stage_.network.clog(from, to, stage_.world.now() + random_ms(random, 50, 5000));
    });
    often(Fault::disconnect, 12, [this, nodes](Random& random) {
        const auto one = random.below(nodes);
        const auto other = (one + 1 + random.below(nodes - 1)) % nodes;
        hit(stage_.coverage, "disconnected");
        stage_.reset_connection(one, other, random_ms(random, 10, 3000));
    });
}

/// Groups that do not hear each other, perhaps in one direction only.
void Chaos::cut_by_groups(Random& random) {
    const auto nodes = stage_.processes.size();
    const bool isolates_one = random.percent(40);
    const auto lonely = random.below(nodes);
    const bool one_way = random.percent(50);
    std::vector<bool> side(nodes);
    for (std::size_t i = 0; i < nodes; ++i)
        side[i] = isolates_one ? i == lonely : random.percent(50);
    for (std::size_t from = 0; from < nodes; ++from)
        for (std::size_t to = 0; to < nodes; ++to)
            if (side[from] != side[to] && (!one_way || side[from])) stage_.network.cut(from, to);
    hit(stage_.coverage, one_way ? "one-way partition" : "two-way partition");
}

void Chaos::plan_partitions() {
    const auto nodes = stage_.processes.size();
    if (nodes < 2) return;
    const auto mend = [this](Random& random) {
        stage_.world.after(random_ms(random, 100, 6000), {Kind::fault, 0, 4},
                           [this] { stage_.network.mend_cuts(); });
    };
    often(Fault::partition, 6, [this, mend](Random& random) {
        cut_by_groups(random);
        mend(random);
    });
    // Some directions are cut, whoever is at their ends: A does not hear B, and C hears both.
    often(Fault::partial_partition, 6, [this, nodes, mend](Random& random) {
        const auto percent = random.between(10, 80);
        for (std::size_t from = 0; from < nodes; ++from)
            for (std::size_t to = 0; to < nodes; ++to)
                if (random.percent(percent)) stage_.network.cut(from, to);
        hit(stage_.coverage, "partial partition");
        mend(random);
    });
}

// ---- processes and their disks

/// What befalls the disk of a sick validator while it is down.
void Chaos::damage(Random& random, Process& process) {
    const auto& faults = stage_.options.faults;
    const auto chosen = [&](Fault fault) {
        const bool drawn = random.percent(50);
        return drawn && faults.has(fault);
    };
    const auto harm = [&](std::string_view situation) {
        hit(stage_.coverage, situation);
        stage_.tell(process.index, situation);
        process.damaged = true;
    };
    if (chosen(Fault::disk_loss)) {
        process.disk.replace();
        process.needs_rejoin = process.ledger_truncated = true;
        return harm("disk lost");
    }
    if (chosen(Fault::rollback) && process.disk.roll_back()) {
        process.memory = Memory::unaware;
        process.ledger_truncated = true;
        return harm("machine rolled back to a snapshot");
    }
    if (chosen(Fault::ledger_truncation) && process.disk.truncate_ledger(1 + random.below(3))) {
        process.ledger_truncated = true;
        return harm("ledger lost its newest synced blocks");
    }
    if (chosen(Fault::vote_log_flip) && process.disk.flip_vote_bit()) {
        process.memory = Memory::unaware;
        return harm("vote log: a bit flipped");
    }
    if (chosen(Fault::vote_log_truncation) && process.disk.truncate_votes(1 + random.below(4)) > 0) {
        process.memory = Memory::unaware;
        return harm("vote log: synced votes truncated");
    }
}

void Chaos::stop(Random& random, std::size_t victim) {
    auto& process = *stage_.processes[victim];
    const auto cut_percent = stage_.options.faults.of(Fault::unsynced_loss);
    const bool power_cut = random.percent(cut_percent);
    const auto down_for = random_ms(random, 0, 8000);
    if (!process.is_up()) return;
    stage_.stop(victim, power_cut, down_for);
    if (random.percent(20)) process.die_in_start = random.between(1, 3);
    if (stage_.may_be_sick(victim)) damage(random, process);
}

void Chaos::plan_processes() {
    const auto nodes = stage_.processes.size();
    often(Fault::crash, 8, [this, nodes](Random& random) {
        auto victim = static_cast<std::size_t>(random.below(nodes));
        const auto kind = random.below(100);
        if (kind < 30) victim = stage_.primary();
        for (std::size_t tries = 0; kind >= 60 && tries < nodes && !stage_.may_be_sick(victim); ++tries)
            victim = (victim + 1) % nodes;
        stop(random, victim);
    });
    often(Fault::crash_at_effect, 8, [this, nodes](Random& random) {
        auto& victim = *stage_.processes[random.below(nodes)];
        victim.die_at_effect = victim.effects + random.between(1, 40);
    });
    often(Fault::pause, 8, [this, nodes](Random& random) {
        const auto length =
            core::Duration{static_cast<std::int64_t>(200'000 + random.long_tailed(2'000'000))};
        const auto victim = random.below(nodes);
        hit(stage_.coverage, length > core::seconds(2) ? "paused for longer than a view timeout" : "paused");
        stage_.tell(victim, "PAUSED");
        stage_.processes[victim]->pause(stage_.world.now() + length);
    });
    often(Fault::rollback, 4, [this](Random&) {
        for (std::size_t i = 0; i < stage_.processes.size(); ++i)
            if (stage_.may_be_sick(i) && stage_.is_up(i)) stage_.processes[i]->disk.remember();
    });
}

void Chaos::plan_disk_calls() {
    const auto nodes = stage_.processes.size();
    const auto arm = [this, nodes](Fault fault, CallFailure first, CallFailure second) {
        often(fault, 4, [this, nodes, first, second](Random& random) {
            auto& disk = stage_.processes[random.below(nodes)]->disk;
            const auto calls = random.between(1, 8);
            disk.arm(calls, random.percent(50) ? first : second);
        });
    };
    arm(Fault::io_error, CallFailure::io_error, CallFailure::io_error_written);
    arm(Fault::no_space, CallFailure::no_space, CallFailure::no_space);
    arm(Fault::torn_write, CallFailure::power_cut, CallFailure::power_cut);
    arm(Fault::crash, CallFailure::killed_before, CallFailure::killed_after);
}

void Chaos::plan_slow_disks() {
    often(Fault::slow_disk, 3, [this](Random& random) {
        auto& process = *stage_.processes[stage_.some_node(random)];
        process.disk_delay_us =
            50'000 + random.long_tailed(stage_.options.faults.scaled(Fault::slow_disk, 300'000));
        hit(stage_.coverage, "slow disk");
        stage_.world.after(random_ms(random, 500, 5000), {Kind::fault, process.index, 5},
                           [&process] { process.disk_delay_us = 0; });
    });
}

// ---- clocks

/// A clock that is ahead stalls the chain after it is put right, until time has caught up with the block it
/// stamped; so only a sick validator's, whose stamps the others refuse, runs far ahead.
std::int64_t Chaos::wrong_by_ms(Random& random, std::size_t node, std::int64_t most) const {
    const auto drawn =
        static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * most + 1))) - most;
    if (stage_.may_be_sick(node) || drawn < honest_error_ms) return drawn;
    return drawn % honest_error_ms;
}

void Chaos::plan_clocks() {
    const auto& faults = stage_.options.faults;
    if (faults.has(Fault::skew)) {
        auto random = stream(Fault::skew);
        for (auto& process : stage_.processes) {
            const bool far = random.percent(30);
            const auto most = far ? hour_ms : honest_error_ms;
            process->clock.set_wall_offset(wrong_by_ms(random, process->index, most));
            hit(stage_.coverage, far ? "clock wrong by up to an hour" : "clock wrong by up to two seconds");
        }
    }
    often(Fault::clock_step, 6, [this](Random& random) {
        auto& process = *stage_.processes[stage_.some_node(random)];
        const auto before = process.clock.wall_offset_ms();
        const auto most = random.percent(30) ? hour_ms : honest_error_ms;
        process.clock.set_wall_offset(wrong_by_ms(random, process.index, most));
        hit(stage_.coverage,
            process.clock.wall_offset_ms() < before ? "clock stepped back" : "clock stepped forward");
    });
    often(Fault::clock_freeze, 4, [this](Random& random) {
        auto& process = *stage_.processes[stage_.some_node(random)];
        process.clock.freeze(stage_.world.now());
        hit(stage_.coverage, "clock frozen");
        stage_.world.after(random_ms(random, 100, 9000), {Kind::fault, process.index, 6},
                           [&process] { process.clock.thaw(); });
    });
}

// ---- the end of it

void Chaos::lose_minority() {
    const auto& faults = stage_.options.faults;
    auto random = stream(Fault::minority_killed);
    auto left =
        stage_.faults_tolerated() - std::min(stage_.faults_tolerated(), stage_.options.impostors.size());
    const auto retire = [&](std::size_t index, bool kills) {
        auto& process = *stage_.processes[index];
        if (kills && process.is_up()) stage_.stop(index, false, core::milliseconds(1));
        stage_.retired[index] = true;
        if (!kills) process.pause({std::int64_t{1} << 60});
        --left;
        stage_.tell(index, kills ? "LOST FOR GOOD" : "FROZEN FOR GOOD");
    };
    // Whose memory failed unnoticed is one of the f that nothing is expected of.
    for (std::size_t i = 0; i < stage_.options.validators; ++i) {
        if (stage_.impostors[i]) continue;
        if (stage_.processes[i]->memory == Memory::unaware) {
            hit(stage_.coverage, "a validator that forgot votes is retired");
            retire(i, true);
        } else if (has_to_rejoin(*stage_.processes[i])) {
            --left;
        }
    }
    for (const auto& [fault, kills] :
         {std::pair{Fault::minority_killed, true}, std::pair{Fault::minority_frozen, false}}) {
        if (!faults.has(fault) || left == 0) continue;
        for (auto count = random.between(1, left); count > 0; --count) {
            auto index = random.below(stage_.options.validators);
            while (stage_.retired[index] || has_to_rejoin(*stage_.processes[index]))
                index = (index + 1) % stage_.options.validators;
            retire(index, kills);
            hit(stage_.coverage,
                kills ? "healed without a killed minority" : "healed without a frozen minority");
        }
    }
}

/// As when the power of all of them goes and comes back.
void Chaos::kill_all() {
    auto random = stream(Fault::all_killed);
    if (!stage_.options.faults.has(Fault::all_killed)) return;
    const bool power_cut = random.percent(50);
    for (std::size_t i = 0; i < stage_.processes.size(); ++i)
        if (stage_.takes_part(i) && stage_.is_up(i)) stage_.stop(i, power_cut, core::milliseconds(1));
    hit(stage_.coverage, "healed by restarting all validators at once");
}

void Chaos::heal() {
    stage_.chaos = false;
    stage_.tell(0, "HEALED");
    stage_.healed_at = stage_.world.now();
    stage_.network.heal();
    for (auto& process : stage_.processes) {
        process->clock.thaw();
        process->clock.set_wall_offset(0);
        process->disk.disarm();
        process->disk_delay_us = 0;
        process->die_at_effect = process->die_in_start = 0;
        process->end_pause();
    }
    lose_minority();
    for (const auto& impostor : stage_.impostors) {
        if (!impostor) continue;
        const bool falls_silent = impostor->casting().silent_after_healing;
        if (falls_silent) impostor->fall_silent();
        hit(stage_.coverage,
            falls_silent ? "healed with a silent impostor" : "healed with an active impostor");
    }
    kill_all();
    for (std::size_t i = 0; i < stage_.processes.size(); ++i)
        stage_.restart(i);
    for (std::size_t one = 0; one < stage_.processes.size(); ++one)
        stage_.connect_all(one);
}

}  // namespace sluice::simulation
