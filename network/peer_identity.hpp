/// Who a peer has proven to be, and why a peer may be turned away.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/ids.hpp"

namespace sluice::network {

/// What the peer says it does. A claim: whether an address is a validator is for the node to know.
enum class PeerRole : std::uint8_t { validator = 1, observer = 2 };

std::string_view name_of(PeerRole role);

/// The result of a finished handshake. The address is proven by signature; name and version are the
/// peer's own words, cut to printable ASCII and `peer_name_bytes_max`.
struct PeerIdentity {
    core::Address address{};
    PeerRole role = PeerRole::observer;
    std::string name;
    std::string version;
    bool operator==(const PeerIdentity&) const = default;
};

/// Why a connection was refused or closed. The values stand on the wire (docs/formats/wire.md).
enum class CloseReason : std::uint8_t {
    none = 0,                    ///< closed by the other side without a word
    unreachable = 1,             ///< no TCP connection: refused, no route, name not found
    tls_failed = 2,              ///< TLS broke down; the detail names OpenSSL's reason
    certificate_refused = 3,     ///< no, expired, not yet valid, revoked or foreign certificate
    certificate_of_another = 4,  ///< the certificate names another validator than the HELLO
    handshake_timeout = 5,       ///< not authenticated within `handshake_deadline`
    malformed = 6,               ///< bytes that are no frame or no message of this protocol
    wrong_protocol_version = 7,
    wrong_chain = 8,          ///< other chain id
    wrong_genesis = 9,        ///< same chain id, other genesis block
    bad_signature = 10,       ///< the HELLO is not signed by its address for this very connection
    unexpected_address = 11,  ///< authenticated, but not the peer configured for that host and port
    not_allowed = 12,         ///< authenticated, but not on the allow-list
    already_connected = 13,   ///< a live connection to that identity exists
    self_connection = 14,     ///< this node reached itself, or another node runs with its key
    too_many_peers = 15,
    banned = 16,         ///< shut out for earlier misbehaviour; the ban runs out by itself
    slow_consumer = 17,  ///< did not read fast enough; its send queue is full
    silent = 18,         ///< nothing heard for `silence_max`
    misbehaved = 19,     ///< the node judged its messages invalid
    shutting_down = 20,
    connection_lost = 21,  ///< TCP or TLS error on an established connection
};

/// One sentence for people.
std::string_view describe(CloseReason reason);

}  // namespace sluice::network
