#include "ledger/verify.hpp"

#include <gtest/gtest.h>

#include <set>

#include "ledger/memory_store.hpp"
#include "ledger/schema.hpp"
#include "tests/ledger/chain_builder.hpp"

namespace sluice::ledger {
namespace {

using test::GrowingLedger;

LedgerOptions quick(bool archive = false) {
    LedgerOptions options;
    options.state.flush_blocks = 5;
    options.state.history_blocks = 8;
    options.state.archive = archive;
    options.state.cache_bytes = 100'000;
    options.state.derived_leaves = 2;
    return options;
}

VerifyReport verify(const KvStore& store, test::Chain& chain, bool full) {
    return verify_database(store, {.full = full, .chain = chain.identity()});
}

TEST(Verify, a_whole_database_has_no_faults) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        MemoryStore store;
        GrowingLedger chain(store, quick(seed % 2), seed);
        for (int block = 0; block < 23; ++block) {
            if (block % 9 == 4) chain.chain().change_validators();
            chain.grow();
        }
        const VerifyReport report = verify(store, chain.chain(), true);
        EXPECT_TRUE(report.whole()) << report.faults.front().what << " at " << report.faults.front().height;
        EXPECT_EQ(report.head, 23u);
        EXPECT_EQ(report.transactions, 23u * 3);
        EXPECT_EQ(report.accounts, chain.models().back().size());
        std::uint64_t slots = 0;
        for (const auto& [where, account] : chain.models().back())
            slots += account.storage.size();
        EXPECT_EQ(report.slots, slots);
    }
}

TEST(Verify, an_empty_store_is_a_fault) {
    const MemoryStore store;
    EXPECT_FALSE(verify_database(store).whole());
}

/// Every row of a small ledger, lost, unreadable and altered, one at a time: the report says so.
TEST(Verify, any_row_that_is_lost_unreadable_or_altered_is_a_fault) {
    MemoryStore store;
    GrowingLedger chain(store, quick(), 2);
    chain.grow_by(7);
    ASSERT_TRUE(verify(store, chain.chain(), true).whole());
    const auto image = store.image();
    std::set<core::Bytes> code_in_use;
    for (const auto& [where, account] : chain.models().back())
        code_in_use.insert(core::to_bytes(schema::code_key(account.account.code_hash)));
    for (const auto& [key, value] : image) {
        const char row = static_cast<char>(key[0]);
        if (row == 'i') continue;  // the owner's rows mean nothing to the ledger
        store.restore(image);
        store.lose(key);
        // Nodes are derived again, and old code may be of no use any more.
        const bool harmless = row == 'n' || row == 'N' || (row == 'c' && !code_in_use.contains(key));
        EXPECT_EQ(verify(store, chain.chain(), true).whole(), harmless) << "lost " << row;
        store.restore(image);
        store.damage(key);
        EXPECT_FALSE(verify(store, chain.chain(), true).whole()) << "unreadable " << row;
        store.restore(image);
        core::Bytes altered = value;
        altered[altered.size() / 2] ^= 1;
        WriteBatch batch;
        batch.put(key, altered);
        store.write(batch, true);
        if (row == 'd' || row == 'S') continue;  // overwritten values leave no root behind to check them by
        EXPECT_FALSE(verify(store, chain.chain(), true).whole()) << "altered " << row;
    }
}

TEST(Verify, rows_that_belong_to_nothing_are_faults) {
    MemoryStore store;
    GrowingLedger chain(store, quick(), 2);
    chain.grow_by(7);
    const auto image = store.image();
    const core::Hash unknown = core::keccak256(core::view("unknown"));
    const core::Address nobody = test::address(200);
    const std::vector<schema::Key> keys{schema::transaction_key(unknown), schema::block_height_key(unknown),
                                        schema::slot_key(nobody, unknown),
                                        schema::storage_node_key(nobody, std::vector<std::uint8_t>{1}),
                                        schema::account_node_key(std::vector<std::uint8_t>{1, 2, 3, 4, 5})};
    for (const schema::Key& key : keys) {
        store.restore(image);
        WriteBatch batch;
        batch.put(key, core::Bytes{1});
        store.write(batch, true);
        EXPECT_FALSE(verify(store, chain.chain(), true).whole()) << core::to_hex(key);
    }
}

TEST(Verify, names_the_height_of_a_fault) {
    MemoryStore store;
    GrowingLedger chain(store, quick());
    chain.grow_by(9);
    store.lose(schema::certificate_key(4));
    const VerifyReport report = verify(store, chain.chain(), false);
    ASSERT_EQ(report.faults.size(), 1u);
    EXPECT_EQ(report.faults[0].height, 4u);
    EXPECT_NE(report.faults[0].what.find("certificate"), std::string::npos);
}

TEST(Verify, certificates_of_another_chain_are_faults) {
    MemoryStore store;
    GrowingLedger chain(store, quick());
    chain.grow_by(3);
    core::ChainIdentity other = chain.chain().identity();
    other.chain_id += 1;
    EXPECT_EQ(verify_database(store, {.chain = other}).faults_found, 3u);
    EXPECT_TRUE(verify_database(store).whole());
}

TEST(Verify, lists_no_more_faults_than_asked_but_counts_all) {
    MemoryStore store;
    GrowingLedger chain(store, quick());
    chain.grow_by(9);
    for (core::Height height = 1; height <= 9; ++height)
        store.lose(schema::certificate_key(height));
    const VerifyReport report = verify_database(store, {.faults_max = 4});
    EXPECT_EQ(report.faults.size(), 4u);
    EXPECT_EQ(report.faults_found, 9u);
}

TEST(Verify, tells_how_far_it_is) {
    MemoryStore store;
    GrowingLedger chain(store, quick());
    chain.grow_by(2);
    int calls = 0;
    verify_database(store, {.progress = [&](const std::string& part, std::uint64_t, std::uint64_t of) {
                        EXPECT_EQ(part, "blocks");
                        EXPECT_EQ(of, 2u);
                        ++calls;
                    }});
    EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace sluice::ledger
