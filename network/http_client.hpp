/// Small blocking clients for HTTP and WebSocket servers: the wallet, the doctor and the load generator.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "network/limits.hpp"
#include "network/url.hpp"

namespace sluice::network {

struct HttpClientOptions {
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds read_timeout{30'000};  ///< from the request's first byte to the answer's last
    std::size_t response_bytes_max = 64 * mebibyte;
    std::string authorization{};   ///< sent as Authorization header if not empty
    std::string authority_file{};  ///< CA certificates for https and wss; empty: the system's
};

struct HttpClientError {
    enum class Kind {
        bad_url,
        cannot_connect,   ///< nobody listens, name not found, TLS refused
        timeout,          ///< connected, but no answer in time: whether the request took effect is unknown
        connection_lost,  ///< likewise
        bad_response,     ///< not HTTP, or over the size limit
        http_status,      ///< an answer, but not 2xx: see `status` and `body`
    };
    Kind kind = Kind::cannot_connect;
    std::string message;  ///< one sentence that names the URL
    unsigned status = 0;  ///< for http_status
    std::string body;     ///< for http_status
};

/// A client that keeps its last connection open and uses it again for the same server. One thread.
/// A request on a kept connection that the server has closed meanwhile is sent again on a new one, once, and
/// only if nothing of the answer had come.
class HttpClient {
  public:
    explicit HttpClient(HttpClientOptions options = {});
    ~HttpClient();
    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) noexcept;

    /// POST with content type application/json; the body of a 2xx answer.
    core::Result<std::string, HttpClientError> post_json(std::string_view url, std::string_view body);
    /// GET; the body of a 2xx answer.
    core::Result<std::string, HttpClientError> get(std::string_view url);

  private:
    class Connection;
    core::Result<std::string, HttpClientError> exchange(std::string_view method, std::string_view url,
                                                        std::string_view body);
    HttpClientOptions options_;
    std::unique_ptr<Connection> connection_;
};

/// A blocking WebSocket client, for subscriptions. One thread.
class WebSocketClient {
  public:
    static core::Result<WebSocketClient, HttpClientError> connect(std::string_view url,
                                                                  HttpClientOptions options = {});
    ~WebSocketClient();
    WebSocketClient(WebSocketClient&&) noexcept;
    WebSocketClient& operator=(WebSocketClient&&) noexcept;

    /// Returns when the message is on its way.
    core::Result<void, HttpClientError> send_text(std::string_view text);
    /// The next text message; kind `timeout` if none comes in time (the connection stays usable).
    core::Result<std::string, HttpClientError> receive(std::chrono::milliseconds timeout);
    /// Says goodbye and waits for the other side to do the same. The object is spent afterwards.
    void close();

    class Connection;

  private:
    explicit WebSocketClient(std::unique_ptr<Connection> connection);
    std::unique_ptr<Connection> connection_;
};

}  // namespace sluice::network
