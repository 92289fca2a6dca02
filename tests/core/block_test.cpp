#include "core/block.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/limits.hpp"
#include "core/merkle.hpp"

namespace sluice::core {
namespace {

Bytes hex(std::string_view text) {
    return *from_hex(text);
}

/// A block of the official Osaka tests (execution-spec-tests, eip7939 test_clz_gas_cost_boundary), around its
/// bloom of 256 zero bytes.
constexpr std::string_view before_bloom =
    "f902c3f9025ba0953f9b0c6c6399b19028e53612823ecec6e609d7af4832a64f2ec3ed12f5f198a01dcc4de8dec75d7aab85"
    "b567b6ccd41ad312451b948a7413f0a142fd40d49347942adc25665018aa1fe0e6bc666dac8fc2697ff9baa01ee349802ae7"
    "c93937c65b73a02badf0890e99e78656edc2f9048a1614873b4ca0ae6870eae4e3b19e369fc2aaa34b2e851411f3554ee7a2"
    "26388f4ff5c2c070c7a0da5ff5d2524a23be1f3d2e12f0b9e70f2122c0716986dd79d6e6e324157300f6b90100";
constexpr std::string_view after_bloom =
    "80018407270e00825d168203e800a00000000000000000000000000000000000000000000000000000000000000000880000"
    "00000000000007a056e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b4218080a000000000000000"
    "00000000000000000000000000000000000000000000000000a0e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934c"
    "a495991b7852b855f861f85f800a83030d4094ce32c24fa487a8e3e9e552d1ab9ba4622123b9bf808026a037c8ae996ce379"
    "930aef58a848aa3b31ca034068ab7cd248c2ba9bf372f268d49f3f7573f3cb31b6ce17737873792b6fe114e1a780fa69f148"
    "026321c6582192c0c0";

Bytes osaka_block() {
    Bytes block = hex(before_bloom);
    block.resize(block.size() + 256);
    append(block, hex(after_bloom));
    return block;
}

crypto::PrivateKey key() {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(0x11);
    return crypto::PrivateKey(bytes);
}

TransactionPtr transaction(TransactionType type, std::uint64_t nonce) {
    if (type == TransactionType::system)
        return *recover_transaction(share(encode(system_transaction(nonce))));
    Transaction made;
    made.type = type;
    made.chain_id = 20'022;
    made.nonce = nonce;
    made.gas_limit = 21'000;
    made.to = system_address;
    sign(made, key());
    return *recover_transaction(share(encode(made)));
}

Block sample_block() {
    Block block;
    block.transactions = {
        transaction(TransactionType::legacy, 0), transaction(TransactionType::access_list, 1),
        transaction(TransactionType::dynamic_fee, 2), transaction(TransactionType::system, 3)};
    block.header.height = 3;
    block.header.transactions_root = transactions_root(std::span<const TransactionPtr>(block.transactions));
    block.header.extra_data =
        encode(ExtraData{.time_ms = 1'700'000'000'123, .validators_hash = {1}, .next_validators_hash = {2}});
    block.header.timestamp = 1'700'000'000;
    return block;
}

/// A block whose four parts are given as encoded.
Bytes block_of(const Bytes& header, const Bytes& transactions, const Bytes& ommers = {0xc0},
               const Bytes& withdrawals = {0xc0}) {
    Bytes fields = header;
    append(fields, transactions);
    append(fields, ommers);
    append(fields, withdrawals);
    return rlp::wrap_list(fields);
}

Bytes list_of_strings(std::size_t count, const Bytes& item) {
    Bytes payload;
    for (std::size_t i = 0; i < count; ++i)
        rlp::encode_bytes(payload, item);
    return rlp::wrap_list(payload);
}

BlockError error_of(const Bytes& encoded) {
    const auto block = decode_block(encoded);
    EXPECT_FALSE(block);
    return block ? BlockError{} : block.error();
}

TEST(Block, of_the_osaka_tests_decodes_to_its_published_values) {
    const auto block = decode_block(osaka_block());
    ASSERT_TRUE(block) << describe(block.error());
    EXPECT_EQ(to_hex(block->hash), "f14e22449929218ca329825032e458c02540dad354e1e36375db65c6348d07af");
    EXPECT_EQ(hash_of(block->header), block->hash);
    EXPECT_EQ(to_hex(block->header.parent_hash),
              "953f9b0c6c6399b19028e53612823ecec6e609d7af4832a64f2ec3ed12f5f198");
    EXPECT_EQ(to_hex(block->header.miner), "2adc25665018aa1fe0e6bc666dac8fc2697ff9ba");
    EXPECT_EQ(block->header.height, 1u);
    EXPECT_EQ(block->header.gas_limit, 0x07270e00u);
    EXPECT_EQ(block->header.gas_used, 0x5d16u);
    EXPECT_EQ(block->header.timestamp, 1'000u);
    EXPECT_EQ(block->header.base_fee, Uint256(base_fee_wei));
    EXPECT_EQ(block->header.requests_hash, empty_requests_hash);
    EXPECT_EQ(block->header.ommers_hash, empty_list_hash);
    EXPECT_EQ(block->header.withdrawals_root, empty_trie_root);
}

TEST(Block, of_the_osaka_tests_holds_the_transaction_that_its_root_names) {
    const auto block = decode_block(osaka_block());
    ASSERT_TRUE(block);
    ASSERT_EQ(block->transactions.size(), 1u);
    EXPECT_EQ(transactions_root(block->transactions), block->header.transactions_root);
    const auto recovered = recover_transaction(block->transactions[0]);
    ASSERT_TRUE(recovered);
    EXPECT_EQ(to_hex((*recovered)->sender), "7150fc6decdc8fbc42a99ff797e0993b2933086a");
    EXPECT_EQ(encode(Block{.header = block->header, .transactions = {*recovered}}), osaka_block());
}

TEST(Block, survives_encoding_and_decoding_with_every_type_of_transaction) {
    const Block block = sample_block();
    const auto decoded = decode_block(encode(block));
    ASSERT_TRUE(decoded) << describe(decoded.error());
    EXPECT_EQ(decoded->header, block.header);
    ASSERT_EQ(decoded->transactions.size(), block.transactions.size());
    for (std::size_t i = 0; i < block.transactions.size(); ++i)
        EXPECT_EQ(*decoded->transactions[i], *block.transactions[i]->encoded) << i;
    EXPECT_EQ(transactions_root(decoded->transactions), block.header.transactions_root);
}

TEST(Block, has_one_encoding_of_each_transaction) {
    // A legacy transaction wrapped into a string would leave the block's hash as it is.
    const Block block = sample_block();
    const Bytes header = encode(block.header);
    const Bytes legacy = *block.transactions[0]->encoded;
    EXPECT_TRUE(decode_block(block_of(header, rlp::wrap_list(legacy))));
    EXPECT_EQ(error_of(block_of(header, list_of_strings(1, legacy))), BlockError::malformed);
    EXPECT_EQ(error_of(block_of(header, list_of_strings(1, {}))), BlockError::malformed);
    EXPECT_EQ(error_of(block_of(header, list_of_strings(1, {0x00, 0xc0}))), BlockError::malformed);
    EXPECT_EQ(error_of(block_of(header, list_of_strings(1, {0x80}))), BlockError::malformed);
}

TEST(Block, says_why_it_is_refused) {
    const Bytes header = encode(Header{});
    EXPECT_TRUE(decode_block(block_of(header, {0xc0})));
    EXPECT_EQ(error_of(block_of(header, {0xc0}, {0xc1, 0x80})), BlockError::ommers_not_empty);
    EXPECT_EQ(error_of(block_of(header, {0xc0}, {0xc0}, {0xc1, 0x80})), BlockError::withdrawals_not_empty);
    EXPECT_EQ(error_of(block_of(header, {0x80})), BlockError::malformed);
    EXPECT_EQ(error_of(block_of({0xc0}, {0xc0})), BlockError::malformed);
    EXPECT_EQ(error_of(rlp::wrap_list(header)), BlockError::malformed);
    EXPECT_EQ(error_of({}), BlockError::malformed);
    EXPECT_EQ(error_of(Bytes(limits::block_bytes_max + 1)), BlockError::too_large);
}

TEST(Block, holds_at_most_the_limit_of_transactions) {
    const Bytes header = encode(Header{});
    const auto full =
        decode_block(block_of(header, list_of_strings(limits::block_transactions_max, {0x7e, 0x01})));
    ASSERT_TRUE(full);
    EXPECT_EQ(full->transactions.size(), limits::block_transactions_max);
    EXPECT_EQ(error_of(block_of(header, list_of_strings(limits::block_transactions_max + 1, {0x7e, 0x01}))),
              BlockError::too_many_transactions);
}

TEST(Block, that_decodes_encodes_to_the_same_bytes) {
    std::mt19937 random(11);
    const Bytes original = encode(sample_block());
    for (int round = 0; round < 1'000; ++round) {
        Bytes damaged = original;
        damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
        const auto decoded = decode_block(damaged);
        if (!decoded) continue;
        Block block{.header = decoded->header, .transactions = {}};
        for (const SharedBytes& encoded : decoded->transactions) {
            const auto recovered = recover_transaction(encoded);
            if (!recovered) break;
            block.transactions.push_back(*recovered);
        }
        if (block.transactions.size() == decoded->transactions.size()) {
            ASSERT_EQ(encode(block), damaged);
        }
    }
}

TEST(Header, has_exactly_21_fields) {
    const Bytes encoded = encode(Header{});
    const auto item = rlp::decode_exact(encoded);
    ASSERT_TRUE(item);
    rlp::ListReader reader(*item);
    std::size_t fields = 0;
    Bytes shorter;
    while (reader.has_more()) {
        if (++fields <= 20) {
            append(shorter, reader.item().encoded);
        } else {
            reader.item();
        }
    }
    EXPECT_EQ(fields, 21u);
    EXPECT_EQ(decode_header(rlp::wrap_list(shorter)).error(), rlp::Error::too_few_items);
    Bytes longer = to_bytes(item->payload);
    longer.push_back(0x80);
    EXPECT_EQ(decode_header(rlp::wrap_list(longer)).error(), rlp::Error::too_many_items);
}

TEST(Header, extra_data_has_a_limit) {
    Header header;
    header.extra_data.resize(limits::extra_data_bytes_max, 1);
    EXPECT_TRUE(decode_header(encode(header)));
    header.extra_data.push_back(1);
    EXPECT_EQ(decode_header(encode(header)).error(), rlp::Error::too_large);
}

TEST(Header, every_field_is_part_of_the_hash) {
    const Hash hash = hash_of(Header{});
    const auto changes = [&](auto change) {
        Header header;
        change(header);
        return hash_of(header) != hash && decode_header(encode(header)) == header;
    };
    EXPECT_TRUE(changes([](Header& h) { h.parent_hash[0] ^= 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.ommers_hash[0] ^= 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.miner[0] ^= 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.state_root[0] ^= 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.transactions_root[0] ^= 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.receipts_root[0] ^= 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.bloom[0] ^= 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.difficulty = 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.height = 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.gas_limit = 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.gas_used = 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.timestamp = 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.extra_data = {1}; }));
    EXPECT_TRUE(changes([](Header& h) { h.mix_hash[0] ^= 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.nonce[0] ^= 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.base_fee = 7; }));
    EXPECT_TRUE(changes([](Header& h) { h.withdrawals_root[0] ^= 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.blob_gas_used = 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.excess_blob_gas = 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.parent_beacon_root[0] ^= 1; }));
    EXPECT_TRUE(changes([](Header& h) { h.requests_hash[0] ^= 1; }));
}

TEST(Header, requests_hash_of_no_requests_is_sha256_of_nothing) {
    EXPECT_EQ(empty_requests_hash, crypto::sha256({}));
}

TEST(Header, mix_hash_follows_from_the_parent) {
    const Hash parent{9};
    Bytes hashed = to_bytes(view("sluice"));
    append(hashed, parent);
    EXPECT_EQ(mix_hash_after(parent), keccak256(hashed));
    EXPECT_NE(mix_hash_after(parent), mix_hash_after(Hash{}));
}

TEST(ExtraData, survives_encoding_and_fits_its_limit) {
    const ExtraData extra{.time_ms = ~UnixMs{0}, .validators_hash = {1}, .next_validators_hash = {2}};
    const Bytes encoded = encode(extra);
    EXPECT_LE(encoded.size(), limits::extra_data_bytes_max);
    EXPECT_EQ(decode_extra_data(encoded), extra);
}

TEST(ExtraData, of_another_version_or_length_is_refused) {
    EXPECT_EQ(decode_extra_data(encode(ExtraData{.version = 2})).error(), rlp::Error::too_large);
    EXPECT_EQ(decode_extra_data(encode(ExtraData{.version = 0})).error(), rlp::Error::too_large);
    EXPECT_FALSE(decode_extra_data({}));
    Bytes longer = encode(ExtraData{});
    longer.push_back(0);
    EXPECT_EQ(decode_extra_data(longer).error(), rlp::Error::trailing_bytes);
}

TEST(BlockTime, is_in_milliseconds_where_extra_data_fits_the_second) {
    Header header = sample_block().header;
    EXPECT_EQ(time_ms_of(header), 1'700'000'000'123u);
    header.timestamp += 1;
    EXPECT_EQ(time_ms_of(header), 1'700'000'001'000u);
    header.extra_data = {};
    EXPECT_EQ(time_ms_of(header), 1'700'000'001'000u);
    header.timestamp = ~std::uint64_t{0};
    EXPECT_EQ(time_ms_of(header), ~UnixMs{0});
}

TEST(TransactionsRoot, of_shared_bytes_and_of_recovered_transactions_is_the_same) {
    const Block block = sample_block();
    std::vector<SharedBytes> encoded;
    std::vector<ByteView> views;
    for (const auto& one : block.transactions) {
        encoded.push_back(one->encoded);
        views.emplace_back(*one->encoded);
    }
    EXPECT_EQ(transactions_root(encoded),
              transactions_root(std::span<const TransactionPtr>(block.transactions)));
    EXPECT_EQ(transactions_root(encoded), merkle::ordered_root(views));
    EXPECT_EQ(transactions_root(std::span<const SharedBytes>{}), empty_trie_root);
}

}  // namespace
}  // namespace sluice::core
