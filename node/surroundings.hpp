/// What the programs around a state machine share: clocks, and how ports are configured and refusals logged.
#pragma once

#include <chrono>
#include <map>
#include <string>

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
/// Nobody outside this machine reaches a port that listens there.
bool is_loopback(const std::string& host);

network::HttpServerConfig metrics_config(const NodeConfig& config);

/// Connections that did not come about: a warning each, unless it is what happens every day. One host that is
/// refused again and again for one reason is a line every ten seconds, with how many there were meanwhile.
/// One thread at a time.
class RefusalLog {
  public:
    using Instant = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds interval{10};
    static constexpr std::size_t hosts_max = 256;

    explicit RefusalLog(EventLog& log) : log_(log) {}
    void note(const network::RefusedPeer& refused, Instant now);

  private:
    struct Line {
        Instant said_at;
        std::uint64_t unsaid = 0;
    };
    EventLog& log_;
    std::map<std::pair<std::string, network::CloseReason>, Line> lines_;
};

}  // namespace sluice::node
