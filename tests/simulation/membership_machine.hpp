/// The machines and the network behind `run_membership`.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "crypto/signer.hpp"
#include "ledger/memory_store.hpp"
#include "ledger/memory_vote_directory.hpp"
#include "node/node.hpp"
#include "node/opening.hpp"
#include "node/snapshot_join.hpp"
#include "tests/simulation/membership_acts.hpp"
#include "tests/simulation/membership_network.hpp"

namespace sluice::simulation {

inline constexpr core::UnixMs start_wall_ms = 1'800'000'000'000;

crypto::PrivateKey key_of_node(std::size_t number);

class Network;

/// One node with its disk.
class Machine final : public node::Outbox,
                      public node::Workers,
                      public node::JoinWorkers,
                      public node::NodeObserver,
                      public node::EventLog {
  public:
    Machine(Network& network, std::size_t number)
        : network_(network), number_(number), signer_(key_of_node(number)) {}

    void create();
    void open();
    void kill();
    /// Begins with a snapshot of others; it is up when that is done.
    void join();
    /// As `sluiced repair` leaves it: no ledger but genesis, and the vote log as it was.
    void lose_ledger();
    bool is_up() const { return node_ != nullptr; }
    bool is_joining() const { return join_ != nullptr; }
    node::SnapshotJoin& joining() { return *join_; }
    node::Node& node() { return *node_; }
    ledger::LedgerSnapshotPtr snapshot() const { return node_->snapshot(); }
    const core::Address address() const { return signer_.address(); }
    /// Runs `work` unless the process has ended since `run`.
    void within(std::uint64_t run, const std::function<void()>& work);
    /// The same while it joins; opens the node when that is over.
    void within_join(std::uint64_t run, const std::function<void()>& work);
    std::uint64_t run() const { return run_; }
    /// Its ledger is behind its vote log, and it has no voice.
    bool is_silent() const { return is_repaired_; }

    void broadcast(network::Channel channel, core::SharedBytes bytes) override;
    void send(const core::Address& peer, network::Channel channel, core::SharedBytes bytes) override;
    void punish(const core::Address& peer, std::string_view why) override;
    void start(node::Lane lane, node::Task task) override;
    void start(node::JoinTask task) override;
    void on_final_block(const node::FinalBlock& block) override;
    void on_pending(const core::TransactionPtr&) override {}
    void on_view_entered(core::View) override {}
    void on_evidence() override;
    void on_fatal(std::string_view reason) override;
    void on_reopening(node::Reopening why) override;
    void write(node::LogLevel level, std::string_view event, std::span<const node::LogField> fields) override;

  private:
    void arm();
    void arm_join();
    void begin_join();

    Network& network_;
    std::size_t number_;
    crypto::LocalSigner signer_;
    ledger::MemoryStore store_;
    ledger::MemoryVoteDirectory votes_;
    std::uint64_t run_ = 0;
    std::optional<node::OpenedData> data_;
    std::unique_ptr<node::Node> node_;
    std::unique_ptr<node::JoinStorage> join_storage_;
    std::unique_ptr<node::SnapshotJoin> join_;
    bool is_repaired_ = false;  ///< its ledger may be behind its vote log
    core::Instant disk_free_;
    std::optional<core::Instant> armed_;
};

class Network {
  public:
    explicit Network(const MembershipOptions& options);
    MembershipOutcome run();

    // ---- for machines
    node::Now now() const { return {now_, start_wall_ms + static_cast<core::UnixMs>(now_.us / 1000)}; }
    void after(core::Duration delay, std::function<void()> work) {
        events_.emplace(core::Instant{now_.us + delay.us}, std::move(work));
    }
    void at(core::Instant time, std::function<void()> work) {
        events_.emplace(std::max(time, now_), std::move(work));
    }
    void transmit(std::size_t from, std::size_t to, network::Channel channel, core::SharedBytes bytes);
    void note_sent(Machine& sender, core::ByteView bytes);
    void note_block(std::size_t number, const node::FinalBlock& block);
    /// What `number` says to who joins, where it is the one that lies.
    core::SharedBytes as_sent(std::size_t from, std::size_t to, const core::SharedBytes& bytes);
    std::size_t liar() const;
    bool may_be_punished(const core::Address& peer) const;
    void fail(std::string what) {
        if (outcome_.failure.empty()) outcome_.failure = std::move(what);
    }
    std::size_t size() const { return machines_.size(); }
    Machine& machine(std::size_t number) { return *machines_[number]; }

    Random random;
    node::Chain chain;
    MembershipOutcome outcome_;
    bool lossy = true;
    /// Starts an open node, and lets it and the others know of each other.
    void connect(std::size_t number);
    void link(std::size_t number);
    node::OpeningOptions opening() const;
    /// Lets time pass until `is_over`; false if that does not come within `limit`.
    bool advance(core::Duration limit, const std::function<bool()>& is_over);

  private:
    void act();
    void plan_crashes();
    bool agree(core::Height least);
    Machine& furthest();
    void restart_all();
    void heal();
    void check_history(Machine& machine);
    void count_first_votes(Machine& machine);

    MembershipOptions options_;
    core::Instant now_{1'000'000};
    std::multimap<core::Instant, std::function<void()>> events_;  ///< ties in order of their coming
    std::vector<std::unique_ptr<Machine>> machines_;  ///< the last one begins at the end, from genesis
    MembershipActs acts_;
    std::map<core::Height, core::Hash> canonical_;
    std::set<std::pair<core::Height, core::Address>> voted_;
    /// What each validator said in PREPARE and COMMIT of a height and view, over its whole life.
    std::map<std::tuple<core::Address, std::size_t, core::Height, core::View>, core::Hash> said_;
};

}  // namespace sluice::simulation
