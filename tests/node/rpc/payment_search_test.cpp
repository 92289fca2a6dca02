#include "tests/node/rpc/rpc_fixture.hpp"

namespace sluice::node::rpc::test {
namespace {

namespace native = contracts::native;
using sluice::test::uetr_of;

class PaymentSearchTest : public RpcTest {
  protected:
    PaymentSearchTest() {
        append({chain.pay({.from = 0, .to = 1, .amount = 100, .number = 1}),
                chain.pay({.from = 1, .to = 2, .amount = 20'000, .number = 2})});
        append({chain.pay({.from = 2, .to = 0, .amount = 9'000'000, .number = 3})});
        append({chain.pay({.from = 0, .to = 2, .amount = 300, .number = 4})});
        const auto waiting = chain.instruction({.from = 2, .to = 0, .amount = 9'000'000, .number = 3});
        append(
            {chain.call("maker-2", native::calls::cancel(native::payment_id(native::view_of(waiting)), {}))});
        append({chain.pay({.from = 1, .to = 0, .amount = 9'000'000, .number = 5})});
    }

    /// Numbers of the payments of all pages.
    std::vector<std::uint64_t> found(Json filter) {
        std::vector<std::uint64_t> numbers;
        for (int page = 0; page < 50; ++page) {
            const Json answer = result("settle_getPayments", {filter});
            for (const Json& payment : answer["payments"])
                for (std::uint64_t number = 1; number <= 5; ++number)
                    if (payment["uetr"] == uetr_of(number).to_string()) numbers.push_back(number);
            if (answer["next"].is_null()) break;
            filter["cursor"] = answer["next"];
        }
        return numbers;
    }
    using Numbers = std::vector<std::uint64_t>;
};

TEST_F(PaymentSearchTest, without_a_filter_it_finds_each_payment_once) {
    EXPECT_EQ(found(Json::object()), (Numbers{1, 2, 3, 4, 5}));
    EXPECT_EQ(found({{"order", "newest"}}), (Numbers{5, 4, 3, 2, 1}));
    for (const int max : {1, 2, 3}) {
        EXPECT_EQ(found({{"max", max}}), (Numbers{1, 2, 3, 4, 5}));
        EXPECT_EQ(found({{"max", max}, {"order", "newest"}}), (Numbers{5, 4, 3, 2, 1}));
    }
}

TEST_F(PaymentSearchTest, filters_by_party_and_direction) {
    EXPECT_EQ(found({{"party", "BNKADEFF"}}), (Numbers{1, 3, 4, 5}));
    EXPECT_EQ(found({{"party", "BNKADEFF"}, {"direction", "outgoing"}}), (Numbers{1, 4}));
    EXPECT_EQ(found({{"party", "BNKADEFF"}, {"direction", "incoming"}}), (Numbers{3, 5}));
}

TEST_F(PaymentSearchTest, filters_by_where_a_payment_stands_now) {
    EXPECT_EQ(found({{"status", "Final"}}), (Numbers{1, 2, 4}));
    EXPECT_EQ(found({{"status", "Cancelled"}}), (Numbers{3}));
    EXPECT_EQ(found({{"status", "Never"}}), (Numbers{3}));
    EXPECT_EQ(found({{"status", "Queued"}}), (Numbers{5}));
}

TEST_F(PaymentSearchTest, filters_by_amount_currency_and_value_date) {
    EXPECT_EQ(found({{"ccy", "EUR"}, {"amountFrom", "3.00"}, {"amountTo", "200.00"}}), (Numbers{2, 4}));
    EXPECT_EQ(found({{"ccy", "JPY"}}), Numbers{});
    const auto date = chain.instruction({.amount = 1}).value_date;
    EXPECT_EQ(found({{"valueDate", date}}), (Numbers{1, 2, 3, 4, 5}));
    EXPECT_EQ(found({{"valueDate", date + 1}}), Numbers{});
}

TEST_F(PaymentSearchTest, filters_by_message_type_and_id_where_no_uetr_is_named) {
    EXPECT_EQ(found({{"msgType", "pacs.008"}, {"max", 2}}), (Numbers{1, 2, 3, 4, 5}));
    EXPECT_EQ(found({{"msgType", "pacs.004"}}), Numbers{});
    const Json payment = result("settle_getPayment", {{{"uetr", uetr_of(2).to_string()}}});
    EXPECT_EQ(found({{"paymentId", payment["paymentId"]}}), Numbers{2});
    EXPECT_EQ(found({{"paymentId", payment["paymentId"]}, {"msgType", "pacs.004"}}), Numbers{});
}

TEST_F(PaymentSearchTest, an_answer_says_that_every_block_was_there) {
    EXPECT_LE(result("settle_getPayments", {Json::object()})["oldestHeight"], 1);
}

TEST_F(PaymentSearchTest, a_filter_that_says_nothing_sensible_is_an_error) {
    for (const Json& filter :
         {Json{{"status", "Lost"}}, Json{{"direction", "outgoing"}}, Json{{"amountFrom", "1.00"}},
          Json{{"ccy", "EUR"}, {"amountTo", "1.005"}}, Json{{"cursor", "1"}}, Json{{"order", "random"}}})
        EXPECT_EQ(error("settle_getPayments", {filter})["code"], -32602) << filter.dump();
}

}  // namespace
}  // namespace sluice::node::rpc::test
