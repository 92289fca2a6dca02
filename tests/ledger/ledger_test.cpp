// Opening, creating, appending; damage and crashes.
#include "ledger/ledger.hpp"

#include <gtest/gtest.h>

#include "ledger/block_store.hpp"
#include "ledger/leveldb_store.hpp"
#include "ledger/memory_store.hpp"
#include "ledger/schema.hpp"
#include "ledger/verify.hpp"
#include "tests/ledger/chain_builder.hpp"
#include "tests/ledger/temporary_directory.hpp"

namespace sluice::ledger {
namespace {

using test::Chain;
using test::GrowingLedger;

LedgerOptions quick() {
    LedgerOptions options;
    options.state.flush_blocks = 5;
    options.state.history_blocks = 16;
    options.state.cache_bytes = 100'000;
    options.state.derived_leaves = 2;
    return options;
}

OpenError open_error(MemoryStore& store, const Chain& chain,
                     const std::optional<HighWaterMark>& high_water = std::nullopt) {
    auto opened = Ledger::open(store, chain.genesis_hash(), high_water, quick());
    EXPECT_FALSE(opened.has_value());
    if (opened) return OpenError::empty;
    EXPECT_FALSE(opened.error().detail.empty());
    return opened.error().reason;
}

TEST(LedgerCreate, begins_with_the_genesis_block) {
    MemoryStore store;
    const Chain chain;
    auto created = Ledger::create(store, chain.genesis());
    ASSERT_TRUE(created.has_value());
    const auto snapshot = created->ledger.snapshot();
    EXPECT_EQ(snapshot->height(), 0u);
    EXPECT_EQ(snapshot->hash(), chain.genesis_hash());
    EXPECT_EQ(snapshot->validators(0)->hash(), chain.validators().hash());
    EXPECT_EQ(snapshot->validators(1)->hash(), chain.validators().hash());
    EXPECT_TRUE(test::reads_as(**snapshot->state_at(0), chain.genesis_model()));
    EXPECT_TRUE(test::reads_as(created->state.view(), chain.genesis_model()));
    EXPECT_EQ(created->state.height(), 0u);
}

TEST(LedgerCreate, refuses_a_store_in_use) {
    MemoryStore store;
    const Chain chain;
    ASSERT_TRUE(Ledger::create(store, chain.genesis()).has_value());
    EXPECT_EQ(Ledger::create(store, chain.genesis()).error().reason, CreateError::not_empty);
}

TEST(LedgerCreate, refuses_a_header_with_another_state) {
    MemoryStore store;
    GenesisRecord genesis = Chain().genesis();
    genesis.header.state_root[0] ^= 1;
    EXPECT_EQ(Ledger::create(store, genesis).error().reason, CreateError::wrong_state_root);
    EXPECT_TRUE(store.image().empty());
    genesis.header.height = 1;
    EXPECT_EQ(Ledger::create(store, genesis).error().reason, CreateError::malformed);
}

TEST(LedgerOpen, an_empty_store_holds_no_ledger) {
    MemoryStore store;
    EXPECT_EQ(open_error(store, Chain()), OpenError::empty);
}

TEST(LedgerOpen, refuses_another_chain) {
    MemoryStore store;
    GrowingLedger chain(store, quick());
    EXPECT_EQ(open_error(store, Chain(2)), OpenError::wrong_genesis);
}

TEST(LedgerOpen, refuses_a_format_it_does_not_know) {
    MemoryStore store;
    GrowingLedger chain(store, quick());
    WriteBatch batch;
    batch.put(schema::format_key(), core::Bytes{0, 0, 0, 2});
    store.write(batch, true);
    EXPECT_EQ(open_error(store, chain.chain()), OpenError::unsupported_format);
}

TEST(LedgerOpen, notices_that_committed_blocks_were_lost) {
    MemoryStore store;
    GrowingLedger chain(store, quick());
    chain.grow_by(12);
    const HighWaterMark mark{12, chain.hashes()[12]};
    EXPECT_TRUE(Ledger::open(store, chain.chain().genesis_hash(), mark, quick()).has_value());
    for (core::Height lost = 1; lost <= 8; ++lost) {
        store.lose_newest(1);
        EXPECT_EQ(open_error(store, chain.chain(), mark), OpenError::behind_high_water) << lost;
        const auto behind = Ledger::open(store, chain.chain().genesis_hash(), std::nullopt, quick());
        ASSERT_TRUE(behind.has_value()) << behind.error().detail;
        EXPECT_EQ(behind->ledger.snapshot()->height(), 12 - lost);
        EXPECT_TRUE(test::reads_as(behind->state.view(), chain.models()[12 - lost]));
    }
}

TEST(LedgerOpen, refuses_another_block_at_the_mark) {
    MemoryStore store;
    GrowingLedger chain(store, quick());
    chain.grow_by(3);
    EXPECT_EQ(open_error(store, chain.chain(), HighWaterMark{2, chain.hashes()[1]}), OpenError::damaged);
}

/// Every row that a start looks at, gone or unreadable, one at a time: refused, or found to be of no
/// consequence.
TEST(LedgerOpen, a_lost_or_unreadable_row_is_refused_or_harmless) {
    MemoryStore store;
    GrowingLedger chain(store, quick());
    chain.grow_by(8);  // trie nodes are those of block 5
    const auto image = store.image();
    std::map<char, std::pair<int, int>> refused_of;
    for (const auto& [key, value] : image) {
        for (const bool lost : {true, false}) {
            store.restore(image);
            if (lost) {
                store.lose(key);
            } else {
                store.damage(key);
            }
            const auto opened = Ledger::open(store, chain.chain().genesis_hash(), std::nullopt, quick());
            auto& [refused, tried] = refused_of[static_cast<char>(key[0])];
            ++tried;
            if (!opened) {
                EXPECT_TRUE(opened.error().reason == OpenError::damaged ||
                            opened.error().reason == OpenError::empty);
                ++refused;
                continue;
            }
            EXPECT_EQ(opened->state.root(), test::state_root(chain.models().back()));
        }
    }
    // Always needed: format, head, state head, headers, blocks, certificates, hashes of the chain.
    for (const char row : {'F', 'H', 'S', 'h', 'b', 'q', 'k'})
        EXPECT_EQ(refused_of[row].first, refused_of[row].second) << row;
    // Needed for what changed since the nodes were stored.
    for (const char row : {'d', 'a', 's', 'n', 'N'})
        EXPECT_GT(refused_of[row].first, 0) << row;
}

TEST(LedgerOpen, a_changed_byte_of_recent_state_does_not_fit_the_root) {
    MemoryStore store;
    GrowingLedger chain(store, quick());
    chain.grow_by(5);  // stored here
    const auto diff = test::random_diff(chain.models().back(), chain.chain().random(), {.deletions = false});
    chain.append(chain.next_block(diff), diff);
    const auto image = store.image();
    int tried = 0;
    for (const core::AccountChange& change : diff.accounts) {
        for (const core::SlotChange& slot : change.slots) {
            if (slot.value == core::Word{}) continue;
            store.restore(image);
            core::Word other = slot.value;
            other[31] ^= 2;
            other[30] |= 1;
            WriteBatch batch;
            batch.put(schema::slot_key(change.address, core::keccak256(slot.key)),
                      core::ByteView(other).last(2));
            store.write(batch, true);
            EXPECT_EQ(open_error(store, chain.chain()), OpenError::damaged);
            ++tried;
        }
    }
    EXPECT_GT(tried, 0);
}

TEST(LedgerOpen, a_hole_below_an_intact_head_is_found) {
    MemoryStore store;
    GrowingLedger chain(store, quick());
    chain.grow_by(30);
    const auto image = store.image();
    for (core::Height height = 1; height < 30; height += 7) {
        store.restore(image);
        store.lose(schema::header_key(height));
        EXPECT_EQ(open_error(store, chain.chain()), OpenError::damaged);
    }
    // Deeper than the checked heights only verify-db looks.
    store.restore(image);
    store.lose(schema::header_key(3));
    LedgerOptions shallow = quick();
    shallow.checked_heights = 10;
    EXPECT_TRUE(Ledger::open(store, chain.chain().genesis_hash(), std::nullopt, shallow).has_value());
    EXPECT_FALSE(verify_database(store).whole());
}

TEST(LedgerOpen, a_cut_body_is_found) {
    MemoryStore store;
    GrowingLedger chain(store, quick());
    const BlockRecord record =
        chain.chain().block(chain.snapshot()->head(), chain.state().prepare({}), 8, 120'000);
    chain.append(record, {});
    ASSERT_GT(record.encoded_block->size(), 2 * block_piece_bytes);
    const auto last = static_cast<std::uint32_t>((record.encoded_block->size() - 1) / block_piece_bytes);
    const auto image = store.image();
    store.lose(schema::block_piece_key(1, last));
    EXPECT_EQ(open_error(store, chain.chain()), OpenError::damaged);
    store.restore(image);
    store.lose(schema::block_piece_key(1, 0));
    EXPECT_EQ(open_error(store, chain.chain()), OpenError::damaged);
}

/// Each append is one synced write: whatever fails, the ledger is before the block or after it.
TEST(LedgerCrash, every_height_is_there_whole_or_not_at_all) {
    for (const WriteFate fate : {WriteFate::fail_unwritten, WriteFate::fail_written}) {
        for (int failing = 0; failing < 12; ++failing) {
            MemoryStore store;
            GrowingLedger chain(store, quick(), 4);
            int writes = 0;
            store.set_write_hook([&](const WriteBatch&, bool sync) {
                EXPECT_TRUE(sync);
                return writes++ == failing ? fate : WriteFate::done;
            });
            core::Height acknowledged = 0;
            test::Model last;
            try {
                for (;;) {
                    const auto diff = test::random_diff(chain.models().back(), chain.chain().random());
                    last = chain.models().back();
                    test::apply_diff(last, diff);
                    chain.append(chain.next_block(diff), diff);
                    ++acknowledged;
                }
            } catch (const StorageFailure&) {
            }
            EXPECT_EQ(writes, failing + 1);
            store.set_write_hook(nullptr);
            store.crash(0);
            const auto opened = Ledger::open(store, chain.chain().genesis_hash(), std::nullopt, quick());
            ASSERT_TRUE(opened.has_value()) << opened.error().detail;
            const bool written = fate == WriteFate::fail_written;
            EXPECT_EQ(opened->ledger.snapshot()->height(), acknowledged + (written ? 1 : 0));
            EXPECT_TRUE(test::reads_as(opened->state.view(), written ? last : chain.models().back()));
            EXPECT_TRUE(verify_database(store, {.full = true}).whole());
        }
    }
}

TEST(LedgerAppend, refuses_what_does_not_follow_the_head) {
    MemoryStore store;
    GrowingLedger chain(store, quick());
    chain.grow();
    const BlockRecord good = chain.next_block({});
    BlockRecord bad = good;
    bad.header.height = 3;
    EXPECT_DEATH(chain.ledger().append(bad), "height");
    bad = good;
    bad.header.parent_hash[0] ^= 1;
    EXPECT_DEATH(chain.ledger().append(bad), "parent_hash");
    bad = good;
    bad.header.state_root[0] ^= 1;
    EXPECT_DEATH(chain.ledger().append(bad), "state_root");
    bad = good;
    bad.receipts.clear();
    EXPECT_DEATH(chain.ledger().append(bad), "receipts");
    bad = good;
    bad.certificate.block_hash[0] ^= 1;
    EXPECT_DEATH(chain.ledger().append(bad), "certificate");
}

TEST(LedgerOnLevelDb, grows_restarts_and_verifies) {
    const test::TemporaryDirectory directory;
    auto store = create_leveldb(directory.path() / "db", {.write_buffer_bytes = 64 << 10});
    ASSERT_TRUE(store.has_value());
    GrowingLedger chain(**store, quick(), 6);
    for (int round = 0; round < 4; ++round) {
        chain.grow_by(12);
        ASSERT_NO_FATAL_FAILURE(chain.reopen(quick()));
        ASSERT_TRUE(test::reads_as(chain.state().view(), chain.models().back()));
    }
    const auto snapshot = chain.snapshot();
    for (core::Height height = snapshot->oldest_state(); height <= snapshot->height(); ++height)
        EXPECT_TRUE(test::reads_as(**snapshot->state_at(height), chain.models()[height])) << height;
    const VerifyReport report = verify_database(**store, {.full = true, .chain = chain.chain().identity()});
    EXPECT_TRUE(report.whole()) << report.faults.front().what;
    EXPECT_EQ(report.head, 48u);
}

}  // namespace
}  // namespace sluice::ledger
