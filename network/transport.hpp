/// The peer-to-peer network: mutually authenticated connections to other nodes, and gossip over them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "crypto/signer.hpp"
#include "network/channel.hpp"
#include "network/limits.hpp"
#include "network/peer_identity.hpp"

namespace boost::asio {
class io_context;
}

namespace sluice::network {

/// A configured peer, dialled until connected. With `expected` set, any other identity there is refused.
struct PeerTarget {
    std::string host;
    std::uint16_t port = 0;
    std::optional<core::Address> expected{};
};

/// PEM files of this node. `authority_file` may hold several CA certificates; `revocation_file` (CRLs) is
/// optional: empty means none.
struct TlsFiles {
    std::string authority_file;
    std::string certificate_file;
    std::string key_file;
    std::string revocation_file{};
};

/// Rates and bounds that an operator may change. The defaults suit a consortium of up to 100 nodes.
struct TransportLimits {
    std::size_t peers = peers_max;
    std::size_t handshakes_in_flight = handshakes_in_flight_max;
    std::uint64_t bytes_per_second = 64 * mebibyte;  ///< read from one peer; faster ones are slowed
    std::uint64_t messages_per_second = 20'000;      ///< likewise
    std::size_t transactions_queue_bytes = transactions_queue_bytes_max;
    std::size_t consensus_queue_bytes = consensus_queue_bytes_max;
    std::size_t sync_queue_bytes = sync_queue_bytes_max;
    std::chrono::milliseconds handshake = handshake_deadline;
    std::chrono::milliseconds ping = ping_interval;
    std::chrono::milliseconds silence = silence_max;
    std::chrono::milliseconds redial = redial_max;  ///< longest wait before dialling again
};

struct TransportConfig {
    std::uint64_t chain_id = 0;
    core::Hash genesis_hash{};
    PeerRole role = PeerRole::validator;
    std::string name{};              ///< shown by peers; printable ASCII
    std::string software_version{};  ///< likewise
    /// Where to accept connections: an IP address. Empty: this node only dials.
    std::string listen_host{};
    /// 0 lets the system choose; `Transport::port()` tells.
    std::uint16_t listen_port = 0;
    std::vector<PeerTarget> peers{};
    TlsFiles tls{};
    TransportLimits limits{};
};

/// A connection that was not made, or one refused by us or by the other side. For the log.
struct RefusedPeer {
    std::string endpoint;                  ///< "host:port"
    std::optional<core::Address> address;  ///< as far as proven
    CloseReason reason = CloseReason::none;
    bool refused_by_peer = false;  ///< the other side gave the reason
    bool dialled = false;          ///< we dialled
    std::string detail;            ///< one line: values that differ, OpenSSL's words; printable ASCII
};

/// What the node is told. Every callback runs on the io thread, one at a time; none may block.
struct TransportCallbacks {
    /// A message. `from` is the authenticated neighbour that handed it over; `origin` is who `from` says
    /// made it, equal to `from` for direct messages. Only `from` is proven: signatures inside the message
    /// decide the rest, and a relaying peer is not to blame for what it relays.
    std::function<void(const core::Address& from, const core::Address& origin, Channel, core::SharedBytes)>
        on_message{};
    std::function<void(const PeerIdentity&)> on_peer_up{};
    std::function<void(const core::Address&, CloseReason)> on_peer_down{};
    std::function<void(const RefusedPeer&)> on_refused{};
    /// Who may connect, beyond holding a certificate. Absent: everyone with one.
    std::function<bool(const core::Address&, PeerRole)> is_allowed{};
};

/// One live peer, for status pages. Times in milliseconds, sizes in bytes since the connection was made.
struct PeerStatus {
    PeerIdentity identity;
    std::string endpoint;
    bool dialled = false;
    std::uint64_t connected_ms = 0;   ///< how long ago the connection was made
    std::uint64_t silent_ms = 0;      ///< how long ago the last bytes came
    std::uint64_t round_trip_us = 0;  ///< of the last ping; 0 before the first answer
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t frames_in = 0;
    std::uint64_t frames_out = 0;
    std::uint64_t queued_bytes = 0;
    std::uint64_t dropped_transactions = 0;  ///< gossip frames dropped because the peer reads too slowly
    std::vector<core::Address> neighbours;   ///< identities that the peer says it is connected to
};

/// One configured peer that is not connected.
struct AbsentPeer {
    PeerTarget target;
    std::uint64_t attempts = 0;  ///< since the last connection
    CloseReason last_reason = CloseReason::none;
};

/// A picture of the network, at most a second old.
struct NetworkStatus {
    std::vector<PeerStatus> peers;   ///< in order of address
    std::vector<AbsentPeer> absent;  ///< in order of configuration
    std::uint64_t duplicates_suppressed = 0;
    std::uint64_t messages_relayed = 0;
};

/// Why a transport cannot be made: always the machine's or the operator's matter, worded for them.
struct TransportError {
    enum class Kind {
        bad_authority,
        bad_certificate,
        bad_key,
        key_does_not_match,
        bad_revocation_list,
        cannot_listen
    };
    Kind kind = Kind::cannot_listen;
    std::string message;
};

class Mesh;

/// The node's end of the network.
///
/// The io_context must be run by exactly one thread (the io thread) and outlive this object. Every method
/// but `create`, `start` and the destructor may be called from any thread and returns at once. Messages sent
/// by one thread on one channel to one peer arrive in that order, unless they are dropped.
class Transport {
  public:
    /// Loads the certificates and opens the listening socket, without accepting yet. `signer` holds the key
    /// of this node's address; it is used on the io thread during handshakes and must outlive the transport.
    static core::Result<std::unique_ptr<Transport>, TransportError> create(boost::asio::io_context& io,
                                                                           crypto::Signer& signer,
                                                                           TransportConfig config,
                                                                           TransportCallbacks callbacks);
    /// For `create`.
    explicit Transport(std::shared_ptr<Mesh> mesh);
    ~Transport();
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    /// Accepts and dials from now on.
    void start();
    /// Closes everything; the io_context then runs out of our work. After it no callback comes, except those
    /// that the io thread is already in. Idempotent; the destructor calls it.
    void stop();

    /// Hands a message to every node of the network, through others where there is no direct connection.
    /// Each call is a message of its own: sending the same bytes again delivers them again. Not delivered
    /// here. Precondition: not the control channel, and a body within `frame_bytes_max`.
    void broadcast(Channel channel, core::SharedBytes body);
    /// Hands a message to one directly connected peer; dropped if there is none. Same preconditions.
    void send(const core::Address& peer, Channel channel, core::SharedBytes body);
    /// Closes a connection. `misbehaved` and `malformed` also shut the identity out for a while.
    void disconnect(const core::Address& peer, CloseReason reason);
    /// Asks `is_allowed` again about every live peer, after the list changed.
    void recheck_allowed();
    /// Reads the PEM files again; new connections use them. The old ones stay in use if they do not load.
    core::Result<void, TransportError> reload_certificates();

    /// The port that `listen_port` 0 became; 0 if not listening.
    std::uint16_t port() const;
    /// This node's address.
    core::Address self() const;
    /// The latest picture, never null.
    std::shared_ptr<const NetworkStatus> status() const;

  private:
    std::shared_ptr<Mesh> mesh_;
};

}  // namespace sluice::network
