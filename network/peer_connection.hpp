/// One TCP connection to a peer: dialling, TLS, handshake, frames in, frames out, parting.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include "network/frame.hpp"
#include "network/handshake.hpp"
#include "network/peer_table.hpp"
#include "network/send_queue.hpp"
#include "network/tls.hpp"
#include "network/token_bucket.hpp"
#include "network/transport.hpp"

namespace sluice::network {

class PeerConnection;

/// Whom a connection reports to, on the io thread.
class ConnectionOwner {
  public:
    virtual ~ConnectionOwner() = default;
    /// The peer's identity is proven (`peer()`): may it come in? Asked again just before it does.
    virtual CloseReason admit(PeerConnection& connection) = 0;
    /// Both sides have accepted.
    virtual void connection_up(PeerConnection& connection) = 0;
    /// A frame of another channel than control.
    virtual void frame_received(PeerConnection& connection, Frame frame) = 0;
    virtual void neighbours_received(PeerConnection& connection, std::vector<core::Address> addresses) = 0;
    /// Once, whatever happened. `by_peer`: the other side gave the reason.
    virtual void connection_closed(PeerConnection& connection, const Refusal& refusal, bool by_peer) = 0;
};

/// What all connections of a node share.
struct ConnectionSettings {
    OwnIdentity own;
    core::Address self{};
    crypto::Signer* signer = nullptr;
    TransportLimits limits;
};

/// Kept alive by its own pending operations; the owner may let go of it at any time. Io thread only.
class PeerConnection : public std::enable_shared_from_this<PeerConnection> {
  public:
    using Instant = std::chrono::steady_clock::time_point;
    using Tcp = boost::asio::ip::tcp;

    PeerConnection(Tcp::socket socket, TlsContext context, std::shared_ptr<const ConnectionSettings> settings,
                   std::weak_ptr<ConnectionOwner> owner);

    /// Connects to a configured peer.
    void dial(const PeerTarget& target, PeerTable::TargetIndex index);
    /// Serves an accepted socket.
    void accept();
    /// Queues a frame; a peer whose queue is full is disconnected.
    void send(OutgoingFrame frame);
    /// Pings, and closes when the peer has been silent for too long. To be called several times a second.
    void tick(Instant now);
    /// Somebody claims this peer's place: closes soon unless the peer shows signs of life.
    void probe(Instant now);
    /// This process itself stood still: what the peer sent meanwhile has not been read yet.
    void forgive_silence(Instant now);
    /// Says why and closes; reports to the owner before it returns. Further calls do nothing.
    void close(const Refusal& refusal);

    /// Set once the peer's HELLO has been verified.
    const std::optional<PeerIdentity>& peer() const { return peer_; }
    /// Set if this node dialled.
    const std::optional<PeerTable::TargetIndex>& target() const { return target_; }
    const std::string& endpoint() const { return endpoint_; }
    const boost::asio::ip::address& remote_ip() const { return remote_ip_; }
    /// Precondition: up.
    PeerStatus status(Instant now) const;

  private:
    enum class State { connecting, securing, greeting, up, closing, closed };
    using ErrorCode = boost::system::error_code;

    void start_deadline();
    void connect_to(const Tcp::resolver::results_type& endpoints);
    void secure(boost::asio::ssl::stream_base::handshake_type side);
    void on_secured(const ErrorCode& error);
    void read();
    void on_read(const ErrorCode& error, std::size_t size);
    /// False if the connection was closed over what came in.
    bool take_frames(core::ByteView input, std::uint64_t& frames);
    bool handle_control(core::ByteView body);
    void handle(const Hello& hello);
    void handle(const Accept&);
    void handle(const Close& message);
    void handle(const Ping& message);
    void handle(const Pong& message);
    void handle(Neighbours& message);
    bool is_admitted();
    void come_up();
    void read_after(std::chrono::nanoseconds wait);
    void on_lost(const ErrorCode& error);

    void send_control(const ControlMessage& message);
    void push(OutgoingFrame frame);
    void schedule_flush();
    void flush();
    void gather();
    void on_written(const ErrorCode& error);

    void abandon(const Refusal& refusal, bool by_peer);
    void report(const Refusal& refusal, bool by_peer);
    void start_grace();
    void drain();
    void shut();

    boost::asio::ssl::stream<Tcp::socket> stream_;
    TlsContext context_;
    Tcp::resolver resolver_;
    boost::asio::steady_timer timer_;  ///< the handshake's deadline, then reading pauses, then the last grace
    std::shared_ptr<const ConnectionSettings> settings_;
    std::weak_ptr<ConnectionOwner> owner_;

    State state_ = State::connecting;
    bool is_secured_ = false;
    std::optional<PeerTable::TargetIndex> target_;
    std::string endpoint_;
    boost::asio::ip::address remote_ip_;
    SessionFacts session_;
    std::optional<PeerIdentity> peer_;

    std::vector<std::uint8_t> read_buffer_;
    FrameReader frames_;
    TokenBucket byte_rate_;
    TokenBucket frame_rate_;

    SendQueue queue_;
    core::Bytes write_buffer_;
    core::SharedBytes write_body_;  ///< a body too long to be worth copying, sent after the buffer
    bool is_writing_ = false;
    bool is_flush_posted_ = false;

    Instant up_since_{};
    Instant heard_at_{};
    Instant pinged_at_{};
    std::optional<Instant> probe_ends_;
    std::uint64_t ping_nonce_ = 0;
    PeerStatus counters_;
};

}  // namespace sluice::network
