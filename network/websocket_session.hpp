/// The server's end of one WebSocket connection.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "network/http_listener.hpp"
#include "network/websocket.hpp"

namespace sluice::network {

/// Kept alive by its pending operations and by whoever holds a `WebSocketPtr`. Io thread only, except the
/// methods of `WebSocket`.
class WebSocketSession final : public WebSocket, public std::enable_shared_from_this<WebSocketSession> {
  public:
    using Tcp = boost::asio::ip::tcp;
    using Request = boost::beast::http::request<boost::beast::http::string_body>;

    WebSocketSession(Tcp::socket socket, std::shared_ptr<HttpListener> listener, ConnectionPlace place,
                     std::string remote_ip, std::string authorization);
    ~WebSocketSession() override;

    /// Answers the opening request.
    void accept(Request request);
    /// Closes the connection without a closing frame.
    void cut_off() { end(); }

    void send_text(std::string text) override;
    std::size_t queued_bytes() const override { return queued_bytes_; }
    void close() override;
    void pause_reading() override;
    void resume_reading() override;
    std::uint64_t id() const override { return id_; }
    const std::string& remote_ip() const override { return remote_ip_; }
    const std::string& authorization() const override { return authorization_; }

  private:
    using ErrorCode = boost::system::error_code;

    void on_accepted(const ErrorCode& error);
    void read();
    void on_read(const ErrorCode& error);
    void queue(std::string text);
    void write();
    void on_written(const ErrorCode& error);
    void close_with(boost::beast::websocket::close_code code);
    void end();
    bool is_silenced() const { return listener_->is_stopped(); }

    boost::beast::websocket::stream<Tcp::socket> stream_;
    std::shared_ptr<HttpListener> listener_;
    std::optional<ConnectionPlace> place_;
    std::uint64_t id_;
    std::string remote_ip_;
    std::string authorization_;
    Request request_;
    boost::beast::flat_buffer buffer_;
    std::deque<std::string> queue_;
    std::atomic<std::size_t> queued_bytes_ = 0;  ///< counted by the senders, before the io thread gets to it
    bool is_open_ = false;
    bool is_writing_ = false;
    bool is_reading_ = false;
    bool is_paused_ = false;
    bool is_closing_ = false;
    bool is_close_sent_ = false;
};

}  // namespace sluice::network
