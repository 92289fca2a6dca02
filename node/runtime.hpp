/// A running node: threads, sockets and clocks around the state machine. The only place that starts threads.
#pragma once

#include <memory>

#include "node/config.hpp"
#include "node/event_log.hpp"
#include "node/spdlog_event_log.hpp"
#include "node/startup.hpp"

namespace sluice::node {

/// How a run ended: with the process, or to be opened again.
struct RunEnd {
    ExitCode code = ExitCode::stopped;
    std::optional<Reopening> reopening = std::nullopt;
};

/// Threads: `io` (sockets and HTTP), `node` (the state machine), `disk` (vote log and ledger writes),
/// `worker.N` (verification, execution, RPC handlers). Each mutable object has one of them as its owner;
/// values are posted.
class Runtime {
  public:
    /// Opens data directory, network and RPC ports; nothing runs yet. With `may_join` an empty ledger that is
    /// far behind asks to begin with a snapshot.
    static core::Result<std::unique_ptr<Runtime>, StartFailure> create(const NodeConfig& config,
                                                                       const Chain& chain, bool may_join,
                                                                       SpdlogEventLog& log);
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    /// Runs until SIGTERM, SIGINT or a failure, or until the node asks to be opened again. A second signal
    /// ends the process at once.
    RunEnd run();

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
