#include "network/mesh.hpp"

#include <algorithm>
#include <utility>

#include <openssl/rand.h>
#include <boost/asio/post.hpp>

#include "core/check.hpp"

namespace sluice::network {

namespace {

constexpr std::chrono::milliseconds tick_interval{100};
constexpr std::chrono::milliseconds accept_pause{100};
constexpr std::chrono::milliseconds status_interval{1'000};
/// A tick this late means that the process was stopped or starved, not that its peers fell silent.
constexpr std::chrono::milliseconds stall_min{1'000};

template <typename Value>
Value random_value() {
    Value value{};
    CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(&value), sizeof value) == 1);
    return value;
}

ConnectionSettings settings_of(const TransportConfig& config, crypto::Signer& signer) {
    return {.own = {.chain_id = config.chain_id,
                    .genesis_hash = config.genesis_hash,
                    .role = config.role,
                    .name = config.name,
                    .software_version = config.software_version},
            .self = signer.address(),
            .signer = &signer,
            .limits = config.limits};
}

bool is_offence(CloseReason reason) {
    return reason == CloseReason::malformed || reason == CloseReason::misbehaved;
}

}  // namespace

Mesh::Mesh(boost::asio::io_context& io, crypto::Signer& signer, TransportConfig config,
           TransportCallbacks callbacks, TlsContext tls)
    : io_(io),
      config_(std::move(config)),
      callbacks_(std::move(callbacks)),
      tls_(std::move(tls)),
      settings_(std::make_shared<const ConnectionSettings>(settings_of(config_, signer))),
      acceptor_(io),
      accept_pause_(io),
      tick_timer_(io),
      table_(settings_->self, config_.peers, config_.limits.redial),
      gossip_(settings_->self, random_value<ShortHashKey>(), random_value<std::uint64_t>()),
      status_(std::make_shared<const NetworkStatus>()) {}

core::Result<void, TransportError> Mesh::listen() {
    if (config_.listen_host.empty()) return {};
    const auto refuse = [&](const boost::system::error_code& error) {
        return core::fail(TransportError{TransportError::Kind::cannot_listen,
                                         "cannot listen for peers on " + config_.listen_host + ":" +
                                             std::to_string(config_.listen_port) + ": " + error.message()});
    };
    boost::system::error_code error;
    const auto ip = boost::asio::ip::make_address(config_.listen_host, error);
    if (error) return refuse(error);
    const Tcp::endpoint endpoint(ip, config_.listen_port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
    if (error) return refuse(error);
    port_ = acceptor_.local_endpoint(error).port();
    return {};
}

void Mesh::start() {
    if (is_stopped_) return;
    ticked_at_ = std::chrono::steady_clock::now();
    if (acceptor_.is_open()) accept_next();
    on_tick();
}

void Mesh::stop() {
    if (std::exchange(is_stopped_, true)) return;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    accept_pause_.cancel();
    tick_timer_.cancel();
    // Closing calls back and changes both containers.
    std::vector<Connection> all = live_connections();
    all.insert(all.end(), handshakes_.begin(), handshakes_.end());
    for (const Connection& connection : all)
        connection->close({CloseReason::shutting_down, ""});
}

void Mesh::broadcast(Channel channel, const core::SharedBytes& body) {
    relay(gossip_.originate(channel, *body), channel, body);
}

void Mesh::send(const core::Address& peer, Channel channel, core::SharedBytes body) {
    const auto found = live_.find(peer);
    if (found == live_.end()) return;
    const Connection connection = found->second;
    connection->send({.channel = channel, .gossip = {}, .body = std::move(body)});
}

void Mesh::disconnect(const core::Address& peer, CloseReason reason) {
    if (is_offence(reason)) table_.penalise(peer, std::chrono::steady_clock::now());
    const auto found = live_.find(peer);
    if (found == live_.end()) return;
    const Connection connection = found->second;
    connection->close({reason, ""});
}

void Mesh::recheck_allowed() {
    for (const Connection& connection : live_connections()) {
        if (!is_allowed(*connection->peer())) connection->close({CloseReason::not_allowed, ""});
    }
}

CloseReason Mesh::admit(PeerConnection& connection) {
    if (is_stopped_) return CloseReason::shutting_down;
    const Instant now = std::chrono::steady_clock::now();
    const PeerIdentity& peer = *connection.peer();
    if (const auto index = connection.target()) {
        const auto& expected = table_.target(*index).expected;
        if (expected && *expected != peer.address) return CloseReason::unexpected_address;
        table_.learn_identity(*index, peer.address);
    }
    if (!is_allowed(peer)) return CloseReason::not_allowed;
    if (table_.is_banned(peer.address, now)) return CloseReason::banned;
    if (const auto found = live_.find(peer.address); found != live_.end()) {
        found->second->probe(now);
        return CloseReason::already_connected;
    }
    if (live_.size() >= config_.limits.peers) return CloseReason::too_many_peers;
    return CloseReason::none;
}

void Mesh::connection_up(PeerConnection& connection) {
    const core::Address address = connection.peer()->address;
    handshakes_.erase(connection.shared_from_this());
    live_.emplace(address, connection.shared_from_this());
    table_.peer_up(address);
    if (connection.target()) table_.dial_succeeded(*connection.target());
    gossip_.neighbour_up(address);
    advertise_soon();
    call(callbacks_.on_peer_up, *connection.peer());
    publish_status(std::chrono::steady_clock::now());
}

void Mesh::frame_received(PeerConnection& connection, Frame frame) {
    const core::Address from = connection.peer()->address;
    const core::SharedBytes body = core::share(std::move(frame.body));
    if (!frame.gossip) return call(callbacks_.on_message, from, from, frame.channel, body);
    const GossipDecision decision = gossip_.receive(from, *frame.gossip, frame.channel, *body);
    if (!decision.deliver) return;
    relay(decision, frame.channel, body);
    call(callbacks_.on_message, from, frame.gossip->origin, frame.channel, body);
}

void Mesh::neighbours_received(PeerConnection& connection, std::vector<core::Address> addresses) {
    gossip_.neighbour_advertised(connection.peer()->address, std::move(addresses));
    is_status_stale_ = true;
}

void Mesh::connection_closed(PeerConnection& connection, const Refusal& refusal, bool by_peer) {
    if (!by_peer && is_offence(refusal.reason) && connection.peer()) {
        table_.penalise(connection.peer()->address, std::chrono::steady_clock::now());
    }
    is_live(connection) ? lose_peer(connection, refusal, by_peer)
                        : lose_handshake(connection, refusal, by_peer);
}

void Mesh::lose_peer(PeerConnection& connection, const Refusal& refusal, bool) {
    const Instant now = std::chrono::steady_clock::now();
    const core::Address address = connection.peer()->address;
    const Connection keep = connection.shared_from_this();
    live_.erase(address);
    table_.peer_down(address, refusal.reason, now);
    gossip_.neighbour_down(address);
    advertise_soon();
    call(callbacks_.on_peer_down, address, refusal.reason);
    publish_status(now);
}

void Mesh::lose_handshake(PeerConnection& connection, const Refusal& refusal, bool by_peer) {
    const Connection keep = connection.shared_from_this();
    handshakes_.erase(keep);
    is_status_stale_ = true;
    const auto target = connection.target();
    if (target) table_.dial_failed(*target, refusal.reason, std::chrono::steady_clock::now());
    RefusedPeer refused{.endpoint = connection.endpoint(),
                        .address = {},
                        .reason = refusal.reason,
                        .refused_by_peer = by_peer,
                        .dialled = target.has_value(),
                        .detail = printable(refusal.detail, 255)};
    if (connection.peer()) refused.address = connection.peer()->address;
    call(callbacks_.on_refused, refused);
}

Mesh::Connection Mesh::make_connection(Tcp::socket socket) {
    auto connection = std::make_shared<PeerConnection>(std::move(socket), tls_, settings_, weak_from_this());
    handshakes_.insert(connection);
    return connection;
}

void Mesh::accept_next() {
    acceptor_.async_accept(
        [self = shared_from_this()](const boost::system::error_code& error, Tcp::socket socket) {
            if (self->is_stopped_) return;
            if (!error) {
                self->on_accepted(std::move(socket));
                return self->accept_next();
            }
            // Most likely out of file descriptors: trying again at once would spin.
            self->accept_pause_.expires_after(accept_pause);
            self->accept_pause_.async_wait([self](const boost::system::error_code& cancelled) {
                if (!cancelled && !self->is_stopped_) self->accept_next();
            });
        });
}

void Mesh::on_accepted(Tcp::socket socket) {
    boost::system::error_code error;
    const Tcp::endpoint remote = socket.remote_endpoint(error);
    if (error || !has_room_for_handshake(remote.address())) return;
    make_connection(std::move(socket))->accept();
}

bool Mesh::has_room_for_handshake(const boost::asio::ip::address& ip) const {
    std::size_t in_flight = 0;
    std::size_t of_ip = 0;
    for (const Connection& connection : handshakes_) {
        if (connection->target()) continue;
        ++in_flight;
        if (connection->remote_ip() == ip) ++of_ip;
    }
    return in_flight < config_.limits.handshakes_in_flight && of_ip < handshakes_per_ip_max;
}

void Mesh::schedule_tick() {
    tick_timer_.expires_after(tick_interval);
    tick_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (!error && !self->is_stopped_) self->on_tick();
    });
}

void Mesh::on_tick() {
    const Instant now = std::chrono::steady_clock::now();
    const bool has_stalled = now - ticked_at_ > stall_min;
    ticked_at_ = now;
    for (const Connection& connection : live_connections()) {
        if (has_stalled) connection->forgive_silence(now);
        connection->tick(now);
    }
    dial_due(now);
    if (is_status_stale_ || now - published_at_ >= status_interval) publish_status(now);
    schedule_tick();
}

void Mesh::dial_due(Instant now) {
    for (const PeerTable::TargetIndex index : table_.begin_due_dials(now)) {
        make_connection(Tcp::socket(io_))->dial(table_.target(index), index);
    }
}

std::vector<Mesh::Connection> Mesh::live_connections() const {
    std::vector<Connection> connections;
    connections.reserve(live_.size());
    for (const auto& [address, connection] : live_)
        connections.push_back(connection);
    return connections;
}

bool Mesh::is_live(const PeerConnection& connection) const {
    if (!connection.peer()) return false;
    const auto found = live_.find(connection.peer()->address);
    return found != live_.end() && found->second.get() == &connection;
}

bool Mesh::is_allowed(const PeerIdentity& identity) const {
    return !callbacks_.is_allowed || callbacks_.is_allowed(identity.address, identity.role);
}

void Mesh::relay(const GossipDecision& decision, Channel channel, const core::SharedBytes& body) {
    for (const core::Address& address : decision.relay_to) {
        const auto found = live_.find(address);
        // A neighbour whose queue overflowed a moment ago, in this very loop, is no longer there.
        if (found == live_.end()) continue;
        const Connection connection = found->second;
        connection->send({.channel = channel, .gossip = decision.header, .body = body});
    }
}

void Mesh::advertise_soon() {
    if (std::exchange(is_advertising_, true)) return;
    // Posted, so that several changes of one turn are told once.
    boost::asio::post(io_, [self = shared_from_this()] {
        self->is_advertising_ = false;
        if (!self->is_stopped_) self->advertise();
    });
}

void Mesh::advertise() {
    std::vector<core::Address> neighbours = gossip_.neighbours();
    if (neighbours.size() > neighbours_max) neighbours.resize(neighbours_max);
    const core::SharedBytes body = core::share(encode(Neighbours{std::move(neighbours)}));
    for (const Connection& connection : live_connections()) {
        connection->send({.channel = Channel::control, .gossip = {}, .body = body});
    }
}

void Mesh::publish_status(Instant now) {
    auto status = std::make_shared<NetworkStatus>();
    for (const auto& [address, connection] : live_) {
        PeerStatus& peer = status->peers.emplace_back(connection->status(now));
        peer.neighbours = gossip_.neighbours_of(address);
    }
    status->absent = table_.absent();
    status->duplicates_suppressed = gossip_.duplicates_suppressed();
    status->messages_relayed = gossip_.messages_relayed();
    published_at_ = now;
    is_status_stale_ = false;
    status_.store(std::move(status));
}

template <typename Callback, typename... Arguments>
void Mesh::call(const Callback& callback, Arguments&&... arguments) const {
    if (callback && !is_silenced_.load()) callback(std::forward<Arguments>(arguments)...);
}

}  // namespace sluice::network
