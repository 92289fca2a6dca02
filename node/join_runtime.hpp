/// A node that joins from a snapshot: threads, sockets and the database around SnapshotJoin. It runs before
/// Runtime, in the same process.
#pragma once

#include <memory>

#include "node/runtime.hpp"

namespace sluice::node {

/// Threads: `io` (sockets), `node` (the state machine), `disk` (checks and writes). JSON-RPC is closed
/// meanwhile; the operator's port answers that the process lives and is not ready.
class JoinRuntime {
  public:
    /// Opens data directory and network; nothing runs yet.
    static core::Result<std::unique_ptr<JoinRuntime>, StartFailure> create(const NodeConfig& config,
                                                                           const Chain& chain,
                                                                           SpdlogEventLog& log);
    ~JoinRuntime();
    JoinRuntime(const JoinRuntime&) = delete;
    JoinRuntime& operator=(const JoinRuntime&) = delete;

    /// Runs until the store holds a ledger, nobody offers a state, or SIGTERM, SIGINT or a failure ends it.
    /// Nothing: the node can be opened. Otherwise how the process should end.
    std::optional<ExitCode> run();

  private:
    class State;
    struct Passkey {};

  public:
    /// For `create` alone.
    JoinRuntime(Passkey, std::unique_ptr<State> state);

  private:
    std::unique_ptr<State> state_;
};

}  // namespace sluice::node
