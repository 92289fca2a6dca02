#include "crypto/hex.hpp"

#include <gtest/gtest.h>

#include "tests/crypto/bytes.hpp"

namespace sluice::crypto {
namespace {

TEST(Hex, bytes_are_written_as_two_lower_case_digits_each) {
    const std::array<std::uint8_t, 4> bytes{0x00, 0x0f, 0xa0, 0xff};
    EXPECT_EQ(to_hex(bytes), "000fa0ff");
    EXPECT_EQ(to_hex({}), "");
}

TEST(Hex, a_number_is_right_aligned_and_filled_with_zeros) {
    std::array<std::uint8_t, 4> out{1, 2, 3, 4};
    ASSERT_TRUE(read_hex_number("abc", out));
    EXPECT_EQ(to_hex(out), "00000abc");
    ASSERT_TRUE(read_hex_number("DEADbeef", out));
    EXPECT_EQ(to_hex(out), "deadbeef");
}

TEST(Hex, a_number_that_does_not_fit_is_refused) {
    std::array<std::uint8_t, 2> out{};
    EXPECT_TRUE(read_hex_number("ffff", out));
    EXPECT_FALSE(read_hex_number("0ffff", out));
    EXPECT_FALSE(read_hex_number("", out));
}

TEST(Hex, every_character_that_is_no_digit_is_refused) {
    std::array<std::uint8_t, 1> out{};
    const std::string_view digits = "0123456789abcdefABCDEF";
    for (int value = 0; value < 256; ++value) {
        const std::string text(1, static_cast<char>(value));
        EXPECT_EQ(read_hex_number(text, out), digits.find(text) != std::string_view::npos) << value;
    }
}

TEST(Hex, bytes_need_an_even_count_of_digits_within_the_bounds) {
    EXPECT_EQ(read_hex_bytes("0aff", 1, 2), (std::vector<std::uint8_t>{0x0a, 0xff}));
    EXPECT_EQ(read_hex_bytes("0af", 1, 2), std::nullopt);
    EXPECT_EQ(read_hex_bytes("0aff", 3, 4), std::nullopt);
    EXPECT_EQ(read_hex_bytes("0aff", 1, 1), std::nullopt);
    EXPECT_EQ(read_hex_bytes("0axf", 1, 2), std::nullopt);
    EXPECT_EQ(read_hex_bytes("", 0, 2), std::nullopt);
}

}  // namespace
}  // namespace sluice::crypto
