#include "crypto/keccak_batch.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "crypto/keccak_lanes.hpp"
#include "tests/crypto/bytes.hpp"

namespace sluice::crypto {
namespace {

/// The digests one by one, which hash_test compares with another implementation.
std::vector<Digest> one_by_one(const std::vector<ByteView>& inputs) {
    std::vector<Digest> digests;
    for (const ByteView input : inputs)
        digests.push_back(keccak256(input));
    return digests;
}

std::vector<Digest> at_once(const std::vector<ByteView>& inputs) {
    std::vector<Digest> digests(inputs.size());
    keccak256_each(inputs, digests);
    return digests;
}

TEST(KeccakEach, of_nothing_writes_nothing) {
    std::array<Digest, 9> digests;
    for (Digest& digest : digests)
        digest.fill(0xa5);
    const std::array<Digest, 9> before = digests;
    keccak256_each({}, std::span(digests).first(0));
    EXPECT_EQ(digests, before);
}

TEST(KeccakEach, writes_only_the_digests_of_its_inputs) {
    const std::vector<std::uint8_t> data = sample_bytes(300);
    for (std::size_t count = 1; count <= 9; ++count) {
        std::array<Digest, 10> digests;
        for (Digest& digest : digests)
            digest.fill(0xa5);
        const Digest untouched = digests.back();
        const std::vector<ByteView> inputs(count, ByteView(data).first(30 * count));
        keccak256_each(inputs, std::span(digests).first(count));
        for (std::size_t i = 0; i < digests.size(); ++i)
            EXPECT_EQ(digests[i], i < count ? keccak256(inputs[0]) : untouched) << i << " of " << count;
    }
}

TEST(KeccakEach, agrees_with_single_hashes_at_every_length_around_the_block_borders) {
    const std::vector<std::uint8_t> data = sample_bytes(5 * 136 + 2);
    std::vector<ByteView> inputs;
    for (std::size_t size = 0; size <= data.size(); ++size)
        inputs.push_back(ByteView(data).last(size));
    EXPECT_EQ(at_once(inputs), one_by_one(inputs));
}

TEST(KeccakEach, agrees_with_single_hashes_at_every_number_of_inputs) {
    const std::vector<std::uint8_t> data = sample_bytes(2000);
    for (std::size_t count = 1; count <= 40; ++count) {
        std::vector<ByteView> inputs;
        for (std::size_t i = 0; i < count; ++i)
            inputs.push_back(ByteView(data).subspan(i, (i * 977 + count * 31) % 700));
        ASSERT_EQ(at_once(inputs), one_by_one(inputs)) << count;
    }
}

TEST(KeccakEach, keeps_the_order_of_unequal_inputs) {
    const std::vector<std::uint8_t> data = sample_bytes(1000);
    std::vector<ByteView> inputs;
    for (std::size_t size = 1000; size > 0; size -= 100)
        inputs.push_back(ByteView(data).first(size));
    EXPECT_EQ(at_once(inputs), one_by_one(inputs));
}

TEST(KeccakLanes, permute_each_state_like_the_single_permutation) {
    if (!has_keccak_lanes()) GTEST_SKIP() << "this processor has no AVX-512";
    KeccakStates states;
    std::array<KeccakState, keccak_lanes> singles{};
    std::uint64_t word = 1;
    for (std::size_t i = 0; i < 25; ++i)
        for (std::size_t lane = 0; lane < keccak_lanes; ++lane) {
            word = word * 6364136223846793005u + 1442695040888963407u;
            states.words[i][lane] = singles[lane][i] = word;
        }
    keccak_f1600(states);
    for (std::size_t lane = 0; lane < keccak_lanes; ++lane) {
        keccak_f1600(singles[lane]);
        for (std::size_t i = 0; i < 25; ++i)
            ASSERT_EQ(states.words[i][lane], singles[lane][i]) << lane;
    }
}

TEST(KeccakEachDeathTest, another_number_of_digests_than_of_inputs_is_refused) {
    const std::vector<ByteView> inputs(2);
    std::vector<Digest> digests(1);
    EXPECT_DEATH(keccak256_each(inputs, digests), "as many digests as inputs");
}

}  // namespace
}  // namespace sluice::crypto
