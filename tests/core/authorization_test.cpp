#include "core/authorization.hpp"

#include <gtest/gtest.h>

namespace sluice::core {
namespace {

crypto::PrivateKey key_of(std::uint8_t byte) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(byte);
    return crypto::PrivateKey(bytes);
}

Authorization signed_one() {
    Authorization authorization;
    authorization.chain_id = 20'022;
    authorization.address = {0x11, 0x22};
    authorization.nonce = 7;
    sign(authorization, key_of(0x46));
    return authorization;
}

/// An authorization of the official suites (prague/eip7702_set_code_tx/test_gas_cost) and its public signer.
Authorization published() {
    Authorization authorization;
    authorization.address = *address_from_hex("0x645ea7a517540e66dfa5e7f6552ff73423335fcf");
    authorization.y_parity = 1;
    authorization.r = *uint256_from_hex("0xf9d16eba4a7e5adb6b48f6d0ebe2140b8893921db37d37c2baa287a58c7af240");
    authorization.s = *uint256_from_hex("0x57126d0d219479a901415bf24aa9c93c7a7167c782bc09e1305e3acee9f6b51");
    return authorization;
}

Bytes encoded(std::span<const Authorization> list) {
    Bytes bytes;
    encode_authorizations(bytes, list);
    return bytes;
}

Result<std::vector<Authorization>, rlp::Error> decoded(ByteView bytes) {
    return decode_authorizations(rlp::ListReader(bytes));
}

/// A list of one tuple with these items.
Bytes list_of_one(std::initializer_list<Bytes> items) {
    Bytes fields;
    for (const Bytes& item : items)
        append(fields, item);
    return rlp::wrap_list(rlp::wrap_list(fields));
}

Bytes integer(const Uint256& value) {
    Bytes bytes;
    rlp::encode_uint256(bytes, value);
    return bytes;
}

Bytes string_of(std::size_t size) {
    Bytes bytes;
    rlp::encode_bytes(bytes, Bytes(size, 0x33));
    return bytes;
}

TEST(Authorization, of_the_official_suites_recovers_to_its_signer) {
    EXPECT_EQ(authority_of(published()), address_from_hex("0x0842e174d4b1995b67ce7a20aadab45d44f9d7a7"));
}

TEST(Authorization, that_was_signed_here_recovers_to_the_key) {
    EXPECT_EQ(authority_of(signed_one()), crypto::address_of(key_of(0x46)));
}

TEST(Authorization, every_field_is_part_of_what_is_signed) {
    const Authorization original = signed_one();
    Authorization changed = original;
    changed.chain_id = 20'023;
    EXPECT_NE(signing_hash(changed), signing_hash(original));
    changed = original;
    changed.address[19] = 1;
    EXPECT_NE(signing_hash(changed), signing_hash(original));
    changed = original;
    ++changed.nonce;
    EXPECT_NE(signing_hash(changed), signing_hash(original));
}

TEST(Authorization, nobody_has_signed_where_the_signature_is_out_of_range) {
    const Authorization good = signed_one();
    const Uint256 order =
        *uint256_from_hex("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    Authorization bad = good;
    bad.y_parity = 2;
    EXPECT_EQ(authority_of(bad), std::nullopt);
    bad = good;
    bad.s = order - bad.s;
    bad.y_parity ^= 1;
    EXPECT_EQ(authority_of(bad), std::nullopt) << "a high s";
    for (const Uint256& r : {Uint256(0), order, Uint256::max()}) {
        bad = good;
        bad.r = r;
        EXPECT_EQ(authority_of(bad), std::nullopt) << to_quantity(r);
    }
    bad = good;
    bad.s = 0;
    EXPECT_EQ(authority_of(bad), std::nullopt);
}

TEST(Authorization, lists_decode_to_what_was_encoded) {
    Authorization extreme;
    extreme.chain_id = extreme.r = extreme.s = Uint256::max();
    extreme.nonce = ~std::uint64_t{0};
    extreme.y_parity = 255;
    const std::vector<Authorization> list{signed_one(), extreme, Authorization{}};
    const auto again = decoded(encoded(list));
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(*again, list);
    EXPECT_TRUE(decoded(encoded({}))->empty());
}

TEST(Authorization, fields_out_of_their_range_are_refused) {
    const Bytes one = integer(1);
    const Bytes address = string_of(20);
    ASSERT_TRUE(decoded(list_of_one({one, address, one, one, one, one})).has_value());
    const Bytes wide = string_of(33);
    EXPECT_EQ(decoded(list_of_one({wide, address, one, one, one, one})).error(), rlp::Error::too_large);
    EXPECT_FALSE(decoded(list_of_one({one, string_of(19), one, one, one, one})).has_value());
    EXPECT_FALSE(decoded(list_of_one({one, string_of(21), one, one, one, one})).has_value());
    EXPECT_FALSE(decoded(list_of_one({one, address, string_of(9), one, one, one})).has_value());
    EXPECT_EQ(decoded(list_of_one({one, address, one, integer(256), one, one})).error(),
              rlp::Error::too_large);
    EXPECT_FALSE(decoded(list_of_one({one, address, one, one, wide, one})).has_value());
    EXPECT_FALSE(decoded(list_of_one({one, address, one, one, one, wide})).has_value());
}

TEST(Authorization, tuples_of_another_length_and_items_that_are_no_tuples_are_refused) {
    const Bytes one = integer(1);
    const Bytes address = string_of(20);
    EXPECT_FALSE(decoded(list_of_one({one, address, one, one, one})).has_value());
    EXPECT_FALSE(decoded(list_of_one({one, address, one, one, one, one, one})).has_value());
    EXPECT_FALSE(decoded(list_of_one({})).has_value());
    EXPECT_FALSE(decoded(rlp::wrap_list(one)).has_value());
    EXPECT_FALSE(decoded(list_of_one({one, address, Bytes{0x00}, one, one, one})).has_value())
        << "an integer with a leading zero";
}

TEST(Authorization, a_truncated_list_is_refused_at_every_length) {
    const Bytes whole = encoded(std::vector{signed_one(), signed_one()});
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(decoded(ByteView(whole).first(size)).has_value()) << size;
}

TEST(Delegation, names_the_address_that_it_was_made_for) {
    const Address address{0xaa, 0xbb};
    const Bytes code = delegation_to(address);
    EXPECT_EQ(to_hex(code), "ef0100aabb000000000000000000000000000000000000");
    EXPECT_EQ(delegate_in(code), address);
}

TEST(Delegation, is_no_other_code) {
    Bytes code = delegation_to(Address{});
    code.push_back(0);
    EXPECT_EQ(delegate_in(code), std::nullopt);
    code.resize(22);
    EXPECT_EQ(delegate_in(code), std::nullopt);
    EXPECT_EQ(delegate_in({}), std::nullopt);
    for (std::size_t at = 0; at < 3; ++at) {
        code = delegation_to(Address{});
        code[at] ^= 1;
        EXPECT_EQ(delegate_in(code), std::nullopt) << at;
    }
}

}  // namespace
}  // namespace sluice::core
