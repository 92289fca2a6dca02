// What readers see: blocks and receipts as they were appended, state of earlier heights, proofs, indices.
#include "ledger/ledger_snapshot.hpp"

#include <gtest/gtest.h>

#include "core/merkle.hpp"
#include "core/state_root.hpp"
#include "ledger/block_store.hpp"
#include "ledger/memory_store.hpp"
#include "tests/ledger/chain_builder.hpp"

namespace sluice::ledger {
namespace {

using test::GrowingLedger;

TEST(LedgerSnapshot, gives_back_every_part_of_every_block) {
    MemoryStore store;
    GrowingLedger chain(store);
    std::vector<BlockRecord> records;
    for (std::size_t count : {0u, 1u, 3u, 31u, 32u, 33u, 70u}) {
        records.push_back(chain.next_block({}, count));
        chain.append(records.back(), {});
    }
    const LedgerSnapshotPtr snapshot = chain.snapshot();
    EXPECT_EQ(snapshot->height(), records.size());
    EXPECT_EQ(snapshot->hash(), records.back().hash);
    EXPECT_EQ(snapshot->head(), records.back().header);
    for (const BlockRecord& record : records) {
        const core::Height height = record.header.height;
        EXPECT_EQ(snapshot->hash_at(height), record.hash);
        EXPECT_EQ(snapshot->height_of(record.hash), height);
        EXPECT_EQ(snapshot->header(height), record.header);
        EXPECT_EQ(snapshot->encoded_block(height), *record.encoded_block);
        EXPECT_EQ(snapshot->block(height)->hash, record.hash);
        EXPECT_EQ(snapshot->certificate(height), record.certificate);
        EXPECT_EQ(snapshot->receipts(height), record.receipts);
        const auto transactions = snapshot->block(height)->transactions;
        ASSERT_EQ(transactions.size(), record.transaction_hashes.size());
        core::Gas gas = 0;
        std::uint64_t logs = 0;
        for (std::uint32_t i = 0; i < transactions.size(); ++i) {
            const auto place = snapshot->find_transaction(record.transaction_hashes[i]);
            ASSERT_TRUE(place.has_value());
            EXPECT_EQ(place->height, height);
            EXPECT_EQ(place->index, i);
            EXPECT_EQ(snapshot->encoded_transaction(*place), *transactions[i]);
            const auto receipt = snapshot->receipt(height, i);
            ASSERT_TRUE(receipt.has_value());
            EXPECT_EQ(receipt->receipt, record.receipts[i]);
            EXPECT_EQ(receipt->gas_used, record.receipts[i].cumulative_gas_used - gas);
            EXPECT_EQ(receipt->first_log_index, logs);
            gas = record.receipts[i].cumulative_gas_used;
            logs += record.receipts[i].logs.size();
        }
        EXPECT_FALSE(snapshot->receipt(height, static_cast<std::uint32_t>(transactions.size())).has_value());
    }
}

TEST(LedgerSnapshot, what_is_not_there_is_nothing) {
    MemoryStore store;
    GrowingLedger chain(store);
    chain.grow();
    const auto snapshot = chain.snapshot();
    EXPECT_EQ(snapshot->hash_at(2), std::nullopt);
    EXPECT_EQ(snapshot->header(2), std::nullopt);
    EXPECT_EQ(snapshot->encoded_block(2), std::nullopt);
    EXPECT_FALSE(snapshot->block(2).has_value());
    EXPECT_EQ(snapshot->certificate(2), std::nullopt);
    EXPECT_EQ(snapshot->certificate(0), std::nullopt);
    EXPECT_EQ(snapshot->receipts(2), std::nullopt);
    EXPECT_EQ(snapshot->height_of({}), std::nullopt);
    EXPECT_EQ(snapshot->find_transaction({}), std::nullopt);
    EXPECT_EQ(snapshot->validators(3), std::nullopt);
}

TEST(LedgerSnapshot, transactions_in_several_pieces_are_read_whole) {
    MemoryStore store;
    GrowingLedger chain(store);
    const BlockRecord record =
        chain.chain().block(chain.snapshot()->head(), chain.state().prepare({}), 12, 120'000);
    ASSERT_GT(record.encoded_block->size(), 4 * block_piece_bytes);
    chain.append(record, {});
    const auto snapshot = chain.snapshot();
    EXPECT_EQ(snapshot->encoded_block(1), *record.encoded_block);
    const auto transactions = snapshot->block(1)->transactions;
    for (std::size_t i = 0; i < transactions.size(); ++i)
        EXPECT_EQ(snapshot->encoded_transaction(*snapshot->find_transaction(record.transaction_hashes[i])),
                  *transactions[i]);
}

TEST(LedgerSnapshot, does_not_see_later_blocks) {
    MemoryStore store;
    GrowingLedger chain(store);
    chain.grow_by(3);
    const auto old = chain.snapshot();
    const auto model = chain.models().back();
    chain.grow_by(5);
    EXPECT_EQ(old->height(), 3u);
    EXPECT_EQ(old->header(4), std::nullopt);
    EXPECT_TRUE(test::reads_as(**old->state_at(3), model));
    EXPECT_FALSE(old->state_at(4).has_value());
}

TEST(LedgerSnapshot, knows_the_validators_of_every_height) {
    MemoryStore store;
    GrowingLedger chain(store);
    std::vector<core::Hash> expected{chain.chain().validators().hash()};
    for (int block = 1; block <= 12; ++block) {
        expected.push_back(chain.chain().validators().hash());
        if (block % 4 == 0) chain.chain().change_validators();
        chain.grow();
    }
    expected.push_back(chain.chain().validators().hash());
    for (core::Height height = 0; height < expected.size(); ++height)
        EXPECT_EQ(chain.snapshot()->validators(height)->hash(), expected[height]) << height;
    EXPECT_NE(expected[1], expected[5]);
    EXPECT_EQ(chain.snapshot()->validator_changes(), (std::vector<core::Height>{5, 9, 13}));
}

LedgerOptions history_options(bool archive) {
    LedgerOptions options;
    options.state.history_blocks = 20;
    options.state.flush_blocks = 8;
    options.state.proof_blocks = 12;
    options.state.archive = archive;
    options.state.derived_leaves = 2;
    options.state.cache_bytes = 100'000;
    return options;
}

class History : public testing::TestWithParam<bool> {};

TEST_P(History, every_readable_height_reads_as_it_was) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        MemoryStore store;
        GrowingLedger chain(store, history_options(GetParam()), seed);
        for (int block = 0; block < 50; ++block) {
            chain.grow({}, 0);
            if (block % 7 != 0 && block != 49) continue;
            const auto snapshot = chain.snapshot();
            const core::Height oldest = GetParam() || block < 20 ? 0 : snapshot->height() - 20;
            ASSERT_EQ(snapshot->oldest_state(), oldest);
            for (core::Height height = oldest; height <= snapshot->height(); ++height) {
                const auto view = snapshot->state_at(height);
                ASSERT_TRUE(view.has_value());
                ASSERT_TRUE(test::reads_as(**view, chain.models()[height])) << seed << ": " << height;
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Modes, History, testing::Bool(),
                         [](const auto& mode) { return mode.param ? "archive" : "bounded"; });

TEST(History, what_is_older_is_refused_with_the_oldest_height) {
    MemoryStore store;
    GrowingLedger chain(store, history_options(false));
    chain.grow_by(40);
    const auto refused = chain.snapshot()->state_at(19);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().oldest, 20u);
    EXPECT_EQ(refused.error().newest, 40u);
    EXPECT_FALSE(chain.snapshot()->state_at(41).has_value());
}

TEST(History, old_reverse_diffs_are_removed) {
    MemoryStore store;
    GrowingLedger chain(store, history_options(false));
    chain.grow_by(60);
    std::size_t diffs = 0;
    for (const auto& [key, value] : store.image())
        diffs += key[0] == 'd';
    EXPECT_EQ(diffs, 20u);
}

TEST(History, a_shorter_history_is_reached_within_a_few_blocks) {
    MemoryStore store;
    GrowingLedger chain(store, history_options(false));
    chain.grow_by(30);
    LedgerOptions shorter = history_options(false);
    shorter.state.history_blocks = 8;
    ASSERT_NO_FATAL_FAILURE(chain.reopen(shorter));
    chain.grow_by(4);
    EXPECT_EQ(chain.snapshot()->oldest_state(), 34u - 8);
    EXPECT_TRUE(test::reads_as(**chain.snapshot()->state_at(26), chain.models()[26]));
}

TEST(History, an_archive_begins_where_it_was_switched_on) {
    MemoryStore store;
    GrowingLedger chain(store, history_options(false));
    chain.grow_by(30);
    ASSERT_NO_FATAL_FAILURE(chain.reopen(history_options(true)));
    chain.grow_by(40);
    EXPECT_EQ(chain.snapshot()->oldest_state(), 30u);
    for (core::Height height = 30; height <= 70; height += 5)
        EXPECT_TRUE(test::reads_as(**chain.snapshot()->state_at(height), chain.models()[height])) << height;
    ASSERT_NO_FATAL_FAILURE(chain.reopen(history_options(false)));
    chain.grow();
    EXPECT_EQ(chain.snapshot()->oldest_state(), 71u - 20);
    ASSERT_NO_FATAL_FAILURE(chain.reopen(history_options(true)));
    chain.grow_by(40);
    EXPECT_EQ(chain.snapshot()->oldest_state(), 71u);
    EXPECT_TRUE(test::reads_as(**chain.snapshot()->state_at(75), chain.models()[75]));
}

/// Proofs verify under the state root of their header, for accounts and slots that exist and that do not.
void check_proofs(const LedgerSnapshot& snapshot, core::Height height, const test::Model& model,
                  const core::Hash& state_root) {
    std::vector<core::Word> keys;
    for (std::uint64_t key = 0; key < 44; key += 3)
        keys.push_back(test::word(key));
    for (std::uint64_t i = 0; i < 14; ++i) {
        const core::Address where = test::address(i);
        const auto proof = snapshot.prove(height, where, keys);
        ASSERT_TRUE(proof.has_value());
        const auto leaf = core::merkle::verify_proof(state_root, core::keccak256(where), proof->nodes);
        ASSERT_TRUE(leaf.has_value());
        const auto held = model.find(where);
        ASSERT_EQ(leaf->has_value(), held != model.end());
        ASSERT_EQ(proof->account.has_value(), held != model.end());
        if (held == model.end()) continue;
        ASSERT_EQ(*proof->account, held->second.account);
        ASSERT_EQ(proof->storage_root, test::storage_root(held->second));
        ASSERT_EQ(**leaf, core::encode_account(*proof->account, proof->storage_root));
        for (const StorageProof& slot : proof->storage) {
            const auto value =
                core::merkle::verify_proof(proof->storage_root, core::keccak256(slot.key), slot.nodes);
            ASSERT_TRUE(value.has_value());
            const bool exists = held->second.storage.contains(slot.key);
            ASSERT_EQ(value->has_value(), exists);
            ASSERT_EQ(slot.value, exists ? held->second.storage.at(slot.key) : core::Word{});
            if (exists) {
                ASSERT_EQ(**value, core::encode_storage_value(slot.value));
            }
        }
    }
}

TEST(Proofs, verify_under_the_header_of_every_height_in_reach) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        MemoryStore store;
        GrowingLedger chain(store, history_options(false), seed);
        for (int block = 1; block <= 40; ++block) {
            chain.grow({}, 0);
            if (block % 13 != 0) continue;
            for (core::Height height = chain.snapshot()->height() - 12; height <= chain.snapshot()->height();
                 ++height)
                ASSERT_NO_FATAL_FAILURE(check_proofs(*chain.snapshot(), height, chain.models()[height],
                                                     chain.snapshot()->header(height)->state_root))
                    << seed << ": " << height << " of " << block;
        }
    }
}

TEST(Proofs, beyond_their_reach_are_refused_with_the_oldest_height) {
    MemoryStore store;
    GrowingLedger chain(store, history_options(false));
    chain.grow_by(30);
    const auto refused = chain.snapshot()->prove(17, test::address(1), {});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().oldest, 18u);
}

TEST(Proofs, of_an_old_snapshot_stay_valid_while_the_ledger_goes_on) {
    MemoryStore store;
    GrowingLedger chain(store, history_options(false));
    chain.grow_by(11);
    const auto old = chain.snapshot();
    chain.grow_by(20);
    for (core::Height height = 0; height <= 11; ++height)
        ASSERT_NO_FATAL_FAILURE(
            check_proofs(*old, height, chain.models()[height], old->header(height)->state_root));
}

TEST(IndexRows, are_scanned_in_order_by_prefix) {
    MemoryStore store;
    GrowingLedger chain(store);
    BlockRecord record = chain.next_block({});
    const auto key = [](std::string_view text) { return core::to_bytes(core::view(text)); };
    record.index_rows = {
        {key("b2"), {2}}, {key("a"), {0}}, {key("b1"), {1}}, {key("b"), {3}}, {key("c"), {4}}};
    chain.append(record, {});
    const auto scan = [&](std::string_view prefix, std::optional<core::Bytes> after, std::size_t limit) {
        std::string found;
        const auto from = after ? std::optional<core::ByteView>(*after) : std::nullopt;
        for (const IndexRow& row : chain.snapshot()->scan_index(core::view(prefix), from, limit))
            found += std::string(core::text_view(row.key)) + std::to_string(row.value[0]) + " ";
        return found;
    };
    EXPECT_EQ(scan("b", {}, 10), "b3 b11 b22 ");
    EXPECT_EQ(scan("b", {}, 2), "b3 b11 ");
    EXPECT_EQ(scan("b", key("b"), 10), "b11 b22 ");
    EXPECT_EQ(scan("b", key("b1"), 10), "b22 ");
    EXPECT_EQ(scan("b", key("a"), 10), "b3 b11 b22 ");
    EXPECT_EQ(scan("b", key("b2"), 10), "");
    EXPECT_EQ(scan("x", {}, 10), "");
    EXPECT_EQ(scan("genesis", {}, 10), "genesis1 ");
}

}  // namespace
}  // namespace sluice::ledger
