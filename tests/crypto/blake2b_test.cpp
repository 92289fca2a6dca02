#include "crypto/blake2b.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <cryptopp/blake2.h>
#include <gtest/gtest.h>

#include "tests/crypto/bytes.hpp"

namespace sluice::crypto {
namespace {

/// The initial state of a BLAKE2b of 64 bytes without a key (RFC 7693, section 2.5 and 2.6).
constexpr std::string_view hash_start =
    "48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5"
    "d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b";

struct Input {
    std::uint32_t rounds = 12;
    std::array<std::uint8_t, 64> state = from_hex<64>(hash_start);
    std::array<std::uint8_t, 128> message{};
    std::array<std::uint8_t, 16> offset{};
    bool last = true;

    std::array<std::uint8_t, 64> compressed() const {
        return blake2b_compress(
            {.rounds = rounds, .state = state, .message = message, .offset = offset, .last = last});
    }
};

/// The examples of EIP-152 hash "abc".
Input abc() {
    Input input;
    std::ranges::copy(bytes_of("abc"), input.message.begin());
    input.offset[0] = 3;
    return input;
}

/// BLAKE2b-512 of `data`, put together from compressions.
std::array<std::uint8_t, 64> hash(ByteView data) {
    Input input;
    std::size_t hashed = 0;
    do {
        const std::size_t taken = std::min<std::size_t>(128, data.size() - hashed);
        input.message.fill(0);
        std::ranges::copy(data.subspan(hashed, taken), input.message.begin());
        hashed += taken;
        for (std::size_t i = 0; i < 8; ++i)
            input.offset[i] = static_cast<std::uint8_t>(hashed >> (8 * i));
        input.last = hashed == data.size();
        input.state = input.compressed();
    } while (!input.last);
    return input.state;
}

TEST(Blake2b, hashes_like_an_independent_implementation_at_every_length_up_to_three_blocks) {
    const std::vector<std::uint8_t> data = sample_bytes(3 * 128 + 1);
    for (std::size_t size = 0; size <= data.size(); ++size) {
        const ByteView view = ByteView(data).first(size);
        std::array<std::uint8_t, 64> expected;
        CryptoPP::BLAKE2b(false, 64).CalculateDigest(expected.data(), view.data(), view.size());
        ASSERT_EQ(hash(view), expected) << size;
    }
}

TEST(Blake2b, published_examples_have_the_published_results) {
    struct Example {
        std::uint32_t rounds;
        bool last;
        const char* state;
    };
    // EIP-152, test vectors 4 to 7, and the longer ones of Ethereum's execution spec tests.
    for (const auto& [rounds, last, state] :
         {Example{0, true,
                  "08c9bcf367e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5"
                  "d282e6ad7f520e511f6c3e2b8c68059b9442be0454267ce079217e1319cde05b"},
          Example{1, true,
                  "b63a380cb2897d521994a85234ee2c181b5f844d2c624c002677e9703449d2fb"
                  "a551b3a8333bcdf5f2f7e08993d53923de3d64fcc68c034e717b9293fed7a421"},
          Example{12, true,
                  "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                  "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"},
          Example{12, false,
                  "75ab69d3190a562c51aef8d88f1c2775876944407270c42c9844252c26d28752"
                  "98743e7f6d5ea2f2d3e8d226039cd31b4e426ac4f2d3d666a610c2116fde4735"},
          Example{16, true,
                  "a8ef8236e5f48a74af375df15681d128457891c1cc4706f30747b2d40300b2f4"
                  "9d19f80fbd0945fd87736e1fc1ff10a80fd85a7aa5125154f3aaa3789ddff673"},
          Example{64, true,
                  "74097ae7b16ffd18c742aee5c55dc89d54b6f1a8a19e6139ccfb38afba56b6b0"
                  "2cc35c441c19c21194fefb6841e72202f7c9d05eb9c3cfd8f94c67aa77d473c1"},
          Example{1024, true,
                  "689419d2bf32b5a9901a2c733b9946727026a60d8773117eabb35f04a52cdcf1"
                  "b8fb4473454cf03d46c36a10b3f784aae4dc80a24424960e66a8ad5a8c2bfb30"},
          Example{8'000'000, true,
                  "6d2ce9e534d50e18ff866ae92d70cceba79bbcd14c63819fe48752c8aca87a4b"
                  "b7dcc230d22a4047f0486cfcfb50a17b24b2899eb8fca370f22240adb5170189"}}) {
        Input input = abc();
        input.rounds = rounds;
        input.last = last;
        EXPECT_EQ(to_hex(input.compressed()), state) << rounds << " rounds, last " << last;
    }
}

TEST(Blake2b, every_bit_of_the_input_changes_the_state) {
    const auto before = abc().compressed();
    const auto expect_change = [&](auto Input::*field) {
        for (std::size_t bit = 0; bit < 8 * (abc().*field).size(); ++bit) {
            Input input = abc();
            (input.*field)[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
            EXPECT_NE(input.compressed(), before) << bit;
        }
    };
    expect_change(&Input::state);
    expect_change(&Input::message);
    expect_change(&Input::offset);
}

TEST(Blake2b, each_number_of_rounds_gives_another_state) {
    std::vector<std::array<std::uint8_t, 64>> states;
    for (std::uint32_t rounds = 0; rounds <= 50; ++rounds) {
        Input input = abc();
        input.rounds = rounds;
        states.push_back(input.compressed());
    }
    std::ranges::sort(states);
    EXPECT_EQ(std::ranges::adjacent_find(states), states.end());
}

}  // namespace
}  // namespace sluice::crypto
