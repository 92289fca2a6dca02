#include "core/merkle_path.hpp"

#include <algorithm>

namespace sluice::core::merkle {

bool Path::starts_with(Path prefix) const {
    return prefix.size() <= size() && common_prefix(*this, prefix) == prefix.size();
}

void Path::append_to(Nibbles& nibbles) const {
    for (std::size_t i = 0; i < size(); ++i)
        nibbles.push_back((*this)[i]);
}

std::strong_ordering operator<=>(Path a, Path b) {
    const std::size_t shared = common_prefix(a, b);
    if (shared == a.size() || shared == b.size()) return a.size() <=> b.size();
    return a[shared] <=> b[shared];
}

std::size_t common_prefix(Path a, Path b) {
    const std::size_t limit = std::min(a.size(), b.size());
    std::size_t shared = 0;
    // Whole bytes at once where both runs lie alike: most keys differ early or are equal to the end.
    if (a.begin_ % 2 == b.begin_ % 2) {
        if (a.begin_ % 2 == 1 && limit > 0) {
            if (a[0] != b[0]) return 0;
            shared = 1;
        }
        const std::uint8_t* from_a = a.bytes_ + (a.begin_ + shared) / 2;
        const std::uint8_t* from_b = b.bytes_ + (b.begin_ + shared) / 2;
        while (shared + 2 <= limit && *from_a == *from_b) {
            ++from_a;
            ++from_b;
            shared += 2;
        }
    }
    while (shared < limit && a[shared] == b[shared])
        ++shared;
    return shared;
}

Bytes pack(std::span<const std::uint8_t> nibbles) {
    Bytes packed((nibbles.size() + 1) / 2);
    for (std::size_t i = 0; i < nibbles.size(); ++i)
        packed[i / 2] =
            static_cast<std::uint8_t>(packed[i / 2] | (i % 2 == 0 ? nibbles[i] << 4 : nibbles[i]));
    return packed;
}

void append_hex_prefix(Bytes& to, Path path, bool is_leaf) {
    const std::size_t odd = path.size() % 2;
    const std::uint8_t flags = static_cast<std::uint8_t>((is_leaf ? 2 : 0) + odd);
    to.push_back(static_cast<std::uint8_t>(flags << 4 | (odd == 1 ? path[0] : 0)));
    const Path rest = path.without_first(odd);
    if (rest.begin_ % 2 == 0) return append(to, ByteView(rest.bytes_ + rest.begin_ / 2, rest.size() / 2));
    for (std::size_t i = 0; i < rest.size(); i += 2)
        to.push_back(static_cast<std::uint8_t>(rest[i] << 4 | rest[i + 1]));
}

std::optional<HexPrefix> decode_hex_prefix(ByteView bytes) {
    if (bytes.empty()) return std::nullopt;
    const unsigned flags = bytes[0] >> 4;
    const bool odd = flags % 2 == 1;
    if (flags > 3 || (!odd && (bytes[0] & 15) != 0)) return std::nullopt;
    return HexPrefix{Path(bytes, odd ? 1 : 2, 2 * bytes.size()), flags >= 2};
}

}  // namespace sluice::core::merkle
