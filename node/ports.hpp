/// What a node needs from outside: time with each call, a way to send, and somebody who runs its tasks.
/// In production these are sockets and threads; in the simulator they are played.
#pragma once

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "node/event_log.hpp"
#include "node/tasks.hpp"

#include "network/channel.hpp"

namespace sluice::node {

/// The two clocks at one moment. Timers follow `instant`; `wall_ms` goes into blocks and heartbeats only.
struct Now {
    core::Instant instant;
    core::UnixMs wall_ms = 0;
};

/// The way out. Returns at once; delivery is not promised.
class Outbox {
  public:
    virtual ~Outbox() = default;
    /// To every node of the network, through others where there is no direct connection.
    virtual void broadcast(network::Channel channel, core::SharedBytes bytes) = 0;
    /// To one directly connected peer.
    virtual void send(const core::Address& peer, network::Channel channel, core::SharedBytes bytes) = 0;
    /// Ends the connection to a peer that sent what no honest node sends, and shuts it out for a while.
    virtual void punish(const core::Address& peer, std::string_view why) = 0;
};

/// Where a task runs.
enum class Lane {
    compute,  ///< any worker, side by side with others, before everything in `bulk`
    bulk,     ///< any worker: what peers and clients ask for, and new transactions
    disk,     ///< one at a time, in the order of `start`
};

/// Runs tasks; each result comes back through Node::on_task_done.
class Workers {
  public:
    virtual ~Workers() = default;
    virtual void start(Lane lane, Task task) = 0;
};

/// A block that has become final and durable here, for those who wait for one.
struct FinalBlock {
    ledger::LedgerSnapshotPtr snapshot;  ///< what readers see from now on
    ExecutedBlockPtr block;
};

/// Why a node wants to be opened again from its data directory.
enum class Reopening {
    join,       ///< it would better begin with a snapshot
    caught_up,  ///< it followed without a voice, and the ledger has reached what the vote log knows
};
std::string_view describe(Reopening why);

/// Who is told of what the node did. Called on the node's thread; must return at once.
class NodeObserver {
  public:
    virtual ~NodeObserver() = default;
    virtual void on_final_block(const FinalBlock& block) = 0;
    /// A transaction entered the pool.
    virtual void on_pending(const core::TransactionPtr& transaction) = 0;
    /// The node entered a view above its first.
    virtual void on_view_entered(core::View view) = 0;
    virtual void on_evidence() = 0;
    /// The node cannot go on: it must be stopped, for the reason given. Nothing more is sent.
    virtual void on_fatal(std::string_view reason) = 0;
    /// The node has stopped, and must be opened again to go on.
    virtual void on_reopening(Reopening why) = 0;
};

}  // namespace sluice::node
