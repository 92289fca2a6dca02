/// One machine: a disk that outlives processes, clocks, and the production node when it runs.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "node/node.hpp"
#include "node/opening.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/simulation/impostor.hpp"
#include "tests/simulation/local_clock.hpp"
#include "tests/simulation/wire_checks.hpp"

namespace sluice::simulation {

class Stage;

/// What was done to a node's memory of its votes, and so what it may be held to.
enum class Memory {
    whole,
    rejoining,  ///< it lost its vote log, and knows it: it must still never contradict itself
    unaware,    ///< it lost votes without being able to know: one of the f that may do anything
};

/// The ports of one node, played. One thread.
class Process final : public node::Outbox,
                      public node::Workers,
                      public node::NodeObserver,
                      public node::EventLog {
  public:
    Process(Stage& stage, std::size_t index);

    // ---- the machine
    /// Genesis on an empty disk, then the first start.
    void install();
    /// Starts the node from its disk; what must not happen is reported to the checkers.
    void open();
    /// The process is gone. A power cut takes unsynced data with it.
    void end(bool power_cut);
    void pause(core::Instant until);
    /// What came meanwhile is taken now, in order.
    void end_pause();
    bool is_up() const { return node_ != nullptr; }
    bool is_paused() const;
    /// Runs `work` in the present run of the process, or not at all if `run` is an earlier one. It is kept
    /// while the process is paused, so it must hold what it needs.
    void within(std::uint64_t run, const std::function<void()>& work);
    std::uint64_t run() const { return run_; }

    void submit(const core::TransactionPtr& transaction);
    node::Now now() const;
    core::Height height() const { return node_->snapshot()->height(); }
    node::NodeStatus status() const { return node_->status(now()); }
    node::Node& running() { return *node_; }

    // ---- ports
    void broadcast(network::Channel channel, core::SharedBytes bytes) override;
    void send(const core::Address& peer, network::Channel channel, core::SharedBytes bytes) override;
    void punish(const core::Address& peer, std::string_view why) override;
    void start(node::Lane lane, node::Task task) override;
    void on_final_block(const node::FinalBlock& block) override;
    void on_pending(const core::TransactionPtr&) override {}
    void on_view_entered(core::View) override {}
    void on_evidence() override {}
    void on_fatal(std::string_view reason) override;
    void on_reopening(node::Reopening) override {}
    void write(node::LogLevel level, std::string_view event, std::span<const node::LogField> fields) override;

    const std::size_t index;
    crypto::LocalSigner signer;
    Disk disk;
    LocalClock clock;
    Memory memory = Memory::whole;
    bool damaged = false;           ///< by us: the node may refuse to start from this disk
    bool needs_rejoin = false;      ///< an operator will run `sluiced rejoin` before the next start
    bool ledger_truncated = false;  ///< its head may be behind what it has shown
    std::uint64_t disk_delay_us = 0;
    std::uint64_t effects = 0;  ///< calls of ports, over all runs
    std::uint64_t disk_calls_of_install = 0;
    std::uint64_t die_in_start = 0;   ///< at this call of the disk during the next start; 0: not
    std::uint64_t die_at_effect = 0;  ///< counts in `effects`; 0: never

  private:
    void arm();
    void next_disk_task();
    void run_task(node::Task task);
    bool is_impostor() const;
    void build_double(node::BuildBlock& task, Doubles& doubles);
    void count_effect();
    void note_sent(network::Channel channel, const core::SharedBytes& bytes);
    void rejoin();
    core::Duration task_time(node::Lane lane);
    core::Duration execution_time(const node::Task& task) const;
    core::Result<node::OpenedData, std::string> open_data();

    Stage& stage_;
    Random times_;
    std::uint64_t run_ = 0;
    std::optional<node::OpenedData> data_;
    std::unique_ptr<node::Node> node_;
    std::deque<std::shared_ptr<node::Task>> disk_queue_;
    bool disk_busy_ = false;
    std::optional<core::Instant> armed_;
    core::Instant paused_until_;
    std::deque<std::pair<std::uint64_t, std::function<void()>>> held_;  ///< what came during a pause
};

}  // namespace sluice::simulation
