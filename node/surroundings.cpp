#include "node/surroundings.hpp"

#include <boost/asio/ip/address.hpp>

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

bool is_loopback(const std::string& host) {
    boost::system::error_code error;
    const auto ip = boost::asio::ip::make_address(host, error);
    return host == "localhost" || (!error && ip.is_loopback());
}

void RefusalLog::note(const network::RefusedPeer& refused, Instant now) {
    const std::string host = refused.endpoint.substr(0, refused.endpoint.rfind(':'));
    const auto is_old = [&](const auto& entry) { return now - entry.second.said_at >= interval; };
    auto line = lines_.find({host, refused.reason});
    if (line != lines_.end() && !is_old(*line)) {
        ++line->second.unsaid;
        return;
    }
    std::uint64_t unsaid = 0;
    if (line != lines_.end()) {
        unsaid = line->second.unsaid;
        line->second = {now, 0};
    } else {
        if (lines_.size() >= hosts_max) std::erase_if(lines_, is_old);
        // Refusals from so many hosts at a time are an attack, and say nothing one by one.
        if (lines_.size() >= hosts_max) return;
        lines_.emplace(std::pair{host, refused.reason}, Line{now, 0});
    }
    const bool expected = refused.reason == network::CloseReason::unreachable ||
                          refused.reason == network::CloseReason::already_connected;
    const std::initializer_list<LogField> fields{{"endpoint", refused.endpoint},
                                                 {"reason", network::describe(refused.reason)},
                                                 {"by_peer", refused.refused_by_peer ? "yes" : "no"},
                                                 {"detail", refused.detail},
                                                 {"more_like_it", unsaid}};
    if (expected)
        log_.debug("peer_refused", fields);
    else
        log_.warn("peer_refused", fields);
}

}  // namespace sluice::node
