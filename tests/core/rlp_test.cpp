#include "core/rlp.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/limits.hpp"

namespace sluice::core::rlp {
namespace {

Bytes encoded_string(ByteView value) {
    Bytes to;
    encode_bytes(to, value);
    return to;
}

Bytes encoded_string(std::string_view text) {
    return encoded_string(view(text));
}

Bytes encoded_u64(std::uint64_t value) {
    Bytes to;
    encode_u64(to, value);
    return to;
}

Bytes hex(std::string_view text) {
    return *from_hex(text);
}

Error error_of(std::string_view encoded) {
    const Bytes bytes = hex(encoded);
    const auto item = decode_exact(bytes);
    EXPECT_FALSE(item) << encoded;
    return item ? Error::too_deep : item.error();
}

TEST(RlpEncoding, matches_the_examples_of_the_yellow_paper) {
    EXPECT_EQ(to_hex(encoded_string("dog")), "83646f67");
    EXPECT_EQ(to_hex(encoded_string("")), "80");
    EXPECT_EQ(to_hex(encoded_u64(0)), "80");
    EXPECT_EQ(to_hex(encoded_u64(15)), "0f");
    EXPECT_EQ(to_hex(encoded_u64(127)), "7f");
    EXPECT_EQ(to_hex(encoded_u64(128)), "8180");
    EXPECT_EQ(to_hex(encoded_u64(1024)), "820400");
    EXPECT_EQ(to_hex(encoded_u64(~0ull)), "88ffffffffffffffff");
    EXPECT_EQ(to_hex(encoded_string(hex("00"))), "00");
    EXPECT_EQ(to_hex(encoded_string(hex("7f"))), "7f");
    EXPECT_EQ(to_hex(encoded_string(hex("80"))), "8180");
    EXPECT_EQ(to_hex(wrap_list({})), "c0");
    Bytes cat_dog = encoded_string("cat");
    append(cat_dog, encoded_string("dog"));
    EXPECT_EQ(to_hex(wrap_list(cat_dog)), "c88363617483646f67");
    EXPECT_EQ(to_hex(encoded_string("Lorem ipsum dolor sit amet, consectetur adipisicing elit")).substr(0, 6),
              "b8384c");
}

TEST(RlpEncoding, switches_to_a_long_prefix_above_55_bytes) {
    EXPECT_EQ(to_hex(encoded_string(Bytes(55, 1))).substr(0, 4), "b701");
    EXPECT_EQ(to_hex(encoded_string(Bytes(56, 1))).substr(0, 6), "b83801");
    EXPECT_EQ(to_hex(encoded_string(Bytes(256, 1))).substr(0, 8), "b9010001");
    EXPECT_EQ(to_hex(encoded_string(Bytes(65536, 1))).substr(0, 10), "ba01000001");
    EXPECT_EQ(to_hex(wrap_list(Bytes(55, 1))).substr(0, 4), "f701");
    EXPECT_EQ(to_hex(wrap_list(Bytes(56, 1))).substr(0, 6), "f83801");
}

TEST(RlpEncoding, sizes_are_known_beforehand) {
    for (const std::size_t size : {0u, 1u, 2u, 54u, 55u, 56u, 57u, 255u, 256u, 65535u, 65536u}) {
        const Bytes value(size, 0x7f);
        EXPECT_EQ(encoded_size(value), encoded_string(value).size());
        EXPECT_EQ(list_size(size), wrap_list(value).size());
    }
    EXPECT_EQ(encoded_size(Bytes{0x80}), 2u);
    for (unsigned bit = 0; bit < 64; ++bit)
        for (const std::uint64_t value : {1ull << bit, (1ull << bit) - 1, (1ull << bit) + 1})
            EXPECT_EQ(u64_size(value), encoded_u64(value).size());
}

TEST(RlpEncoding, integers_of_256_bits_have_no_leading_zeros) {
    for (unsigned bits = 0; bits <= 256; ++bits) {
        const Uint256 value = bits == 0 ? Uint256{} : Uint256::max() >> (256 - bits);
        Bytes encoded;
        encode_uint256(encoded, value);
        EXPECT_EQ(encoded, encoded_string(value.to_be_trimmed())) << bits;
        EXPECT_EQ(to_uint256(*decode_exact(encoded)), value) << bits;
    }
}

TEST(RlpDecoding, gives_views_of_payload_and_encoding) {
    const Bytes bytes = hex("83646f67c20102");
    ByteView rest;
    const auto dog = decode_item(bytes, rest);
    ASSERT_TRUE(dog);
    EXPECT_FALSE(dog->is_list);
    EXPECT_EQ(to_hex(dog->payload), "646f67");
    EXPECT_EQ(to_hex(dog->encoded), "83646f67");
    const auto list = decode_item(rest, rest);
    ASSERT_TRUE(list);
    EXPECT_TRUE(list->is_list);
    EXPECT_EQ(to_hex(list->payload), "0102");
    EXPECT_TRUE(rest.empty());
}

TEST(RlpDecoding, refuses_what_is_cut_off) {
    for (const char* text : {"", "81", "83646f", "b8", "b838", "b90100", "c1", "c3ff", "f8", "f838",
                             "bfffffffffffffffff", "ffffffffffffffffff", "bb01000000"})
        EXPECT_EQ(error_of(text), Error::truncated) << text;
}

TEST(RlpDecoding, refuses_longer_forms_than_necessary) {
    // A byte that stands for itself, short payloads behind long prefixes, lengths with leading zeros.
    for (const std::string& text :
         {std::string("8100"), std::string("817f"), std::string("b800"),
          std::string("b837") + std::string(110, 'a'), std::string("b90038") + std::string(112, 'a'),
          std::string("f800"), "f837" + std::string(110, 'a'), "f90038" + std::string(112, 'a'),
          std::string("bf0000000000000001aa")})
        EXPECT_EQ(error_of(text), Error::non_canonical) << text;
}

TEST(RlpDecoding, refuses_bytes_behind_the_item) {
    EXPECT_EQ(error_of("8000"), Error::trailing_bytes);
    EXPECT_EQ(error_of("c0c0"), Error::trailing_bytes);
    EXPECT_EQ(error_of("0000"), Error::trailing_bytes);
}

TEST(RlpDecoding, a_claim_of_the_whole_address_space_is_only_truncated) {
    EXPECT_EQ(error_of("bfffffffffffffffffaa"), Error::truncated);
    EXPECT_EQ(error_of("fffffffffffffffff7aa"), Error::truncated);
    EXPECT_EQ(error_of("bf8000000000000000aa"), Error::truncated);
}

TEST(RlpIntegers, refuse_zeros_in_front_and_what_does_not_fit) {
    EXPECT_EQ(to_u64(*decode_exact(hex("88ffffffffffffffff"))), ~0ull);
    EXPECT_EQ(to_u64(*decode_exact(hex("80"))), 0u);
    const Bytes zero = hex("00"), padded = hex("820001"), nine = hex("89010000000000000000"),
                list = hex("c0");
    EXPECT_EQ(to_u64(*decode_exact(zero)).error(), Error::leading_zero);
    EXPECT_EQ(to_u64(*decode_exact(padded)).error(), Error::leading_zero);
    EXPECT_EQ(to_u64(*decode_exact(nine)).error(), Error::too_large);
    EXPECT_EQ(to_u64(*decode_exact(list)).error(), Error::unexpected_list);
    EXPECT_EQ(to_uint256(*decode_exact(nine)), Uint256(0, 1, 0, 0));
    EXPECT_EQ(to_uint256(*decode_exact(padded)).error(), Error::leading_zero);
    EXPECT_EQ(to_uint256(*decode_exact(list)).error(), Error::unexpected_list);
    const Bytes huge = encoded_string(Bytes(33, 1));
    EXPECT_EQ(to_uint256(*decode_exact(huge)).error(), Error::too_large);
}

Bytes sample_list() {
    Bytes payload;
    encode_u64(payload, 77);
    encode_uint256(payload, Uint256(1, 2, 3, 4));
    Hash hash{};
    hash.fill(0x42);
    encode_hash(payload, hash);
    Address address{};
    address.fill(0x24);
    encode_address(payload, address);
    encode_bytes(payload, {});
    encode_bytes(payload, view("text"));
    append(payload, wrap_list(encoded_u64(5)));
    return wrap_list(payload);
}

TEST(RlpListReader, reads_every_kind_of_item_in_order) {
    const Bytes encoded = sample_list();
    ListReader reader(encoded);
    EXPECT_EQ(reader.u64(), 77u);
    EXPECT_EQ(reader.uint256(), Uint256(1, 2, 3, 4));
    EXPECT_EQ(reader.hash()[31], 0x42);
    EXPECT_EQ(reader.address()[19], 0x24);
    EXPECT_EQ(reader.optional_address(), std::nullopt);
    EXPECT_EQ(text_view(reader.bytes()), "text");
    ASSERT_TRUE(reader.has_more());
    ListReader nested = reader.list();
    EXPECT_EQ(nested.u64(), 5u);
    EXPECT_TRUE(nested.finish());
    EXPECT_FALSE(reader.has_more());
    EXPECT_TRUE(reader.finish());
}

TEST(RlpListReader, says_which_rule_an_item_broke) {
    const auto fault = [](std::string_view text, auto read) {
        const Bytes encoded = hex(text);
        ListReader reader(encoded);
        read(reader);
        const auto result = reader.finish();
        EXPECT_FALSE(result) << text;
        return result ? Error::too_deep : result.error();
    };
    EXPECT_EQ(fault("c0", [](ListReader& r) { r.u64(); }), Error::too_few_items);
    EXPECT_EQ(fault("c101", [](ListReader&) {}), Error::too_many_items);
    EXPECT_EQ(fault("c100", [](ListReader& r) { r.u64(); }), Error::leading_zero);
    EXPECT_EQ(fault("c1c0", [](ListReader& r) { r.bytes(); }), Error::unexpected_list);
    EXPECT_EQ(fault("c101", [](ListReader& r) { r.list(); }), Error::unexpected_string);
    EXPECT_EQ(fault("c101", [](ListReader& r) { r.hash(); }), Error::wrong_length);
    EXPECT_EQ(fault("c101", [](ListReader& r) { r.address(); }), Error::wrong_length);
    EXPECT_EQ(fault("c101", [](ListReader& r) { r.optional_address(); }), Error::wrong_length);
    EXPECT_EQ(fault("c1c0", [](ListReader& r) { r.optional_address(); }), Error::unexpected_list);
    EXPECT_EQ(fault("c183", [](ListReader& r) { r.bytes(); }), Error::truncated);
    EXPECT_EQ(fault("c28101", [](ListReader& r) { r.bytes(); }), Error::non_canonical);
    EXPECT_EQ(fault("01", [](ListReader&) {}), Error::unexpected_string);
    EXPECT_EQ(fault("c001", [](ListReader&) {}), Error::trailing_bytes);
    EXPECT_EQ(fault("c2", [](ListReader&) {}), Error::truncated);
    EXPECT_EQ(fault("", [](ListReader&) {}), Error::truncated);
}

TEST(RlpListReader, keeps_the_first_error_and_reads_zero_afterwards) {
    const Bytes encoded = hex("c3000102");
    ListReader reader(encoded);
    EXPECT_EQ(reader.u64(), 0u);
    EXPECT_TRUE(reader.failed());
    EXPECT_EQ(reader.u64(), 0u);
    EXPECT_EQ(reader.hash(), Hash{});
    EXPECT_TRUE(reader.list().failed());
    reader.reject(Error::too_large);
    EXPECT_FALSE(reader.has_more());
    EXPECT_EQ(reader.finish().error(), Error::leading_zero);
}

TEST(RlpListReader, refuses_lists_nested_too_deep) {
    const auto innermost = [](std::size_t depth) {
        Bytes encoded = wrap_list({});
        for (std::size_t i = 1; i < depth; ++i)
            encoded = wrap_list(encoded);
        ListReader reader(encoded);
        for (std::size_t i = 1; i < depth; ++i) {
            ListReader nested = reader.list();
            reader = nested;
        }
        return reader.finish();
    };
    EXPECT_TRUE(innermost(limits::rlp_depth_max));
    const auto deeper = innermost(limits::rlp_depth_max + 1);
    ASSERT_FALSE(deeper);
    EXPECT_EQ(deeper.error(), Error::too_deep);
}

/// Encodes again what the decoder understood, item by item.
Bytes encoded_again(const Item& item) {
    if (!item.is_list) return encoded_string(item.payload);
    Bytes payload;
    for (ByteView rest = item.payload; !rest.empty();)
        append(payload, encoded_again(*decode_item(rest, rest)));
    return wrap_list(payload);
}

bool is_valid_throughout(const Item& item) {
    if (!item.is_list) return true;
    for (ByteView rest = item.payload; !rest.empty();) {
        const auto next = decode_item(rest, rest);
        if (!next || !is_valid_throughout(*next)) return false;
    }
    return true;
}

TEST(RlpDecoding, accepts_exactly_one_encoding_per_value) {
    std::mt19937_64 random(7);
    std::size_t accepted = 0;
    for (int round = 0; round < 200'000; ++round) {
        Bytes bytes(random() % 12);
        for (auto& byte : bytes) {
            // Prefixes are the interesting bytes.
            const std::uint8_t choices[] = {0x00, 0x01, 0x7f, 0x80, 0x81, 0x82,
                                            0xb8, 0xc0, 0xc1, 0xc2, 0xc4, 0xf8};
            byte = random() % 4 == 0 ? static_cast<std::uint8_t>(random()) : choices[random() % 12];
        }
        const auto item = decode_exact(bytes);
        if (!item || !is_valid_throughout(*item)) continue;
        ++accepted;
        EXPECT_EQ(encoded_again(*item), bytes) << to_hex(bytes);
    }
    EXPECT_GT(accepted, 5000u);
}

TEST(RlpListReader, is_total_over_altered_input) {
    std::mt19937_64 random(8);
    const Bytes good = sample_list();
    std::size_t refused = 0;
    for (int round = 0; round < 50'000; ++round) {
        Bytes bytes = good;
        for (std::uint64_t i = 0; i <= random() % 3; ++i)
            bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        if (random() % 4 == 0) bytes.resize(random() % bytes.size());
        ListReader reader(bytes);
        reader.u64();
        reader.uint256();
        reader.hash();
        reader.address();
        reader.optional_address();
        reader.bytes();
        ListReader nested = reader.list();
        nested.u64();
        if (!nested.finish()) reader.reject(nested.finish().error());
        if (!reader.finish()) ++refused;
    }
    EXPECT_GT(refused, 10'000u);
}

TEST(RlpError, every_reason_has_words_of_its_own) {
    std::vector<std::string_view> seen;
    for (int i = 0; i <= static_cast<int>(Error::too_deep); ++i) {
        const std::string_view words = describe(static_cast<Error>(i));
        EXPECT_NE(words, "unknown error");
        for (const std::string_view other : seen)
            EXPECT_NE(words, other);
        seen.push_back(words);
    }
}

}  // namespace
}  // namespace sluice::core::rlp
