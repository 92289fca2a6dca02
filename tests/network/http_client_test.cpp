#include "network/http_client.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "tests/network/http_fixture.hpp"

namespace sluice::network {
namespace {

using namespace std::chrono_literals;
using Kind = HttpClientError::Kind;

class HttpClientTest : public HttpServerTest {};

TEST_F(HttpClientTest, posts_json_and_returns_the_body) {
    serve();
    HttpClient client;
    EXPECT_EQ(*client.post_json(url(), "{\"a\":1}"), "{\"a\":1}");
    EXPECT_EQ(*client.get(url("/health?full=1")), "GET /health?full=1");
}

TEST_F(HttpClientTest, keeps_its_connection_for_the_next_request) {
    serve();
    HttpClient client;
    for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(client.post_json(url(), "{}").has_value());
    EXPECT_EQ(server_->counters().connections, 1u);
    EXPECT_EQ(server_->counters().requests, 20u);
}

TEST_F(HttpClientTest, connects_again_when_the_server_has_closed_the_idle_connection) {
    serve({.idle_deadline = 40ms});
    HttpClient client;
    EXPECT_TRUE(client.post_json(url(), "{}").has_value());
    RawClient bystander(port());
    ASSERT_TRUE(bystander.is_closed_by_server());
    EXPECT_TRUE(client.post_json(url(), "{}").has_value());
}

TEST_F(HttpClientTest, answer_other_than_2xx_is_an_error_with_status_and_body) {
    serve({}, {.on_request = [](HttpRequest, Responder respond) {
              respond({.status = 503, .content_type = "text/plain", .body = "later"});
          }});
    HttpClient client;
    const auto answer = client.post_json(url(), "{}");
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().kind, Kind::http_status);
    EXPECT_EQ(answer.error().status, 503u);
    EXPECT_EQ(answer.error().body, "later");
}

TEST_F(HttpClientTest, server_that_does_not_answer_is_a_timeout) {
    std::vector<Responder> kept;
    serve({}, {.on_request = [&](HttpRequest, Responder respond) { kept.push_back(respond); }});
    HttpClient client({.read_timeout = 50ms});
    const auto answer = client.post_json(url(), "{}");
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().kind, Kind::timeout);
    server_->stop();
}

TEST_F(HttpClientTest, nobody_listening_is_said_with_the_address) {
    HttpClient client;
    const auto answer = client.post_json("http://127.0.0.1:1/", "{}");
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().kind, Kind::cannot_connect);
    EXPECT_NE(answer.error().message.find("127.0.0.1:1"), std::string::npos);
}

TEST_F(HttpClientTest, url_that_cannot_be_used_is_refused_without_connecting) {
    HttpClient client;
    EXPECT_EQ(client.post_json("localhost:8545", "{}").error().kind, Kind::bad_url);
    EXPECT_EQ(client.get("http://a:b@c/").error().kind, Kind::bad_url);
    EXPECT_EQ(WebSocketClient::connect("ftp://x").error().kind, Kind::bad_url);
}

TEST_F(HttpClientTest, answer_over_the_limit_is_refused) {
    serve({}, {.on_request = [](HttpRequest, Responder respond) { respond.json(std::string(2'000, 'x')); }});
    HttpClient client({.response_bytes_max = 1'000});
    EXPECT_EQ(client.post_json(url(), "{}").error().kind, Kind::bad_response);
}

TEST_F(HttpClientTest, sends_its_authorization) {
    serve({}, {.on_request = [](HttpRequest request, Responder respond) {
              respond.json(request.authorization);
          }});
    HttpClient client({.authorization = "Bearer t"});
    EXPECT_EQ(*client.post_json(url(), "{}"), "Bearer t");
}

/// A server that sends the given bytes to whoever connects and closes.
class RudeServer {
  public:
    RudeServer(boost::asio::io_context& io, std::string answer)
        : acceptor_(io, {boost::asio::ip::make_address("127.0.0.1"), 0}),
          socket_(io),
          answer_(std::move(answer)) {
        acceptor_.async_accept(socket_, [this](const boost::system::error_code& error) {
            if (error) return;
            boost::asio::async_write(
                socket_, boost::asio::buffer(answer_), [this](const boost::system::error_code&, std::size_t) {
                    boost::system::error_code ignored;
                    socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
                });
        });
    }
    std::string url() const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }

  private:
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::ip::tcp::socket socket_;
    std::string answer_;
};

TEST_F(HttpClientTest, nonsense_and_truncated_answers_are_told_apart) {
    RudeServer nonsense(loop_.io(), "hello there\r\n\r\n");
    EXPECT_EQ(HttpClient().get(nonsense.url()).error().kind, Kind::bad_response);
    RudeServer truncated(loop_.io(), "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    EXPECT_EQ(HttpClient().get(truncated.url()).error().kind, Kind::connection_lost);
    RudeServer silent(loop_.io(), "");
    EXPECT_EQ(HttpClient().get(silent.url()).error().kind, Kind::connection_lost);
    loop_.stop();  // before the servers go
}

}  // namespace
}  // namespace sluice::network
