/// A running node: threads, sockets and clocks around the state machine. The only place that starts threads.
#pragma once

#include <memory>

#include "node/config.hpp"
#include "node/event_log.hpp"
#include "node/spdlog_event_log.hpp"
#include "node/startup.hpp"

namespace sluice::node {

/// Threads: `io` (sockets and HTTP), `node` (the state machine), `disk` (vote log and ledger writes),
/// `worker.N` (verification, execution, RPC handlers). Each mutable object has one of them as its owner;
/// values are posted.
class Runtime {
  public:
    /// Opens data directory, network and RPC ports; nothing runs yet.
    static core::Result<std::unique_ptr<Runtime>, StartFailure> create(const NodeConfig& config,
                                                                       SpdlogEventLog& log);
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    /// Runs until SIGTERM, SIGINT or a failure; returns how the process should end. A second signal ends it
    /// at once.
    ExitCode run();

  private:
    class State;
    struct Passkey {};

  public:
    /// For `create` alone.
    Runtime(Passkey, std::unique_ptr<State> state);

  private:
    std::unique_ptr<State> state_;
};

}  // namespace sluice::node
