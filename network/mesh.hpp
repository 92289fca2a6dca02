/// The node's connections taken together: accepting, dialling, admitting, relaying.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "network/gossip.hpp"
#include "network/peer_connection.hpp"
#include "network/peer_table.hpp"
#include "network/transport.hpp"

namespace sluice::network {

/// Everything behind `Transport`. Io thread only, except where said otherwise.
class Mesh final : public ConnectionOwner, public std::enable_shared_from_this<Mesh> {
  public:
    Mesh(boost::asio::io_context& io, crypto::Signer& signer, TransportConfig config,
         TransportCallbacks callbacks, TlsContext tls);

    /// Opens the listening socket, if one is configured.
    core::Result<void, TransportError> listen();
    void start();
    void stop();
    void broadcast(Channel channel, const core::SharedBytes& body);
    void send(const core::Address& peer, Channel channel, core::SharedBytes body);
    void disconnect(const core::Address& peer, CloseReason reason);
    void recheck_allowed();
    void use(TlsContext tls) { tls_ = std::move(tls); }

    /// Any thread: no callback begins from now on.
    void silence_callbacks() { is_silenced_.store(true); }
    /// Any thread: these do not change once the transport exists.
    boost::asio::io_context& io() { return io_; }
    const TlsFiles& tls_files() const { return config_.tls; }
    const core::Address& self() const { return settings_->self; }
    std::uint16_t port() const { return port_; }
    /// Any thread.
    std::shared_ptr<const NetworkStatus> status() const { return status_.load(); }

    CloseReason admit(PeerConnection& connection) override;
    void connection_up(PeerConnection& connection) override;
    void frame_received(PeerConnection& connection, Frame frame) override;
    void neighbours_received(PeerConnection& connection, std::vector<core::Address> addresses) override;
    void connection_closed(PeerConnection& connection, const Refusal& refusal, bool by_peer) override;

  private:
    using Connection = std::shared_ptr<PeerConnection>;
    using Instant = PeerConnection::Instant;
    using Tcp = boost::asio::ip::tcp;

    Connection make_connection(Tcp::socket socket);
    void accept_next();
    void on_accepted(Tcp::socket socket);
    bool has_room_for_handshake(const boost::asio::ip::address& ip) const;
    void schedule_tick();
    void on_tick();
    void dial_due(Instant now);
    std::vector<Connection> live_connections() const;
    bool is_live(const PeerConnection& connection) const;
    void lose_peer(PeerConnection& connection, const Refusal& refusal, bool by_peer);
    void lose_handshake(PeerConnection& connection, const Refusal& refusal, bool by_peer);
    bool is_allowed(const PeerIdentity& identity) const;
    void relay(const GossipDecision& decision, Channel channel, const core::SharedBytes& body);
    void advertise_soon();
    void advertise();
    void publish_status(Instant now);
    template <typename Callback, typename... Arguments>
    void call(const Callback& callback, Arguments&&... arguments) const;

    boost::asio::io_context& io_;
    TransportConfig config_;
    TransportCallbacks callbacks_;
    TlsContext tls_;
    std::shared_ptr<const ConnectionSettings> settings_;
    Tcp::acceptor acceptor_;
    boost::asio::steady_timer accept_pause_;
    boost::asio::steady_timer tick_timer_;
    std::uint16_t port_ = 0;
    bool is_stopped_ = false;
    std::atomic<bool> is_silenced_ = false;

    PeerTable table_;
    Gossip gossip_;
    std::set<Connection> handshakes_;
    std::map<core::Address, Connection> live_;
    bool is_advertising_ = false;
    Instant ticked_at_{};
    Instant published_at_{};
    bool is_status_stale_ = true;
    std::atomic<std::shared_ptr<const NetworkStatus>> status_;
};

}  // namespace sluice::network
