#include "tests/node/rpc/rpc_fixture.hpp"

#include "node/rpc/limits.hpp"

namespace sluice::node::rpc::test {
namespace {

using sluice::test::uetr_of;

class FeedMethods : public RpcTest {
  protected:
    Json subscribe(const Json& query, const std::shared_ptr<FakeSocket>& by) {
        return answer("settle_subscribe", {query}, {by, "", false}).value("result", Json());
    }
    Json subscribe(const Json& query) { return subscribe(query, socket); }
    static std::vector<Json> events(const FakeSocket& from, const Json& id) {
        std::vector<Json> found;
        for (const Json& message : from.sent)
            if (message["params"]["subscription"] == id) found.push_back(message["params"]["result"]);
        return found;
    }
    std::vector<Json> events(const Json& id) const { return events(*socket, id); }
    void pay(std::uint64_t number) { append({chain.pay({.amount = 100, .number = number})}); }

    std::shared_ptr<FakeSocket> socket = std::make_shared<FakeSocket>(1);
};

TEST_F(FeedMethods, payments_and_entries_come_with_each_block) {
    const Json id = subscribe({{"topics", {"payments", "entries"}}});
    pay(1);
    const auto told = events(id);
    ASSERT_EQ(told.size(), 3u);
    EXPECT_EQ(told[0]["uetr"], uetr_of(1).to_string());
    EXPECT_EQ(told[0]["why"], "Settled");
    EXPECT_EQ(told[1]["delta"]["minor"], "-100");
    EXPECT_EQ(told[2]["delta"]["minor"], "100");
    EXPECT_EQ(socket->sent[0]["method"], "settle_subscription");
    EXPECT_EQ(socket->sent[0]["params"]["topic"], "payments");
    EXPECT_EQ(socket->sent[1]["params"]["topic"], "entries");
}

TEST_F(FeedMethods, a_new_subscription_goes_on_where_the_last_event_said) {
    const Json whole = subscribe({{"topics", {"payments", "entries"}}, {"fromSeq", "0.0"}});
    for (std::uint64_t number = 1; number <= 4; ++number)
        pay(number);
    node.run();
    const auto all = events(whole);
    ASSERT_EQ(all.size(), 3u + 4 * 3) << "three issues, and four payments";
    for (std::size_t place = 0; place < all.size(); ++place) {
        const auto again = std::make_shared<FakeSocket>(100 + place);
        const Json id =
            subscribe({{"topics", {"payments", "entries"}}, {"fromSeq", all[place]["nextSeq"]}}, again);
        node.run();
        pay(1);  // the same payment again changes nothing, but makes a block
        EXPECT_EQ(events(*again, id),
                  std::vector<Json>(all.begin() + static_cast<std::ptrdiff_t>(place) + 1, all.end()));
    }
}

TEST_F(FeedMethods, an_accounts_entries_come_from_a_number_on) {
    for (std::uint64_t number = 1; number <= 3; ++number)
        pay(number);
    const Json query{{"topics", {"entries"}}, {"bic", "BNKADEFF"}, {"ccy", "EUR"}, {"fromSeq", 3}};
    const Json id = subscribe(query);
    node.run();
    pay(4);
    std::vector<int> numbers;
    for (const Json& entry : events(id))
        numbers.push_back(entry["entry"]);
    EXPECT_EQ(numbers, (std::vector<int>{3, 4, 5}));
    Json later = query;
    later["fromSeq"] = 7;
    const Json waiting = subscribe(later);
    pay(5);
    EXPECT_TRUE(events(waiting).empty()) << "that was entry 6";
    pay(6);
    EXPECT_EQ(events(waiting).size(), 1u);
}

TEST_F(FeedMethods, a_client_that_does_not_read_is_waited_for) {
    const Json id = subscribe({{"topics", {"payments"}}, {"bic", "BNKADEFF"}});
    socket->waiting_bytes = limits::feed_queue_bytes_max + 1;
    pay(1);
    pay(2);
    node.advance(limits::feed_pause);
    EXPECT_TRUE(events(id).empty());
    socket->waiting_bytes = 0;
    node.advance(limits::feed_pause);
    pay(3);
    ASSERT_EQ(events(id).size(), 3u);
    EXPECT_EQ(events(id)[0]["uetr"], uetr_of(1).to_string());
    EXPECT_EQ(events(id)[2]["uetr"], uetr_of(3).to_string());
}

TEST_F(FeedMethods, only_what_was_asked_for_comes) {
    const Json of_c = subscribe({{"topics", {"payments"}}, {"bic", "BNKCDEFF"}});
    const Json dollars = subscribe({{"topics", {"payments", "entries"}}, {"ccy", "USD"}});
    pay(1);
    append({chain.pay({.from = 1, .to = 2, .amount = 100, .number = 2})});
    EXPECT_EQ(events(of_c).size(), 1u);
    EXPECT_TRUE(events(dollars).empty());
}

TEST_F(FeedMethods, an_ended_subscription_and_a_closed_connection_are_silent) {
    const Json ended = subscribe({{"topics", {"payments"}}});
    const Json stays = subscribe({{"topics", {"payments"}}});
    EXPECT_EQ(answer("settle_unsubscribe", {ended}, {socket, "", false})["result"], true);
    EXPECT_TRUE(answer("settle_unsubscribe", {ended}, {socket, "", false}).contains("error"));
    pay(1);
    EXPECT_TRUE(events(ended).empty());
    EXPECT_EQ(events(stays).size(), 1u);
    services->feed.closed(socket);
    pay(2);
    EXPECT_EQ(events(stays).size(), 1u);
}

TEST_F(FeedMethods, form_and_number_are_bounded) {
    EXPECT_EQ(error("settle_subscribe", {{{"topics", {"payments"}}}})["code"], -32601) << "no WebSocket";
    const auto code = [&](const Json& query) {
        return answer("settle_subscribe", {query}, {socket, "", false})["error"]["code"];
    };
    EXPECT_EQ(code({{"topics", Json::array()}}), -32602);
    EXPECT_EQ(code({{"topics", {"blocks"}}}), -32602);
    EXPECT_EQ(code({{"topics", {"entries"}}, {"fromSeq", 3}}), -32602) << "a number is of one account";
    EXPECT_EQ(code({{"topics", {"entries"}}, {"fromSeq", "x"}}), -32602);
    for (std::size_t i = 0; i < limits::feeds_per_socket_max; ++i)
        EXPECT_TRUE(subscribe({{"topics", {"payments"}}}).is_string());
    EXPECT_EQ(code({{"topics", {"payments"}}}), -32005);
}

}  // namespace
}  // namespace sluice::node::rpc::test
