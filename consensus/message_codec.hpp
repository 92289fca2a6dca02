/// Bytes of messages and back. One encoding per message; every other byte string is refused with a reason.
#pragma once

#include "consensus/messages.hpp"
#include "core/result.hpp"

namespace sluice::consensus {

enum class DecodeError {
    empty,           ///< no bytes at all
    too_large,       ///< over the bound of its type
    unknown_type,    ///< a type byte that this version does not know
    truncated,       ///< ends early, or a list claims more than there is
    trailing_bytes,  ///< goes on after its end
    too_many_items,  ///< a list longer than a validator set can be
    bad_flag,        ///< a presence byte other than 0 or 1, or a recovery id above 1
};
std::string_view describe(DecodeError error);

/// The canonical bytes: type (1), envelope, body. docs/formats/consensus-messages.md.
core::Bytes encode(const Message& message);
core::Bytes encode(const ViewChange& message);
core::Bytes encode(const NewView& message);

/// Total: never allocates more than a small multiple of `encoded`, never reads past it.
core::Result<Message, DecodeError> decode_message(core::ByteView encoded);

/// Upper bound of the encoded size of a message of the type that `first_byte` names, for a set of
/// `validators` members; 0 for an unknown type. The network refuses a longer frame before it reads it.
std::size_t encoded_bytes_max(std::uint8_t first_byte, std::size_t validators);

}  // namespace sluice::consensus
