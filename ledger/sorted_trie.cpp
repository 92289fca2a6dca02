#include "ledger/sorted_trie.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/rlp.hpp"
#include "ledger/key_path.hpp"

namespace sluice::ledger {

namespace {

constexpr std::size_t key_nibbles = 64;

/// Hex-prefix form of nibbles [from, to) of `key` (Yellow Paper, C).
core::Bytes hex_prefix(const core::Hash& key, std::size_t from, std::size_t to, bool leaf) {
    const bool odd = (to - from) % 2 != 0;
    std::uint8_t first = leaf ? 0x20 : 0;
    if (odd) first = static_cast<std::uint8_t>(first | 0x10 | nibble_of(key, from++));
    core::Bytes bytes{first};
    for (; from < to; from += 2)
        bytes.push_back(static_cast<std::uint8_t>(nibble_of(key, from) << 4 | nibble_of(key, from + 1)));
    return bytes;
}

core::Bytes encode_leaf(const core::Hash& key, std::size_t depth, core::ByteView value) {
    core::Bytes payload;
    core::rlp::encode_bytes(payload, hex_prefix(key, depth, key_nibbles, true));
    core::rlp::encode_bytes(payload, value);
    return core::rlp::wrap_list(payload);
}

/// How a parent's list names a node.
core::Bytes reference(const core::Bytes& encoded) {
    if (encoded.size() < 32) return encoded;
    core::Bytes item;
    core::rlp::encode_hash(item, core::keccak256(encoded));
    return item;
}

core::Bytes encode_branch(const std::array<core::Bytes, 16>& children) {
    core::Bytes payload;
    for (const core::Bytes& child : children) {
        if (child.empty()) {
            core::rlp::encode_bytes(payload, {});
        } else {
            core::append(payload, child);
        }
    }
    core::rlp::encode_bytes(payload, {});
    return core::rlp::wrap_list(payload);
}

/// A branch at depth `to`, reached from depth `from` on the way to `key`.
core::Bytes encode_branch_below(const std::array<core::Bytes, 16>& children, const core::Hash& key,
                                std::size_t from, std::size_t to) {
    core::Bytes branch = encode_branch(children);
    if (from == to) return branch;
    core::Bytes payload;
    core::rlp::encode_bytes(payload, hex_prefix(key, from, to, false));
    core::append(payload, reference(branch));
    return core::rlp::wrap_list(payload);
}

std::size_t shared_nibbles(const core::Hash& a, const core::Hash& b) {
    std::size_t count = 0;
    while (count < key_nibbles && nibble_of(a, count) == nibble_of(b, count))
        ++count;
    return count;
}

}  // namespace

std::uint8_t SortedTrie::nibble(std::size_t at) const {
    return nibble_of(*key_, at);
}

/// The open branch at `depth`, opened if it is not: nothing deeper is open then.
SortedTrie::OpenBranch& SortedTrie::branch_at(std::size_t depth) {
    if (open_.empty() || open_.back().depth < depth) open_.push_back({depth, {}});
    CHECK(open_.back().depth == depth);
    return open_.back();
}

/// The newest key and the next one share `shared` nibbles.
void SortedTrie::close_leaf(std::size_t shared) {
    const std::size_t parent = open_.empty() ? shared : std::max(shared, open_.back().depth);
    branch_at(parent).children[nibble(parent)] = reference(encode_leaf(*key_, parent + 1, value_));
}

void SortedTrie::close_branches_below(std::size_t shared) {
    while (!open_.empty() && open_.back().depth > shared) {
        const OpenBranch closed = std::move(open_.back());
        open_.pop_back();
        const std::size_t parent = open_.empty() ? shared : std::max(shared, open_.back().depth);
        branch_at(parent).children[nibble(parent)] =
            reference(encode_branch_below(closed.children, *key_, parent + 1, closed.depth));
    }
}

void SortedTrie::add(const core::Hash& key, core::ByteView value) {
    if (key_) {
        CHECK(*key_ < key);
        const std::size_t shared = shared_nibbles(*key_, key);
        CHECK(shared >= depth_);
        close_leaf(shared);
        close_branches_below(shared);
    }
    key_ = key;
    value_ = core::to_bytes(value);
}

std::optional<core::Bytes> SortedTrie::node() {
    if (!key_) return std::nullopt;
    if (open_.empty()) return encode_leaf(*key_, depth_, value_);
    close_leaf(open_.back().depth);
    close_branches_below(open_.front().depth);
    return encode_branch_below(open_.front().children, *key_, depth_, open_.front().depth);
}

core::Hash SortedTrie::root() {
    const auto encoded = node();
    return encoded ? core::keccak256(*encoded) : core::empty_trie_root;
}

}  // namespace sluice::ledger
