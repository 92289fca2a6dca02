#include "core/bytes.hpp"

#include <gtest/gtest.h>

namespace sluice::core {
namespace {

TEST(Hex, encodes_in_lower_case) {
    const Bytes bytes{0x00, 0x0f, 0xa5, 0xff};
    EXPECT_EQ(to_hex(bytes), "000fa5ff");
    EXPECT_EQ(to_hex_0x(bytes), "0x000fa5ff");
    EXPECT_EQ(to_hex({}), "");
    EXPECT_EQ(to_hex_0x({}), "0x");
}

TEST(Hex, decodes_both_cases_with_and_without_prefix) {
    const Bytes expected{0xab, 0xcd, 0x09};
    EXPECT_EQ(from_hex("abcd09"), expected);
    EXPECT_EQ(from_hex("0xABcd09"), expected);
    EXPECT_EQ(from_hex(""), Bytes{});
    EXPECT_EQ(from_hex("0x"), Bytes{});
}

TEST(Hex, refuses_odd_digits_and_other_characters) {
    for (const char* text :
         {"a", "0xa", "0xabc", "zz", "0xg0", "0x0g", " ab", "ab ", "0Xab", "0x0xab", "a\xff"})
        EXPECT_EQ(from_hex(text), std::nullopt) << text;
    EXPECT_EQ(from_hex(std::string_view("a\0", 2)), std::nullopt);
}

TEST(Hex, every_byte_survives_a_round_trip) {
    Bytes all(256);
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = static_cast<std::uint8_t>(i);
    EXPECT_EQ(from_hex(to_hex(all)), all);
    EXPECT_EQ(from_hex(to_hex_0x(all)), all);
}

TEST(Hex, exact_decoding_refuses_every_other_length) {
    std::array<std::uint8_t, 2> out{};
    EXPECT_TRUE(from_hex_exactly("0x1234", out));
    EXPECT_EQ(out, (std::array<std::uint8_t, 2>{0x12, 0x34}));
    EXPECT_TRUE(from_hex_exactly("abcd", out));
    for (const char* text : {"", "0x", "0x12", "0x123", "0x12345", "0x123456"})
        EXPECT_FALSE(from_hex_exactly(text, out)) << text;
}

TEST(BigEndian, writes_the_most_significant_byte_first) {
    Bytes bytes;
    append_be16(bytes, 0x0102);
    append_be32(bytes, 0x03040506);
    append_be64(bytes, 0x0708090a0b0c0d0eull);
    EXPECT_EQ(to_hex(bytes), "0102030405060708090a0b0c0d0e");
    EXPECT_EQ(read_be16(bytes.data()), 0x0102);
    EXPECT_EQ(read_be32(bytes.data() + 2), 0x03040506u);
    EXPECT_EQ(read_be64(bytes.data() + 6), 0x0708090a0b0c0d0eull);
}

TEST(BigEndian, keeps_the_highest_bit) {
    const Bytes ones(8, 0xff);
    EXPECT_EQ(read_be16(ones.data()), 0xffff);
    EXPECT_EQ(read_be32(ones.data()), 0xffffffffu);
    EXPECT_EQ(read_be64(ones.data()), ~0ull);
}

TEST(ByteReader, reads_front_to_back) {
    const Bytes bytes = *from_hex("0102030405060708090a0b0c0d0e0faabbcc");
    ByteReader reader(bytes);
    EXPECT_EQ(reader.u8(), 1);
    EXPECT_EQ(reader.be16(), 0x0203);
    EXPECT_EQ(reader.be32(), 0x04050607u);
    EXPECT_EQ(reader.be64(), 0x08090a0b0c0d0e0full);
    std::array<std::uint8_t, 2> two{};
    reader.fill(two);
    EXPECT_EQ(two, (std::array<std::uint8_t, 2>{0xaa, 0xbb}));
    EXPECT_FALSE(reader.done());
    EXPECT_EQ(to_hex(reader.take(1)), "cc");
    EXPECT_TRUE(reader.done());
}

TEST(ByteReader, a_read_past_the_end_fails_all_later_reads) {
    const Bytes bytes{1, 2, 3};
    ByteReader reader(bytes);
    EXPECT_EQ(reader.be32(), 0u);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.u8(), 0);
    EXPECT_TRUE(reader.take(1).empty());
    EXPECT_FALSE(reader.done());
}

TEST(ByteReader, a_failed_fill_leaves_zeros) {
    const Bytes bytes{1, 2, 3};
    ByteReader reader(bytes);
    std::array<std::uint8_t, 4> out{9, 9, 9, 9};
    reader.fill(out);
    EXPECT_EQ(out, (std::array<std::uint8_t, 4>{}));
    EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, taking_nothing_from_nothing_is_no_failure) {
    ByteReader reader({});
    EXPECT_TRUE(reader.take(0).empty());
    EXPECT_TRUE(reader.done());
    EXPECT_TRUE(reader.take(~std::size_t{0}).empty());
    EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace sluice::core
