#include "network/http_server.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "core/check.hpp"
#include "network/http_listener.hpp"
#include "network/http_session.hpp"
#include "network/pending_reply.hpp"

namespace sluice::network {

PendingReply::PendingReply(std::shared_ptr<HttpSession> session) : session_(std::move(session)) {}

PendingReply::~PendingReply() {
    if (is_answered_.load()) return;
    session_->answer({.status = 500, .content_type = "text/plain", .body = "the request was dropped\n"});
}

void PendingReply::send(HttpResponse response) {
    if (!is_answered_.exchange(true)) session_->answer(std::move(response));
}

void Responder::operator()(HttpResponse response) const {
    reply_->send(std::move(response));
}

void Responder::json(std::string body) const {
    reply_->send({.body = std::move(body)});
}

core::Result<std::unique_ptr<HttpServer>, std::string> HttpServer::listen(boost::asio::io_context& io,
                                                                          HttpServerConfig config,
                                                                          HttpHandlers handlers) {
    CHECK(handlers.on_request != nullptr);
    auto listener = std::make_shared<HttpListener>(io, std::move(config), std::move(handlers));
    if (auto listening = listener->listen(); !listening) return core::fail(std::move(listening.error()));
    boost::asio::post(io, [listener] { listener->start(); });
    return std::make_unique<HttpServer>(std::move(listener));
}

HttpServer::HttpServer(std::shared_ptr<HttpListener> listener) : listener_(std::move(listener)) {}

HttpServer::~HttpServer() {
    stop();
}

void HttpServer::stop() {
    listener_->mark_stopped();
    boost::asio::post(listener_->io(), [listener = listener_] { listener->stop(); });
}

std::uint16_t HttpServer::port() const {
    return listener_->port();
}

HttpCounters HttpServer::counters() const {
    return listener_->counters();
}

}  // namespace sluice::network
