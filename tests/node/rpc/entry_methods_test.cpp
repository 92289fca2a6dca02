#include "tests/node/rpc/rpc_fixture.hpp"

namespace sluice::node::rpc::test {
namespace {

namespace native = contracts::native;
using sluice::test::uetr_of;

class EntryMethods : public RpcTest {
  protected:
    Json entries(const Json& query) { return result("settle_exportEntries", {query}); }
    static Json account(const char* bic) { return {{"bic", bic}, {"ccy", "EUR"}}; }

    /// Every page of a query; how many there were goes to `pages`.
    std::vector<Json> all(Json query, std::size_t max, std::size_t& pages) {
        std::vector<Json> rows;
        query["max"] = max;
        for (pages = 0; pages < 100; ++pages) {
            const Json page = entries(query);
            EXPECT_LE(page["entries"].size(), max);
            for (const Json& row : page["entries"])
                rows.push_back(row);
            query["fromSeq"] = page["nextSeq"];
            if (page["isComplete"] == true) break;
        }
        return rows;
    }

    void make_history() {
        for (std::uint64_t number = 1; number <= 12; ++number)
            append(
                {chain.pay(
                     {.from = number % 3, .to = (number + 1) % 3, .amount = 100 * number, .number = number}),
                 chain.pay(
                     {.from = (number + 1) % 3, .to = number % 3, .amount = 7, .number = 100 + number})});
    }
};

TEST_F(EntryMethods, an_entry_says_what_moved_and_for_which_payment) {
    const auto transaction = chain.pay({.amount = 25'000});
    const auto block = append({transaction});
    const Json page = entries(account("BNKADEFF"));
    ASSERT_EQ(page["entries"].size(), 2u);
    EXPECT_EQ(page["entries"][0]["kind"], "issue");
    EXPECT_EQ(page["entries"][0]["entry"], 1);
    EXPECT_TRUE(page["entries"][0]["uetr"].is_null());
    const Json& paid = page["entries"][1];
    EXPECT_EQ(paid["bic"], "BNKADEFF");
    EXPECT_EQ(paid["ccy"], "EUR");
    EXPECT_EQ(paid["entry"], 2);
    EXPECT_EQ(paid["delta"], (Json{{"ccy", "EUR"}, {"value", "-250.00"}, {"minor", "-25000"}}));
    EXPECT_EQ(paid["balance"], (Json{{"ccy", "EUR"}, {"value", "9750.00"}, {"minor", "975000"}}));
    EXPECT_EQ(paid["kind"], "payment");
    EXPECT_EQ(paid["uetr"], uetr_of(1).to_string());
    EXPECT_EQ(paid["paymentId"], paid["reference"]);
    EXPECT_EQ(paid["counterparty"], "BNKBDEFF");
    EXPECT_EQ(paid["height"], 2);
    EXPECT_EQ(paid["time"], core::time_ms_of(block.block->block.header));
    EXPECT_EQ(paid["txHash"], hex(transaction->hash));
    EXPECT_EQ(page["nextSeq"], 3);
    EXPECT_EQ(page["isComplete"], true);
}

TEST_F(EntryMethods, pages_of_an_account_join_without_a_gap_and_add_up) {
    make_history();
    for (const std::size_t max : {1u, 3u, 1'000u}) {
        std::size_t pages = 0;
        const auto rows = all(account("BNKBDEFF"), max, pages);
        ASSERT_EQ(rows.size(), 17u) << "issue, and two of three rounds of two payments";
        long long balance = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            EXPECT_EQ(rows[i]["entry"], i + 1);
            balance += std::stoll(rows[i]["delta"]["minor"].get<std::string>());
            EXPECT_EQ(rows[i]["balance"]["minor"], std::to_string(balance));
        }
        EXPECT_EQ(result("settle_getPosition", {account("BNKBDEFF")})["balance"]["minor"],
                  std::to_string(balance));
    }
}

TEST_F(EntryMethods, all_accounts_come_in_the_order_of_the_chain_whatever_the_page) {
    make_history();
    std::size_t pages = 0;
    const auto whole = all(Json::object(), 1'000, pages);
    EXPECT_EQ(pages, 0u);
    ASSERT_EQ(whole.size(), 3u + 12 * 4);
    std::map<std::string, std::uint64_t> next;
    for (const Json& row : whole)
        EXPECT_EQ(row["entry"], ++next[row["bic"]]) << row.dump();
    for (const std::size_t max : {1u, 5u})
        EXPECT_EQ(all(Json::object(), max, pages), whole);
    std::vector<Json> of_one;
    for (const Json& row : whole)
        if (row["bic"] == "BNKCDEFF") of_one.push_back(row);
    EXPECT_EQ(all({{"bic", "BNKCDEFF"}}, 2, pages), of_one);
}

TEST_F(EntryMethods, a_finished_reader_asks_again_for_what_comes_later) {
    Json query = account("BNKADEFF");
    query["fromSeq"] = entries(query)["nextSeq"];
    Json everywhere{{"fromSeq", entries(Json::object())["nextSeq"]}};
    EXPECT_TRUE(entries(query)["entries"].empty());
    EXPECT_TRUE(entries(everywhere)["entries"].empty());
    append({chain.pay({.amount = 5})});
    EXPECT_EQ(entries(query)["entries"].size(), 1u);
    EXPECT_EQ(entries(everywhere)["entries"].size(), 2u);
}

TEST_F(EntryMethods, what_cannot_be_is_an_error) {
    EXPECT_EQ(error("settle_exportEntries", {{{"fromSeq", "x"}}})["code"], -32602);
    EXPECT_EQ(
        error("settle_exportEntries", {{{"bic", "BNKADEFF"}, {"ccy", "EUR"}, {"fromSeq", "1.0"}}})["code"],
        -32602);
    EXPECT_EQ(error("settle_exportEntries", {{{"bic", "ZZZZDEFF"}}})["code"], -38012);
    EXPECT_EQ(error("settle_exportEntries", {{{"ccy", "USD"}}})["code"], -38008);
}

}  // namespace
}  // namespace sluice::node::rpc::test
