/// The messages of the control channel (docs/formats/wire.md, "Control messages").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "network/peer_identity.hpp"

namespace sluice::network {

/// Raised with every change of the frames, the handshake or the control messages that an older node would
/// misread. Nodes of different versions do not talk.
inline constexpr std::uint16_t protocol_version = 1;

/// Who I am, signed for this one connection (see `handshake.hpp`).
struct Hello {
    std::uint16_t version = protocol_version;
    std::uint64_t chain_id = 0;
    core::Hash genesis_hash{};
    PeerRole role = PeerRole::observer;
    core::Address address{};
    std::string name;              ///< printable ASCII, at most `peer_name_bytes_max`
    std::string software_version;  ///< likewise
    core::Signature signature{};
    bool operator==(const Hello&) const = default;
};

/// The other's HELLO is good.
struct Accept {
    bool operator==(const Accept&) const = default;
};

/// The last message of a connection.
struct Close {
    CloseReason reason = CloseReason::none;
    std::string detail;  ///< at most 255 bytes
    bool operator==(const Close&) const = default;
};

struct Ping {
    std::uint64_t nonce = 0;
    bool operator==(const Ping&) const = default;
};

struct Pong {
    std::uint64_t nonce = 0;
    bool operator==(const Pong&) const = default;
};

/// The identities I am directly connected to.
struct Neighbours {
    std::vector<core::Address> addresses;  ///< at most `neighbours_max`
    bool operator==(const Neighbours&) const = default;
};

using ControlMessage = std::variant<Hello, Accept, Close, Ping, Pong, Neighbours>;

core::Bytes encode(const ControlMessage& message);

/// Total. The error is `malformed`, or `wrong_protocol_version` for a HELLO of another version, whatever else
/// it holds.
core::Result<ControlMessage, CloseReason> decode_control_message(core::ByteView body);

/// Text from a stranger made fit for a log: at most `bytes_max`, anything but printable ASCII as '?'.
std::string printable(std::string_view text, std::size_t bytes_max);

}  // namespace sluice::network
