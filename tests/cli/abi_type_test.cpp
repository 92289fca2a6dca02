#include "cli/abi/type.hpp"

#include <gtest/gtest.h>

namespace sluice::cli::abi {
namespace {

std::string canonical(std::string_view text) {
    const auto type = parse_type(text);
    return type ? to_string(*type) : "refused: " + type.error();
}

bool is_refused(std::string_view text) {
    return !parse_type(text).has_value();
}

TEST(AbiType, every_type_of_solidity_is_read_and_written_in_canonical_form) {
    for (const auto* text : {"uint8", "uint256", "int8", "int128", "address", "bool", "bytes1", "bytes32",
                             "bytes", "string", "function", "uint256[]", "bytes3[2]", "uint8[][3][]", "()",
                             "(uint256,string)", "((address,bool)[2],bytes)[]"})
        EXPECT_EQ(canonical(text), text);
    EXPECT_EQ(canonical("uint"), "uint256");
    EXPECT_EQ(canonical("int[]"), "int256[]");
    EXPECT_EQ(canonical("tuple(uint256 amount, address to)[2]"), "(uint256,address)[2]");
}

TEST(AbiType, what_is_no_type_is_refused) {
    for (const auto* text : {"",
                             "uint0",
                             "uint7",
                             "uint264",
                             "uint08",
                             "int1024",
                             "bytes0",
                             "bytes33",
                             "bytes01",
                             "byte",
                             "Address",
                             "uint256[",
                             "uint256[]]",
                             "uint256[0]",
                             "uint256[01]",
                             "uint256[-1]",
                             "uint256[x]",
                             "(",
                             "(uint256",
                             "(uint256,)",
                             "(,)",
                             "uint256 x",
                             "mapping(uint256=>bool)",
                             "uint256,bool"})
        EXPECT_TRUE(is_refused(text)) << text;
    EXPECT_NE(canonical("fixed128x18").find("fixed-point"), std::string::npos);
}

TEST(AbiType, nesting_and_size_are_bounded) {
    EXPECT_FALSE(is_refused("uint256[][][][][][][][][][][][][][][][]"));
    EXPECT_TRUE(is_refused("uint256[][][][][][][][][][][][][][][][][]"));
    std::string arrays = "uint256", tuples;
    for (int i = 0; i < 100'000; ++i) {
        arrays += "[]";
        tuples += "(";
    }
    EXPECT_TRUE(is_refused(arrays));
    EXPECT_TRUE(is_refused(tuples));
    for (const char* begin : {"(", "tuple("}) {
        std::string nested = "bool";
        for (int i = 0; i < 16; ++i)
            nested = begin + nested + ")";
        EXPECT_FALSE(is_refused(nested));
        EXPECT_TRUE(is_refused(begin + nested + ")"));
    }
    EXPECT_FALSE(is_refused("uint256[32768]"));
    EXPECT_TRUE(is_refused("uint256[32769]"));
    EXPECT_TRUE(is_refused("uint256[256][256]"));
    EXPECT_TRUE(is_refused("uint256[4294967296][4294967296]"));
    EXPECT_TRUE(is_refused("string[18446744073709551615]"));
    EXPECT_TRUE(is_refused("uint256[18446744073709551616]"));
    std::string many = "(bool";
    for (int i = 0; i < 2'000; ++i)
        many += ",bool";
    EXPECT_TRUE(is_refused(many + ")"));
}

TEST(AbiType, what_holds_something_dynamic_is_dynamic) {
    EXPECT_FALSE(is_dynamic(*parse_type("(uint256,bytes32[4])")));
    EXPECT_TRUE(is_dynamic(*parse_type("(uint256,bytes)")));
    EXPECT_TRUE(is_dynamic(*parse_type("string[2]")));
    EXPECT_EQ(head_words(*parse_type("(uint256,bytes32[4])[2]")), 10u);
    EXPECT_EQ(head_words(*parse_type("string[2]")), 1u);
}

TEST(AbiType, a_signature_may_have_names_words_of_solidity_and_results) {
    const auto plain = parse_signature("transfer(address,uint256)");
    ASSERT_TRUE(plain.has_value());
    EXPECT_EQ(plain->name + to_string(plain->inputs), "transfer(address,uint256)");
    EXPECT_FALSE(plain->has_outputs);
    const auto full = parse_signature(
        "function f(address to, uint256[] memory amounts) external view returns (uint256 left, bool)");
    ASSERT_TRUE(full.has_value()) << full.error();
    EXPECT_EQ(full->name + to_string(full->inputs), "f(address,uint256[])");
    EXPECT_EQ(full->inputs[1].name, "amounts");
    EXPECT_EQ(to_string(full->outputs), "(uint256,bool)");
    EXPECT_EQ(full->outputs[0].name, "left");
    const auto brief = parse_signature("balanceOf(address)(uint256)");
    ASSERT_TRUE(brief.has_value());
    EXPECT_EQ(to_string(brief->outputs), "(uint256)");
}

TEST(AbiType, what_is_no_signature_is_refused) {
    for (const auto* text : {"", "transfer", "(address)", "f(address", "f)", "f(address))", "f()()()",
                             "1f(bool)", "f(bool) returns (x)", "f(bool);"})
        EXPECT_FALSE(parse_signature(text).has_value()) << text;
}

}  // namespace
}  // namespace sluice::cli::abi
