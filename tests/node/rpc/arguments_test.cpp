#include "node/rpc/arguments.hpp"

#include <array>

#include <gtest/gtest.h>

namespace sluice::node::rpc {
namespace {

constexpr std::array two{Parameter{"first", "Quantity"}, Parameter{"second", "Quantity", false}};
constexpr std::array one{Parameter{"query", "Any"}};

TEST(Arguments, come_by_position_or_by_name) {
    auto by_position = Arguments::bind(Json{"0x1", "0x2"}, two).value();
    EXPECT_EQ(by_position.get(0, read_u64), 1u);
    EXPECT_EQ(by_position.get_or(1, read_u64, std::uint64_t{9}), 2u);
    auto by_name = Arguments::bind(Json{{"second", "0x2"}, {"first", "0x1"}}, two).value();
    EXPECT_EQ(by_name.get(0, read_u64), 1u);
    EXPECT_EQ(by_name.get(1, read_u64), 2u);
    EXPECT_FALSE(by_name.fault());
}

TEST(Arguments, a_missing_one_is_an_error_only_where_it_is_required) {
    auto arguments = Arguments::bind(Json::array(), two).value();
    EXPECT_EQ(arguments.get_or(1, read_u64, std::uint64_t{9}), 9u);
    EXPECT_FALSE(arguments.fault());
    arguments.get(0, read_u64);
    ASSERT_TRUE(arguments.fault());
    EXPECT_EQ(arguments.fault()->code, -32602);
    EXPECT_EQ(arguments.fault()->message, "missing value for required argument 0");
}

TEST(Arguments, null_is_missing) {
    auto arguments = Arguments::bind(Json{"0x1", nullptr}, two).value();
    EXPECT_EQ(arguments.get_or(1, read_u64, std::uint64_t{9}), 9u);
    EXPECT_FALSE(arguments.fault());
}

TEST(Arguments, the_first_error_stays) {
    auto arguments = Arguments::bind(Json{"x", "y"}, two).value();
    arguments.get(0, read_u64);
    arguments.get(1, read_u64);
    EXPECT_EQ(arguments.fault()->message, "invalid argument 0: hex string without 0x prefix");
}

TEST(Arguments, more_than_the_method_takes_are_refused) {
    const auto bound = Arguments::bind(Json{"0x1", "0x2", "0x3"}, two);
    ASSERT_FALSE(bound);
    EXPECT_EQ(bound.error().message, "too many arguments, want at most 2");
}

TEST(Arguments, unknown_names_are_refused) {
    EXPECT_FALSE(Arguments::bind(Json{{"first", "0x1"}, {"third", "0x1"}}, two));
}

TEST(Arguments, the_only_object_may_be_given_as_named_params) {
    auto whole = Arguments::bind(Json{{"uetr", "u"}, {"msgType", nullptr}}, one).value();
    EXPECT_EQ(whole.member(0, "uetr", read_text), "u");
    EXPECT_FALSE(whole.member_if(0, "msgType", read_text));
    auto wrapped = Arguments::bind(Json{{"query", {{"uetr", "u"}}}}, one).value();
    EXPECT_EQ(wrapped.member(0, "uetr", read_text), "u");
    EXPECT_FALSE(whole.fault() || wrapped.fault());
}

TEST(Arguments, errors_of_members_name_the_member) {
    auto arguments = Arguments::bind(Json::array({Json{{"uetr", 5}}}), one).value();
    arguments.member(0, "uetr", read_text);
    EXPECT_EQ(arguments.fault()->message, "invalid argument 0: uetr: expected a string");
    auto missing = Arguments::bind(Json::array({Json::object()}), one).value();
    missing.member(0, "uetr", read_text);
    EXPECT_EQ(missing.fault()->message, "invalid argument 0: uetr is missing");
}

}  // namespace
}  // namespace sluice::node::rpc
