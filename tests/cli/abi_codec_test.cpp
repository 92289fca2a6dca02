#include "cli/abi/codec.hpp"

#include <gtest/gtest.h>

#include "cli/abi/interface.hpp"
#include "cli/abi/text.hpp"

namespace sluice::cli::abi {
namespace {

/// Selector and arguments as hex, a word per line for whoever reads a failure.
std::string encoded_call(const std::string& signature, const std::vector<std::string>& arguments) {
    const auto parsed = parse_signature(signature);
    if (!parsed) return parsed.error();
    const auto values = parse_values(parsed->inputs, arguments);
    if (!values) return values.error();
    const auto hex = core::to_hex(encode_call(parsed->name, parsed->inputs, *values));
    std::string lines = hex.substr(0, 8);
    for (std::size_t at = 8; at < hex.size(); at += 64)
        lines += "\n" + hex.substr(at, 64);
    return lines;
}

std::vector<Type> types_of(std::string_view text) {
    return *parse_types(text);
}

/// A word of hex digits whose last ones are given.
std::string word(std::string digits) {
    return std::string(64 - digits.size(), '0') + digits;
}
std::string left(std::string digits) {
    return digits + std::string(64 - digits.size(), '0');
}
core::Bytes bytes(const std::vector<std::string>& words) {
    core::Bytes out;
    for (const auto& each : words)
        core::append(out, *core::from_hex(each));
    return out;
}

// The examples of the ABI specification of Solidity.

TEST(AbiCodec, published_example_baz) {
    EXPECT_EQ(encoded_call("baz(uint32,bool)", {"69", "true"}), "cdcd77c0\n" + word("45") + "\n" + word("1"));
}

TEST(AbiCodec, published_example_bar) {
    EXPECT_EQ(encoded_call("bar(bytes3[2])", {"[0x616263,0x646566]"}),
              "fce353f6\n" + left("616263") + "\n" + left("646566"));
}

TEST(AbiCodec, published_example_sam) {
    EXPECT_EQ(encoded_call("sam(bytes,bool,uint256[])", {"0x64617665", "true", "[1,2,3]"}),
              "a5643bf2\n" + word("60") + "\n" + word("1") + "\n" + word("a0") + "\n" + word("4") + "\n" +
                  left("64617665") + "\n" + word("3") + "\n" + word("1") + "\n" + word("2") + "\n" +
                  word("3"));
}

TEST(AbiCodec, published_example_of_dynamic_types) {
    EXPECT_EQ(
        encoded_call("f(uint256,uint32[],bytes10,bytes)",
                     {"0x123", "[0x456,0x789]", "0x31323334353637383930", "0x48656c6c6f2c20776f726c6421"}),
        "8be65246\n" + word("123") + "\n" + word("80") + "\n" + left("31323334353637383930") + "\n" +
            word("e0") + "\n" + word("2") + "\n" + word("456") + "\n" + word("789") + "\n" + word("d") +
            "\n" + left("48656c6c6f2c20776f726c6421"));
}

TEST(AbiCodec, published_example_of_nested_arrays) {
    EXPECT_EQ(encoded_call("g(uint256[][],string[])", {"[[1,2],[3]]", "[\"one\",two,three]"}),
              "2289b18c\n" + word("40") + "\n" + word("140") + "\n" + word("2") + "\n" + word("40") + "\n" +
                  word("a0") + "\n" + word("2") + "\n" + word("1") + "\n" + word("2") + "\n" + word("1") +
                  "\n" + word("3") + "\n" + word("3") + "\n" + word("60") + "\n" + word("a0") + "\n" +
                  word("e0") + "\n" + word("3") + "\n" + left("6f6e65") + "\n" + word("3") + "\n" +
                  left("74776f") + "\n" + word("5") + "\n" + left("7468726565"));
}

/// Types, and arguments for them, that between them use every rule.
struct Sample {
    const char* types;
    std::vector<std::string> arguments;
};
const std::vector<Sample>& samples() {
    static const std::vector<Sample> all{
        {"(uint8,int8,int256,uint256)",
         {"255", "-128", "-1",
          "115792089237316195423570985008687907853269984665640564039457584007913129639935"}},
        {"(address,bool,bytes32,function)",
         {"0x00000000000000000000000000000000000000aa", "false",
          "0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
          "0x0102030405060708090a0b0c0d0e0f101112131415161718"}},
        {"(string,bytes)", {"", "0x"}},
        {"(string[],bytes[2],())", {"[\"a,b\",\"\\\"c\\\\\"]", "[0x,0x01]", "()"}},
        {"((uint256,string)[],(bool,int16[2])[3])",
         {"[(1,one),(2,two)]", "[(true,[1,-1]),(false,[0,0]),(true,[-32768,32767])]"}},
        {"(uint256[][2][],((bytes,(string,uint8)),bool))",
         {"[[[1],[]],[[2,3],[4]]]", "((0xff,(deep,7)),true)"}},
    };
    return all;
}

TEST(AbiCodec, what_was_encoded_decodes_to_the_same) {
    for (const auto& sample : samples()) {
        const auto types = types_of(sample.types);
        const auto values = parse_values(types, sample.arguments);
        ASSERT_TRUE(values.has_value()) << values.error();
        const auto decoded = decode(types, encode(types, *values));
        ASSERT_TRUE(decoded.has_value()) << sample.types << ": " << describe(decoded.error());
        EXPECT_EQ(*decoded, *values) << sample.types;
    }
}

TEST(AbiCodec, text_made_of_values_reads_as_the_same_values) {
    const auto types = types_of("((uint256,string)[],bytes[2])");
    const auto values =
        *parse_values(types, std::vector<std::string>{"[(1,\"a, \\\"b\\\"\"),(2,x)]", "[0x,0x01]"});
    EXPECT_EQ(to_text(types[0], values[0]), R"([(1, "a, "b""), (2, "x")])");
    EXPECT_EQ(to_text(types[1], values[1]), "[0x, 0x01]");
}

TEST(AbiCodec, every_prefix_of_an_encoding_is_decoded_or_refused) {
    for (const auto& sample : samples()) {
        const auto types = types_of(sample.types);
        const auto whole = encode(types, *parse_values(types, sample.arguments));
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const auto decoded = decode(types, core::ByteView(whole).first(size));
            if (!decoded) {
                EXPECT_FALSE(describe(decoded.error()).empty());
            }
        }
        EXPECT_FALSE(decode(types, core::ByteView(whole).first(31)).has_value());
    }
}

TEST(AbiCodec, any_altered_byte_decodes_to_values_that_encode_again_or_is_refused) {
    std::size_t accepted = 0, refused = 0;
    for (const auto& sample : samples()) {
        const auto types = types_of(sample.types);
        const auto whole = encode(types, *parse_values(types, sample.arguments));
        for (std::size_t at = 0; at < whole.size(); ++at)
            for (const std::uint8_t flip : {0x01, 0x20, 0x80, 0xff}) {
                auto altered = whole;
                altered[at] ^= flip;
                const auto decoded = decode(types, altered);
                ++(decoded ? accepted : refused);
                if (!decoded) continue;
                const auto again = decode(types, encode(types, *decoded));
                ASSERT_TRUE(again.has_value());
                EXPECT_EQ(*again, *decoded);
                EXPECT_FALSE(to_json(types, *decoded).dump().empty());
            }
    }
    EXPECT_GT(accepted, 100u);
    EXPECT_GT(refused, 100u);
}

TEST(AbiCodec, values_outside_the_range_of_their_type_are_refused) {
    const auto error = [](std::string_view type, const std::string& hex) {
        const auto decoded = decode(types_of(type), bytes({hex}));
        return decoded ? std::nullopt : std::optional(decoded.error());
    };
    EXPECT_EQ(error("(uint8)", word("100")), DecodeError::out_of_range);
    EXPECT_EQ(error("(uint8)", word("ff")), std::nullopt);
    EXPECT_EQ(error("(int8)", word("80")), DecodeError::out_of_range);
    EXPECT_EQ(error("(int8)", std::string(62, 'f') + "80"), std::nullopt);
    EXPECT_EQ(error("(int8)", std::string(62, 'f') + "7f"), DecodeError::out_of_range);
    EXPECT_EQ(error("(bool)", word("2")), DecodeError::out_of_range);
    EXPECT_EQ(error("(address)", word("1" + std::string(40, '0'))), DecodeError::out_of_range);
    EXPECT_EQ(error("(bytes4)", left("0102030405")), DecodeError::out_of_range);
}

TEST(AbiCodec, offsets_and_lengths_beyond_the_input_are_refused) {
    const auto error = [](std::string_view type, const std::vector<std::string>& words) {
        const auto decoded = decode(types_of(type), bytes(words));
        return decoded ? std::nullopt : std::optional(decoded.error());
    };
    EXPECT_EQ(error("(bytes)", {word("40")}), DecodeError::bad_offset);
    EXPECT_EQ(error("(bytes)", {word("20")}), DecodeError::too_short);
    EXPECT_EQ(error("(bytes)", {std::string(64, 'f')}), DecodeError::bad_offset);
    EXPECT_EQ(error("(bytes)", {word("20"), word("1")}), DecodeError::bad_length);
    EXPECT_EQ(error("(bytes)", {word("20"), std::string(64, 'f')}), DecodeError::bad_length);
    EXPECT_EQ(error("(uint256[])", {word("20"), word("2"), word("1")}), DecodeError::bad_length);
    EXPECT_EQ(error("(uint256[])", {word("20"), word("10000000000000000"), word("1")}),
              DecodeError::bad_length);
    EXPECT_EQ(error("(bytes,uint8)", {word("0"), word("0")}), std::nullopt) << "an offset into the head";
}

TEST(AbiCodec, values_that_share_bytes_cannot_make_much_of_little) {
    // Eight elements per level, all of them the next level: without a bound, 8 to the power of 15 values.
    std::vector<std::string> words{word("20")};
    for (int level = 0; level < 15; ++level) {
        words.push_back(word("8"));
        for (int i = 0; i < 8; ++i)
            words.push_back(word("100"));
    }
    std::string type = "(uint256";
    for (int i = 0; i < 15; ++i)
        type += "[]";
    const auto decoded = decode(types_of(type + ")"), bytes(words));
    ASSERT_FALSE(decoded.has_value());
    EXPECT_EQ(decoded.error(), DecodeError::too_many_values);
    // A megabyte that a thousand strings point at.
    std::vector<std::string> shared{word("20"), word("400")};
    for (int i = 0; i < 1'024; ++i)
        shared.push_back(word("8000"));
    shared.push_back(word("100000"));
    auto input = bytes(shared);
    input.resize(input.size() + (1u << 20));
    const auto strings = decode(types_of("(string[])"), input);
    ASSERT_FALSE(strings.has_value());
    EXPECT_EQ(strings.error(), DecodeError::too_many_values);
    // Elements without a word in the input.
    core::Bytes nothing = bytes({word("20"), word("200000")});
    nothing.resize(nothing.size() + (1u << 21));
    const auto empty = decode(types_of("(()[])"), nothing);
    ASSERT_FALSE(empty.has_value());
    EXPECT_EQ(empty.error(), DecodeError::too_many_values);
}

TEST(AbiCodec, bytes_behind_the_last_value_are_allowed) {
    const auto decoded = decode(types_of("(uint8)"), bytes({word("7"), word("1234")}));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ((*decoded)[0].word[31], 7);
}

}  // namespace
}  // namespace sluice::cli::abi
