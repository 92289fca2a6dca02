#include "crypto/hash.hpp"

#include <cryptopp/keccak.h>
#include <gtest/gtest.h>

#include "tests/crypto/bytes.hpp"

namespace sluice::crypto {
namespace {

/// Crypto++'s Keccak, written by others, as the judge of ours.
Digest oracle_keccak256(ByteView data) {
    Digest digest;
    CryptoPP::Keccak_256().CalculateDigest(digest.data(), data.data(), data.size());
    return digest;
}

TEST(Keccak256, digest_of_nothing_is_the_published_one) {
    EXPECT_EQ(to_hex(keccak256({})), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
}

TEST(Keccak256, digest_of_abc_is_the_published_one) {
    EXPECT_EQ(to_hex(keccak256(bytes_of("abc"))),
              "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

TEST(Keccak256, digest_of_the_empty_rlp_string_is_the_empty_trie_root) {
    const std::array<std::uint8_t, 1> empty_rlp{0x80};
    EXPECT_EQ(to_hex(keccak256(empty_rlp)),
              "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
}

TEST(Keccak256, agrees_with_an_independent_implementation_at_every_length_up_to_four_blocks) {
    const std::vector<std::uint8_t> data = sample_bytes(4 * 136 + 1);
    for (std::size_t size = 0; size <= data.size(); ++size) {
        const ByteView part = ByteView(data).first(size);
        ASSERT_EQ(keccak256(part), oracle_keccak256(part)) << size << " bytes";
    }
}

TEST(Keccak256, agrees_with_an_independent_implementation_on_a_mebibyte) {
    const std::vector<std::uint8_t> data = sample_bytes(1 << 20);
    EXPECT_EQ(keccak256(data), oracle_keccak256(data));
}

TEST(Keccak256, reads_data_at_every_alignment) {
    const std::vector<std::uint8_t> data = sample_bytes(8 + 200);
    for (std::size_t start = 0; start < 8; ++start) {
        const ByteView part = ByteView(data).subspan(start, 200);
        ASSERT_EQ(keccak256(part), oracle_keccak256(part)) << "from byte " << start;
    }
}

TEST(Keccak256, two_pieces_give_the_digest_of_the_whole_at_every_split) {
    const std::vector<std::uint8_t> data = sample_bytes(2 * 136 + 5);
    const Digest whole = oracle_keccak256(data);
    for (std::size_t split = 0; split <= data.size(); ++split) {
        Keccak256 hash;
        hash.update(ByteView(data).first(split)).update(ByteView(data).subspan(split));
        ASSERT_EQ(hash.finish(), whole) << "split at " << split;
    }
}

TEST(Keccak256, three_pieces_give_the_digest_of_the_whole_around_a_block_border) {
    const std::vector<std::uint8_t> data = sample_bytes(300);
    const Digest whole = oracle_keccak256(data);
    for (std::size_t first = 120; first <= 150; ++first) {
        for (std::size_t second = first; second <= 160; ++second) {
            Keccak256 hash;
            hash.update(ByteView(data).first(first));
            hash.update(ByteView(data).subspan(first, second - first));
            hash.update(ByteView(data).subspan(second));
            ASSERT_EQ(hash.finish(), whole) << "split at " << first << " and " << second;
        }
    }
}

TEST(Keccak256, single_bytes_give_the_digest_of_the_whole) {
    const std::vector<std::uint8_t> data = sample_bytes(137);
    Keccak256 hash;
    for (const std::uint8_t& byte : data) {
        hash.update(ByteView(&byte, 1));
    }
    EXPECT_EQ(hash.finish(), oracle_keccak256(data));
}

TEST(Keccak256, a_change_of_any_bit_changes_the_digest) {
    std::vector<std::uint8_t> data = sample_bytes(136);
    const Digest before = keccak256(data);
    for (std::size_t bit = 0; bit < 8 * data.size(); ++bit) {
        data[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
        ASSERT_NE(keccak256(data), before) << "bit " << bit;
        data[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    }
    EXPECT_EQ(keccak256(data), before);
}

TEST(Sha256, digests_are_those_of_the_standard) {
    EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(sha256(bytes_of("abc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(sha256(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Ripemd160, digests_are_those_of_its_authors) {
    EXPECT_EQ(to_hex(ripemd160({})), "9c1185a5c5e9fc54612808977ee8f548b2258d31");
    EXPECT_EQ(to_hex(ripemd160(bytes_of("abc"))), "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc");
    EXPECT_EQ(to_hex(ripemd160(bytes_of("message digest"))), "5d0689ef49d2fae572b881b123a85ffa21595f36");
}

}  // namespace
}  // namespace sluice::crypto
