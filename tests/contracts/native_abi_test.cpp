#include "contracts/native/abi.hpp"

#include <gtest/gtest.h>

namespace sluice::contracts::native {

enum class Color : std::uint8_t { red, green, blue };
template <>
inline constexpr Color last_enumerator<Color> = Color::blue;

namespace abi {
namespace {

using Bytes10 = std::array<std::uint8_t, 10>;

core::Bytes hex(std::string_view text) {
    auto bytes = core::from_hex(text);
    EXPECT_TRUE(bytes.has_value());
    return bytes.value_or(core::Bytes{});
}

std::string word(std::string_view tail) {
    return std::string(64 - tail.size(), '0') + std::string(tail);
}

struct Point {
    std::uint64_t x = 0;
    std::string label;
    bool operator==(const Point&) const = default;
    static constexpr auto abi_members() { return std::make_tuple(&Point::x, &Point::label); }
};
struct Pair {
    std::uint8_t first = 0;
    core::Minor second = 0;
    bool operator==(const Pair&) const = default;
    static constexpr auto abi_members() { return std::make_tuple(&Pair::first, &Pair::second); }
};

template <typename... Ts>
void expect_round_trip(const Ts&... values) {
    const core::Bytes encoded = encode(values...);
    EXPECT_EQ(encoded.size() % 32, 0u);
    const auto decoded = decode<Ts...>(encoded);
    ASSERT_TRUE(decoded.has_value()) << describe(decoded.error());
    EXPECT_EQ(*decoded, std::make_tuple(values...));
}

// The two examples below are those of the Solidity documentation ("Contract ABI Specification", Examples, and
// "Use of Dynamic Types").

TEST(Abi, encodes_the_static_example_of_the_specification) {
    EXPECT_EQ(core::to_hex(encode_call(selector_of("baz(uint32,bool)"), std::uint32_t{69}, true)),
              "cdcd77c0" + word("45") + word("1"));
    const std::array<std::array<std::uint8_t, 3>, 2> pair{{{'a', 'b', 'c'}, {'d', 'e', 'f'}}};
    EXPECT_EQ(core::to_hex(encode_call(selector_of("bar(bytes3[2])"), pair)),
              "fce353f6"
              "6162630000000000000000000000000000000000000000000000000000000000"
              "6465660000000000000000000000000000000000000000000000000000000000");
}

TEST(Abi, encodes_the_dynamic_example_of_the_specification) {
    const std::vector<std::uint32_t> numbers{0x456, 0x789};
    const std::array<char, 10> fixed{'1', '2', '3', '4', '5', '6', '7', '8', '9', '0'};
    const core::Bytes encoded =
        encode_call(selector_of("f(uint256,uint32[],bytes10,bytes)"), core::Uint256(0x123), numbers, fixed,
                    std::string_view("Hello, world!"));
    EXPECT_EQ(core::to_hex(encoded), "8be65246" + word("123") + word("80") +
                                         "3132333435363738393000000000000000000000000000000000000000000000" +
                                         word("e0") + word("2") + word("456") + word("789") + word("d") +
                                         "48656c6c6f2c20776f726c642100000000000000000000000000000000000000");
}

TEST(Abi, encodes_nested_dynamic_arrays_as_the_specification_does) {
    const std::vector<std::vector<std::uint64_t>> outer{{1, 2}, {3}};
    const std::vector<std::string> names{"one", "two", "three"};
    EXPECT_EQ(core::to_hex(encode(outer, names)),
              word("40") + word("140") + word("2") + word("40") + word("a0") + word("2") + word("1") +
                  word("2") + word("1") + word("3") + word("3") + word("60") + word("a0") + word("e0") +
                  word("3") + "6f6e650000000000000000000000000000000000000000000000000000000000" + word("3") +
                  "74776f0000000000000000000000000000000000000000000000000000000000" + word("5") +
                  "7468726565000000000000000000000000000000000000000000000000000000");
}

TEST(Abi, aligns_addresses_right_and_byte_strings_left) {
    core::Address address{};
    address[0] = 0x11;
    const std::array<char, 20> lei{'X'};
    EXPECT_EQ(core::to_hex(encode(address, lei)),
              std::string(24, '0') + "11" + std::string(38, '0') + "58" + std::string(62, '0'));
}

TEST(Abi, extends_the_sign_of_negative_numbers) {
    EXPECT_EQ(core::to_hex(encode(core::SignedMinor{-2})), std::string(63, 'f') + "e");
    EXPECT_EQ(core::to_hex(encode(core::SignedMinor{2})), word("2"));
}

TEST(Abi, round_trips_every_kind_of_type) {
    expect_round_trip(true, std::uint8_t{255}, std::uint16_t{1}, std::uint32_t{2}, ~std::uint64_t{0});
    expect_round_trip(~core::Minor{0}, core::SignedMinor{-1}, core::Uint256::from_word(core::keccak256({})));
    expect_round_trip(core::Address{1, 2, 3}, Bytes10{9, 8}, core::Word{7},
                      std::array<char, 4>{'A', 'M', '0', '5'});
    expect_round_trip(Color::blue, std::string("text"), core::Bytes{1, 2, 3}, std::string());
    expect_round_trip(std::vector<Point>{{1, "a"}, {2, std::string(100, 'b')}}, Point{3, ""});
    expect_round_trip(std::vector<Pair>{{1, 2}, {3, 4}}, Pair{5, 6}, std::vector<Pair>{});
    expect_round_trip(std::array<Pair, 2>{{{1, 2}, {3, 4}}}, std::array<std::string, 2>{"x", "yy"});
    expect_round_trip(std::make_tuple(std::uint8_t{1}, std::string("in")), std::vector<std::vector<bool>>{});
    expect_round_trip(std::vector<std::vector<core::Address>>{{}, {core::Address{1}}, {}});
}

TEST(Abi, encodes_a_static_struct_in_place_and_a_dynamic_one_by_offset) {
    EXPECT_EQ(core::to_hex(encode(Pair{1, 2}, std::uint8_t{3})), word("1") + word("2") + word("3"));
    EXPECT_EQ(core::to_hex(encode(Point{1, ""})), word("20") + word("1") + word("40") + word("0"));
}

TEST(Abi, decoded_views_point_into_the_input) {
    const core::Bytes encoded = encode(std::string_view("abc"));
    const auto decoded = decode<std::string_view>(encoded);
    ASSERT_TRUE(decoded.has_value());
    const auto* at = reinterpret_cast<const std::uint8_t*>(std::get<0>(*decoded).data());
    EXPECT_EQ(at, encoded.data() + 64);
}

TEST(Abi, allows_bytes_after_the_last_value) {
    core::Bytes encoded = encode(std::uint8_t{1});
    encoded.push_back(0xff);
    EXPECT_TRUE(decode<std::uint8_t>(encoded).has_value());
}

TEST(AbiDecoder, refuses_dirty_bits_around_each_kind_of_value) {
    const auto dirty = [](auto sample, std::size_t position, std::uint8_t byte) {
        core::Bytes encoded = encode(sample);
        encoded[position] = byte;
        const auto decoded = decode<decltype(sample)>(encoded);
        return !decoded && decoded.error() == Error::dirty_bits;
    };
    EXPECT_TRUE(dirty(true, 31, 2));
    EXPECT_TRUE(dirty(true, 0, 1));
    EXPECT_TRUE(dirty(std::uint8_t{1}, 30, 1));
    EXPECT_TRUE(dirty(std::uint64_t{1}, 23, 1));
    EXPECT_TRUE(dirty(core::Minor{1}, 15, 1));
    EXPECT_TRUE(dirty(core::SignedMinor{1}, 0, 0xff));
    EXPECT_TRUE(dirty(core::SignedMinor{-1}, 15, 0));
    EXPECT_TRUE(dirty(core::Address{}, 11, 1));
    EXPECT_TRUE(dirty(std::array<char, 4>{}, 4, 1));
    EXPECT_TRUE(dirty(Color::red, 31, 3));
    EXPECT_TRUE(dirty(std::string("abc"), 67, 1));
}

TEST(AbiDecoder, refuses_input_that_ends_anywhere_before_its_end) {
    const core::Bytes whole = encode(std::vector<Point>{{1, "abc"}}, std::uint8_t{1}, core::Bytes{1});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const core::ByteView part(whole.data(), size);
        EXPECT_FALSE((decode<std::vector<Point>, std::uint8_t, core::Bytes>(part).has_value())) << size;
    }
}

TEST(AbiDecoder, refuses_offsets_and_lengths_beyond_the_input) {
    const auto error_of = [](const std::string& text) {
        const auto decoded = decode<core::Bytes>(hex(text));
        return decoded ? std::optional<Error>() : decoded.error();
    };
    EXPECT_EQ(error_of(word("40")), Error::bad_offset);
    EXPECT_EQ(error_of(std::string(64, 'f')), Error::bad_offset);
    EXPECT_EQ(error_of(word("20") + word("1")), Error::truncated);
    EXPECT_EQ(error_of(word("20") + std::string(64, 'f')), Error::truncated);
    EXPECT_EQ(error_of(word("20") + word("ffffffffffffffff")), Error::truncated);
}

TEST(AbiDecoder, refuses_arrays_that_claim_more_elements_than_there_are) {
    const auto decoded =
        decode<std::vector<std::uint16_t>>(hex(word("20") + word("3") + word("1") + word("2")));
    ASSERT_FALSE(decoded.has_value());
    EXPECT_EQ(decoded.error(), Error::truncated);
}

TEST(AbiDecoder, does_not_multiply_overlapping_arrays) {
    // 60 outer elements that all point at one inner array of 60: 3,600 elements from 4 KiB.
    core::Bytes bomb = hex(word("20") + word("3c"));
    for (int i = 0; i < 60; ++i)
        core::append(bomb, core::word_from_u64(60 * 32));
    core::append(bomb, core::word_from_u64(60));
    for (int i = 0; i < 60; ++i)
        core::append(bomb, core::word_from_u64(1));
    const auto decoded = decode<std::vector<std::vector<std::uint64_t>>>(bomb);
    ASSERT_FALSE(decoded.has_value());
    EXPECT_EQ(decoded.error(), Error::too_many_elements);
}

TEST(AbiDecoder, survives_every_single_bit_flip) {
    const core::Bytes whole = encode(std::vector<Point>{{1, "abc"}, {2, "de"}}, core::Bytes{1, 2}, true);
    std::size_t accepted = 0;
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        core::Bytes flipped = whole;
        flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1u << (bit % 8)));
        accepted += decode<std::vector<Point>, core::Bytes, bool>(flipped).has_value() ? 1 : 0;
    }
    // Bits of the two numbers and of the characters may change; nearly everything else is structure.
    EXPECT_GT(accepted, 0u);
    EXPECT_LT(accepted, whole.size() * 8 / 4);
}

TEST(Abi, dynamic_length_reads_the_length_without_decoding) {
    const core::Bytes encoded =
        encode(std::uint8_t{1}, std::vector<std::uint64_t>{1, 2, 3}, std::string("four"));
    EXPECT_EQ(dynamic_length(encoded, 1), 3u);
    EXPECT_EQ(dynamic_length(encoded, 2), 4u);
    EXPECT_EQ(dynamic_length(encoded, 50), std::nullopt);
    EXPECT_EQ(dynamic_length({}, 0), std::nullopt);
}

TEST(Abi, revert_data_is_read_back_and_told_apart) {
    EXPECT_EQ(decode_error(encode_error("no funds")), "no funds");
    EXPECT_EQ(decode_refused(encode_refused(iso_code("AM05"))), iso_code("AM05"));
    EXPECT_EQ(decode_error(encode_refused(iso_code("AM05"))), std::nullopt);
    EXPECT_EQ(decode_refused(encode_error("AM05")), std::nullopt);
    EXPECT_EQ(decode_panic(encode_call(selector_of("Panic(uint256)"), core::Uint256(0x11))),
              core::Uint256(0x11));
    EXPECT_EQ(decode_error({}), std::nullopt);
    EXPECT_EQ(core::to_hex(encode_refused(iso_code("AC04"))).substr(8), "41433034" + std::string(56, '0'));
}

}  // namespace
}  // namespace abi
}  // namespace sluice::contracts::native
