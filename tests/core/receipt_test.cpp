#include "core/receipt.hpp"

#include <gtest/gtest.h>

#include "core/limits.hpp"

namespace sluice::core {
namespace {

Receipt with_logs() {
    Receipt receipt;
    receipt.type = 2;
    receipt.succeeded = true;
    receipt.cumulative_gas_used = 123'456;
    receipt.logs = {{.address = {0x5e}, .topics = {word_from_u64(1), word_from_u64(2)}, .data = {1, 2, 3}},
                    {.address = {0x5f}, .topics = {}, .data = {}}};
    receipt.bloom = bloom_of(receipt.logs);
    return receipt;
}

rlp::Error error_of(const Bytes& encoded) {
    const auto receipt = decode_receipt(encoded);
    EXPECT_FALSE(receipt);
    return receipt ? rlp::Error::too_deep : receipt.error();
}

TEST(Receipt, of_a_plain_transfer_has_the_root_that_every_ethereum_chain_shows) {
    // The receipts root of a block whose only transaction is a plain transfer: with a legacy transaction, and
    // with a dynamic-fee one.
    Receipt transfer;
    transfer.succeeded = true;
    transfer.cumulative_gas_used = 21'000;
    EXPECT_EQ(to_hex(receipts_root(std::array{transfer})),
              "056b23fbba480696b65fe5a59b8f2148a1299103c4f57df839233af2cf4ca2d2");
    transfer.type = 2;
    EXPECT_EQ(to_hex(receipts_root(std::array{transfer})),
              "f78dfb743fbd92ade140711c8bbc542b5e307f0ab7984eff35d751969fe57efa");
}

TEST(Receipt, root_of_no_receipts_is_the_empty_root) {
    EXPECT_EQ(receipts_root({}), empty_trie_root);
}

TEST(Receipt, survives_encoding_and_decoding) {
    const Receipt receipt = with_logs();
    const Bytes encoded = encode(receipt);
    EXPECT_EQ(encoded[0], 2);
    const auto decoded = decode_receipt(encoded);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, receipt);
    EXPECT_EQ(encode(*decoded), encoded);
}

TEST(Receipt, of_the_system_transaction_carries_its_type) {
    Receipt receipt;
    receipt.type = 0x7e;
    const Bytes encoded = encode(receipt);
    EXPECT_EQ(encoded[0], 0x7e);
    EXPECT_EQ(decode_receipt(encoded), receipt);
}

TEST(Receipt, with_a_status_other_than_0_or_1_is_refused) {
    Bytes encoded = encode(Receipt{});
    ASSERT_EQ(encoded[3], 0x80);  // the status behind the prefix of the list (f9 and two bytes of length)
    encoded[3] = 2;
    EXPECT_EQ(error_of(encoded), rlp::Error::too_large);
}

TEST(Receipt, with_a_type_byte_of_zero_or_a_string_is_refused) {
    Bytes typed = encode(with_logs());
    typed[0] = 0;
    EXPECT_EQ(error_of(typed), rlp::Error::non_canonical);
    EXPECT_EQ(error_of({}), rlp::Error::truncated);
    EXPECT_EQ(error_of({0x83, 1, 2, 3}), rlp::Error::unexpected_string);
}

TEST(Receipt, with_more_than_four_topics_is_refused) {
    Receipt receipt = with_logs();
    receipt.logs[0].topics.assign(limits::log_topics_max, Word{});
    EXPECT_TRUE(decode_receipt(encode(receipt)));
    receipt.logs[0].topics.emplace_back();
    EXPECT_EQ(error_of(encode(receipt)), rlp::Error::too_many_items);
}

TEST(Receipt, with_a_short_bloom_is_refused) {
    Bytes fields;
    rlp::encode_u64(fields, 1);
    rlp::encode_u64(fields, 21'000);
    rlp::encode_bytes(fields, Bytes(255));
    rlp::encode_list_prefix(fields, 0);
    EXPECT_EQ(error_of(rlp::wrap_list(fields)), rlp::Error::wrong_length);
}

TEST(Receipt, cut_or_extended_anywhere_is_refused) {
    const Bytes encoded = encode(with_logs());
    for (std::size_t size = 0; size < encoded.size(); ++size)
        EXPECT_FALSE(decode_receipt(ByteView(encoded).first(size))) << size;
    Bytes longer = encoded;
    longer.push_back(0);
    EXPECT_EQ(error_of(longer), rlp::Error::trailing_bytes);
}

}  // namespace
}  // namespace sluice::core
