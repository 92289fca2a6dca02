#include "cli/abi/text.hpp"

#include <gtest/gtest.h>

namespace sluice::cli::abi {
namespace {

/// What a text means as a type, written again; or why it is refused.
std::string read(std::string_view type, std::string_view text) {
    const auto parsed = parse_type(type);
    if (!parsed) return parsed.error();
    const auto value = parse_value(*parsed, text, "argument 1");
    return value ? to_text(*parsed, *value) : value.error();
}

bool is_refused(std::string_view type, std::string_view text) {
    return read(type, text).rfind("argument 1: ", 0) == 0;
}

TEST(AbiText, integers_are_decimal_or_hex_within_their_range) {
    EXPECT_EQ(read("uint8", "255"), "255");
    EXPECT_EQ(read("uint8", "0xff"), "255");
    EXPECT_EQ(read("int8", "-128"), "-128");
    EXPECT_EQ(read("int8", "127"), "127");
    EXPECT_EQ(read("int256", "-1"), "-1");
    EXPECT_EQ(
        read("uint256", "115792089237316195423570985008687907853269984665640564039457584007913129639935"),
        "115792089237316195423570985008687907853269984665640564039457584007913129639935");
    EXPECT_EQ(
        read("int256", "-57896044618658097711785492504343953926634992332820282019728792003956564819968"),
        "-57896044618658097711785492504343953926634992332820282019728792003956564819968");
    EXPECT_EQ(read("uint8", "256"), "argument 1: 256 is outside the range of uint8, which ends at 255");
    EXPECT_EQ(read("int8", "128"), "argument 1: 128 is outside the range of int8, which ends at 127");
    EXPECT_EQ(read("int8", "-129"), "argument 1: -129 is outside the range of int8, which ends at -128");
    for (const auto* text :
         {"", "-1", "1.5", "1e18", "0x", "abc", " 1", "1 ", "+1", "--1",
          "115792089237316195423570985008687907853269984665640564039457584007913129639936"})
        EXPECT_TRUE(is_refused("uint256", text)) << text;
    EXPECT_TRUE(is_refused("int256",
                           "57896044618658097711785492504343953926634992332820282019728792003956564819968"));
}

TEST(AbiText, an_address_in_mixed_case_needs_its_checksum) {
    EXPECT_EQ(read("address", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"),
              "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
    EXPECT_FALSE(is_refused("address", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
    EXPECT_TRUE(is_refused("address", "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
    EXPECT_TRUE(is_refused("address", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1bea"));
    EXPECT_TRUE(is_refused("address", "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"));
}

TEST(AbiText, bytes_have_exactly_the_length_of_their_type) {
    EXPECT_EQ(read("bytes3", "0x010203"), "0x010203");
    EXPECT_EQ(read("bytes", "0x"), "0x");
    EXPECT_EQ(read("bytes3", "0x0102"), "argument 1: bytes3 takes 3 bytes, not 2");
    EXPECT_TRUE(is_refused("bytes3", "0x01020304"));
    EXPECT_TRUE(is_refused("bytes", "0x0"));
    EXPECT_TRUE(is_refused("bytes", "0102"));
    EXPECT_TRUE(is_refused("bytes", "hello"));
}

TEST(AbiText, a_string_as_a_whole_is_taken_as_it_is) {
    EXPECT_EQ(read("string", "a, [b] (c) \"d\""), "\"a, [b] (c) \"d\"\"");
    EXPECT_EQ(read("string", ""), "\"\"");
}

TEST(AbiText, arrays_and_tuples_nest) {
    EXPECT_EQ(read("uint8[]", "[]"), "[]");
    EXPECT_EQ(read("uint8[]", "[ 1 , 2 ]"), "[1, 2]");
    EXPECT_EQ(read("(uint8,(string,bool)[])[1]", "[(1,[(x y,true),(\"a,)\",false)])]"),
              "[(1, [(\"x y\", true), (\"a,)\", false)])]");
    for (const auto* text :
         {"", "1", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1]]", "[1] 2", "(1)", "[256]"})
        EXPECT_TRUE(is_refused("uint8[]", text)) << text;
    EXPECT_EQ(read("uint8[2]", "[1]"), "argument 1: uint8[2] takes 2 elements, not 1");
    for (const auto* text : {"", "(", "(1", "(1)", "(1,2", "(1,true", "(1,true,2)", "[1,true]"})
        EXPECT_TRUE(is_refused("(uint8,bool)", text)) << text;
    EXPECT_TRUE(is_refused("string[]", "[\"unfinished]"));
}

TEST(AbiText, a_wrong_number_of_arguments_says_which_are_expected) {
    const auto types = *parse_types("(address to, uint256)");
    const auto values = parse_values(types, std::vector<std::string>{"0x00"});
    ASSERT_FALSE(values.has_value());
    EXPECT_EQ(values.error(), "2 arguments are expected (address to, uint256), 1 given");
    const auto wrong = parse_values(types, std::vector<std::string>{"x", "1"});
    EXPECT_EQ(wrong.error().rfind("argument 1 (address to): 'x' is no address", 0), 0u) << wrong.error();
}

TEST(AbiText, foreign_strings_cannot_write_to_a_terminal) {
    EXPECT_EQ(printable("Z\xc3\xbcrich"), "Z\xc3\xbcrich");
    EXPECT_EQ(printable("a\x1b[31m\n\x7f"), "a\\x1b[31m\\n\\x7f");
    EXPECT_EQ(printable("\xc2\x9b"
                        "31m"),
              "\\x9b31m");
    EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
    EXPECT_EQ(printable("\xff"), "\xef\xbf\xbd");
    EXPECT_EQ(printable("\xc2"), "\xef\xbf\xbd");
}

TEST(AbiText, json_has_numbers_as_text_and_tuples_with_names_as_objects) {
    const auto types =
        *parse_types("(uint256 amount, (address to, bool ok) leg, (uint8,uint8) pair, string memo)");
    const auto values = parse_values(
        types,
        std::vector<std::string>{"7", "(0x00000000000000000000000000000000000000aa,true)", "(1,2)", "\xff"});
    ASSERT_TRUE(values.has_value());
    // Names inside a type's own tuple are kept by the parser as well.
    EXPECT_EQ(to_json(types, *values).dump(),
              "[\"7\",{\"to\":\"0x00000000000000000000000000000000000000AA\",\"ok\":true},[\"1\",\"2\"],"
              "\"\xef\xbf\xbd\"]");
}

}  // namespace
}  // namespace sluice::cli::abi
