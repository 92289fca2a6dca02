#include "tests/node/rpc/rpc_fixture.hpp"

#include "contracts/native/payment_limits.hpp"
#include "core/calendar.hpp"

namespace sluice::node::rpc::test {
namespace {

namespace native = contracts::native;

class SettlementMethods : public RpcTest {
  protected:
    static Json amount(const char* value, const char* minor, const char* currency = "EUR") {
        return {{"ccy", currency}, {"value", value}, {"minor", minor}};
    }
    Json of_bank(std::size_t number, const char* currency = "EUR") const {
        return {{"bic", chain.bank(number).to_string()}, {"ccy", currency}};
    }
};

TEST_F(SettlementMethods, a_position_shows_money_in_both_forms) {
    const Json position = result("settle_getPosition", {of_bank(0)});
    EXPECT_EQ(position["bic"], "BNKADEFF");
    EXPECT_EQ(position["balance"], amount("10000.00", "1000000"));
    EXPECT_EQ(position["available"], amount("10000.00", "1000000"));
    EXPECT_EQ(position["locked"], amount("0.00", "0"));
    EXPECT_EQ(position["height"], 1);
    EXPECT_EQ(result("settle_getPosition", {of_bank(0, "JPY")})["balance"], amount("0", "0", "JPY"));
    // Named parameters serve as well, and so does the long form of a BIC.
    EXPECT_EQ(result("settle_getPosition", {{"bic", "BNKADEFFXXX"}, {"ccy", "EUR"}}), position);
}

TEST_F(SettlementMethods, a_position_counts_what_is_queued) {
    append({chain.pay({.amount = 2'000'000, .number = 1})});
    EXPECT_EQ(result("settle_getPosition", {of_bank(0)})["netQueued"], amount("-20000.00", "-2000000"));
    EXPECT_EQ(result("settle_getPosition", {of_bank(1)})["netQueued"], amount("20000.00", "2000000"));
}

TEST_F(SettlementMethods, a_position_shows_credit_reservations_and_freezes) {
    const native::CurrencyText eur{'E', 'U', 'R'};
    append({chain.call("operator", native::calls::set_credit_line(chain.bank(0).chars(), eur, 50'000)),
            chain.call("approver-0", native::calls::set_reservation(native::Priority::high, eur, 30'000)),
            chain.call("operator", native::calls::freeze({chain.bank(0).chars(), eur, 20'000, true, ""}))});
    const Json position = result("settle_getPosition", {of_bank(0)});
    EXPECT_EQ(position["creditLine"], amount("500.00", "50000"));
    EXPECT_EQ(position["creditUsed"], amount("0.00", "0"));
    EXPECT_EQ(position["frozen"], amount("200.00", "20000"));
    EXPECT_EQ(position["accountFrozen"], false);
    EXPECT_EQ(position["available"], amount("10000.00", "1000000"));
    EXPECT_EQ(position["availableFor"]["High"], amount("10300.00", "1030000"));
    EXPECT_EQ(position["reserved"]["High"], amount("300.00", "30000"));
    EXPECT_TRUE(position["multilateralLimit"].is_null());
    EXPECT_TRUE(position["lsmSubLimit"].is_null());
    append({chain.call("operator",
                       native::calls::freeze({chain.bank(0).chars(), eur, native::no_limit, true, ""}))});
    EXPECT_EQ(result("settle_getPosition", {of_bank(0)})["accountFrozen"], true);
    EXPECT_EQ(result("settle_getPosition", {of_bank(0)})["available"], amount("0.00", "0"));
}

TEST_F(SettlementMethods, limits_come_with_what_the_day_has_used_of_them) {
    const native::CurrencyText eur{'E', 'U', 'R'};
    append({chain.call("approver-0", native::calls::set_bilateral_limit(chain.bank(1).chars(), eur, 90'000)),
            chain.call("approver-0", native::calls::set_multilateral_limit(eur, 70'000)),
            chain.pay({.to = 1, .amount = 10'000, .number = 1}),
            chain.pay({.to = 2, .amount = 20'000, .number = 2})});
    const Json limits = result("settle_getLimits", {of_bank(0)});
    ASSERT_EQ(limits["bilateralLimits"].size(), 1u);
    EXPECT_EQ(limits["bilateralLimits"][0]["to"], "BNKBDEFF");
    EXPECT_EQ(limits["bilateralLimits"][0]["limit"], amount("900.00", "90000"));
    EXPECT_EQ(limits["bilateralLimits"][0]["used"], amount("100.00", "10000"));
    EXPECT_EQ(limits["multilateralLimit"]["limit"], amount("700.00", "70000"));
    EXPECT_EQ(limits["multilateralLimit"]["used"], amount("200.00", "20000"));
    EXPECT_EQ(result("settle_getPosition", {of_bank(0)})["bilateralLimits"], 1);
    const Json none = result("settle_getLimits", {of_bank(1)});
    EXPECT_TRUE(none["multilateralLimit"].is_null());
    EXPECT_TRUE(none["bilateralLimits"].empty());
}

TEST_F(SettlementMethods, unknown_banks_and_currencies_are_errors_with_an_iso_reason) {
    const Json bank = error("settle_getPosition", {{{"bic", "NOSUCHBB"}, {"ccy", "EUR"}}});
    EXPECT_EQ(bank["code"], -38'012);
    EXPECT_EQ(bank["data"]["isoReason"], "RC01");
    const Json currency = error("settle_getPosition", {of_bank(0, "USD")});
    EXPECT_EQ(currency["code"], -38'008);
    EXPECT_EQ(currency["data"]["isoReason"], "AM03");
    EXPECT_EQ(error("settle_getPosition", {{{"bic", "x"}, {"ccy", "EUR"}}})["code"], -32602);
    EXPECT_EQ(error("settle_getPosition")["code"], -32602);
}

TEST_F(SettlementMethods, a_queue_is_listed_in_the_order_of_settling) {
    append({chain.pay({.amount = 5'000'000, .number = 1}),
            chain.pay(
                {.from = 0, .to = 2, .amount = 6'000'000, .number = 2, .priority = native::Priority::high}),
            chain.pay({.amount = 7'000'000, .number = 3})});
    Json query = of_bank(0);
    const Json queue = result("settle_getQueue", {query});
    EXPECT_EQ(queue["direction"], "outgoing");
    ASSERT_EQ(queue["payments"].size(), 3u);
    EXPECT_EQ(queue["payments"][0]["uetr"], sluice::test::uetr_of(2).to_string());
    EXPECT_EQ(queue["payments"][0]["priority"], "High");
    EXPECT_EQ(queue["payments"][0]["place"], 0);
    EXPECT_EQ(queue["payments"][1]["uetr"], sluice::test::uetr_of(1).to_string());
    EXPECT_EQ(queue["payments"][1]["amount"], amount("50000.00", "5000000"));
    EXPECT_EQ(queue["payments"][1]["status"], "Pending");
    EXPECT_EQ(queue["payments"][1]["why"], "Queued");
    query["from"] = 2;
    query["max"] = 5;
    const Json rest = result("settle_getQueue", {query});
    ASSERT_EQ(rest["payments"].size(), 1u);
    EXPECT_EQ(rest["payments"][0]["place"], 2);
    EXPECT_EQ(rest["payments"][0]["uetr"], sluice::test::uetr_of(3).to_string());
    query = of_bank(2);
    query["direction"] = "incoming";
    EXPECT_EQ(result("settle_getQueue", {query})["payments"].size(), 1u);
    query["direction"] = "sideways";
    EXPECT_EQ(error("settle_getQueue", {query})["code"], -32602);
}

TEST_F(SettlementMethods, participants_come_with_their_keys) {
    const Json all = result("settle_getParticipants");
    ASSERT_EQ(all["participants"].size(), 3u);
    const Json& first = all["participants"][0];
    EXPECT_EQ(first["bic"], "BNKADEFF");
    EXPECT_EQ(first["name"], "bank-0");
    EXPECT_EQ(first["status"], "Active");
    EXPECT_TRUE(first["lei"].is_null());
    ASSERT_EQ(first["keys"].size(), 3u);
    EXPECT_EQ(first["keys"][1]["duty"], "maker");
    EXPECT_EQ(first["keys"][1]["address"], hex(sluice::test::address_of("maker-0")));
    const Json page = result("settle_getParticipants", {{{"from", 1}, {"max", 1}}});
    ASSERT_EQ(page["participants"].size(), 1u);
    EXPECT_EQ(page["participants"][0]["bic"], "BNKBDEFF");
}

TEST_F(SettlementMethods, a_participant_comes_with_what_it_lets_others_do) {
    const Json one = result("settle_getParticipant", {{{"bic", "BNKADEFF"}}});
    EXPECT_EQ(one["name"], "bank-0");
    EXPECT_EQ(one["keys"].size(), 3u);
    EXPECT_TRUE(one["mandates"].empty());
    EXPECT_TRUE(one["thresholds"].empty());
    EXPECT_TRUE(one["recovery"].is_null());
    EXPECT_TRUE(one["insolvency"].is_null());
    EXPECT_EQ(error("settle_getParticipant", {{{"bic", "ZZZZDEFF"}}})["code"], -38'012);
}

TEST_F(SettlementMethods, the_business_day_is_that_of_the_present) {
    const Json days = result("settle_getBusinessDay");
    ASSERT_EQ(days.size(), 2u);
    EXPECT_EQ(days[0]["ccy"], "EUR");
    EXPECT_EQ(days[0]["valueDate"], core::date_at(chain.time_ms(), 0));
    EXPECT_EQ(days[0]["phase"], "Open");
    EXPECT_GT(days[0]["nextAt"].get<std::uint64_t>(), days[0]["now"].get<std::uint64_t>());
    const Json yen = result("settle_getBusinessDay", {{{"ccy", "JPY"}}});
    ASSERT_EQ(yen.size(), 1u);
    EXPECT_EQ(yen[0]["exponent"], 0);
    EXPECT_EQ(error("settle_getBusinessDay", {{{"ccy", "USD"}}})["code"], -38'008);
}

class BusinessDayMethods : public RpcTest {
  protected:
    BusinessDayMethods() : RpcTest(sluice::test::TestChainOptions{.yen_closes = true, .ledger = {}}) {}
};

TEST_F(BusinessDayMethods, a_currency_that_closes_shows_its_plan) {
    const Json yen = result("settle_getBusinessDay", {{{"ccy", "JPY"}, {"date", "2025-10-12"}}})[0];
    // Genesis was on Thursday 2025-10-09 at 08:53:20.
    constexpr std::uint64_t midnight = 1'759'968'000'000;
    EXPECT_EQ(yen["mode"], "business_day");
    EXPECT_EQ(yen["valueDate"], 20'251'009);
    EXPECT_EQ(yen["phase"], "Open");
    EXPECT_EQ(yen["nextPhase"], "CutoffCustomer");
    EXPECT_EQ(yen["nextAt"], midnight + 1'060 * 60'000);
    EXPECT_EQ(yen["nextValueDate"], 20'251'010);
    EXPECT_EQ(yen["today"]["times"]["preOpen"], midnight);
    EXPECT_EQ(yen["today"]["times"]["closing"], midnight + 1'100 * 60'000);
    EXPECT_TRUE(yen["today"]["closedHeight"].is_null());
    EXPECT_EQ(yen["asked"]["date"], 20'251'012);
    EXPECT_TRUE(yen["asked"]["times"].is_null()) << "a Sunday";
    const Json euro = result("settle_getBusinessDay", {{{"ccy", "EUR"}}})[0];
    EXPECT_EQ(euro["mode"], "continuous");
    EXPECT_TRUE(euro["nextPhase"].is_null());
    EXPECT_FALSE(euro.contains("today"));
    EXPECT_EQ(error("settle_getBusinessDay", {{{"date", 20'250'230}}})["code"], -32602);
}

TEST_F(BusinessDayMethods, the_operator_s_acts_are_named_and_take_effect) {
    const auto close = chain.call(
        "operator", native::calls::advance(core::CurrencyCode::parse("JPY")->chars(), native::Phase::closed));
    append({close});
    const Json yen = result("settle_getBusinessDay", {{{"ccy", "JPY"}}})[0];
    EXPECT_EQ(yen["phase"], "Closed");
    EXPECT_EQ(yen["nextPhase"], "PreOpen");
    EXPECT_EQ(yen["today"]["closedHeight"], yen["height"]);
}

TEST_F(SettlementMethods, totals_are_what_was_issued_less_what_was_redeemed) {
    const Json totals = result("settle_getNetworkTotals", {{{"ccy", "EUR"}}});
    ASSERT_EQ(totals.size(), 1u);
    EXPECT_EQ(totals[0]["issued"], amount("30000.00", "3000000"));
    EXPECT_EQ(totals[0]["redeemed"], amount("0.00", "0"));
    EXPECT_EQ(totals[0]["outstanding"], amount("30000.00", "3000000"));
}

}  // namespace
}  // namespace sluice::node::rpc::test
