#include "tests/simulation/simulation.hpp"

#include <algorithm>
#include <deque>
#include <memory>

#include <fmt/format.h>

#include "consensus/message_codec.hpp"
#include "core/check.hpp"
#include "ledger/memory_store.hpp"
#include "ledger/memory_vote_directory.hpp"
#include "ledger/storage_failure.hpp"
#include "node/node.hpp"
#include "tests/simulation/checkers.hpp"
#include "tests/simulation/sim_chain.hpp"
#include "tests/simulation/world.hpp"

namespace sluice::simulation {
namespace {

constexpr core::UnixMs start_wall_ms = 1'800'000'000'000;
/// After healing: (f + 2) times the longest view timeout, and room for catching up.
constexpr core::Duration healing_time = core::seconds(150);

/// A crash that the node's own disk caused; unwinds out of the task.
struct Process;

class Simulation {
  public:
    explicit Simulation(const Options& options);
    Outcome run();

    World world;
    Random random;
    node::Chain chain;
    Checkers checkers;
    std::map<std::string, std::uint64_t> situations;
    std::vector<std::unique_ptr<Process>> processes;
    std::vector<std::vector<bool>> cut;  ///< directed: cut[from][to]
    bool chaos = true;
    std::uint64_t loss_percent = 0;
    std::uint64_t duplication_percent = 0;
    std::uint64_t delay_us = 1000;

    node::Now now() const {
        return {world.now(), start_wall_ms + static_cast<core::UnixMs>(world.now().us / 1000)};
    }
    std::size_t index_of(const core::Address& address) const;
    void transmit(std::size_t from, std::size_t to, network::Channel channel, const core::SharedBytes& bytes);
    void crash(std::size_t index, core::Duration down_for);
    void restart(std::size_t index);
    bool is_up(std::size_t index) const;
    bool may_lose_votes(std::size_t index) const { return index < core::faults_tolerated(processes.size()); }
    void tell(std::size_t index, const std::string& line) const {
        if (options_.print_timeline)
            fmt::print("{:>9.3f} node {}: {}\n", static_cast<double>(world.now().us) / 1e6, index, line);
    }

  private:
    void plan_chaos();
    void plan_workload();
    std::size_t place_for(const core::RecoveredTransaction& transaction);
    void heal();
    bool is_done() const;
    std::string unfinished() const;

    Options options_;
    Workload workload_;
    std::uint64_t restarts_ = 0;
};

/// One process: its disk outlives its runs.
struct Process final : node::Outbox, node::Workers, node::NodeObserver, node::EventLog {
    Process(Simulation& simulation, std::size_t place)
        : sim(simulation),
          index(place),
          signer(key_of("validator", place)),
          disk_errors(simulation.random.next()) {}

    Simulation& sim;
    std::size_t index;
    crypto::LocalSigner signer;
    Random disk_errors;
    ledger::MemoryStore store;
    ledger::MemoryVoteDirectory votes;
    std::uint64_t incarnation = 0;  ///< what was scheduled for an earlier run is void
    std::optional<node::OpenedData> data;
    std::unique_ptr<node::Node> node;
    std::deque<std::shared_ptr<node::Task>> disk_queue;
    bool disk_busy = false;
    bool votes_lost = false;  ///< since the crash
    std::optional<core::Instant> armed;
    std::uint64_t fail_disk_call = 0;  ///< counts down; the call that reaches 0 fails

    // ---- ports
    void broadcast(network::Channel channel, core::SharedBytes bytes) override {
        note_sent(channel, *bytes);
        for (std::size_t to = 0; to < sim.processes.size(); ++to)
            if (to != index) sim.transmit(index, to, channel, bytes);
    }
    void send(const core::Address& peer, network::Channel channel, core::SharedBytes bytes) override {
        note_sent(channel, *bytes);
        sim.transmit(index, sim.index_of(peer), channel, bytes);
    }
    void punish(const core::Address&, std::string_view) override { ++sim.situations["honest peer punished"]; }
    void start(node::Lane lane, node::Task task) override;
    void on_final_block(const node::FinalBlock& block) override { sim.checkers.on_final_block(index, block); }
    void on_pending(const core::TransactionPtr&) override {}
    void on_view_entered(core::View) override { ++sim.situations["view entered"]; }
    void on_evidence() override { ++sim.situations["evidence against an honest node"]; }
    void on_fatal(std::string_view reason) override { fatal = std::string(reason); }
    void write(node::LogLevel, std::string_view event, std::span<const node::LogField> fields) override {
        ++sim.situations["log: " + std::string(event)];
        std::string line(event);
        for (const auto& field : fields)
            line += fmt::format(" {}={}", field.key, field.value.substr(0, 60));
        sim.tell(index, line);
    }

    void note_sent(network::Channel channel, core::ByteView bytes) {
        if (channel != network::Channel::consensus) return;
        const auto message = consensus::decode_message(bytes);
        CHECK(message.has_value());
        sim.checkers.on_sent(signer.address(), *message);
        if (const auto* envelope = consensus::envelope_of(*message);
            envelope && consensus::name_of(*message) != "HEARTBEAT")
            sim.tell(index, fmt::format("-> {} height {} view {}", consensus::name_of(*message),
                                        envelope->height, envelope->view));
    }

    /// Runs `work` in this run of the process, unless it has ended meanwhile; then sees to the next deadline.
    void within(std::uint64_t run, const std::function<void()>& work) {
        if (run != incarnation || !node) return;
        try {
            work();
        } catch (const ledger::StorageFailure&) {
            ++sim.situations["process ended by a disk error"];
            sim.crash(index, core::milliseconds(static_cast<std::int64_t>(sim.random.below(3000))));
            return;
        }
        arm();
    }
    /// As an RPC worker does it: the sender's nonce is read from the head.
    void submit(const core::TransactionPtr& transaction) {
        const auto head = node->snapshot();
        const auto state = head->state_at(head->height());
        CHECK(state.has_value());
        const auto account = (*state)->account(transaction->sender);
        node->submit(sim.now(), {{transaction, account ? account->nonce : 0}});
    }
    void arm();
    void next_disk_task();
    void create();
    void replace_votes();
    void open();

    std::string fatal;
};

core::Duration task_time(Random& random, node::Lane lane) {
    const auto usual = lane == node::Lane::disk ? 800 : 300;
    return {static_cast<std::int64_t>(20 + random.long_tailed(usual))};
}

void Process::start(node::Lane lane, node::Task task) {
    auto shared = std::make_shared<node::Task>(std::move(task));
    if (lane == node::Lane::disk) {
        disk_queue.push_back(std::move(shared));
        if (!disk_busy) next_disk_task();
        return;
    }
    sim.world.after(task_time(sim.random, lane), [this, run = incarnation, shared] {
        within(run, [&] {
            node::Storage storage{*data->ledger, *data->vote_log};
            node->on_task_done(sim.now(), node::run(std::move(*shared), storage));
        });
    });
}

/// A disk task has two moments: its effect, and the word of it. A crash may fall between them.
void Process::next_disk_task() {
    if (disk_queue.empty()) return;
    disk_busy = true;
    auto task = disk_queue.front();
    disk_queue.pop_front();
    sim.world.after(task_time(sim.random, node::Lane::disk), [this, run = incarnation, task] {
        within(run, [&] {
            node::Storage storage{*data->ledger, *data->vote_log};
            auto result = std::make_shared<node::TaskResult>(node::run(std::move(*task), storage));
            sim.world.after({static_cast<std::int64_t>(sim.random.below(200))}, [this, run, result] {
                within(run, [&] {
                    disk_busy = false;
                    next_disk_task();
                    node->on_task_done(sim.now(), std::move(*result));
                });
            });
        });
    });
}

void Process::arm() {
    const auto next = node->next_deadline();
    if (!next || next == armed) return;
    armed = next;
    sim.world.at(*next, [this, run = incarnation, at = *next] {
        if (run != incarnation || armed != at) return;
        armed.reset();
        within(run, [&] { node->on_deadline(sim.now()); });
    });
}

void Process::create() {
    const auto created = node::create_data(store, votes, sim.chain, {});
    CHECK(created.has_value());
    const auto fails = [this] { return fail_disk_call > 0 && --fail_disk_call == 0; };
    store.set_write_hook([this, fails](const ledger::WriteBatch&, bool) {
        if (!fails()) return ledger::WriteFate::done;
        return disk_errors.percent(50) ? ledger::WriteFate::fail_written : ledger::WriteFate::fail_unwritten;
    });
    votes.set_hook([this, fails](ledger::MemoryVoteDirectory::Call) {
        using Fate = ledger::MemoryVoteDirectory::Fate;
        if (!fails()) return Fate::done;
        return disk_errors.percent(50) ? Fate::fail : Fate::fail_done;
    });
    open();
}

/// What an operator does: `sluiced rejoin`.
void Process::replace_votes() {
    for (const auto& name : votes.list())
        votes.remove(name);
    const auto replaced = node::replace_votes(store, votes, sim.chain, {}, node::LostVotes::ask_others);
    CHECK(replaced.has_value());
    ++sim.situations["rejoin after a lost vote log"];
}

void Process::open() {
    fail_disk_call = 0;
    if (std::exchange(votes_lost, false)) replace_votes();
    auto opened = node::open_data(store, votes, sim.chain, {});
    if (!opened) {
        fatal = "does not open: " + opened.error();
        return;
    }
    data = std::move(*opened);
    data->setup.self = signer.address();
    data->setup.signer = &signer;
    data->setup.recovered.rejoin_nonce = core::keccak256(core::word_from_u64(sim.random.next()));
    node = std::make_unique<node::Node>(std::move(data->setup), *this, *this, *this, *this);
}

Simulation::Simulation(const Options& options)
    : random(options.seed),
      chain(make_sim_chain(options.validators != 0 ? options.validators : 1 + random.below(7), start_wall_ms,
                           options.rotation_period)),
      checkers(chain.identity(), chain.genesis_hash, chain.spec.validators.size()),
      options_(options),
      workload_(chain, Random(random.next())) {
    const auto count = chain.spec.validators.size();
    cut.assign(count, std::vector<bool>(count, false));
    const auto& faults = options.faults;
    loss_percent = random.below(faults.loss_percent_max + 1);
    duplication_percent = random.below(faults.duplication_percent_max + 1);
    delay_us = 100 + random.below(faults.delay_ms_max * 1000 + 1);
    for (std::size_t i = 0; i < count; ++i)
        processes.push_back(std::make_unique<Process>(*this, i));
}

std::size_t Simulation::index_of(const core::Address& address) const {
    for (std::size_t i = 0; i < processes.size(); ++i)
        if (processes[i]->signer.address() == address) return i;
    CHECK(!"a message to nobody");
    return 0;
}

bool Simulation::is_up(std::size_t index) const {
    return processes[index]->node != nullptr;
}

void Simulation::transmit(std::size_t from, std::size_t to, network::Channel channel,
                          const core::SharedBytes& bytes) {
    if (options_.deaf_validator == to && channel == network::Channel::transactions) return;
    if (chaos && (cut[from][to] || random.percent(loss_percent))) return;
    const int copies = chaos && random.percent(duplication_percent) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
        const auto delay = chaos ? random.long_tailed(delay_us) : 200 + random.below(800);
        world.after({static_cast<std::int64_t>(delay)}, [this, from, to, channel, bytes] {
            auto& receiver = *processes[to];
            const auto sender = processes[from]->signer.address();
            receiver.within(receiver.incarnation,
                            [&] { receiver.node->on_frame(now(), sender, channel, bytes); });
        });
    }
}

void Simulation::crash(std::size_t index, core::Duration down_for) {
    auto& process = *processes[index];
    if (!process.node) return;
    ++situations["crash"];
    tell(index, "CRASH");
    ++process.incarnation;
    process.node.reset();
    process.data.reset();
    process.disk_queue.clear();
    process.disk_busy = false;
    process.armed.reset();
    process.store.crash(random.below(process.store.unsynced_writes() + 1));
    process.votes_lost = may_lose_votes(index) && random.percent(options_.faults.lost_logs_percent);
    const auto kept_percent = random.below(101);
    process.votes.crash([&](std::size_t) { return random.percent(kept_percent); }, random.percent(50));
    for (std::size_t other = 0; other < processes.size(); ++other)
        if (other != index && is_up(other))
            processes[other]->node->on_peer_down(now(), process.signer.address());
    world.after(down_for, [this, index] { restart(index); });
}

void Simulation::restart(std::size_t index) {
    auto& process = *processes[index];
    if (process.node || !process.fatal.empty()) return;
    process.open();
    tell(index, process.node ? "RESTART" : process.fatal);
    if (!process.node) return;
    checkers.on_restarted(index, *process.node->snapshot());
    process.within(process.incarnation, [&] { process.node->start(now()); });
    for (std::size_t other = 0; other < processes.size(); ++other) {
        if (other == index || !is_up(other)) continue;
        const auto there = processes[other]->signer.address();
        process.within(process.incarnation, [&] { process.node->on_peer_up(now(), there); });
        auto& peer = *processes[other];
        peer.within(peer.incarnation, [&] { peer.node->on_peer_up(now(), process.signer.address()); });
    }
}

void Simulation::plan_chaos() {
    const auto& faults = options_.faults;
    const auto time = [&] {
        return core::milliseconds(static_cast<std::int64_t>(random.below(options_.chaos_ms)));
    };
    for (auto i = random.below(faults.crashes_max + 1); i > 0; --i) {
        const auto victim = static_cast<std::size_t>(random.below(processes.size()));
        const auto down = core::milliseconds(static_cast<std::int64_t>(random.below(8000)));
        const bool by_disk = random.percent(faults.disk_errors_percent);
        world.after(time(), [this, victim, down, by_disk] {
            if (by_disk)
                processes[victim]->fail_disk_call = 1 + random.below(6);
            else
                crash(victim, down);
        });
    }
    for (auto i = random.below(faults.partitions_max + 1); i > 0; --i) {
        const auto begin = time();
        const auto length = core::milliseconds(static_cast<std::int64_t>(random.between(100, 6000)));
        world.after(begin, [this, length] {
            ++situations["partition"];
            const auto cut_percent = random.between(10, 80);
            for (auto& row : cut)
                for (std::size_t to = 0; to < row.size(); ++to)
                    row[to] = random.percent(cut_percent);
            world.after(length, [this] {
                for (auto& row : cut)
                    row.assign(row.size(), false);
            });
        });
    }
}

void Simulation::plan_workload() {
    const auto count =
        options_.transactions != 0 ? options_.transactions : bank_count + random.between(10, 60);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto at = core::milliseconds(static_cast<std::int64_t>(random.below(options_.chaos_ms)));
        world.after(at, [this] {
            const auto transaction = workload_.next();
            // Clients send to several nodes and again later: nothing may depend on one node's memory.
            for (int attempt = 0; attempt < 2; ++attempt) {
                auto& process = *processes[place_for(*transaction)];
                process.within(process.incarnation, [&] { process.submit(transaction); });
            }
        });
    }
}

/// The node that a client sends to.
std::size_t Simulation::place_for(const core::RecoveredTransaction& transaction) {
    const auto drawn = static_cast<std::size_t>(random.below(processes.size()));
    if (!options_.deaf_validator) return drawn;
    static const core::Address bank_0 = crypto::address_of(key_of("maker", 0));
    if (transaction.sender == bank_0) return *options_.deaf_validator;
    return drawn != *options_.deaf_validator ? drawn : (drawn + 1) % processes.size();
}

void Simulation::heal() {
    chaos = false;
    tell(0, "HEALED");
    for (auto& row : cut)
        row.assign(row.size(), false);
    for (std::size_t i = 0; i < processes.size(); ++i) {
        processes[i]->fail_disk_call = 0;
        restart(i);
    }
    for (const auto& transaction : workload_.submitted()) {
        if (checkers.is_mined(transaction->hash)) continue;
        for (auto& process : processes)
            process->within(process->incarnation, [&] { process->submit(transaction); });
    }
}

bool Simulation::is_done() const {
    if (checkers.violation()) return true;
    for (const auto& process : processes)
        if (!process->fatal.empty()) return true;
    if (chaos) return false;
    for (std::size_t i = 0; i < processes.size(); ++i)
        if (!is_up(i) || processes[i]->node->snapshot()->height() != checkers.highest()) return false;
    return std::all_of(workload_.submitted().begin(), workload_.submitted().end(),
                       [&](const auto& transaction) { return checkers.is_mined(transaction->hash); });
}

std::string Simulation::unfinished() const {
    std::string text = "liveness: after healing";
    for (std::size_t i = 0; i < processes.size(); ++i) {
        if (!is_up(i)) {
            text += fmt::format("; node {} is down", i);
            continue;
        }
        const auto status = processes[i]->node->status(now());
        text += fmt::format("; node {} height {} promised {} entered {} pool {} certified {}", i,
                            status.height, status.consensus.promised, status.consensus.entered,
                            status.pool_transactions, status.consensus.certified);
    }
    return text;
}

Outcome Simulation::run() {
    for (auto& process : processes)
        process->create();
    for (std::size_t i = 0; i < processes.size(); ++i) {
        auto& process = *processes[i];
        process.within(process.incarnation, [&] { process.node->start(now()); });
        for (std::size_t other = 0; other < processes.size(); ++other)
            if (other != i)
                process.within(process.incarnation,
                               [&] { process.node->on_peer_up(now(), processes[other]->signer.address()); });
    }
    plan_chaos();
    plan_workload();
    const auto over = [this] { return is_done(); };
    world.run(world.now() + core::milliseconds(static_cast<std::int64_t>(options_.chaos_ms)), over);
    heal();
    world.run(world.now() + healing_time, over);

    Outcome outcome;
    outcome.validators = processes.size();
    outcome.height = checkers.highest();
    outcome.transactions = checkers.transactions();
    outcome.events = world.performed();
    outcome.simulated_ms = static_cast<std::uint64_t>(world.now().us / 1000);
    outcome.situations = situations;
    outcome.trace = checkers.digest();
    if (checkers.violation()) outcome.failure = *checkers.violation();
    for (const auto& process : processes)
        if (outcome.failure.empty() && !process->fatal.empty())
            outcome.failure = fmt::format("node {} stopped: {}", process->index, process->fatal);
    if (outcome.failure.empty() && !is_done()) outcome.failure = unfinished();
    for (const auto* never : {"honest peer punished", "evidence against an honest node", "log: alarm"})
        if (outcome.failure.empty() && situations.contains(never)) outcome.failure = never;
    outcome.passed = outcome.failure.empty();
    return outcome;
}

}  // namespace

Outcome run(const Options& options) {
    return Simulation(options).run();
}

Verdict run_swarm(const Scenario& scenario) {
    Options options;
    options.seed = scenario.number;
    options.validators = scenario.validators;
    const auto outcome = run(options);
    Verdict verdict;
    verdict.failure = outcome.failure;
    verdict.trace = outcome.trace;
    verdict.coverage.insert(outcome.situations.begin(), outcome.situations.end());
    verdict.simulated_ms = outcome.simulated_ms;
    verdict.events = outcome.events;
    verdict.validators = outcome.validators;
    verdict.height = outcome.height;
    verdict.transactions = outcome.transactions;
    return verdict;
}

}  // namespace sluice::simulation
