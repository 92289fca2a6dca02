#include "tests/network/http_fixture.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>

namespace sluice::network {

namespace {

constexpr int patience_ms = 20'000;

}  // namespace

BackgroundLoop::BackgroundLoop() : work_(io_.get_executor()), thread_([this] { io_.run(); }) {}

BackgroundLoop::~BackgroundLoop() {
    stop();
}

void BackgroundLoop::stop() {
    work_.reset();
    io_.stop();
    if (thread_.joinable()) thread_.join();
}

void Event::set() {
    const std::lock_guard lock(mutex_);
    is_set_ = true;
    changed_.notify_all();
}

bool Event::wait() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::milliseconds(patience_ms), [this] { return is_set_; });
}

RawClient::RawClient(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int connected = ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    EXPECT_EQ(connected, 0);
}

RawClient::~RawClient() {
    ::close(descriptor_);
}

void RawClient::send(const std::string& text) {
    std::size_t sent = 0;
    while (sent < text.size()) {
        const ssize_t size = ::send(descriptor_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (size <= 0) return;
        sent += static_cast<std::size_t>(size);
    }
}

bool RawClient::read_more() {
    pollfd ready{descriptor_, POLLIN, 0};
    if (::poll(&ready, 1, patience_ms) != 1) return false;
    std::array<char, 65'536> buffer{};
    const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (size <= 0) return false;
    received_.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
}

std::string RawClient::read_response(bool has_body) {
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
        if (!read_more()) return "";
    }
    std::size_t size = end + 4;
    const std::size_t field = received_.find("Content-Length: ");
    if (has_body && field < end) size += std::stoul(received_.substr(field + 16));
    while (received_.size() < size) {
        if (!read_more()) return "";
    }
    std::string response = received_.substr(0, size);
    received_.erase(0, size);
    return response;
}

bool RawClient::is_closed_by_server() {
    pollfd ready{descriptor_, POLLIN, 0};
    if (!received_.empty() || ::poll(&ready, 1, patience_ms) != 1) return false;
    char byte = 0;
    return ::recv(descriptor_, &byte, 1, 0) <= 0;
}

std::string post(const std::string& body, const std::string& further_headers,
                 const std::string& content_type) {
    return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + content_type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + further_headers + "\r\n" + body;
}

void HttpServerTest::serve(HttpServerConfig config, HttpHandlers handlers) {
    if (!handlers.on_request) {
        handlers.on_request = [this](HttpRequest request, Responder respond) {
            ++requests_;
            respond.json(request.method == HttpMethod::post ? request.body : "GET " + request.target);
        };
    }
    auto listening = HttpServer::listen(loop_.io(), std::move(config), std::move(handlers));
    ASSERT_TRUE(listening.has_value()) << listening.error();
    server_ = std::move(*listening);
}

}  // namespace sluice::network
