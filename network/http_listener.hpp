/// The accepting half of the HTTP server: the port, the connections and their limits.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "network/http_server.hpp"

namespace sluice::network {

class HttpSession;
class WebSocketSession;

/// Everything behind `HttpServer`. Io thread only, except `counters`.
class HttpListener : public std::enable_shared_from_this<HttpListener> {
  public:
    using Tcp = boost::asio::ip::tcp;
    using Instant = std::chrono::steady_clock::time_point;

    HttpListener(boost::asio::io_context& io, HttpServerConfig config, HttpHandlers handlers);

    core::Result<void, std::string> listen();
    void start();
    void stop();

    boost::asio::io_context& io() { return io_; }
    const HttpServerConfig& config() const { return config_; }
    const HttpHandlers& handlers() const { return handlers_; }
    std::uint16_t port() const { return port_; }
    HttpCounters counters() const;
    bool is_stopped() const { return is_stopped_.load(); }
    /// Any thread: no handler is called from now on.
    void mark_stopped() { is_stopped_.store(true); }

    void count_request() { ++requests_; }
    void count_refused_request() { ++refused_requests_; }
    /// False if the bodies of all requests in hand would be too large together.
    bool reserve_body(std::size_t bytes);
    void release_body(std::size_t bytes) { body_bytes_ -= bytes; }
    /// False if too many bytes of answers wait to be read by their clients.
    bool reserve_answer(std::size_t bytes);
    void release_answer(std::size_t bytes) { answer_bytes_ -= bytes; }
    bool has_room_for_websocket() const { return websockets_.size() < config_.websockets; }
    std::uint64_t next_id() { return ++last_id_; }

    void session_closed(std::uint64_t id) { sessions_.erase(id); }
    void websocket_opened(std::uint64_t id, std::weak_ptr<WebSocketSession> websocket);
    void websocket_closed(std::uint64_t id);
    /// A TCP connection, of either kind, is gone.
    void connection_gone(const boost::asio::ip::address& ip);

  private:
    void accept_next();
    void on_accepted(Tcp::socket socket);
    void schedule_sweep();

    boost::asio::io_context& io_;
    HttpServerConfig config_;
    HttpHandlers handlers_;
    Tcp::acceptor acceptor_;
    boost::asio::steady_timer accept_pause_;
    boost::asio::steady_timer sweep_timer_;
    std::uint16_t port_ = 0;
    std::atomic<bool> is_stopped_ = false;
    std::map<std::uint64_t, std::weak_ptr<HttpSession>> sessions_;
    std::map<std::uint64_t, std::weak_ptr<WebSocketSession>> websockets_;
    std::map<boost::asio::ip::address, std::size_t> connections_by_ip_;
    std::uint64_t last_id_ = 0;
    std::size_t body_bytes_ = 0;
    std::size_t answer_bytes_ = 0;
    std::atomic<std::uint64_t> requests_ = 0;
    std::atomic<std::uint64_t> refused_requests_ = 0;
    std::atomic<std::uint64_t> refused_connections_ = 0;
    std::atomic<std::uint64_t> open_connections_ = 0;
    std::atomic<std::uint64_t> open_websockets_ = 0;
};

/// A place among the connections of a listener, given back when it goes. Io thread only.
class ConnectionPlace {
  public:
    ConnectionPlace(std::shared_ptr<HttpListener> listener, boost::asio::ip::address ip)
        : listener_(std::move(listener)), ip_(ip) {}
    ConnectionPlace(ConnectionPlace&&) noexcept = default;
    ConnectionPlace& operator=(ConnectionPlace&&) = delete;
    ~ConnectionPlace() {
        if (listener_) listener_->connection_gone(ip_);
    }

  private:
    std::shared_ptr<HttpListener> listener_;
    boost::asio::ip::address ip_;
};

}  // namespace sluice::network
