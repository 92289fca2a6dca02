#include "network/url.hpp"

#include <gtest/gtest.h>

namespace sluice::network {
namespace {

UrlError error_of(std::string_view text) {
    const auto url = parse_url(text);
    EXPECT_FALSE(url.has_value()) << text;
    return url ? UrlError::bad_path : url.error();
}

TEST(Url, reads_scheme_host_port_and_target) {
    EXPECT_EQ(*parse_url("http://node-1.bank.example:8545/rpc?x=1#top"),
              (Url{UrlScheme::http, "node-1.bank.example", 8545, "/rpc?x=1"}));
    EXPECT_EQ(*parse_url("ws://127.0.0.1"), (Url{UrlScheme::ws, "127.0.0.1", 80, "/"}));
    EXPECT_EQ(*parse_url("https://h?q"), (Url{UrlScheme::https, "h", 443, "/?q"}));
    EXPECT_EQ(parse_url("wss://h")->port, 443);
}

TEST(Url, reads_ipv6_literals) {
    EXPECT_EQ(*parse_url("http://[::1]:8545/"), (Url{UrlScheme::http, "::1", 8545, "/"}));
    EXPECT_EQ(parse_url("http://[::1]:8545/")->authority(), "[::1]:8545");
    EXPECT_EQ(error_of("http://[::1"), UrlError::bad_host);
    EXPECT_EQ(error_of("http://[]"), UrlError::bad_host);
    EXPECT_EQ(error_of("http://[::1]x"), UrlError::bad_host);
}

TEST(Url, refuses_what_is_no_server_address) {
    EXPECT_EQ(error_of("localhost:8545"), UrlError::unknown_scheme);
    EXPECT_EQ(error_of("ftp://h"), UrlError::unknown_scheme);
    EXPECT_EQ(error_of("http://"), UrlError::missing_host);
    EXPECT_EQ(error_of("http://:80"), UrlError::missing_host);
    EXPECT_EQ(error_of("http://a b"), UrlError::bad_host);
    EXPECT_EQ(error_of("http://user:secret@host"), UrlError::has_credentials);
    for (const char* port : {"0", "65536", "", "-1", "80x", "99999999999"}) {
        EXPECT_EQ(error_of("http://h:" + std::string(port)), UrlError::bad_port) << port;
    }
    EXPECT_EQ(error_of("http://h/a b"), UrlError::bad_path);
    EXPECT_EQ(error_of("http://h/\r\nX: y"), UrlError::bad_path);
}

}  // namespace
}  // namespace sluice::network
