#include "tests/node/rpc/rpc_fixture.hpp"

#include "contracts/native/settlement_events.hpp"
#include "node/rpc/limits.hpp"

namespace sluice::node::rpc::test {
namespace {

namespace native = contracts::native;

const std::string status_topic = core::to_hex_0x(native::payment_status_topic);
const std::string entry_topic = core::to_hex_0x(native::account_entry_topic);

class LogMethods : public RpcTest {
  protected:
    /// One payment of bank 0 in a block of its own.
    FinalBlock pay(std::uint64_t number) { return append({chain.pay({.amount = 100, .number = number})}); }
    static Json from_to(std::uint64_t from, std::uint64_t to) {
        return {{"fromBlock", quantity(from)}, {"toBlock", quantity(to)}};
    }
};

TEST_F(LogMethods, logs_of_a_range_are_those_of_its_receipts_in_order) {
    pay(1);
    append({chain.transfer("x", 1)});
    pay(2);
    Json expected = Json::array();
    for (const char* number : {"0x2", "0x3", "0x4"})
        for (const Json& receipt : result("eth_getBlockReceipts", {number}))
            for (const Json& log : receipt["logs"])
                expected.push_back(log);
    ASSERT_GT(expected.size(), 2u);
    EXPECT_EQ(result("eth_getLogs", {from_to(2, 4)}), expected);
    EXPECT_EQ(result("eth_getLogs", {from_to(2, 4000)}), expected) << "the end is cut to the head";
}

TEST_F(LogMethods, criteria_choose_by_address_and_topic) {
    pay(1);
    Json query = from_to(0, 9);
    query["address"] = hex(native::payments_address);
    EXPECT_EQ(result("eth_getLogs", {query}).size(), 1u);
    query["address"] = Json{hex(native::payments_address), hex(native::accounts_address)};
    EXPECT_GT(result("eth_getLogs", {query}).size(), 1u);
    query["topics"] = Json{status_topic};
    EXPECT_EQ(result("eth_getLogs", {query}).size(), 1u);
    query["topics"] = Json::array({Json::array({status_topic, entry_topic})});
    const auto both = result("eth_getLogs", {query}).size();
    EXPECT_GT(both, 1u);
    query["topics"] = Json::array({nullptr});
    EXPECT_GE(result("eth_getLogs", {query}).size(), both);
    query["topics"] = Json::array({Json::array({entry_topic, nullptr})});
    EXPECT_GE(result("eth_getLogs", {query}).size(), both) << "null among alternatives takes everything";
    query["topics"] = Json::array({status_topic, hex(core::Word{})});
    EXPECT_EQ(result("eth_getLogs", {query}), Json::array());
    query["topics"] = Json::array();
    EXPECT_GE(result("eth_getLogs", {query}).size(), both);
}

TEST_F(LogMethods, a_block_may_be_named_by_hash) {
    pay(1);
    const Json hash = result("eth_getBlockByNumber", {"latest"})["hash"];
    EXPECT_EQ(result("eth_getLogs", {{{"blockHash", hash}}}), result("eth_getLogs", {from_to(2, 2)}));
    EXPECT_EQ(error("eth_getLogs", {{{"blockHash", hash}, {"fromBlock", "0x1"}}})["code"], -32602);
    EXPECT_EQ(error("eth_getLogs", {{{"blockHash", hex(core::Hash{})}}})["message"], "unknown block");
}

TEST_F(LogMethods, without_a_range_the_newest_block_is_meant) {
    pay(1);
    EXPECT_EQ(result("eth_getLogs", {Json::object()}), result("eth_getLogs", {from_to(2, 2)}));
}

TEST_F(LogMethods, ranges_must_rise_and_may_lie_in_the_future) {
    EXPECT_EQ(error("eth_getLogs", {from_to(1, 0)})["code"], -32602);
    EXPECT_EQ(result("eth_getLogs", {from_to(70, 80)}), Json::array());
}

TEST_F(LogMethods, limits_have_the_words_that_indexers_match) {
    for (std::uint64_t i = 0; i < limits::log_range_blocks_max; ++i)
        chain.append({}, 10);
    node.publish(chain.snapshot());
    const Json wide = error("eth_getLogs", {from_to(0, limits::log_range_blocks_max)});
    EXPECT_EQ(wide["code"], -32005);
    EXPECT_TRUE(wide["message"].get<std::string>().starts_with("block range too large"));
    EXPECT_TRUE(result("eth_getLogs", {from_to(1, limits::log_range_blocks_max)}).is_array());

    Json query = from_to(1, 1);
    query["address"] = Json(std::vector<std::string>(101, hex(core::Address{})));
    EXPECT_EQ(error("eth_getLogs", {query})["code"], -32602);
    query = from_to(1, 1);
    query["topics"] = Json::array({Json(std::vector<std::string>(101, status_topic))});
    EXPECT_EQ(error("eth_getLogs", {query})["code"], -32602);
    query["topics"] = Json(std::vector<std::string>(5, status_topic));
    EXPECT_EQ(error("eth_getLogs", {query})["code"], -32602);
}

TEST_F(LogMethods, too_many_results_are_an_error_that_says_how_many) {
    // A payment writes three logs at least: its status, and an entry of each account.
    std::uint64_t number = 1'000;
    for (int block = 0; block < 10; ++block) {
        std::vector<core::TransactionPtr> payments;
        for (int i = 0; i < 400; ++i)
            payments.push_back(chain.pay({.amount = 1, .number = ++number}));
        append(std::move(payments));
    }
    const Json error = this->error("eth_getLogs", {from_to(1, 11)});
    EXPECT_EQ(error["code"], -32005);
    EXPECT_TRUE(error["message"].get<std::string>().starts_with("query returned more than 10000 results"));
}

class FilterMethods : public LogMethods {};

TEST_F(FilterMethods, a_log_filter_reports_each_new_log_once) {
    pay(1);
    const Json id = result("eth_newFilter", {{{"address", hex(native::payments_address)}}});
    EXPECT_EQ(result("eth_getFilterChanges", {id}), Json::array());
    pay(2);
    pay(3);
    const Json changes = result("eth_getFilterChanges", {id});
    ASSERT_EQ(changes.size(), 2u);
    EXPECT_EQ(changes[0]["blockNumber"], "0x3");
    EXPECT_EQ(changes[1]["blockNumber"], "0x4");
    EXPECT_EQ(result("eth_getFilterChanges", {id}), Json::array());
}

TEST_F(FilterMethods, all_logs_of_a_filter_can_be_asked_for) {
    pay(1);
    Json query = from_to(1, 9);
    query["address"] = hex(native::payments_address);
    const Json id = result("eth_newFilter", {query});
    EXPECT_EQ(result("eth_getFilterLogs", {id}).size(), 1u);
    EXPECT_EQ(result("eth_getFilterChanges", {id}), Json::array());
    EXPECT_EQ(error("eth_getFilterLogs", {result("eth_newBlockFilter")})["message"], "filter not found");
}

TEST_F(FilterMethods, a_block_filter_reports_hashes) {
    const Json id = result("eth_newBlockFilter");
    const auto first = append({}), second = append({});
    EXPECT_EQ(result("eth_getFilterChanges", {id}), Json({hex(first.block->hash), hex(second.block->hash)}));
    EXPECT_EQ(result("eth_getFilterChanges", {id}), Json::array());
}

TEST_F(FilterMethods, a_pending_filter_reports_what_enters_the_pool) {
    node.on_pending = [&](const core::TransactionPtr& transaction) {
        services->filters.on_pending(transaction->hash);
    };
    result("eth_sendRawTransaction", {raw(chain.transfer("x", 1))});
    EXPECT_FALSE(services->filters.wants_pending());
    const Json id = result("eth_newPendingTransactionFilter");
    EXPECT_TRUE(services->filters.wants_pending());
    const auto transaction = chain.transfer("x", 1);
    result("eth_sendRawTransaction", {raw(transaction)});
    EXPECT_EQ(result("eth_getFilterChanges", {id}), Json({hex(transaction->hash)}));
    EXPECT_EQ(result("eth_getFilterChanges", {id}), Json::array());
    EXPECT_EQ(result("eth_uninstallFilter", {id}), true);
    EXPECT_FALSE(services->filters.wants_pending());
}

TEST_F(FilterMethods, a_removed_filter_is_not_found) {
    const Json id = result("eth_newBlockFilter");
    EXPECT_EQ(result("eth_uninstallFilter", {id}), true);
    EXPECT_EQ(result("eth_uninstallFilter", {id}), false);
    const Json error = this->error("eth_getFilterChanges", {id});
    EXPECT_EQ(error["code"], -32000);
    EXPECT_EQ(error["message"], "filter not found");
}

TEST_F(FilterMethods, a_filter_that_nobody_asks_for_expires) {
    const Json idle = result("eth_newBlockFilter"), polled = result("eth_newBlockFilter");
    for (int minute = 0; minute < 6; ++minute) {
        node.advance(std::chrono::minutes(1));
        result("eth_getFilterChanges", {polled});
    }
    EXPECT_EQ(error("eth_getFilterChanges", {idle})["message"], "filter not found");
}

TEST_F(FilterMethods, there_is_a_bound_on_filters) {
    std::vector<std::uint64_t> ids;
    for (std::size_t i = 0; i < limits::filters_max; ++i)
        ids.push_back(services->filters.add_blocks(1, node.wall_ms()).value());
    EXPECT_EQ(error("eth_newBlockFilter")["code"], -32005);
    node.advance(std::chrono::minutes(6));
    EXPECT_TRUE(result("eth_newBlockFilter").is_string()) << "expired ones make room";
}

TEST_F(FilterMethods, a_poller_that_fell_behind_gets_the_rest_with_the_next_poll) {
    const Json id = result("eth_newBlockFilter");
    const Json logs = result("eth_newFilter", {{{"address", hex(native::payments_address)}}});
    for (std::uint64_t i = 0; i < limits::log_range_blocks_max + 50; ++i)
        chain.append(i % 100 == 0 ? std::vector{chain.pay({.amount = 1, .number = i + 1})}
                                  : std::vector<core::TransactionPtr>{},
                     10);
    node.publish(chain.snapshot());
    EXPECT_EQ(result("eth_getFilterChanges", {id}).size(), limits::log_range_blocks_max + 50);
    const auto first = result("eth_getFilterChanges", {logs}).size();
    const auto second = result("eth_getFilterChanges", {logs}).size();
    EXPECT_EQ(first, 10u);
    EXPECT_EQ(second, 1u);
}

}  // namespace
}  // namespace sluice::node::rpc::test
