#include "network/http_listener.hpp"

#include <algorithm>
#include <vector>

#include "network/http_session.hpp"
#include "network/websocket_session.hpp"

namespace sluice::network {

namespace {

constexpr std::chrono::milliseconds accept_pause{100};
constexpr std::chrono::milliseconds sweep_interval_max{1'000};
constexpr std::chrono::milliseconds sweep_interval_min{10};

/// A copy to walk over: what is done to the members takes them out of the map.
template <typename Member>
std::vector<std::shared_ptr<Member>> still_there(
    const std::map<std::uint64_t, std::weak_ptr<Member>>& members) {
    std::vector<std::shared_ptr<Member>> found;
    found.reserve(members.size());
    for (const auto& [id, weak] : members) {
        if (auto member = weak.lock()) found.push_back(std::move(member));
    }
    return found;
}

}  // namespace

HttpListener::HttpListener(boost::asio::io_context& io, HttpServerConfig config, HttpHandlers handlers)
    : io_(io),
      config_(std::move(config)),
      handlers_(std::move(handlers)),
      acceptor_(io),
      accept_pause_(io),
      sweep_timer_(io) {}

core::Result<void, std::string> HttpListener::listen() {
    boost::system::error_code error;
    const auto ip = boost::asio::ip::make_address(config_.listen_host, error);
    const Tcp::endpoint endpoint(ip, config_.listen_port);
    if (!error) acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
    if (error) {
        return core::fail("cannot listen for HTTP on " + config_.listen_host + ":" +
                          std::to_string(config_.listen_port) + ": " + error.message());
    }
    port_ = acceptor_.local_endpoint(error).port();
    return {};
}

void HttpListener::start() {
    if (is_stopped()) return;
    accept_next();
    schedule_sweep();
}

void HttpListener::stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    accept_pause_.cancel();
    sweep_timer_.cancel();
    for (const auto& session : still_there(sessions_))
        session->shut();
    for (const auto& websocket : still_there(websockets_))
        websocket->cut_off();
}

HttpCounters HttpListener::counters() const {
    return {.requests = requests_.load(),
            .refused_requests = refused_requests_.load(),
            .refused_connections = refused_connections_.load(),
            .connections = open_connections_.load(),
            .websockets = open_websockets_.load()};
}

bool HttpListener::reserve_body(std::size_t bytes) {
    if (body_bytes_ + bytes > http_bodies_bytes_max) return false;
    body_bytes_ += bytes;
    return true;
}

bool HttpListener::reserve_answer(std::size_t bytes) {
    if (answer_bytes_ + bytes > http_answers_bytes_max) return false;
    answer_bytes_ += bytes;
    return true;
}

void HttpListener::websocket_opened(std::uint64_t id, std::weak_ptr<WebSocketSession> websocket) {
    websockets_.emplace(id, std::move(websocket));
    open_websockets_.store(websockets_.size());
}

void HttpListener::websocket_closed(std::uint64_t id) {
    websockets_.erase(id);
    open_websockets_.store(websockets_.size());
}

void HttpListener::connection_gone(const boost::asio::ip::address& ip) {
    --open_connections_;
    const auto found = connections_by_ip_.find(ip);
    if (found != connections_by_ip_.end() && --found->second == 0) connections_by_ip_.erase(found);
}

void HttpListener::accept_next() {
    acceptor_.async_accept(
        [self = shared_from_this()](const boost::system::error_code& error, Tcp::socket socket) {
            if (self->is_stopped()) return;
            if (!error) {
                self->on_accepted(std::move(socket));
                return self->accept_next();
            }
            // Most likely out of file descriptors: trying again at once would spin.
            self->accept_pause_.expires_after(accept_pause);
            self->accept_pause_.async_wait([self](const boost::system::error_code& cancelled) {
                if (!cancelled && !self->is_stopped()) self->accept_next();
            });
        });
}

void HttpListener::on_accepted(Tcp::socket socket) {
    boost::system::error_code error;
    const Tcp::endpoint remote = socket.remote_endpoint(error);
    if (error) return;
    const auto found = connections_by_ip_.find(remote.address());
    const std::size_t of_ip = found == connections_by_ip_.end() ? 0 : found->second;
    if (open_connections_.load() >= config_.connections || of_ip >= config_.connections_per_ip) {
        ++refused_connections_;
        return;
    }
    ++open_connections_;
    ++connections_by_ip_[remote.address()];
    socket.set_option(Tcp::no_delay(true), error);
    auto session = std::make_shared<HttpSession>(std::move(socket), shared_from_this(), remote.address());
    sessions_.emplace(session->id(), session);
    session->start();
}

void HttpListener::schedule_sweep() {
    const auto shortest = std::min({config_.header_deadline, config_.body_deadline, config_.idle_deadline});
    sweep_timer_.expires_after(std::clamp(shortest / 4, sweep_interval_min, sweep_interval_max));
    sweep_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (error || self->is_stopped()) return;
        const Instant now = std::chrono::steady_clock::now();
        for (const auto& session : still_there(self->sessions_))
            session->enforce_deadline(now);
        self->schedule_sweep();
    });
}

}  // namespace sluice::network
