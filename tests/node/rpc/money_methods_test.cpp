#include "tests/node/rpc/rpc_fixture.hpp"

namespace sluice::node::rpc::test {
namespace {

namespace native = contracts::native;

class MoneyMethods : public RpcTest {
  protected:
    native::LockOrder order() const {
        return {.operation = core::word_from_u64(7),
                .payer = chain.bank(0).chars(),
                .beneficiary = chain.bank(1).chars(),
                .currency = {'E', 'U', 'R'},
                .amount = 25'000,
                .expiry_ms = chain.time_ms() + 3'600'000};
    }
    Json query(std::size_t bank, const char* direction) const {
        return {{"bic", chain.bank(bank).to_string()}, {"ccy", "EUR"}, {"direction", direction}};
    }
};

TEST_F(MoneyMethods, a_lock_is_listed_for_both_banks_until_it_is_closed) {
    const native::LockOrder locked = order();
    const std::string id = hex(native::lock_id(locked.payer, locked.operation));
    append({chain.call("maker-0", native::calls::lock(locked))});
    const Json outgoing = result("settle_getLocks", {query(0, "outgoing")});
    ASSERT_EQ(outgoing["locks"].size(), 1u);
    const Json& lock = outgoing["locks"][0];
    EXPECT_EQ(lock["lockId"], id);
    EXPECT_EQ(lock["opId"], hex(locked.operation));
    EXPECT_EQ(lock["payer"], "BNKADEFF");
    EXPECT_EQ(lock["beneficiary"], "BNKBDEFF");
    EXPECT_EQ(lock["amount"], (Json{{"ccy", "EUR"}, {"value", "250.00"}, {"minor", "25000"}}));
    EXPECT_EQ(lock["expiry"], locked.expiry_ms);
    EXPECT_TRUE(lock["agent"].is_null());
    EXPECT_EQ(lock["status"], "Open");
    EXPECT_EQ(result("settle_getLocks", {query(1, "incoming")})["locks"], outgoing["locks"]);
    EXPECT_TRUE(result("settle_getLocks", {query(1, "outgoing")})["locks"].empty());

    append({chain.call("maker-0", native::calls::release(native::lock_id(locked.payer, locked.operation)))});
    EXPECT_TRUE(result("settle_getLocks", {query(0, "outgoing")})["locks"].empty());
    EXPECT_EQ(result("settle_getLock", {Json{{"lockId", id}}})["status"], "Released");
}

TEST_F(MoneyMethods, an_unknown_lock_is_null) {
    EXPECT_TRUE(result("settle_getLock", {Json{{"lockId", hex(core::Hash{1})}}}).is_null());
    EXPECT_EQ(error("settle_getLock", {Json{{"lockId", "0x12"}}})["code"], -32602);
}

TEST_F(MoneyMethods, locks_of_unknown_banks_and_currencies_are_errors) {
    EXPECT_EQ(error("settle_getLocks", {Json{{"bic", "NOSUCHBB"}, {"ccy", "EUR"}}})["code"], -38'012);
    EXPECT_EQ(error("settle_getLocks", {Json{{"bic", "BNKADEFF"}, {"ccy", "USD"}}})["code"], -38'008);
}

TEST_F(MoneyMethods, holders_are_listed_with_what_they_have) {
    EXPECT_TRUE(result("settle_getHolders")["holders"].empty());
    // PUSH1 0 PUSH1 0 RETURN would leave no code: this constructor returns one byte, STOP.
    append({chain.make({.sender = "dev", .to = std::nullopt, .data = {0x60, 0x01, 0x60, 0x00, 0xf3}})});
    const auto receipt =
        result("eth_getTransactionReceipt",
               {result("eth_getBlockByNumber", {"latest", false})["transactions"][0].get<std::string>()});
    const auto contract = core::address_from_hex(receipt["contractAddress"].get<std::string>());
    ASSERT_TRUE(contract.has_value());
    append({chain.call("admin-0", native::calls::set_holder(*contract, native::HolderStatus::active))});
    append({chain.call("maker-0", native::calls::facade_transfer({'E', 'U', 'R'}, *contract, 150))});
    const Json holders = result("settle_getHolders")["holders"];
    ASSERT_EQ(holders.size(), 1u);
    EXPECT_EQ(holders[0]["address"], hex(*contract));
    EXPECT_EQ(holders[0]["status"], "Active");
    EXPECT_EQ(holders[0]["sponsor"], "BNKADEFF");
    EXPECT_EQ(holders[0]["balances"][0], (Json{{"ccy", "EUR"}, {"value", "1.50"}, {"minor", "150"}}));
}

TEST_F(MoneyMethods, a_settlement_address_is_told_or_null) {
    const Json bound = result("settle_getSettlementAddress", {Json{{"bic", "BNKADEFF"}}});
    EXPECT_TRUE(bound["address"].is_string());
    append({chain.call("admin-0", native::calls::bind_address({}))});
    EXPECT_TRUE(result("settle_getSettlementAddress", {Json{{"bic", "BNKADEFF"}}})["address"].is_null());
    EXPECT_EQ(error("settle_getSettlementAddress", {Json{{"bic", "NOSUCHBB"}}})["code"], -38'012);
}

}  // namespace
}  // namespace sluice::node::rpc::test
