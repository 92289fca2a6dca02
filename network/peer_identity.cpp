#include "network/peer_identity.hpp"

#include <array>

namespace sluice::network {

std::string_view name_of(PeerRole role) {
    return role == PeerRole::validator ? "validator" : "observer";
}

std::string_view describe(CloseReason reason) {
    constexpr std::array<std::string_view, 22> sentences{
        "the connection was closed without a reason",
        "the address cannot be reached",
        "the TLS connection failed",
        "the certificate was refused",
        "the certificate belongs to another validator",
        "the handshake took too long",
        "a malformed message was received",
        "the protocol versions differ",
        "the chain ids differ",
        "the genesis blocks differ",
        "the handshake is not signed by its address for this connection",
        "another node answers at this address than the configured one",
        "the node is not on the allow-list",
        "a live connection to that node exists already",
        "the connection leads to a node with this node's own key",
        "there are too many peers",
        "the node is shut out for a while because it misbehaved",
        "the node reads too slowly",
        "the node has fallen silent",
        "the node sent invalid messages",
        "the node is shutting down",
        "the connection was lost",
    };
    return sentences.at(static_cast<std::size_t>(reason));
}

}  // namespace sluice::network
