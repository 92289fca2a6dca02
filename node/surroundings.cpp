#include "node/surroundings.hpp"

#include "node/version.hpp"

namespace sluice::node {

using std::chrono::steady_clock;
using std::chrono::system_clock;

Now read_clocks() {
    const auto steady = steady_clock::now().time_since_epoch();
    const auto wall = system_clock::now().time_since_epoch();
    return {{std::chrono::duration_cast<std::chrono::microseconds>(steady).count()},
            static_cast<core::UnixMs>(std::chrono::duration_cast<std::chrono::milliseconds>(wall).count())};
}

steady_clock::time_point time_point(core::Instant instant) {
    return steady_clock::time_point(std::chrono::microseconds(instant.us));
}

network::TransportConfig transport_config(const NodeConfig& config, const Chain& chain, bool is_validator) {
    network::TransportConfig out;
    out.chain_id = chain.spec.chain_id;
    out.genesis_hash = chain.genesis_hash;
    out.role = is_validator ? network::PeerRole::validator : network::PeerRole::observer;
    out.name = config.name;
    out.software_version = std::string(version);
    out.listen_host = config.p2p_listen.host;
    out.listen_port = config.p2p_listen.port;
    for (const auto& peer : config.p2p_peers)
        out.peers.push_back({peer.endpoint.host, peer.endpoint.port, peer.address});
    out.tls = {config.p2p_authority_file.string(), config.p2p_certificate_file.string(),
               config.p2p_private_key_file.string(), config.p2p_revocation_file.string()};
    return out;
}

network::HttpServerConfig metrics_config(const NodeConfig& config) {
    network::HttpServerConfig out;
    out.listen_host = config.metrics_listen.host;
    out.listen_port = config.metrics_listen.port;
    return out;
}

void log_refused(EventLog& log, const network::RefusedPeer& refused) {
    const bool expected = refused.reason == network::CloseReason::unreachable ||
                          refused.reason == network::CloseReason::already_connected;
    const std::initializer_list<LogField> fields{{"endpoint", refused.endpoint},
                                                 {"reason", network::describe(refused.reason)},
                                                 {"by_peer", refused.refused_by_peer ? "yes" : "no"},
                                                 {"detail", refused.detail}};
    if (expected)
        log.debug("peer_refused", fields);
    else
        log.warn("peer_refused", fields);
}

}  // namespace sluice::node
