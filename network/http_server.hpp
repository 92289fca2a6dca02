/// HTTP/1.1 and WebSocket on one port, for JSON-RPC, health, metrics and the dashboard.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "network/limits.hpp"
#include "network/websocket.hpp"

namespace boost::asio {
class io_context;
}

namespace sluice::network {

enum class HttpMethod : std::uint8_t { get, head, post };

/// A complete request that has passed the server's own rules (size, Host, content type, Origin).
struct HttpRequest {
    HttpMethod method = HttpMethod::get;
    std::string target;  ///< path and query as sent, e.g. "/health?full=1"
    std::string body;
    std::string host;
    std::string origin;  ///< empty if absent, as the next ones
    std::string content_type;
    std::string authorization;
    std::string accept;
    std::string if_none_match;
    std::string remote_ip;  ///< of the client's socket
};

/// An answer. Content-Length, Date-free; Connection and CORS headers are added by the server.
struct HttpResponse {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body{};
    std::vector<std::pair<std::string, std::string>> headers{};  ///< further ones; no CR or LF in them
};

class PendingReply;

/// The right to answer one request once, from any thread. Copies share it: the first answer counts, later
/// ones are ignored. When the last copy goes without an answer the client gets 500.
class Responder {
  public:
    explicit Responder(std::shared_ptr<PendingReply> reply) : reply_(std::move(reply)) {}
    void operator()(HttpResponse response) const;
    /// The common case: 200, application/json.
    void json(std::string body) const;

  private:
    std::shared_ptr<PendingReply> reply_;
};

struct HttpServerConfig {
    std::string listen_host = "127.0.0.1";  ///< an IP address
    std::uint16_t listen_port = 0;          ///< 0 lets the system choose
    /// Host names accepted in the Host header beside loopback names and IP literals, which cannot be used
    /// for DNS rebinding. "*" accepts any.
    std::vector<std::string> allowed_hosts{};
    /// Origins (scheme://host[:port]) that browsers' pages may call from. "*" accepts any. Empty: CORS is
    /// off, and WebSockets are opened only by non-browsers and by pages of the same host.
    std::vector<std::string> allowed_origins{};
    std::size_t connections = http_connections_max;
    std::size_t connections_per_ip = http_connections_per_ip_max;
    std::size_t websockets = websocket_connections_max;
    std::size_t body_bytes = http_body_bytes_max;
    std::size_t websocket_message_bytes = websocket_message_bytes_max;
    std::size_t websocket_queue_bytes = websocket_queue_bytes_max;
    std::chrono::milliseconds header_deadline = http_header_deadline;
    std::chrono::milliseconds body_deadline = http_body_deadline;
    std::chrono::milliseconds idle_deadline = http_idle_deadline;
};

/// What the server calls, on the io thread; none may block. An absent WebSocket handler switches them off.
struct HttpHandlers {
    std::function<void(HttpRequest, Responder)> on_request{};
    std::function<void(const WebSocketPtr&)> on_open{};
    std::function<void(const WebSocketPtr&, std::string)> on_text{};
    std::function<void(const WebSocketPtr&)> on_close{};  ///< once for each `on_open`
};

/// Totals since start, and what is open now.
struct HttpCounters {
    std::uint64_t requests = 0;
    std::uint64_t refused_requests = 0;     ///< answered with 4xx by the server itself
    std::uint64_t refused_connections = 0;  ///< over a limit
    std::uint64_t connections = 0;
    std::uint64_t websockets = 0;
};

class HttpListener;

/// The server. The io_context must be run by one thread and outlive it. `stop` may be called from any thread;
/// the destructor calls it.
class HttpServer {
  public:
    /// Opens the port and starts to accept. The error is a sentence for the operator.
    static core::Result<std::unique_ptr<HttpServer>, std::string> listen(boost::asio::io_context& io,
                                                                         HttpServerConfig config,
                                                                         HttpHandlers handlers);
    /// For `listen`.
    explicit HttpServer(std::shared_ptr<HttpListener> listener);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Closes the port and every connection. No handler is called afterwards, except the one in progress.
    void stop();
    std::uint16_t port() const;
    HttpCounters counters() const;

  private:
    std::shared_ptr<HttpListener> listener_;
};

}  // namespace sluice::network
