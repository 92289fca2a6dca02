/// Checking proofs, and tries over the positions of a list.
#include <algorithm>
#include <utility>

#include "core/merkle_decode.hpp"
#include "core/rlp.hpp"

namespace sluice::core::merkle {

namespace {

/// Takes the nodes of a proof one by one; each is checked against what its parent says.
class ProofReader {
  public:
    explicit ProofReader(std::span<const Bytes> proof) : rest_(proof) {}

    Result<DecodedNode, ProofError> next(ByteView hash, bool is_root) {
        if (rest_.empty()) return fail(ProofError::missing_node);
        const Bytes& encoded = rest_.front();
        rest_ = rest_.subspan(1);
        if (!std::ranges::equal(keccak256(encoded), hash)) return fail(ProofError::wrong_hash);
        if (!is_root && encoded.size() < Reference::hash_bytes) return fail(ProofError::malformed_node);
        const std::optional<DecodedNode> node = decode_node(encoded);
        if (!node) return fail(ProofError::malformed_node);
        return *node;
    }
    bool is_used_up() const { return rest_.empty(); }

  private:
    std::span<const Bytes> rest_;
};

Bytes index_key(std::size_t index) {
    Bytes key;
    rlp::encode_u64(key, index);
    return key;
}

Trie ordered_trie(std::span<const ByteView> items) {
    std::vector<Bytes> keys;
    keys.reserve(items.size());
    std::vector<Change> changes;
    changes.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
        changes.push_back({keys.emplace_back(index_key(i)), items[i]});
    // By key the order is 1 to 127, 0, 128 and so on: RLP writes zero as the empty string, 0x80.
    if (!changes.empty()) {
        const auto zero = changes.begin();
        std::rotate(zero, zero + 1,
                    zero + static_cast<std::ptrdiff_t>(std::min<std::size_t>(128, changes.size())));
    }
    return Trie().with(changes, no_source());
}

}  // namespace

Result<std::optional<Bytes>, ProofError> verify_proof(const Hash& root, ByteView key,
                                                      std::span<const Bytes> proof) {
    ProofReader reader(proof);
    std::optional<Bytes> value;
    if (root != empty_trie_root) {
        Path rest(key);
        Result<DecodedNode, ProofError> node = reader.next(root, true);
        for (;;) {
            if (!node) return fail(node.error());
            const Step at = step(*node, rest);
            if (at.ends) {
                if (!at.value.empty()) value = to_bytes(at.value);
                break;
            }
            // Embedded nodes were checked with the node that holds them.
            node = at.child.size() < Reference::hash_bytes ? *decode_node(at.child)
                                                           : reader.next(at.child, false);
        }
    }
    if (!reader.is_used_up()) return fail(ProofError::unused_node);
    return value;
}

Result<std::optional<Bytes>, ProofError> verify_ordered_proof(const Hash& root, std::size_t index,
                                                              std::span<const Bytes> proof) {
    return verify_proof(root, index_key(index), proof);
}

Hash ordered_root(std::span<const ByteView> items) {
    return ordered_trie(items).root();
}

std::vector<Bytes> prove_ordered(std::span<const ByteView> items, std::size_t index) {
    return ordered_trie(items).prove(index_key(index), no_source());
}

}  // namespace sluice::core::merkle
