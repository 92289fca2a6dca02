#include "network/http_client.hpp"

#include <array>
#include <utility>
#include <variant>

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "network/client_stream.hpp"

namespace sluice::network {

namespace {

namespace http = boost::beast::http;
using ErrorCode = boost::system::error_code;
using Kind = HttpClientError::Kind;

struct Response {
    unsigned status = 0;
    std::string body;
    bool keeps_alive = false;
};

/// A failed exchange, and whether the server had begun to answer.
struct ExchangeFailure {
    HttpClientError error;
    bool has_begun = false;
};

std::string head_of(std::string_view method, const Url& url, const HttpClientOptions& options,
                    std::size_t body_bytes) {
    std::string head;
    head.append(method).append(" ").append(url.target).append(" HTTP/1.1\r\nHost: ").append(url.authority());
    head += "\r\nAccept: */*\r\nUser-Agent: sluice\r\n";
    if (method == "POST") {
        head += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body_bytes) + "\r\n";
    }
    if (!options.authorization.empty()) head += "Authorization: " + options.authorization + "\r\n";
    head += "\r\n";
    return head;
}

bool is_server(const Url& a, const Url& b) {
    return a.host == b.host && a.port == b.port && a.is_tls() == b.is_tls();
}

}  // namespace

/// One open connection to one server.
class HttpClient::Connection {
  public:
    static core::Result<std::unique_ptr<Connection>, HttpClientError> open(const Url& url,
                                                                           const HttpClientOptions& options) {
        auto connection = std::make_unique<Connection>(url);
        if (!url.is_tls()) {
            auto& socket = connection->stream_.emplace<ClientSocket>(connection->loop_.io());
            auto connected = connect(connection->loop_, socket, url, options.connect_timeout);
            if (!connected) return core::fail(std::move(connected.error()));
            return connection;
        }
        auto context = client_tls(url, options);
        if (!context) return core::fail(std::move(context.error()));
        auto& stream = connection->stream_.emplace<SecureClientSocket>(connection->loop_.io(), *context);
        auto connected = connect(connection->loop_, stream.next_layer(), url, options.connect_timeout);
        if (connected) connected = secure(connection->loop_, stream, url, options.connect_timeout);
        if (!connected) return core::fail(std::move(connected.error()));
        return connection;
    }

    explicit Connection(Url url) : url_(std::move(url)) {}

    bool is_to(const Url& url) const { return is_server(url_, url); }

    core::Result<Response, ExchangeFailure> exchange(std::string_view head, std::string_view body,
                                                     const HttpClientOptions& options) {
        if (auto* secure_socket = std::get_if<SecureClientSocket>(&stream_)) {
            return exchange_over(*secure_socket, head, body, options);
        }
        return exchange_over(std::get<ClientSocket>(stream_), head, body, options);
    }

  private:
    template <typename Stream>
    core::Result<Response, ExchangeFailure> exchange_over(Stream& stream, std::string_view head,
                                                          std::string_view body,
                                                          const HttpClientOptions& options) {
        http::response_parser<http::string_body> parser;
        parser.body_limit(options.response_bytes_max);
        ErrorCode result;
        bool is_done = false;
        const auto on_read = [&](const ErrorCode& error, std::size_t) {
            result = error;
            is_done = true;
        };
        // In two steps: read in one, Beast 1.74 loses the error of an announced body over the limit.
        const auto on_header = [&](const ErrorCode& error, std::size_t size) {
            if (error || parser.is_done()) return on_read(error, size);
            http::async_read(stream, buffer_, parser, on_read);
        };
        const auto on_written = [&](const ErrorCode& error, std::size_t size) {
            if (error) return on_read(error, size);
            http::async_read_header(stream, buffer_, parser, on_header);
        };
        boost::asio::async_write(
            stream,
            std::array<boost::asio::const_buffer, 2>{boost::asio::buffer(head), boost::asio::buffer(body)},
            on_written);
        if (!loop_.run_until(is_done, options.read_timeout)) {
            abandon(is_done);
            return fail(Kind::timeout, "no answer in time; whether the request took effect is unknown", true);
        }
        if (result) return explain(result, parser.got_some());
        const auto& message = parser.get();
        return Response{.status = message.result_int(),
                        .body = std::move(parser.get().body()),
                        .keeps_alive = parser.keep_alive()};
    }

    core::Result<Response, ExchangeFailure> explain(const ErrorCode& error, bool has_begun) {
        const bool is_foreign =
            error.category() == http::make_error_code(http::error::bad_version).category() &&
            error != http::error::end_of_stream && error != http::error::partial_message;
        if (is_foreign)
            return fail(Kind::bad_response, "the answer cannot be read: " + error.message(), true);
        return fail(Kind::connection_lost, "the connection was lost before the answer was complete",
                    has_begun);
    }

    tl::unexpected<ExchangeFailure> fail(Kind kind, std::string_view what, bool has_begun) const {
        return core::fail(ExchangeFailure{client_error(kind, url_, what), has_begun});
    }

    /// Ends the operation in progress, whose handlers refer to locals of the caller.
    void abandon(bool& is_done) {
        ErrorCode ignored;
        auto* secure_socket = std::get_if<SecureClientSocket>(&stream_);
        (secure_socket != nullptr ? secure_socket->next_layer() : std::get<ClientSocket>(stream_))
            .close(ignored);
        loop_.run_until(is_done, std::chrono::hours(1));
    }

    Url url_;
    BlockingLoop loop_;
    std::variant<std::monostate, ClientSocket, SecureClientSocket> stream_;
    boost::beast::flat_buffer buffer_;
};

HttpClient::HttpClient(HttpClientOptions options) : options_(std::move(options)) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

core::Result<std::string, HttpClientError> HttpClient::post_json(std::string_view url,
                                                                 std::string_view body) {
    return exchange("POST", url, body);
}

core::Result<std::string, HttpClientError> HttpClient::get(std::string_view url) {
    return exchange("GET", url, "");
}

core::Result<std::string, HttpClientError> HttpClient::exchange(std::string_view method,
                                                                std::string_view text,
                                                                std::string_view body) {
    const auto url = parse_url(text);
    if (!url) return core::fail(bad_url(text, describe(url.error())));
    const std::string head = head_of(method, *url, options_, body.size());
    bool is_kept = connection_ && connection_->is_to(*url);
    for (;;) {
        if (!is_kept) {
            auto opened = Connection::open(*url, options_);
            if (!opened) return core::fail(std::move(opened.error()));
            connection_ = std::move(*opened);
        }
        auto response = connection_->exchange(head, body, options_);
        if (!response) {
            connection_.reset();
            // The server closed an idle connection just as it was used again.
            const bool is_stale = is_kept && !response.error().has_begun;
            is_kept = false;
            if (is_stale) continue;
            return core::fail(std::move(response.error().error));
        }
        if (!response->keeps_alive) connection_.reset();
        if (response->status >= 200 && response->status < 300) return std::move(response->body);
        HttpClientError error =
            client_error(Kind::http_status, *url, "the server answered " + std::to_string(response->status));
        error.status = response->status;
        error.body = std::move(response->body);
        return core::fail(std::move(error));
    }
}

}  // namespace sluice::network
