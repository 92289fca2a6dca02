#include "network/websocket.hpp"

#include "network/http_client.hpp"
#include "tests/network/http_fixture.hpp"

namespace sluice::network {
namespace {

using namespace std::chrono_literals;
using Kind = HttpClientError::Kind;

class WebSocketTest : public HttpServerTest {
  protected:
    ~WebSocketTest() override {
        // The handlers use what this class has.
        server_.reset();
        loop_.stop();
    }
    /// A server that sends every text back; `greeting` first if not empty.
    void echo(HttpServerConfig config = {}) {
        HttpHandlers handlers;
        handlers.on_open = [this](const WebSocketPtr& socket) {
            last_opened_ = socket;
            ++opened_;
        };
        handlers.on_text = [](const WebSocketPtr& socket, std::string text) {
            socket->send_text(std::move(text));
        };
        handlers.on_close = [this](const WebSocketPtr&) {
            ++closed_;
            some_closed_.set();
        };
        serve(std::move(config), std::move(handlers));
    }
    WebSocketClient connect() {
        auto client = WebSocketClient::connect(url("/", "ws"));
        EXPECT_TRUE(client.has_value()) << client.error().message;
        return std::move(*client);
    }
    std::string upgrade_answer(const std::string& further_headers) {
        RawClient client(port());
        client.send(
            "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
            further_headers + "\r\n");
        const std::string response = client.read_response();
        return response.substr(0, response.find("\r\n"));
    }

    WebSocketPtr last_opened_;
    std::atomic<int> opened_ = 0;
    std::atomic<int> closed_ = 0;
    Event some_closed_;
};

TEST_F(WebSocketTest, texts_come_back_in_order) {
    echo();
    WebSocketClient client = connect();
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(client.send_text(std::to_string(i)).has_value());
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(*client.receive(20s), std::to_string(i));
}

TEST_F(WebSocketTest, http_and_websocket_share_the_port) {
    echo();
    WebSocketClient socket = connect();
    EXPECT_EQ(*HttpClient().post_json(url(), "{}"), "{}");
    ASSERT_TRUE(socket.send_text("x").has_value());
    EXPECT_EQ(*socket.receive(20s), "x");
    EXPECT_EQ(server_->counters().websockets, 1u);
}

TEST_F(WebSocketTest, message_at_the_limit_passes_and_one_byte_more_closes) {
    echo({.websocket_message_bytes = 10'000});
    WebSocketClient client = connect();
    ASSERT_TRUE(client.send_text(std::string(10'000, 'a')).has_value());
    EXPECT_EQ(client.receive(20s)->size(), 10'000u);
    ASSERT_TRUE(client.send_text(std::string(10'001, 'a')).has_value());
    EXPECT_EQ(client.receive(20s).error().kind, Kind::connection_lost);
    EXPECT_TRUE(some_closed_.wait());
}

TEST_F(WebSocketTest, client_that_does_not_read_is_cut_off) {
    echo({.websocket_queue_bytes = 1 * mebibyte});
    WebSocketClient client = connect();
    ASSERT_TRUE(client.send_text("x").has_value());
    ASSERT_TRUE(client.receive(20s).has_value());
    const std::string news(100 * kibibyte, 'n');
    // More than the queue and what the sockets of both ends hold.
    for (int i = 0; i < 400; ++i)
        last_opened_->send_text(news);
    EXPECT_TRUE(some_closed_.wait());
    EXPECT_EQ(closed_.load(), 1);
    bool is_lost = false;
    while (!is_lost) {
        const auto text = client.receive(20s);
        is_lost = !text.has_value();
        if (!is_lost) continue;
        EXPECT_EQ(text.error().kind, Kind::connection_lost);
    }
}

TEST_F(WebSocketTest, close_says_goodbye_after_what_is_queued) {
    echo();
    WebSocketClient client = connect();
    ASSERT_TRUE(client.send_text("x").has_value());
    ASSERT_TRUE(client.receive(20s).has_value());
    last_opened_->send_text("last words");
    last_opened_->close();
    last_opened_->send_text("unheard");
    EXPECT_EQ(*client.receive(20s), "last words");
    EXPECT_EQ(client.receive(20s).error().kind, Kind::connection_lost);
    EXPECT_TRUE(some_closed_.wait());
}

TEST_F(WebSocketTest, close_by_the_client_is_noticed_once) {
    echo();
    WebSocketClient client = connect();
    client.close();
    EXPECT_TRUE(some_closed_.wait());
    EXPECT_EQ(opened_.load(), 1);
    EXPECT_EQ(closed_.load(), 1);
    last_opened_->send_text("to nobody");
}

TEST_F(WebSocketTest, nothing_is_read_while_paused) {
    std::atomic<int> texts = 0;
    Event first;
    Event third;
    WebSocketPtr socket;
    HttpHandlers handlers;
    handlers.on_text = [&](const WebSocketPtr& from, std::string) {
        ++texts;
        if (texts == 1) {
            socket = from;
            from->pause_reading();
            first.set();
        }
        if (texts == 3) third.set();
    };
    serve({}, std::move(handlers));
    WebSocketClient client = connect();
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(client.send_text("x").has_value());
    ASSERT_TRUE(first.wait());
    // A round trip through the same loop: whatever it was going to read, it has read by now.
    EXPECT_TRUE(HttpClient().get(url()).has_value());
    EXPECT_LE(texts.load(), 2);
    socket->resume_reading();
    EXPECT_TRUE(third.wait());
}

TEST_F(WebSocketTest, pages_of_other_origins_are_refused_unless_listed) {
    echo({.allowed_origins = {"https://wallet.example"}});
    EXPECT_EQ(upgrade_answer("Origin: https://evil.example\r\n"), "HTTP/1.1 403 Forbidden");
    EXPECT_EQ(upgrade_answer("Origin: https://wallet.example\r\n"), "HTTP/1.1 101 Switching Protocols");
    EXPECT_EQ(upgrade_answer("Origin: http://127.0.0.1\r\n"), "HTTP/1.1 101 Switching Protocols");
    EXPECT_EQ(upgrade_answer(""), "HTTP/1.1 101 Switching Protocols");
}

TEST_F(WebSocketTest, connections_over_the_limit_get_503) {
    echo({.websockets = 1});
    WebSocketClient first = connect();
    EXPECT_EQ(upgrade_answer(""), "HTTP/1.1 503 Service Unavailable");
}

TEST_F(WebSocketTest, server_without_handler_has_no_websocket) {
    serve();
    EXPECT_EQ(upgrade_answer(""), "HTTP/1.1 404 Not Found");
    EXPECT_EQ(WebSocketClient::connect(url("/", "ws")).error().kind, Kind::cannot_connect);
}

TEST_F(WebSocketTest, waiting_for_a_message_ends_at_the_timeout_and_can_go_on) {
    echo();
    WebSocketClient client = connect();
    EXPECT_EQ(client.receive(10ms).error().kind, Kind::timeout);
    ASSERT_TRUE(client.send_text("x").has_value());
    EXPECT_EQ(*client.receive(20s), "x");
}

TEST_F(WebSocketTest, user_may_keep_the_pointer_longer_than_the_connection) {
    echo();
    {
        WebSocketClient client = connect();
        ASSERT_TRUE(client.send_text("x").has_value());
        ASSERT_TRUE(client.receive(20s).has_value());
    }
    EXPECT_TRUE(some_closed_.wait());
    EXPECT_EQ(last_opened_->remote_ip(), "127.0.0.1");
    last_opened_->send_text("to nobody");
    last_opened_->close();
    last_opened_.reset();
    EXPECT_EQ(*HttpClient().post_json(url(), "{}"), "{}");
}

}  // namespace
}  // namespace sluice::network
