#include "tests/node/rpc/rpc_fixture.hpp"

namespace sluice::node::rpc::test {
namespace {

namespace native = contracts::native;

/// Each bank has 10,000.00 EUR.
class LiquidityMethods : public RpcTest {
  protected:
    static Json amount(const char* value, const char* minor) {
        return {{"ccy", "EUR"}, {"value", value}, {"minor", minor}};
    }
    /// Two payments that only together can settle, in two blocks: run 1 finds a deadlock, run 2 ends it.
    void queue_and_resolve() {
        append({chain.pay({.from = 0, .to = 1, .amount = 2'000'000, .number = 1})});
        append({chain.pay({.from = 1, .to = 0, .amount = 2'500'000, .number = 2})});
    }
};

TEST_F(LiquidityMethods, runs_are_listed_with_the_newest_first) {
    EXPECT_TRUE(result("settle_getLsmRuns")["runs"].empty());
    queue_and_resolve();
    const Json list = result("settle_getLsmRuns", {{{"ccy", "EUR"}}});
    EXPECT_EQ(list["lastRunId"], 2);
    ASSERT_EQ(list["runs"].size(), 2u);
    const Json& run = list["runs"][0];
    EXPECT_EQ(run["runId"], 2);
    EXPECT_EQ(run["queued"], 2);
    EXPECT_EQ(run["settled"], 2);
    EXPECT_EQ(run["grossValue"], amount("45000.00", "4500000"));
    EXPECT_EQ(run["netMoved"], amount("5000.00", "500000"));
    EXPECT_EQ(run["liquiditySaved"], amount("40000.00", "4000000"));
    EXPECT_EQ(list["runs"][1]["settled"], 0) << "the deadlock before";
    EXPECT_EQ(result("settle_getLsmRuns", {{{"before", 2}}})["runs"].size(), 1u);
    EXPECT_EQ(result("settle_getLsmRuns", {{{"max", 1}}})["runs"].size(), 1u);
    EXPECT_TRUE(result("settle_getLsmRuns", {{{"ccy", "JPY"}}})["runs"].empty());
    EXPECT_EQ(error("settle_getLsmRuns", {{{"ccy", "USD"}}})["code"], -38'008);
}

TEST_F(LiquidityMethods, a_run_comes_with_the_inputs_that_its_hash_covers) {
    queue_and_resolve();
    const Json run = result("settle_getLsmRun", {{{"runId", 2}}});
    const Json& inputs = run["inputs"];
    EXPECT_EQ(inputs["height"], run["runHeight"]);
    EXPECT_EQ(inputs["ccy"], "EUR");
    ASSERT_EQ(inputs["banks"].size(), 2u);
    EXPECT_EQ(inputs["banks"][0]["bic"], "BNKADEFF");
    EXPECT_EQ(inputs["banks"][0]["balance"], "1000000");
    EXPECT_EQ(inputs["banks"][0]["floors"], Json::array({"0", "0", "0", "0"}));
    EXPECT_EQ(inputs["banks"][0]["mayPay"], true);
    ASSERT_EQ(inputs["banks"][0]["queue"].size(), 1u);
    EXPECT_EQ(inputs["banks"][0]["queue"][0], Json::array({1, "2000000", 2, 2}));
    EXPECT_TRUE(inputs["closedPayees"].empty());
    EXPECT_TRUE(result("settle_getLsmRun", {{{"runId", 3}}}).is_null());
}

TEST_F(LiquidityMethods, the_status_tells_a_deadlock_and_what_a_bank_lacks) {
    append({chain.pay({.from = 0, .to = 1, .amount = 2'000'000, .number = 1})});
    const Json before = result("settle_getLsmStatus", {{{"ccy", "EUR"}, {"bic", "BNKADEFF"}}});
    ASSERT_EQ(before.size(), 1u);
    EXPECT_EQ(before[0]["enabled"], true);
    EXPECT_EQ(before[0]["deadlock"], true);
    EXPECT_EQ(before[0]["queued"], 1);
    EXPECT_EQ(before[0]["shortfall"], amount("10000.00", "1000000"));
    EXPECT_EQ(before[0]["allowBypass"], false);
    append({chain.pay({.from = 1, .to = 0, .amount = 2'500'000, .number = 2})});
    const Json after = result("settle_getLsmStatus");
    ASSERT_EQ(after.size(), 2u);
    EXPECT_EQ(after[0]["deadlock"], false);
    EXPECT_FALSE(after[0].contains("shortfall"));
}

}  // namespace
}  // namespace sluice::node::rpc::test
