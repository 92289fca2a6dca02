#include "node/block_pipeline.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "ledger/memory_vote_directory.hpp"
#include "tests/support/test_chain.hpp"

namespace sluice::node {
namespace {

/// Keeps tasks until the test runs them.
struct HeldTasks final : Workers {
    void start(Lane, Task task) override { held.push_back(std::move(task)); }
    std::deque<Task> held;
};

/// A pipeline on genesis of the test chain.
struct Bench {
    Bench() {
        EXPECT_TRUE(create_data(store, votes, chain.chain(), {}).has_value());
        auto opened = open_data(store, votes, chain.chain(), {});
        EXPECT_TRUE(opened.has_value());
        data = std::move(*opened);
        pipeline.emplace(BlockPipeline::Setup{data.setup.chain, chain.chain().spec.validators[0].address,
                                              data.setup.head, std::move(data.setup.executor)},
                         pool, tasks);
    }

    void run_next() {
        auto task = std::move(tasks.held.front());
        tasks.held.pop_front();
        Storage storage{*data.ledger, *data.vote_log};
        auto result = run(std::move(task), storage);
        std::visit(
            [&](auto& concrete) {
                if constexpr (requires { pipeline->on_done(std::move(concrete)); })
                    pipeline->on_done(std::move(concrete));
            },
            result);
    }

    test::TestChain chain;
    ledger::MemoryStore store;
    ledger::MemoryVoteDirectory votes;
    OpenedData data;
    Mempool pool;
    HeldTasks tasks;
    std::optional<BlockPipeline> pipeline;
};

ProposalReady build_at(core::UnixMs wall_ms) {
    Bench primary;
    primary.pipeline->build(1, 0, true, wall_ms);
    primary.run_next();
    const auto events = primary.pipeline->take_events();
    return std::get<ProposalReady>(events.at(0));
}

TEST(BlockPipeline, a_block_that_becomes_final_while_it_is_checked_is_not_held_against_the_local_clock) {
    Bench bench;
    const auto genesis_ms = bench.chain.time_ms();
    const auto proposal = build_at(genesis_ms + 3'600'000);
    bench.pipeline->check(1, proposal.digest, proposal.payload, genesis_ms);
    bench.run_next();  // decoding
    ASSERT_EQ(bench.tasks.held.size(), 1u);

    const auto header = core::decode_block(*proposal.payload)->header;
    bench.pipeline->finalize(1, proposal.digest, proposal.payload, bench.chain.seal(header), genesis_ms);
    while (!bench.tasks.held.empty())
        bench.run_next();

    bool durable = false;
    for (const auto& event : bench.pipeline->take_events()) {
        EXPECT_FALSE(std::holds_alternative<PipelineFatal>(event)) << std::get<PipelineFatal>(event).reason;
        durable = durable || std::holds_alternative<BlockDurable>(event);
    }
    EXPECT_TRUE(durable);
}

TEST(BlockPipeline, a_proposal_far_ahead_of_the_local_clock_is_refused) {
    Bench bench;
    const auto genesis_ms = bench.chain.time_ms();
    const auto proposal = build_at(genesis_ms + 3'600'000);
    bench.pipeline->check(1, proposal.digest, proposal.payload, genesis_ms);
    while (!bench.tasks.held.empty())
        bench.run_next();
    const auto events = bench.pipeline->take_events();
    ASSERT_EQ(events.size(), 1u);
    EXPECT_FALSE(std::get<ProposalVerdict>(events[0]).ok);
}

/// A header that a quorum has sealed, over a body of the server's own: what a lying peer can serve to those
/// who are behind. That is the peer's fault, and no sign that this node computes otherwise than the quorum.
TEST(BlockPipeline,
     a_served_block_with_other_transactions_than_its_header_names_is_refused_and_stops_nobody) {
    Bench bench;
    const auto built = build_at(bench.chain.time_ms() + 1'000);
    const auto header = core::decode_block(*built.payload)->header;
    const auto foreign = bench.chain.make({.to = core::Address{1}, .nonce = 7});
    const auto certificate = core::share(core::encode(bench.chain.seal(header)));
    const core::Address liar{9};
    bench.pipeline->import({core::share(core::encode(core::Block{header, {foreign}})), certificate}, liar);
    while (!bench.tasks.held.empty())
        bench.run_next();
    const auto events = bench.pipeline->take_events();
    ASSERT_EQ(events.size(), 1u);
    ASSERT_TRUE(std::holds_alternative<ImportRefused>(events[0]));
    EXPECT_EQ(std::get<ImportRefused>(events[0]).from, liar);

    // From an honest peer the same block is taken.
    bench.pipeline->import({built.payload, certificate}, core::Address{8});
    while (!bench.tasks.held.empty())
        bench.run_next();
    const auto later = bench.pipeline->take_events();
    ASSERT_EQ(later.size(), 1u);
    EXPECT_TRUE(std::holds_alternative<BlockDurable>(later[0]));
}

TEST(BlockPipeline, an_old_block_served_in_the_place_of_the_next_one_is_refused) {
    Bench bench;
    const auto first = build_at(bench.chain.time_ms() + 1'000);
    const CertifiedBlock old{
        first.payload,
        core::share(core::encode(bench.chain.seal(core::decode_block(*first.payload)->header)))};
    const auto import = [&bench, &old] {
        bench.pipeline->import(old, core::Address{9});
        while (!bench.tasks.held.empty())
            bench.run_next();
        auto events = bench.pipeline->take_events();
        EXPECT_EQ(events.size(), 1u);
        return std::move(events.at(0));
    };
    EXPECT_TRUE(std::holds_alternative<BlockDurable>(import()));
    EXPECT_TRUE(std::holds_alternative<ImportRefused>(import()));
}

}  // namespace
}  // namespace sluice::node
