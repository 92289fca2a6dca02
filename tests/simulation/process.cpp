#include "tests/simulation/process.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "consensus/message_codec.hpp"
#include "core/check.hpp"
#include "ledger/storage_failure.hpp"
#include "tests/simulation/signature_count.hpp"
#include "tests/simulation/stage.hpp"

namespace sluice::simulation {
namespace {

/// Small tables: a simulated state is small, and each start fills them anew.
node::OpeningOptions opening_options(const Options& chosen) {
    node::OpeningOptions options;
    options.ledger.state.cache_bytes = 64u << 10;
    options.ledger.state.flush_blocks = chosen.flush_blocks;
    options.votes.rotate_bytes = 24u << 10;
    options.votes.preallocate_bytes = 8u << 10;
    return options;
}

using Kind = EventLabel::Kind;

}  // namespace

Process::Process(Stage& stage, std::size_t place)
    : index(place),
      signer(key_of("validator", place)),
      disk(Random::of(stage.options.seed, fmt::format("disk {}", place)), stage.coverage),
      stage_(stage),
      times_(Random::of(stage.options.seed, fmt::format("tasks {}", place))) {}

node::Now Process::now() const {
    return {clock.local(stage_.world.now()), clock.wall_ms(stage_.world.now())};
}

bool Process::is_paused() const {
    return is_up() && paused_until_ > stage_.world.now();
}

void Process::pause(core::Instant until) {
    if (until <= paused_until_) return;
    paused_until_ = until;
    stage_.world.at(until, {Kind::watch, index, 1}, [this] {
        if (stage_.world.now() >= paused_until_) end_pause();
    });
}

void Process::end_pause() {
    paused_until_ = {};
    auto held = std::exchange(held_, {});
    for (auto& [run, work] : held)
        within(run, work);
}

void Process::within(std::uint64_t run, const std::function<void()>& work) {
    if (run != run_ || !node_) return;
    if (is_paused()) {
        if (!stage_.retired[index]) held_.emplace_back(run, work);
        return;
    }
    try {
        work();
    } catch (const Killed&) {
        stage_.crash(index, disk.take_power_cut());
        return;
    } catch (const ledger::StorageFailure&) {
        hit(stage_.coverage, "process ended by a disk error");
        stage_.crash(index, disk.take_power_cut());
        return;
    }
    arm();
}

void Process::count_effect() {
    if (++effects != die_at_effect) return;
    hit(stage_.coverage, "killed at an effect");
    throw Killed{};
}

// ---- ports

bool Process::is_impostor() const {
    return stage_.impostors[index] != nullptr;
}

void Process::note_sent(network::Channel channel, const core::SharedBytes& bytes) {
    if (is_impostor()) stage_.impostors[index]->hear(channel, *bytes);
    if (channel != network::Channel::consensus) return;
    const auto message = consensus::decode_message(*bytes);
    CHECK(message.has_value());
    stage_.wire.on_sent(*this, *message);
    const auto* envelope = consensus::envelope_of(*message);
    if (stage_.options.timeline && envelope && !std::holds_alternative<consensus::Heartbeat>(*message))
        stage_.tell(index, fmt::format("-> {} height {} view {}", consensus::name_of(*message),
                                       envelope->height, envelope->view));
}

void Process::broadcast(network::Channel channel, core::SharedBytes bytes) {
    count_effect();
    note_sent(channel, bytes);
    const auto print = fingerprint(*bytes);
    for (std::size_t to = 0; to < stage_.processes.size(); ++to)
        if (to != index) stage_.say(index, to, channel, bytes, print);
}

void Process::send(const core::Address& peer, network::Channel channel, core::SharedBytes bytes) {
    count_effect();
    note_sent(channel, bytes);
    stage_.say(index, stage_.index_of(peer), channel, bytes, fingerprint(*bytes));
}

void Process::punish(const core::Address& peer, std::string_view why) {
    const auto whom = stage_.index_of(peer);
    if (!is_impostor() && stage_.processes[whom]->memory != Memory::unaware)
        stage_.checkers.violate(fmt::format("node {} punished an honest peer: {}", index, why));
    stage_.tell(index, fmt::format("SHUTS OUT node {}: {}", whom, why));
    stage_.shut_out(index, whom);
}

void Process::on_final_block(const node::FinalBlock& block) {
    if (is_impostor()) return;
    stage_.checkers.on_final_block(index, block);
    stage_.on_height(index, block);
}

void Process::on_fatal(std::string_view reason) {
    if (is_impostor()) return;
    stage_.checkers.violate(fmt::format("node {} stopped: {}", index, reason));
}

void Process::write(node::LogLevel, std::string_view event, std::span<const node::LogField> fields) {
    stage_.wire.on_log(*this, event, fields);
    if (!stage_.options.timeline) return;
    std::string line(event);
    for (const auto& field : fields)
        line += fmt::format(" {}={}", field.key, std::string_view(field.value).substr(0, 60));
    stage_.tell(index, line);
}

core::Duration Process::task_time(node::Lane lane) {
    const auto usual = lane == node::Lane::disk ? 800 + disk_delay_us : 300;
    return {static_cast<std::int64_t>(20 + times_.long_tailed(usual))};
}

core::Duration Process::execution_time(const node::Task& task) const {
    std::size_t transactions = 0;
    if (const auto* build = std::get_if<node::BuildBlock>(&task)) transactions = build->candidates.size();
    if (const auto* check = std::get_if<node::CheckBlock>(&task))
        transactions = check->block.transactions.size();
    return stage_.options.transaction_time * static_cast<std::int64_t>(transactions);
}

void Process::start(node::Lane lane, node::Task task) {
    count_effect();
    if (lane == node::Lane::disk) {
        disk_queue_.push_back(std::make_shared<node::Task>(std::move(task)));
        if (!disk_busy_) next_disk_task();
        return;
    }
    const auto kind = task.index();
    const auto time = task_time(lane) + execution_time(task);
    auto shared = std::make_shared<node::Task>(std::move(task));
    stage_.world.after(time, {Kind::task, index, kind}, [this, run = run_, shared] {
        within(run, [this, shared] { run_task(std::move(*shared)); });
    });
}

/// A faulty builder executes two blocks for one height. One time later, and without the last transaction:
/// good blocks that differ.
void Process::build_double(node::BuildBlock& task, Doubles& doubles) {
    node::Storage storage{*data_->ledger, *data_->vote_log};
    node::BuildBlock other{.executor = std::move(task.executor),
                           .head = task.head,
                           .chain_id = task.chain_id,
                           .miner = task.miner,
                           .view = task.view,
                           .time_ms = task.time_ms + 1,
                           .candidates = task.candidates,
                           .allow_empty = true};
    if (!other.candidates.empty()) other.candidates.pop_back();
    auto result = std::get<node::BlockBuilt>(node::run(node::Task(std::move(other)), storage));
    task.executor = std::move(result.executor);
    if (result.block) doubles.keep({result.block->hash, result.block->encoded});
}

void Process::run_task(node::Task task) {
    if (auto* build = std::get_if<node::BuildBlock>(&task); build != nullptr && is_impostor())
        build_double(*build, stage_.impostors[index]->doubles());
    const auto* verification = std::get_if<node::VerifyConsensusMessage>(&task);
    const auto bytes = verification != nullptr ? verification->encoded->size() : 0;
    const auto before = signature_checks;
    node::Storage storage{*data_->ledger, *data_->vote_log};
    auto result = node::run(std::move(task), storage);
    if (bytes > 0) stage_.wire.on_verified(*this, bytes, signature_checks - before);
    node_->on_task_done(now(), std::move(result));
}

/// A disk task has two moments: its effect, and the word of it. A crash may fall between them.
void Process::next_disk_task() {
    if (disk_queue_.empty()) return;
    disk_busy_ = true;
    auto task = disk_queue_.front();
    disk_queue_.pop_front();
    const auto kind = task->index();
    stage_.world.after(
        task_time(node::Lane::disk), {Kind::task, index, kind}, [this, kind, run = run_, task] {
            within(run, [this, kind, run, task] {
                node::Storage storage{*data_->ledger, *data_->vote_log};
                auto result = std::make_shared<node::TaskResult>(node::run(std::move(*task), storage));
                const core::Duration delay{static_cast<std::int64_t>(times_.below(200))};
                stage_.world.after(delay, {Kind::word_of_task, index, kind}, [this, run, result] {
                    within(run, [this, result] {
                        disk_busy_ = false;
                        next_disk_task();
                        node_->on_task_done(now(), std::move(*result));
                    });
                });
            });
        });
}

void Process::arm() {
    if (!node_) return;
    const auto next = node_->next_deadline();
    if (!next || next == armed_) return;
    armed_ = next;
    stage_.world.at(clock.world(*next), {Kind::deadline, index, 0}, [this, run = run_, at = *next] {
        if (run != run_ || armed_ != at) return;
        armed_.reset();
        within(run, [this] { node_->on_deadline(now()); });
    });
}

/// As an RPC worker does it: the sender's nonce is read from the head.
void Process::submit(const core::TransactionPtr& transaction) {
    const auto head = node_->snapshot();
    const auto state = head->state_at(head->height());
    CHECK(state.has_value());
    const auto account = (*state)->account(transaction->sender);
    const auto verdicts = node_->submit(now(), {{transaction, account ? account->nonce : 0}});
    stage_.on_pool_verdict(verdicts.front());
}

// ---- the machine

void Process::install() {
    disk.store().restore(stage_.chain_kit.genesis_store);
    const auto created = ledger::VoteLog::create(disk.votes(), {0, stage_.chain().genesis_hash}, {},
                                                 opening_options(stage_.options).votes);
    CHECK(created.has_value());
    open();
    disk_calls_of_install = disk.calls();
}

/// What an operator does: `sluiced rejoin`, on an emptied ledger where that is damaged too.
void Process::rejoin() {
    disk.clear_votes();
    auto replaced = node::replace_votes(disk.store(), disk.votes(), stage_.chain(),
                                        opening_options(stage_.options), node::LostVotes::ask_others);
    if (!replaced) {
        disk.replace();
        replaced = node::replace_votes(disk.store(), disk.votes(), stage_.chain(),
                                       opening_options(stage_.options), node::LostVotes::ask_others);
    }
    CHECK(replaced.has_value());
    if (!is_impostor()) memory = Memory::rejoining;
    stage_.wire.on_rejoin(index);
    needs_rejoin = damaged = false;
    hit(stage_.coverage, "an operator ran rejoin");
}

core::Result<node::OpenedData, std::string> Process::open_data() {
    if (needs_rejoin) rejoin();
    auto opened =
        node::open_data(disk.store(), disk.votes(), stage_.chain(), opening_options(stage_.options));
    if (opened || !damaged) {
        damaged = false;
        return opened;
    }
    // The damage was ours, and the node has found it: it asks for its operator, who comes.
    hit(stage_.coverage, "damaged disk refused at start");
    stage_.tell(index, opened.error());
    rejoin();
    return node::open_data(disk.store(), disk.votes(), stage_.chain(), opening_options(stage_.options));
}

void Process::open() {
    disk.disarm();
    if (const auto call = std::exchange(die_in_start, 0)) disk.arm(call, CallFailure::killed_after);
    clock.restart(stage_.world.now(), stage_.drift_of(index),
                  static_cast<std::int64_t>(times_.below(1ull << 40)));
    try {
        auto opened = open_data();
        if (!opened && is_impostor()) return;
        if (!opened)
            return stage_.checkers.violate(fmt::format("node {} does not open: {}", index, opened.error()));
        data_ = std::move(*opened);
        disk.disarm();
    } catch (const Killed&) {
        hit(stage_.coverage, "killed while starting");
        return stage_.crash(index, disk.take_power_cut());
    } catch (const ledger::StorageFailure&) {
        return stage_.crash(index, disk.take_power_cut());
    }
    if (!is_impostor())
        stage_.checkers.on_restarted(index, *data_->setup.snapshot, std::exchange(ledger_truncated, false));
    data_->setup.self = signer.address();
    data_->setup.signer = &signer;
    data_->setup.recovered.rejoin_nonce = core::keccak256(core::word_from_u64(times_.next()));
    stage_.wire.on_recovered(*this, data_->setup.recovered, data_->setup.head.header.height);
    node_ = std::make_unique<node::Node>(std::move(data_->setup), *this, *this, *this, *this);
    within(run_, [this] { node_->start(now()); });
}

void Process::end(bool power_cut) {
    ++run_;
    node_.reset();
    data_.reset();
    disk_queue_.clear();
    disk_busy_ = false;
    armed_.reset();
    held_.clear();
    paused_until_ = {};
    if (power_cut) disk.lose_unsynced(stage_.options.faults.has(Fault::torn_write));
}

}  // namespace sluice::simulation
