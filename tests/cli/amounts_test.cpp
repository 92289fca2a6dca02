#include "cli/amounts.hpp"

#include <gtest/gtest.h>

namespace sluice::cli {
namespace {

std::vector<contracts::native::CurrencyInfo> currencies() {
    contracts::native::CurrencyInfo euro, yen;
    euro.code = core::CurrencyCode::parse("EUR")->chars();
    euro.exponent = 2;
    yen.code = core::CurrencyCode::parse("JPY")->chars();
    yen.exponent = 0;
    return {euro, yen};
}

TEST(Amounts, are_read_with_the_decimals_of_their_currency) {
    EXPECT_EQ(money_among(currencies(), "2.50", "EUR", false)->minor, 250u);
    EXPECT_EQ(money_among(currencies(), "2", "JPY", false)->to_string(), "2 JPY");
    EXPECT_FALSE(money_among(currencies(), "2.5", "JPY", false).has_value());
    EXPECT_FALSE(money_among(currencies(), "2.50", "USD", false).has_value());
    EXPECT_FALSE(money_among(currencies(), "2.50", "eur", false).has_value());
}

TEST(Amounts, zero_is_allowed_only_where_it_means_something) {
    EXPECT_FALSE(money_among(currencies(), "0", "EUR", false).has_value());
    EXPECT_FALSE(money_among(currencies(), "0.00", "EUR", false).has_value());
    const auto nothing = money_among(currencies(), "0", "EUR", true);
    ASSERT_TRUE(nothing.has_value());
    EXPECT_EQ(nothing->to_string(), "0.00 EUR");
}

}  // namespace
}  // namespace sluice::cli
