// Blob (type 3) and set-code (type 4) transactions.
#include <gtest/gtest.h>

#include <functional>

#include "core/transaction.hpp"

namespace sluice::core {
namespace {

crypto::PrivateKey key_of(std::uint8_t byte) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(byte);
    return crypto::PrivateKey(bytes);
}

Transaction unsigned_of(TransactionType type) {
    Transaction transaction;
    transaction.type = type;
    transaction.chain_id = 20'022;
    transaction.nonce = 3;
    transaction.max_priority_fee_per_gas = 1;
    transaction.max_fee_per_gas = 9;
    transaction.gas_limit = 100'000;
    transaction.to = Address{0x35};
    transaction.value = 5;
    transaction.data = {1, 2, 3};
    transaction.access_list = {{.address = {0x11}, .storage_keys = {word_from_u64(1)}}};
    if (type == TransactionType::blob) {
        transaction.max_fee_per_blob_gas = 77;
        transaction.blob_hashes = {Hash{0x01, 0xaa}, Hash{0x01, 0xbb}};
    } else {
        Authorization authorization;
        authorization.address = {0x22};
        sign(authorization, key_of(0x47));
        transaction.authorization_list = {authorization, Authorization{}};
    }
    return transaction;
}

Transaction signed_of(TransactionType type) {
    Transaction transaction = unsigned_of(type);
    sign(transaction, key_of(0x46));
    return transaction;
}

constexpr DecodingRules all_types{.accepts_blobs = true};
constexpr TransactionType both_types[] = {TransactionType::blob, TransactionType::set_code};

TransactionError error_of(const Transaction& transaction) {
    const auto decoded = decode_transaction(encode(transaction), all_types);
    EXPECT_FALSE(decoded.has_value());
    return decoded ? TransactionError{} : decoded.error();
}

/// Signed transactions of the official suites with their public senders.
struct Published {
    std::string_view encoded;
    std::string_view sender;
};
constexpr Published published_blob{
    "03f886018080078307a120947438dee6d5a27bb4420b90daca5b540acd57833e0180c001e1a001000000000000000000000000"
    "0000000000000000000000000000000000000001a057760b78dcf50a8b716c083835228aca226e0a5a52f316ff3b51fbfddca6"
    "1563a0303d391fa1e534458bc4a2fc0921719b1f579642f1c3a0820df625c76709d4db",
    "ef6949d8aaea69d4d35aca2341f4a17131637bd5"};
constexpr Published published_set_code{
    "04f87f01808007830186a094f2e2f5536371833fd4debc3adc7ff9a23cbaace48080c0dbda0194000000000000000000000000"
    "00000000000000008001800180a0703325024f0014ea3b3df8759cc95c60824c529ffb6998ca2623d0cc93a7c38da0651cf032"
    "0f38fa0bf770f9502541e373f3f93ef799c7df88974918083a634257",
    "66707e28fc0c0b45c98ba9b6f3f43572faa7a52f"};

TEST(TransactionTypes, of_the_official_suites_recover_to_their_senders_and_encode_to_their_bytes) {
    for (const Published& published : {published_blob, published_set_code}) {
        const auto recovered = recover_transaction(share(*from_hex(published.encoded)), all_types);
        ASSERT_TRUE(recovered.has_value());
        EXPECT_EQ(to_hex((*recovered)->sender), published.sender);
        EXPECT_EQ(to_hex(encode((*recovered)->transaction)), published.encoded);
    }
}

TEST(TransactionTypes, fields_of_the_published_blob_transaction_are_where_they_belong) {
    const auto decoded = decode_transaction(*from_hex(published_blob.encoded), all_types);
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(decoded->type, TransactionType::blob);
    EXPECT_EQ(decoded->max_fee_per_blob_gas, Uint256(1));
    EXPECT_EQ(decoded->blob_hashes, std::vector{Hash{0x01}});
    EXPECT_EQ(decoded->max_fee_per_gas, Uint256(7));
    EXPECT_EQ(decoded->gas_limit, 500'000u);
    EXPECT_TRUE(decoded->authorization_list.empty());
}

TEST(TransactionTypes, what_was_signed_decodes_to_itself_and_its_signer) {
    for (const TransactionType type : both_types) {
        const Transaction transaction = signed_of(type);
        const Bytes encoded = encode(transaction);
        EXPECT_EQ(encoded[0], static_cast<std::uint8_t>(type));
        EXPECT_EQ(decode_transaction(encoded, all_types), transaction);
        const auto recovered = recover_transaction(share(encoded), all_types);
        ASSERT_TRUE(recovered.has_value());
        EXPECT_EQ((*recovered)->sender, crypto::address_of(key_of(0x46)));
    }
}

TEST(TransactionTypes, everything_they_carry_is_signed) {
    const auto changes_hash = [](TransactionType type, const std::function<void(Transaction&)>& change) {
        Transaction changed = unsigned_of(type);
        change(changed);
        return signing_hash(changed) != signing_hash(unsigned_of(type));
    };
    const auto blob = TransactionType::blob;
    EXPECT_TRUE(changes_hash(blob, [](Transaction& t) { t.max_fee_per_blob_gas = 78; }));
    EXPECT_TRUE(changes_hash(blob, [](Transaction& t) { t.blob_hashes[1][31] = 1; }));
    EXPECT_TRUE(changes_hash(blob, [](Transaction& t) { t.blob_hashes.pop_back(); }));
    EXPECT_TRUE(changes_hash(blob, [](Transaction& t) { t.max_priority_fee_per_gas = 2; }));
    const auto set_code = TransactionType::set_code;
    EXPECT_TRUE(changes_hash(set_code, [](Transaction& t) { t.authorization_list[0].nonce = 1; }));
    EXPECT_TRUE(changes_hash(set_code, [](Transaction& t) { t.authorization_list[0].y_parity ^= 1; }));
    EXPECT_TRUE(changes_hash(set_code, [](Transaction& t) { t.authorization_list.pop_back(); }));
    EXPECT_TRUE(changes_hash(set_code, [](Transaction& t) { t.access_list.clear(); }));
}

TEST(TransactionTypes, three_is_not_supported_unless_blobs_are_accepted) {
    const Bytes encoded = encode(signed_of(TransactionType::blob));
    const auto decoded = decode_transaction(encoded);
    ASSERT_FALSE(decoded.has_value());
    EXPECT_EQ(decoded.error(), TransactionError::unsupported_type);
    EXPECT_FALSE(recover_transaction(share(encoded)).has_value());
    EXPECT_TRUE(decode_transaction(encode(signed_of(TransactionType::set_code))).has_value());
}

TEST(TransactionTypes, three_and_four_create_no_contracts) {
    for (const TransactionType type : both_types) {
        Transaction creation = unsigned_of(type);
        creation.to = std::nullopt;
        sign(creation, key_of(0x46));
        EXPECT_EQ(error_of(creation), TransactionError::missing_recipient);
    }
}

TEST(TransactionTypes, rules_of_all_types_hold_for_three_and_four) {
    for (const TransactionType type : both_types) {
        Transaction transaction = signed_of(type);
        transaction.max_priority_fee_per_gas = 10;
        EXPECT_EQ(error_of(transaction), TransactionError::tip_above_fee);
        transaction = signed_of(type);
        transaction.gas_limit = std::uint64_t{1} << 63;
        EXPECT_EQ(error_of(transaction), TransactionError::gas_out_of_range);
        transaction = signed_of(type);
        transaction.signature.s.fill(0x80);
        EXPECT_EQ(error_of(transaction), TransactionError::high_s);
        transaction = signed_of(type);
        transaction.signature.r.fill(0);
        EXPECT_EQ(error_of(transaction), TransactionError::bad_signature);
    }
}

TEST(TransactionTypes, a_truncated_or_longer_encoding_is_refused) {
    for (const TransactionType type : both_types) {
        Bytes encoded = encode(signed_of(type));
        for (std::size_t size = 0; size < encoded.size(); ++size)
            EXPECT_FALSE(decode_transaction(ByteView(encoded).first(size), all_types).has_value()) << size;
        encoded.push_back(0);
        EXPECT_FALSE(decode_transaction(encoded, all_types).has_value());
    }
}

TEST(TransactionTypes, one_type_is_not_taken_for_another) {
    for (const TransactionType type : both_types)
        for (const TransactionType other : {TransactionType::access_list, TransactionType::dynamic_fee,
                                            TransactionType::blob, TransactionType::set_code}) {
            if (other == type) continue;
            Bytes encoded = encode(signed_of(type));
            encoded[0] = static_cast<std::uint8_t>(other);
            EXPECT_FALSE(decode_transaction(encoded, all_types).has_value());
        }
}

TEST(TransactionTypes, a_blob_hash_has_32_bytes) {
    Transaction transaction = signed_of(TransactionType::blob);
    transaction.blob_hashes.resize(1);
    Bytes encoded = encode(transaction);
    // The list of one hash: its prefix, the hash's prefix, version and the byte after it.
    const Bytes start{0xe1, 0xa0, 0x01, 0xaa};
    const auto at = std::search(encoded.begin(), encoded.end(), start.begin(), start.end());
    ASSERT_NE(at, encoded.end());
    at[1] = 0x9f;
    EXPECT_FALSE(decode_transaction(encoded, all_types).has_value());
}

TEST(TransactionTypes, authorizations_out_of_range_have_a_reason_of_their_own) {
    Transaction transaction = signed_of(TransactionType::set_code);
    transaction.authorization_list = {Authorization{}};
    transaction.authorization_list[0].y_parity = 0x7f;
    transaction.authorization_list[0].r = 0x55;
    Bytes encoded = encode(transaction);
    // y parity 0x7f and r 0x55 become one integer of two bytes, and a field is missing.
    const Bytes start{0x7f, 0x55};
    const auto at = std::search(encoded.begin(), encoded.end(), start.begin(), start.end());
    ASSERT_NE(at, encoded.end());
    *at = 0x81;
    const auto decoded = decode_transaction(encoded, all_types);
    ASSERT_FALSE(decoded.has_value());
    EXPECT_EQ(decoded.error(), TransactionError::malformed_authorizations);
}

}  // namespace
}  // namespace sluice::core
