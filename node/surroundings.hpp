/// What the programs around a state machine share: clocks, and how ports are configured and refusals logged.
#pragma once

#include <chrono>

#include "network/http_server.hpp"
#include "network/transport.hpp"
#include "node/config.hpp"
#include "node/event_log.hpp"
#include "node/opening.hpp"
#include "node/ports.hpp"

namespace sluice::node {

Now read_clocks();
std::chrono::steady_clock::time_point time_point(core::Instant instant);

network::TransportConfig transport_config(const NodeConfig& config, const Chain& chain, bool is_validator);
network::HttpServerConfig metrics_config(const NodeConfig& config);

/// A connection that did not come about: a warning, unless it is what happens every day.
void log_refused(EventLog& log, const network::RefusedPeer& refused);

}  // namespace sluice::node
