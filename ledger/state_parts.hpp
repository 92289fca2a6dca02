/// A state cut into pieces that prove themselves: what a node that joins asks for, and what it gets.
#pragma once

#include <optional>
#include <vector>

#include "core/merkle.hpp"

namespace sluice::ledger {

/// A node of the account trie or of one account's storage trie, with all below it; or one code.
struct StatePart {
    enum class Kind : std::uint8_t { accounts = 1, storage = 2, code = 3 };
    Kind kind = Kind::accounts;
    core::Address account{};     ///< storage only
    core::merkle::Nibbles path;  ///< of a trie node, from the trie's root; at most 64 nibbles
    core::Hash code_hash{};      ///< code only
    bool operator==(const StatePart&) const = default;
};

/// A leaf as its trie holds it.
struct StateLeaf {
    core::Bytes key;    ///< the address of an account, which the trie knows only by its hash; a slot's hash
    core::Bytes value;  ///< the leaf of the trie
    bool operator==(const StateLeaf&) const = default;
};

/// One part, whole or as its topmost node.
struct StateChunk {
    enum class Form : std::uint8_t {
        leaves = 1,  ///< all leaves below the path, sorted by hashed key
        node = 2,    ///< too many: the encoded node alone; ask for its children
        code = 3,
    };
    Form form = Form::leaves;
    std::vector<StateLeaf> leaves;
    core::Bytes bytes;  ///< of a node or code
    bool operator==(const StateChunk&) const = default;
};

/// A part that is still to come, and what it must be.
struct WantedPart {
    StatePart part;
    core::Hash hash{};  ///< keccak256 of the node at the path, or of the code
};

/// Bytes of keys and values in one chunk of leaves, about; a leaf has at least 33 of them, of which follows
/// how many there can be.
inline constexpr std::size_t chunk_bytes_max = 256 * 1024;
inline constexpr std::uint32_t chunk_leaves_max = 8 * 1024;
static_assert(chunk_bytes_max / 33 < chunk_leaves_max);

}  // namespace sluice::ledger
