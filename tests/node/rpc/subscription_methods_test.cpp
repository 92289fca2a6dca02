#include "tests/node/rpc/rpc_fixture.hpp"

#include "node/rpc/limits.hpp"
#include "node/rpc/server.hpp"

namespace sluice::node::rpc::test {
namespace {

namespace native = contracts::native;

class SubscriptionMethods : public RpcTest {
  protected:
    SubscriptionMethods() { services->subscriptions.opened(socket); }

    Json subscribe(const Json& params) {
        return answer("eth_subscribe", params, {socket, "", false}).value("result", Json());
    }
    /// What the socket was sent beside answers.
    std::vector<Json> events(const Json& id) const {
        std::vector<Json> found;
        for (const Json& message : socket->sent)
            if (message["params"]["subscription"] == id) found.push_back(message["params"]["result"]);
        return found;
    }

    std::shared_ptr<FakeSocket> socket = std::make_shared<FakeSocket>(1);
};

TEST_F(SubscriptionMethods, new_heads_come_with_each_block) {
    const Json id = subscribe({"newHeads"});
    const auto block = append({chain.transfer("x", 1)});
    const auto heads = events(id);
    ASSERT_EQ(heads.size(), 1u);
    const Json full = result("eth_getBlockByNumber", {"latest"});
    EXPECT_EQ(heads[0]["hash"], hex(block.block->hash));
    for (const auto& [name, value] : heads[0].items())
        EXPECT_EQ(value, full[name]) << name;
    EXPECT_EQ(socket->sent[0]["method"], "eth_subscription");
    EXPECT_EQ(socket->sent[0]["jsonrpc"], "2.0");
}

TEST_F(SubscriptionMethods, logs_come_as_eth_getLogs_gives_them) {
    const Json all = subscribe({"logs", Json::object()});
    const Json chosen = subscribe({"logs", {{"address", hex(native::payments_address)}}});
    const Json none = subscribe({"logs", {{"topics", {hex(core::Word{})}}}});
    append({chain.pay({.amount = 100}), chain.transfer("x", 1)});
    const Json logs = result("eth_getLogs", {{{"fromBlock", "0x2"}}});
    EXPECT_EQ(Json(events(all)), logs);
    ASSERT_EQ(events(chosen).size(), 1u);
    EXPECT_EQ(events(chosen)[0]["address"], hex(native::payments_address));
    EXPECT_TRUE(events(none).empty());
}

TEST_F(SubscriptionMethods, pending_transactions_come_as_hashes_or_whole) {
    EXPECT_FALSE(services->subscriptions.wants_pending());
    const Json hashes = subscribe({"newPendingTransactions"});
    const Json whole = subscribe({"newPendingTransactions", true});
    EXPECT_TRUE(services->subscriptions.wants_pending());
    const auto transaction = chain.transfer("x", 1);
    services->subscriptions.on_pending(*transaction);
    EXPECT_EQ(Json(events(hashes)), Json({hex(transaction->hash)}));
    ASSERT_EQ(events(whole).size(), 1u);
    EXPECT_EQ(events(whole)[0]["hash"], hex(transaction->hash));
    EXPECT_TRUE(events(whole)[0]["blockHash"].is_null());
}

TEST_F(SubscriptionMethods, an_ended_subscription_is_silent) {
    const Json id = subscribe({"newHeads"});
    EXPECT_EQ(answer("eth_unsubscribe", {id}, {socket, "", false})["result"], true);
    append({});
    EXPECT_TRUE(socket->sent.empty());
    EXPECT_EQ(answer("eth_unsubscribe", {id}, {socket, "", false})["error"]["message"],
              "subscription not found");
}

TEST_F(SubscriptionMethods, one_connection_does_not_end_anothers) {
    const Json id = subscribe({"newHeads"});
    const auto other = std::make_shared<FakeSocket>(2);
    services->subscriptions.opened(other);
    EXPECT_EQ(answer("eth_unsubscribe", {id}, {other, "", false})["error"]["code"], -32000);
    append({});
    EXPECT_EQ(events(id).size(), 1u);
}

TEST_F(SubscriptionMethods, a_closed_connection_takes_its_subscriptions_with_it) {
    subscribe({"newHeads"});
    subscribe({"newPendingTransactions"});
    services->subscriptions.closed(socket);
    EXPECT_EQ(services->subscriptions.size(), 0u);
    EXPECT_FALSE(services->subscriptions.wants_pending());
    append({});
    EXPECT_TRUE(socket->sent.empty());
}

TEST_F(SubscriptionMethods, a_connection_has_a_bound_on_subscriptions) {
    for (std::size_t i = 0; i < limits::subscriptions_per_socket_max; ++i)
        subscribe({"newHeads"});
    EXPECT_EQ(answer("eth_subscribe", {"newHeads"}, {socket, "", false})["error"]["code"], -32005);
}

TEST_F(SubscriptionMethods, need_a_websocket_and_a_known_topic) {
    EXPECT_EQ(error("eth_subscribe", {"newHeads"})["code"], -32601);
    EXPECT_EQ(error("eth_unsubscribe", {"0x1"})["code"], -32601);
    EXPECT_EQ(answer("eth_subscribe", {"gossip"}, {socket, "", false})["error"]["message"],
              "no \"gossip\" subscription in eth namespace");
}

/// The server itself, with a socket played by hand.
class ServerSockets : public RpcTest {
  protected:
    ServerSockets() : server(node), handlers(server.handlers()) { handlers.on_open(socket); }
    void say(const std::string& method, const Json& params = Json::array()) {
        handlers.on_text(socket,
                         Json{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}}.dump());
    }
    /// A block as the node tells the server of it.
    void mine_for_server(std::vector<core::TransactionPtr> transactions) {
        auto block = chain.append(std::move(transactions));
        node.publish(block.snapshot);
        server.on_final_block(block);
        node.run();
    }

    Server server;
    network::HttpHandlers handlers;
    std::shared_ptr<FakeSocket> socket = std::make_shared<FakeSocket>(1);
};

TEST_F(ServerSockets, calls_and_events_share_a_connection) {
    say("eth_subscribe", {"newHeads"});
    node.run();
    mine_for_server({});
    ASSERT_EQ(socket->sent.size(), 2u);
    EXPECT_EQ(socket->sent[1]["params"]["subscription"], socket->sent[0]["result"]);
    handlers.on_close(socket);
    mine_for_server({});
    EXPECT_EQ(socket->sent.size(), 2u);
}

TEST_F(ServerSockets, pending_transactions_reach_subscribers_through_the_server) {
    say("eth_subscribe", {"newPendingTransactions"});
    node.run();
    const auto transaction = chain.transfer("x", 1);
    server.on_pending(transaction);
    node.run();
    EXPECT_EQ(socket->sent.back()["params"]["result"], hex(transaction->hash));
}

TEST_F(ServerSockets, a_connection_with_too_much_under_work_is_not_read) {
    for (std::size_t i = 0; i < limits::socket_requests_max; ++i) {
        EXPECT_FALSE(socket->is_paused);
        say("eth_chainId");
    }
    EXPECT_TRUE(socket->is_paused);
    node.run();
    EXPECT_FALSE(socket->is_paused);
    EXPECT_EQ(socket->sent.size(), limits::socket_requests_max);
}

TEST_F(ServerSockets, waiting_calls_are_answered_when_the_server_shuts_down) {
    say("eth_sendRawTransactionSync", {raw(chain.transfer("x", 1))});
    node.run();
    EXPECT_TRUE(socket->sent.empty());
    server.shut_down();
    ASSERT_EQ(socket->sent.size(), 1u);
    EXPECT_EQ(socket->sent[0]["error"]["message"], "shutting down");
    say("eth_chainId");
    node.run();
    EXPECT_EQ(socket->sent[1]["error"]["code"], -32603);
}

TEST_F(ServerSockets, a_final_block_ends_waits_through_the_server) {
    const auto transaction = chain.transfer("x", 1);
    say("eth_sendRawTransactionSync", {raw(transaction)});
    node.run();
    mine_for_server({transaction});
    ASSERT_EQ(socket->sent.size(), 1u);
    EXPECT_EQ(socket->sent[0]["result"]["transactionHash"], hex(transaction->hash));
}

}  // namespace
}  // namespace sluice::node::rpc::test
