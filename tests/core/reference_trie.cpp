#include "tests/core/reference_trie.hpp"

namespace sluice::core::test {

namespace {

Bytes big_endian(std::size_t value) {
    Bytes bytes;
    for (; value != 0; value /= 256)
        bytes.insert(bytes.begin(), static_cast<std::uint8_t>(value % 256));
    return bytes;
}

Bytes joined(Bytes a, const Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

Bytes with_length(std::uint8_t base, const Bytes& payload) {
    if (payload.size() < 56) return joined({static_cast<std::uint8_t>(base + payload.size())}, payload);
    const Bytes length = big_endian(payload.size());
    return joined(joined({static_cast<std::uint8_t>(base + 55 + length.size())}, length), payload);
}

Bytes rlp_string(const Bytes& value) {
    return value.size() == 1 && value[0] < 128 ? value : with_length(128, value);
}

Bytes rlp_list(const Bytes& payload) {
    return with_length(192, payload);
}

Bytes hex_prefix(const ReferencePath& path, bool is_leaf) {
    ReferencePath nibbles;
    nibbles.push_back(static_cast<std::uint8_t>((is_leaf ? 2 : 0) + path.size() % 2));
    if (path.size() % 2 == 0) nibbles.push_back(0);
    nibbles = joined(nibbles, path);
    Bytes packed;
    for (std::size_t i = 0; i < nibbles.size(); i += 2)
        packed.push_back(static_cast<std::uint8_t>(16 * nibbles[i] + nibbles[i + 1]));
    return packed;
}

ReferencePath part(const ReferencePath& path, std::size_t begin, std::size_t end) {
    return {path.begin() + static_cast<std::ptrdiff_t>(begin),
            path.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace

ReferenceTrie::ReferenceTrie(const Contents& contents) {
    Entries entries;
    for (const auto& [key, value] : contents) {
        ReferencePath path;
        for (const std::uint8_t byte : key) {
            path.push_back(byte / 16);
            path.push_back(byte % 16);
        }
        entries.emplace(path, value);
    }
    const Bytes encoded = entries.empty() ? rlp_string({}) : node(entries, 0);
    if (!entries.empty()) nodes_[part(entries.begin()->first, 0, 0)] = encoded;
    root_ = keccak256(encoded);
}

Bytes ReferenceTrie::node(const Entries& entries, std::size_t depth) {
    const ReferencePath& first = entries.begin()->first;
    if (entries.size() == 1)
        return rlp_list(joined(rlp_string(hex_prefix(part(first, depth, first.size()), true)),
                               rlp_string(entries.begin()->second)));
    std::size_t shared = first.size();
    for (const auto& [path, value] : entries) {
        std::size_t same = 0;
        while (same < shared && same < path.size() && path[same] == first[same])
            ++same;
        shared = same;
    }
    if (shared == depth) return branch(entries, depth);
    return rlp_list(
        joined(rlp_string(hex_prefix(part(first, depth, shared), false)), reference(entries, shared)));
}

Bytes ReferenceTrie::branch(const Entries& entries, std::size_t depth) {
    Bytes payload;
    for (std::uint8_t nibble = 0; nibble < 16; ++nibble) {
        Entries below;
        for (const auto& [path, value] : entries)
            if (path.size() > depth && path[depth] == nibble) below.emplace(path, value);
        payload = joined(payload, reference(below, depth + 1));
    }
    Bytes value;
    for (const auto& entry : entries)
        if (entry.first.size() == depth) value = entry.second;
    return rlp_list(joined(payload, rlp_string(value)));
}

Bytes ReferenceTrie::reference(const Entries& entries, std::size_t depth) {
    if (entries.empty()) return rlp_string({});
    const Bytes encoded = node(entries, depth);
    if (encoded.size() < 32) return encoded;
    nodes_[part(entries.begin()->first, 0, depth)] = encoded;
    const Hash hash = keccak256(encoded);
    return rlp_string(Bytes(hash.begin(), hash.end()));
}

}  // namespace sluice::core::test
