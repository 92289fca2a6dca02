#include "network/short_hash.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace sluice::network {
namespace {

/// The key of the reference vectors: bytes 00 … 0f, little-endian.
constexpr ShortHashKey reference_key{0x0706050403020100ull, 0x0f0e0d0c0b0a0908ull};

std::vector<std::uint8_t> counting(std::size_t size) {
    std::vector<std::uint8_t> bytes(size);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
    return bytes;
}

TEST(ShortHash, agrees_with_the_vectors_of_the_siphash_paper) {
    EXPECT_EQ(ShortHash(reference_key).finish(), 0x726fdb47dd0e0e31ull);
    EXPECT_EQ(ShortHash(reference_key).update(counting(1)).finish(), 0x74f839c593dc67fdull);
    EXPECT_EQ(ShortHash(reference_key).update(counting(8)).finish(), 0x93f5f5799a932462ull);
    EXPECT_EQ(ShortHash(reference_key).update(counting(15)).finish(), 0xa129ca6149be45e5ull);
}

TEST(ShortHash, does_not_depend_on_how_the_bytes_are_cut) {
    const auto bytes = counting(100);
    const std::uint64_t whole = ShortHash(reference_key).update(bytes).finish();
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        const core::ByteView view(bytes);
        EXPECT_EQ(ShortHash(reference_key).update(view.first(cut)).update(view.subspan(cut)).finish(), whole);
    }
}

TEST(ShortHash, depends_on_the_key) {
    EXPECT_NE(ShortHash({1, 2}).update(counting(9)).finish(), ShortHash({1, 3}).update(counting(9)).finish());
}

}  // namespace
}  // namespace sluice::network
