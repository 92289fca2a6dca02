/// Bytes of messages and back. One encoding per message; every other byte string is refused with a reason.
#pragma once

#include "consensus/messages.hpp"
#include "core/result.hpp"

namespace sluice::consensus {

enum class DecodeError {
    empty,           ///< no bytes at all
    too_large,       ///< a payload over core::limits::block_bytes_max
    unknown_type,    ///< a type byte that this version does not know
    truncated,       ///< ends early
    trailing_bytes,  ///< goes on after its end
    too_many_items,  ///< more VIEW-CHANGEs than a validator set can have members
    malformed,       ///< a list longer than its bytes or than a set, a flag above 1, a recovery id above 1
};
std::string_view describe(DecodeError error);

/// The canonical bytes: type (1), envelope, body. docs/formats/consensus-messages.md.
core::Bytes encode(const Message& message);

/// The part of a message after its envelope: what the digest in its signature covers.
core::Bytes body_of(const ViewChange& message);
core::Bytes body_of(const NewView& message);
core::Bytes body_of(const Heartbeat& message);
core::Bytes body_of(const StatusReport& message);

/// Total: never allocates more than a small multiple of `encoded`, never reads past it.
core::Result<Message, DecodeError> decode_message(core::ByteView encoded);

/// Upper bound of the encoded size of a message of the type that `first_byte` names, for a set of
/// `validators` members; 0 for an unknown type. The network refuses a longer frame before it reads it.
std::size_t encoded_bytes_max(std::uint8_t first_byte, std::size_t validators);

}  // namespace sluice::consensus
