/// A node as RPC sees it, over a real chain and a real pool, with every thread played by one queue.
#pragma once

#include <algorithm>

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "node/mempool.hpp"
#include "node/rpc/request.hpp"
#include "node/rpc/services.hpp"
#include "tests/support/test_chain.hpp"

namespace sluice::node::rpc::test {

using network::json_rpc::Json;

/// Work waits in one queue until `run` is called; time passes only by `advance`.
class FakeNode final : public NodeAccess {
  public:
    explicit FakeNode(sluice::test::TestChain& chain);

    const ChainFacts& chain() const override { return facts_; }
    ledger::LedgerSnapshotPtr snapshot() const override { return snapshot_; }
    contracts::TransactionRules transaction_rules() const override { return chain_.rules(); }
    core::UnixMs wall_ms() const override { return wall_ms_; }
    void submit(std::vector<AdmittedToPool> transactions,
                std::function<void(std::vector<PoolVerdict>)> answer) override;
    void status(std::function<void(StatusPicture)> answer) override;
    void find_pending(const core::Hash& hash, std::function<void(core::TransactionPtr)> answer) override;
    void next_pending_nonce(const core::Address& sender,
                            std::function<void(std::optional<std::uint64_t>)> answer) override;
    void evidence(std::function<void(std::vector<consensus::Evidence>)> answer) override;
    void post(std::function<void()> work) override { queue_.push_back(std::move(work)); }
    void post_after(std::chrono::milliseconds delay, std::function<void()> work) override;
    bool set_log_level(std::string_view level) override;
    std::string metrics() override { return "# metrics\n"; }
    void count_rpc(std::string_view method, bool succeeded, double seconds) override;

    /// Runs what is queued, and what that queues.
    void run();
    /// Lets time pass and runs what falls due.
    void advance(std::chrono::milliseconds by);
    /// What readers see from now on.
    void publish(ledger::LedgerSnapshotPtr snapshot) { snapshot_ = std::move(snapshot); }

    Mempool pool;
    StatusPicture picture;
    std::vector<consensus::Evidence> evidence_entries;
    std::string log_level;
    std::vector<std::string> counted;  ///< "method ok" and "method error"
    std::size_t submit_calls = 0;
    bool answers_status = true;
    std::function<void(const core::TransactionPtr&)> on_pending;

  private:
    struct Timer {
        std::uint64_t due_ms = 0;
        std::function<void()> work;
    };
    sluice::test::TestChain& chain_;
    ChainFacts facts_;
    ledger::LedgerSnapshotPtr snapshot_;
    core::UnixMs wall_ms_;
    std::deque<std::function<void()>> queue_;
    std::vector<Timer> timers_;
};

/// A connection that keeps what it is sent.
class FakeSocket final : public network::WebSocket {
  public:
    explicit FakeSocket(std::uint64_t id) : id_(id) {}
    void send_text(std::string text) override { sent.push_back(Json::parse(text)); }
    std::size_t queued_bytes() const override { return waiting_bytes; }
    void close() override { is_closed = true; }
    void pause_reading() override { is_paused = true; }
    void resume_reading() override { is_paused = false; }
    std::uint64_t id() const override { return id_; }
    const std::string& remote_ip() const override { return nothing_; }
    const std::string& authorization() const override { return nothing_; }

    std::vector<Json> sent;
    std::size_t waiting_bytes = 0;
    bool is_paused = false;
    bool is_closed = false;

  private:
    std::uint64_t id_;
    std::string nothing_;
};

/// Parameters of a call. Braces always make an array: {value} alone would copy the value (nlohmann/json).
struct Params {
    Json value = Json::array();
    Params() = default;
    Params(std::initializer_list<Json> list) {
        // Pairs of a name and a value make an object, as nlohmann/json has it; anything else an array.
        const auto is_pair = [](const Json& one) {
            return one.is_array() && one.size() == 2 && one[0].is_string();
        };
        const bool named = list.size() > 1 && std::all_of(list.begin(), list.end(), is_pair);
        if (named) value = Json::object();
        for (const auto& one : list) {
            if (named)
                value[one[0].get<std::string>()] = one[1];
            else
                value.push_back(one);
        }
    }
    Params(const Json& whole) : value(whole) {}  // NOLINT: an object of named parameters converts
};

/// Base of the tests: a chain with three banks that have been issued 10,000.00 EUR each at height 1.
class RpcTest : public testing::Test {
  protected:
    RpcTest() : RpcTest(sluice::test::TestChainOptions{}) {}
    explicit RpcTest(const sluice::test::TestChainOptions& options);

    /// The whole answer of one call: {jsonrpc, id, result | error}.
    Json answer(std::string_view method, const Params& params = {}, const Caller& caller = {});
    /// The result of a call that must succeed.
    Json result(std::string_view method, const Params& params = {});
    /// The error of a call that must fail.
    Json error(std::string_view method, const Params& params = {});
    /// The answer to a request as text; nothing if it has not come.
    std::optional<std::string> send(std::string_view text, const Caller& caller = {});
    /// Begins a call whose answer may come later; the place of the answer stays valid.
    std::shared_ptr<std::optional<Json>> begin(std::string_view method, const Params& params);

    /// Appends a block and tells readers, waiters and subscribers.
    FinalBlock append(std::vector<core::TransactionPtr> transactions, core::UnixMs after_ms = 1'000);
    /// A block of what the pool holds ready.
    FinalBlock mine();

    static std::string hex(core::ByteView bytes) { return core::to_hex_0x(bytes); }
    static std::string quantity(std::uint64_t value) { return core::to_quantity(core::Uint256(value)); }
    static std::string raw(const core::TransactionPtr& transaction) { return hex(*transaction->encoded); }

    sluice::test::TestChain chain;
    FakeNode node;
    std::shared_ptr<Services> services;
};

}  // namespace sluice::node::rpc::test
