// A ledger from another one's state: whole, under attack, cut short.
#include "ledger/state_import.hpp"

#include <gtest/gtest.h>

#include "ledger/block_store.hpp"
#include "ledger/memory_store.hpp"
#include "ledger/schema.hpp"
#include "ledger/verify.hpp"
#include "tests/ledger/chain_builder.hpp"

namespace sluice::ledger {
namespace {

using test::GrowingLedger;

LedgerOptions options() {
    LedgerOptions chosen;
    chosen.state.flush_blocks = 50;
    chosen.state.history_blocks = 64;
    chosen.state.cache_bytes = 100'000;
    chosen.state.derived_leaves = 2;
    chosen.state.snapshot_interval = 4;
    return chosen;
}

JoinedChain chain_of(const LedgerSnapshot& snapshot, const GenesisRecord& genesis) {
    const core::Height height = snapshot.height();
    JoinedChain chain{.genesis = genesis.header,
                      .genesis_validators = genesis.validators,
                      .changes = {},
                      .head = snapshot.head(),
                      .head_hash = snapshot.hash(),
                      .certificate = *snapshot.certificate(height),
                      .encoded_block = core::share(*snapshot.encoded_block(height)),
                      .transaction_hashes = {},
                      .receipts = *snapshot.receipts(height),
                      .index_rows = {}};
    for (const core::Height change : snapshot.validator_changes())
        chain.changes.push_back(
            {*snapshot.header(change - 1), *snapshot.certificate(change - 1), *snapshot.validators(change)});
    const auto block = snapshot.block(height);
    for (const auto& transaction : block->transactions)
        chain.transaction_hashes.push_back(core::keccak256(*transaction));
    return chain;
}

StateImport import_of(KvStore& store, const StateExport& source) {
    return {store, source.height(), source.block_hash(), source.state_root()};
}

/// Fetches everything; how many parts came as a node alone.
std::size_t fetch_all(StateImport& import, const StateExport& source, std::size_t bytes_max) {
    std::size_t nodes = 0;
    std::vector<WantedPart> wanted{import.root()};
    while (!wanted.empty()) {
        const WantedPart next = wanted.back();
        wanted.pop_back();
        const auto chunk = source.read(next.part, bytes_max);
        if (!chunk) {
            ADD_FAILURE() << "a part that hangs from the root is not there";
            return nodes;
        }
        nodes += chunk->form == StateChunk::Form::node ? 1 : 0;
        const auto below = import.take(next, *chunk);
        if (!below) {
            ADD_FAILURE() << describe(below.error());
            return nodes;
        }
        wanted.insert(wanted.end(), below->begin(), below->end());
    }
    return nodes;
}

class Joining : public ::testing::Test {
  protected:
    Joining() : source_(store_, options(), 7) {
        const test::DiffSize large{
            .accounts = 60, .slots = 40, .address_space = 300, .slot_space = 400, .deletions = true};
        for (int i = 0; i < 4; ++i)
            source_.grow(large);
        source_.chain().change_validators();
        for (int i = 0; i < 4; ++i)
            source_.grow(large);
    }
    StateExportPtr exported() const { return source_.snapshot()->export_state(); }
    Ledger::Opened joined() {
        auto import = import_of(target_, *exported());
        fetch_all(import, *exported(), 2'000);
        const auto chain = chain_of(*source_.snapshot(), source_.chain().genesis());
        const auto done = import.finish(chain, options().state);
        EXPECT_TRUE(done.has_value()) << (done ? "" : done.error());
        auto opened = open();
        if (!opened) throw std::runtime_error(opened.error().detail);
        return std::move(*opened);
    }
    core::Result<Ledger::Opened, OpenFailure> open(const std::optional<HighWaterMark>& mark = std::nullopt) {
        return Ledger::open(target_, source_.chain().genesis_hash(), mark, options());
    }

    MemoryStore store_, target_;
    GrowingLedger source_;
};

TEST_F(Joining, the_state_arrives_whole_and_the_ledger_opens) {
    auto opened = joined();
    const auto snapshot = opened.ledger.snapshot();
    EXPECT_EQ(snapshot->height(), 8u);
    EXPECT_EQ(snapshot->hash(), source_.snapshot()->hash());
    EXPECT_EQ(opened.state.root(), source_.state().root());
    EXPECT_TRUE(test::reads_as(opened.state.view(), source_.models().back()));
    EXPECT_TRUE(test::reads_as(**snapshot->state_at(8), source_.models().back()));
    EXPECT_EQ(snapshot->oldest_state(), 8u);
    EXPECT_EQ(snapshot->encoded_block(8), source_.snapshot()->encoded_block(8));
    EXPECT_EQ(snapshot->validator_changes(), source_.snapshot()->validator_changes());
}

TEST_F(Joining, what_was_joined_verifies_in_full_and_grows_as_the_source_does) {
    auto opened = joined();
    VerifyOptions verify;
    verify.full = true;
    verify.chain = source_.chain().identity();
    auto report = verify_database(target_, verify);
    EXPECT_TRUE(report.whole()) << report.faults.front().what;
    for (int i = 0; i < 6; ++i) {
        const auto diff = test::random_diff(source_.models().back(), source_.chain().random(), {});
        BlockRecord record = source_.next_block(diff);
        source_.append(record, diff);
        record.state = opened.state.prepare(diff);
        EXPECT_EQ(record.state.state_root(), record.header.state_root);
        opened.ledger.append(record);
        opened.state.advance(record.state);
    }
    report = verify_database(target_, verify);
    EXPECT_TRUE(report.whole()) << report.faults.front().what;
    auto again = open();
    ASSERT_TRUE(again.has_value()) << again.error().detail;
    EXPECT_EQ(again->state.root(), source_.state().root());
}

TEST_F(Joining, small_chunks_make_it_descend_and_large_ones_do_not) {
    auto first = import_of(target_, *exported());
    EXPECT_GT(fetch_all(first, *exported(), 500), 5u);
    auto second = import_of(target_, *exported());
    EXPECT_EQ(fetch_all(second, *exported(), 1'000'000), 0u);
}

TEST_F(Joining, what_came_before_the_snapshot_is_not_kept_and_says_so) {
    const auto opened = joined();
    const auto snapshot = opened.ledger.snapshot();
    EXPECT_EQ(snapshot->first_header(), 8u);
    EXPECT_EQ(snapshot->first_body(), 8u);
    EXPECT_TRUE(snapshot->header(0).has_value());
    EXPECT_TRUE(snapshot->block(0).has_value());
    EXPECT_THROW(static_cast<void>(snapshot->header(1)), BlockNotKept);
    EXPECT_THROW(static_cast<void>(snapshot->hash_at(1)), BlockNotKept);
    EXPECT_THROW(static_cast<void>(snapshot->certificate(1)), BlockNotKept);
    EXPECT_THROW(static_cast<void>(snapshot->block(7)), BlockNotKept);
    EXPECT_THROW(static_cast<void>(snapshot->receipts(7)), BlockNotKept);
    EXPECT_THROW(static_cast<void>(snapshot->receipt(7, 0)), BlockNotKept);
    const auto change = snapshot->validator_changes().front();
    EXPECT_TRUE(snapshot->header(change - 1) && snapshot->certificate(change - 1))
        << "receipts need the blocks that changed the validators";
    EXPECT_FALSE(snapshot->block(9).has_value());
}

TEST_F(Joining, a_mark_below_the_snapshot_is_no_fault_and_one_above_it_is) {
    static_cast<void>(joined());
    EXPECT_TRUE(open(HighWaterMark{3, source_.hashes()[3]}).has_value());
    EXPECT_TRUE(open(HighWaterMark{8, source_.hashes()[8]}).has_value());
    EXPECT_EQ(open(HighWaterMark{8, source_.hashes()[7]}).error().reason, OpenError::damaged);
    EXPECT_EQ(open(HighWaterMark{9, {}}).error().reason, OpenError::behind_high_water);
}

TEST_F(Joining, no_altered_leaf_gets_in) {
    const auto source = exported();
    auto import = import_of(target_, *source);
    const WantedPart root = import.root();
    const StateChunk honest = *source->read(root.part, 1'000'000);
    const auto fault_of = [&](const StateChunk& chunk) {
        const auto taken = import.take(root, chunk);
        return taken ? std::optional<ChunkFault>() : std::optional(taken.error());
    };
    StateChunk altered = honest;
    altered.leaves[3].value.back() ^= 1;
    EXPECT_EQ(fault_of(altered), ChunkFault::wrong_hash);
    altered = honest;
    altered.leaves.erase(altered.leaves.begin() + 5);
    EXPECT_EQ(fault_of(altered), ChunkFault::wrong_hash);
    altered = honest;
    std::swap(altered.leaves[1], altered.leaves[2]);
    EXPECT_EQ(fault_of(altered), ChunkFault::unsorted);
    altered = honest;
    altered.leaves.push_back(altered.leaves.back());
    EXPECT_EQ(fault_of(altered), ChunkFault::unsorted);
    altered = honest;
    altered.leaves[0].key.pop_back();
    EXPECT_EQ(fault_of(altered), ChunkFault::malformed);
    altered = honest;
    altered.leaves[0].value.push_back(0);
    EXPECT_EQ(fault_of(altered), ChunkFault::malformed);
    altered = honest;
    altered.leaves.clear();
    EXPECT_EQ(fault_of(altered), ChunkFault::wrong_hash);
    EXPECT_EQ(fault_of({StateChunk::Form::code, {}, {1}}), ChunkFault::wrong_form);
    EXPECT_EQ(fault_of({StateChunk::Form::node, {}, {1}}), ChunkFault::wrong_hash);
    EXPECT_FALSE(target_.get(schema::account_key(core::keccak256(honest.leaves[0].key))))
        << "nothing of a wrong chunk is kept";
    EXPECT_EQ(fault_of(honest), std::nullopt);
}

TEST_F(Joining, leaves_of_another_subtree_do_not_pass_for_the_one_asked_for) {
    const auto source = exported();
    auto import = import_of(target_, *source);
    const auto children = import.take(import.root(), *source->read(import.root().part, 500));
    ASSERT_TRUE(children.has_value());
    ASSERT_GE(children->size(), 2u);
    const auto other = source->read((*children)[1].part, 1'000'000);
    EXPECT_EQ(import.take((*children)[0], *other).error(), ChunkFault::unsorted);
}

TEST_F(Joining, a_state_with_a_hole_is_not_finished) {
    const auto source = exported();
    auto import = import_of(target_, *source);
    const auto storages = import.take(import.root(), *source->read(import.root().part, 1'000'000));
    ASSERT_TRUE(storages.has_value());
    ASSERT_FALSE(storages->empty());
    const auto done =
        import.finish(chain_of(*source_.snapshot(), source_.chain().genesis()), options().state);
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(open().error().reason, OpenError::unfinished_join);
}

TEST_F(Joining, cut_short_it_is_no_ledger_and_begins_anew) {
    {
        auto import = import_of(target_, *exported());
        static_cast<void>(import.take(import.root(), *exported()->read(import.root().part, 1'000'000)));
    }
    EXPECT_EQ(open().error().reason, OpenError::unfinished_join);
    EXPECT_FALSE(verify_database(target_).whole());
    EXPECT_TRUE(test::reads_as(joined().state.view(), source_.models().back()));
}

TEST_F(Joining, it_takes_the_place_of_what_was_in_the_store) {
    GrowingLedger before(target_, options(), 99);
    before.grow_by(5);
    const auto opened = joined();
    EXPECT_TRUE(test::reads_as(opened.state.view(), source_.models().back()));
    VerifyOptions verify;
    verify.full = true;
    EXPECT_TRUE(verify_database(target_, verify).whole());
}

TEST_F(Joining, a_cleared_store_can_begin_at_genesis) {
    static_cast<void>(import_of(target_, *exported()));
    clear_store(target_);
    EXPECT_EQ(open().error().reason, OpenError::empty);
    EXPECT_TRUE(Ledger::create(target_, source_.chain().genesis(), options()).has_value());
}

TEST_F(Joining, a_state_is_given_at_the_heights_of_the_interval_and_after_a_restart) {
    EXPECT_NE(exported(), nullptr);
    const auto pinned = exported();
    source_.grow();
    EXPECT_EQ(exported(), nullptr);
    source_.reopen(options());
    ASSERT_NE(exported(), nullptr);
    EXPECT_EQ(exported()->height(), 9u);
    EXPECT_EQ(exported()->state_root(), source_.snapshot()->head().state_root);
    source_.grow_by(10);
    auto import = import_of(target_, *pinned);
    fetch_all(import, *pinned, 2'000);
    EXPECT_EQ(pinned->height(), 8u) << "what is pinned does not change under later blocks";
}

// ---- bodies

TEST(BlockHistory, old_bodies_go_and_headers_stay) {
    MemoryStore store;
    LedgerOptions chosen = options();
    chosen.block_history = 5;
    GrowingLedger ledger(store, chosen, 3);
    ledger.grow_by(20);
    const auto snapshot = ledger.snapshot();
    EXPECT_EQ(snapshot->first_body(), 16u);
    EXPECT_EQ(snapshot->first_header(), 0u);
    for (core::Height height = 1; height <= 20; ++height) {
        EXPECT_EQ(snapshot->hash_at(height), ledger.hashes()[height]);
        EXPECT_TRUE(snapshot->certificate(height).has_value());
        if (height < 16) {
            EXPECT_THROW(static_cast<void>(snapshot->encoded_block(height)), BlockNotKept);
            EXPECT_THROW(static_cast<void>(snapshot->receipts(height)), BlockNotKept);
            EXPECT_FALSE(store.get(schema::block_piece_key(height, 0)));
            EXPECT_FALSE(store.get(schema::receipts_key(height, 0)));
        } else {
            EXPECT_TRUE(snapshot->block(height).has_value());
            EXPECT_FALSE(snapshot->receipts(height)->empty());
        }
    }
    EXPECT_TRUE(snapshot->block(0).has_value()) << "genesis stays whole";
    VerifyOptions verify;
    verify.full = true;
    verify.chain = ledger.chain().identity();
    const auto report = verify_database(store, verify);
    EXPECT_TRUE(report.whole()) << report.faults.front().what;
    EXPECT_EQ(report.first_body, 16u);
    ledger.reopen(chosen);
    EXPECT_EQ(ledger.snapshot()->first_body(), 16u);
    ledger.grow();
    EXPECT_EQ(ledger.snapshot()->first_body(), 17u);
}

TEST(BlockHistory, switched_on_late_it_goes_back_a_few_blocks_at_a_time_and_never_forward_again) {
    MemoryStore store;
    LedgerOptions chosen = options();
    GrowingLedger ledger(store, chosen, 3);
    ledger.grow_by(30);
    const auto before = ledger.snapshot();
    chosen.block_history = 5;
    ledger.reopen(chosen);
    ledger.grow();
    EXPECT_EQ(ledger.snapshot()->first_body(), 9u);
    EXPECT_TRUE(before->block(3).has_value()) << "a reader goes on seeing what it saw";
    ledger.grow_by(5);
    EXPECT_EQ(ledger.snapshot()->first_body(), 32u);
    chosen.block_history = 0;
    ledger.reopen(chosen);
    ledger.grow_by(3);
    EXPECT_EQ(ledger.snapshot()->first_body(), 32u);
    const auto report = verify_database(store);
    EXPECT_TRUE(report.whole()) << report.faults.front().what;
}

TEST(BlockHistory, a_body_that_is_kept_and_missing_is_damage) {
    MemoryStore store;
    LedgerOptions chosen = options();
    chosen.block_history = 5;
    GrowingLedger ledger(store, chosen, 3);
    ledger.grow_by(20);
    WriteBatch batch;
    batch.remove(schema::block_piece_key(17, 0));
    store.write(batch, true);
    EXPECT_FALSE(verify_database(store).whole());
    EXPECT_EQ(Ledger::open(store, ledger.chain().genesis_hash(), std::nullopt, chosen).error().reason,
              OpenError::damaged);
}

}  // namespace
}  // namespace sluice::ledger
