#include <utility>

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "network/client_stream.hpp"
#include "network/http_client.hpp"

namespace sluice::network {

namespace {

namespace websocket = boost::beast::websocket;
using ErrorCode = boost::system::error_code;
using Kind = HttpClientError::Kind;

}  // namespace

/// One open connection, over plain TCP or TLS.
class WebSocketClient::Connection {
  public:
    explicit Connection(Url url) : url_(std::move(url)) {}
    virtual ~Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    virtual core::Result<void, HttpClientError> send_text(std::string_view text) = 0;
    virtual core::Result<std::string, HttpClientError> receive(std::chrono::milliseconds timeout) = 0;
    virtual void close() = 0;

    BlockingLoop& loop() { return loop_; }

  protected:
    tl::unexpected<HttpClientError> fail(Kind kind, std::string_view what) const {
        return core::fail(client_error(kind, url_, what));
    }

    Url url_;
    BlockingLoop loop_;
};

/// `Layer` is the stream below: a socket, or TLS over one.
template <typename Layer>
class OpenWebSocket final : public WebSocketClient::Connection {
  public:
    template <typename... Arguments>
    OpenWebSocket(const Url& url, const HttpClientOptions& options, Arguments&... arguments)
        : Connection(url), options_(options), stream_(loop_.io(), arguments...) {}
    ~OpenWebSocket() override {
        // The handlers of pending operations refer to this object.
        cut_off();
        loop_.io().restart();
        loop_.io().poll();
    }

    Layer& layer() { return stream_.next_layer(); }

    core::Result<void, HttpClientError> shake_hands() {
        stream_.read_message_max(options_.response_bytes_max);
        stream_.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
            request.set(boost::beast::http::field::user_agent, "sluice");
            if (options_.authorization.empty()) return;
            request.set(boost::beast::http::field::authorization, options_.authorization);
        }));
        ErrorCode result;
        bool is_done = false;
        stream_.async_handshake(url_.authority(), url_.target, [&](const ErrorCode& error) {
            result = error;
            is_done = true;
        });
        if (!loop_.run_until(is_done, options_.connect_timeout)) {
            cut_off();
            loop_.run_until(is_done, options_.connect_timeout);
            return fail(Kind::cannot_connect, "the WebSocket was not opened in time");
        }
        if (result) return fail(Kind::cannot_connect, "the WebSocket was not opened: " + result.message());
        return {};
    }

    core::Result<void, HttpClientError> send_text(std::string_view text) override {
        ErrorCode result;
        bool is_done = false;
        stream_.text(true);
        stream_.async_write(boost::asio::buffer(text), [&](const ErrorCode& error, std::size_t) {
            result = error;
            is_done = true;
        });
        if (!loop_.run_until(is_done, options_.read_timeout)) {
            cut_off();
            loop_.run_until(is_done, options_.read_timeout);
            return fail(Kind::timeout, "the message could not be sent in time");
        }
        if (result) return fail(Kind::connection_lost, "the message could not be sent: " + result.message());
        return {};
    }

    core::Result<std::string, HttpClientError> receive(std::chrono::milliseconds timeout) override {
        if (!is_reading_) {
            is_reading_ = true;
            is_read_ = false;
            stream_.async_read(buffer_, [this](const ErrorCode& error, std::size_t) {
                read_error_ = error;
                is_read_ = true;
            });
        }
        if (!loop_.run_until(is_read_, timeout)) return fail(Kind::timeout, "no message in time");
        is_reading_ = false;
        if (read_error_)
            return fail(Kind::connection_lost, "the WebSocket was closed: " + read_error_.message());
        std::string text = boost::beast::buffers_to_string(buffer_.data());
        buffer_.consume(buffer_.size());
        return text;
    }

    void close() override {
        bool is_done = false;
        stream_.async_close(websocket::close_code::normal, [&](const ErrorCode&) { is_done = true; });
        if (loop_.run_until(is_done, options_.connect_timeout)) return;
        cut_off();
        loop_.run_until(is_done, options_.connect_timeout);
    }

  private:
    void cut_off() {
        ErrorCode ignored;
        boost::beast::get_lowest_layer(stream_).close(ignored);
    }

    HttpClientOptions options_;
    websocket::stream<Layer> stream_;
    boost::beast::flat_buffer buffer_;
    ErrorCode read_error_;
    bool is_reading_ = false;
    bool is_read_ = false;
};

core::Result<WebSocketClient, HttpClientError> WebSocketClient::connect(std::string_view text,
                                                                        HttpClientOptions options) {
    const auto url = parse_url(text);
    if (!url) return core::fail(bad_url(text, describe(url.error())));
    const auto finish =
        [](auto connection,
           core::Result<void, HttpClientError> ready) -> core::Result<WebSocketClient, HttpClientError> {
        if (ready) ready = connection->shake_hands();
        if (!ready) return core::fail(std::move(ready.error()));
        return WebSocketClient(std::move(connection));
    };
    if (!url->is_tls()) {
        auto connection = std::make_unique<OpenWebSocket<ClientSocket>>(*url, options);
        auto ready = network::connect(connection->loop(), connection->layer(), *url, options.connect_timeout);
        return finish(std::move(connection), std::move(ready));
    }
    auto context = client_tls(*url, options);
    if (!context) return core::fail(std::move(context.error()));
    auto connection = std::make_unique<OpenWebSocket<SecureClientSocket>>(*url, options, *context);
    auto& layer = connection->layer();
    auto ready = network::connect(connection->loop(), layer.next_layer(), *url, options.connect_timeout);
    if (ready) ready = secure(connection->loop(), layer, *url, options.connect_timeout);
    return finish(std::move(connection), std::move(ready));
}

WebSocketClient::WebSocketClient(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}
WebSocketClient::~WebSocketClient() = default;
WebSocketClient::WebSocketClient(WebSocketClient&&) noexcept = default;
WebSocketClient& WebSocketClient::operator=(WebSocketClient&&) noexcept = default;

core::Result<void, HttpClientError> WebSocketClient::send_text(std::string_view text) {
    return connection_->send_text(text);
}

core::Result<std::string, HttpClientError> WebSocketClient::receive(std::chrono::milliseconds timeout) {
    return connection_->receive(timeout);
}

void WebSocketClient::close() {
    connection_->close();
}

}  // namespace sluice::network
