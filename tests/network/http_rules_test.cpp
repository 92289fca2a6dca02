#include "network/http_rules.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::network {
namespace {

const std::vector<std::string> none;

TEST(HttpRules, loopback_names_and_ip_literals_pass_as_host) {
    for (const char* host :
         {"localhost", "LocalHost:8545", "127.0.0.1", "127.0.0.1:8545", "[::1]:8545", "10.1.2.3"}) {
        EXPECT_TRUE(is_host_allowed(host, none)) << host;
    }
}

TEST(HttpRules, names_that_could_be_rebound_do_not_pass_as_host) {
    for (const char* host : {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", ":80",
                             "[", "1.2.3.4x"}) {
        EXPECT_FALSE(is_host_allowed(host, none)) << host;
    }
}

TEST(HttpRules, listed_names_pass_as_host_in_any_case) {
    const std::vector<std::string> allowed{"node.bank.example"};
    EXPECT_TRUE(is_host_allowed("Node.Bank.Example:8545", allowed));
    EXPECT_FALSE(is_host_allowed("other.bank.example", allowed));
    EXPECT_TRUE(is_host_allowed("anything", std::vector<std::string>{"*"}));
}

TEST(HttpRules, origins_are_compared_exactly) {
    const std::vector<std::string> allowed{"https://wallet.bank.example"};
    EXPECT_TRUE(is_origin_allowed("https://wallet.bank.example", allowed));
    EXPECT_FALSE(is_origin_allowed("http://wallet.bank.example", allowed));
    EXPECT_FALSE(is_origin_allowed("https://wallet.bank.example.evil", allowed));
    EXPECT_FALSE(is_origin_allowed("https://wallet.bank.example", none));
    EXPECT_TRUE(is_origin_allowed("null", std::vector<std::string>{"*"}));
}

TEST(HttpRules, page_of_the_same_host_and_port_is_same_origin) {
    EXPECT_TRUE(is_same_origin("http://localhost:8545", "localhost:8545"));
    EXPECT_FALSE(is_same_origin("http://localhost:3000", "localhost:8545"));
    EXPECT_FALSE(is_same_origin("null", "localhost:8545"));
}

TEST(HttpRules, json_content_type_may_have_parameters) {
    for (const char* type : {"application/json", "Application/JSON; charset=utf-8", "application/json ;x"}) {
        EXPECT_TRUE(is_json_content_type(type)) << type;
    }
    for (const char* type : {"", "text/plain", "application/jsonx", "application/x-www-form-urlencoded"}) {
        EXPECT_FALSE(is_json_content_type(type)) << type;
    }
}

}  // namespace
}  // namespace sluice::network
