#include "tests/node/rpc/rpc_fixture.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace sluice::node::rpc::test {

FakeNode::FakeNode(sluice::test::TestChain& chain)
    : chain_(chain), snapshot_(chain.snapshot()), wall_ms_(chain.time_ms() + 500) {
    facts_ = {.spec = chain.chain().spec,
              .identity = chain.chain().identity(),
              .genesis = chain.chain().genesis,
              .version = "0.1.0",
              .node_name = "node-0",
              .node_address = sluice::test::address_of("validator-0")};
}

void FakeNode::submit(std::vector<AdmittedToPool> transactions,
                      std::function<void(std::vector<PoolVerdict>)> answer) {
    ++submit_calls;
    post([this, transactions = std::move(transactions), answer = std::move(answer)] {
        std::vector<PoolVerdict> verdicts;
        for (const auto& each : transactions) {
            verdicts.push_back(pool.add(each.transaction, each.account_nonce, wall_ms_));
            if (verdicts.back() == PoolVerdict::added && on_pending) on_pending(each.transaction);
        }
        answer(std::move(verdicts));
    });
}

void FakeNode::status(std::function<void(StatusPicture)> answer) {
    if (!answers_status) return;
    post([this, answer = std::move(answer)] {
        auto now = picture;
        now.node.height = snapshot_->height();
        now.node.block_hash = snapshot_->hash();
        now.node.state_root = snapshot_->head().state_root;
        now.node.pool_transactions = pool.size();
        now.node.pool_executable = pool.executable_size();
        now.node.pool_bytes = pool.bytes();
        now.wall_ms = wall_ms_;
        answer(now);
    });
}

void FakeNode::find_pending(const core::Hash& hash, std::function<void(core::TransactionPtr)> answer) {
    post([this, hash, answer = std::move(answer)] { answer(pool.find(hash)); });
}

void FakeNode::next_pending_nonce(const core::Address& sender,
                                  std::function<void(std::optional<std::uint64_t>)> answer) {
    post([this, sender, answer = std::move(answer)] { answer(pool.next_nonce(sender)); });
}

void FakeNode::evidence(std::function<void(std::vector<consensus::Evidence>)> answer) {
    post([this, answer = std::move(answer)] { answer(evidence_entries); });
}

void FakeNode::post_after(std::chrono::milliseconds delay, std::function<void()> work) {
    timers_.push_back({wall_ms_ + static_cast<std::uint64_t>(delay.count()), std::move(work)});
}

bool FakeNode::set_log_level(std::string_view level) {
    if (level != "debug" && level != "info") return false;
    log_level = level;
    return true;
}

void FakeNode::count_rpc(std::string_view method, bool succeeded, double) {
    counted.push_back(std::string(method) + (succeeded ? " ok" : " error"));
}

void FakeNode::run() {
    while (!queue_.empty()) {
        const auto work = std::move(queue_.front());
        queue_.pop_front();
        work();
    }
}

void FakeNode::advance(std::chrono::milliseconds by) {
    wall_ms_ += static_cast<std::uint64_t>(by.count());
    std::vector<Timer> due;
    std::erase_if(timers_, [&](Timer& timer) {
        if (timer.due_ms > wall_ms_) return false;
        due.push_back(std::move(timer));
        return true;
    });
    for (const auto& timer : due)
        timer.work();
    run();
}

RpcTest::RpcTest(const sluice::test::TestChainOptions& options)
    : chain(options), node(chain), services(std::make_shared<Services>(node, 1)) {
    append({chain.issue(0, 1'000'000), chain.issue(1, 1'000'000), chain.issue(2, 1'000'000)});
}

std::optional<std::string> RpcTest::send(std::string_view text, const Caller& caller) {
    std::optional<std::string> body;
    std::size_t answers = 0;
    answer_request(services, caller, text, [&](std::optional<std::string> got) {
        body = std::move(got);
        ++answers;
    });
    node.run();
    EXPECT_LE(answers, 1u) << "a request was answered twice";
    return body;
}

Json RpcTest::answer(std::string_view method, const Params& params, const Caller& caller) {
    const Json request{{"jsonrpc", "2.0"}, {"id", 7}, {"method", method}, {"params", params.value}};
    const auto text = send(request.dump(), caller);
    if (!text) return nullptr;
    Json parsed = Json::parse(*text);
    EXPECT_EQ(parsed["jsonrpc"], "2.0");
    EXPECT_EQ(parsed["id"], 7);
    return parsed;
}

Json RpcTest::result(std::string_view method, const Params& params) {
    const Json whole = answer(method, params);
    EXPECT_TRUE(whole.is_object() && whole.contains("result")) << method << " answered " << whole.dump();
    return whole.is_object() ? whole.value("result", Json()) : Json();
}

Json RpcTest::error(std::string_view method, const Params& params) {
    const Json whole = answer(method, params);
    EXPECT_TRUE(whole.is_object() && whole.contains("error")) << method << " answered " << whole.dump();
    return whole.is_object() ? whole.value("error", Json::object()) : Json::object();
}

std::shared_ptr<std::optional<Json>> RpcTest::begin(std::string_view method, const Params& params) {
    auto place = std::make_shared<std::optional<Json>>();
    const Json request{{"jsonrpc", "2.0"}, {"id", 7}, {"method", method}, {"params", params.value}};
    answer_request(services, {}, request.dump(), [place](std::optional<std::string> text) {
        EXPECT_FALSE(place->has_value()) << "a request was answered twice";
        *place = Json::parse(text.value());
    });
    node.run();
    return place;
}

FinalBlock RpcTest::append(std::vector<core::TransactionPtr> transactions, core::UnixMs after_ms) {
    auto block = chain.append(std::move(transactions), after_ms);
    node.pool.remove_mined(block.block->block.transactions);
    node.publish(block.snapshot);
    services->recent.add({block.block->block.header.height, block.block->hash, block.block->encoded->size(),
                          block.block->block.transactions});
    services->waiters->on_final_block(block);
    services->subscriptions.on_final_block(block);
    services->feed.on_final_block(services, block);
    node.run();
    return block;
}

FinalBlock RpcTest::mine() {
    return append(node.pool.executable(1'000, 8u << 20));
}

}  // namespace sluice::node::rpc::test
