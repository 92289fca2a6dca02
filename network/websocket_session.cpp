#include "network/websocket_session.hpp"

#include <utility>

#include <boost/asio/post.hpp>
#include <boost/beast/core/buffers_to_string.hpp>

namespace sluice::network {

namespace {

namespace websocket = boost::beast::websocket;

/// What an empty message costs the queue, so that a million of them are not free.
constexpr std::size_t message_overhead_bytes = 64;

}  // namespace

WebSocketSession::WebSocketSession(Tcp::socket socket, std::shared_ptr<HttpListener> listener,
                                   ConnectionPlace place, std::string remote_ip, std::string authorization)
    : stream_(std::move(socket)),
      listener_(std::move(listener)),
      place_(std::move(place)),
      id_(listener_->next_id()),
      remote_ip_(std::move(remote_ip)),
      authorization_(std::move(authorization)) {}

WebSocketSession::~WebSocketSession() {
    // Normally it has ended already; a user that drops the last pointer on its own thread must not do it
    // here.
    if (!place_) return;
    boost::asio::post(listener_->io(), [listener = listener_, id = id_, place = std::move(place_)]() mutable {
        listener->websocket_closed(id);
        place.reset();
    });
}

void WebSocketSession::accept(Request request) {
    request_ = std::move(request);
    stream_.set_option(websocket::stream_base::timeout{
        .handshake_timeout = listener_->config().header_deadline,
        .idle_timeout = listener_->config().idle_deadline,
        .keep_alive_pings = true,
    });
    stream_.read_message_max(listener_->config().websocket_message_bytes);
    stream_.auto_fragment(false);
    stream_.text(true);
    stream_.async_accept(request_,
                         [self = shared_from_this()](const ErrorCode& error) { self->on_accepted(error); });
}

void WebSocketSession::on_accepted(const ErrorCode& error) {
    if (error || is_silenced()) return cut_off();
    is_open_ = true;
    if (listener_->handlers().on_open) listener_->handlers().on_open(shared_from_this());
    read();
}

void WebSocketSession::read() {
    if (is_reading_ || is_paused_ || !is_open_) return;
    is_reading_ = true;
    stream_.async_read(buffer_, [self = shared_from_this()](const ErrorCode& error, std::size_t) {
        self->is_reading_ = false;
        self->on_read(error);
    });
}

void WebSocketSession::on_read(const ErrorCode& error) {
    if (error) return end();
    if (!stream_.got_text()) return close_with(websocket::close_code::unknown_data);
    std::string text = boost::beast::buffers_to_string(buffer_.data());
    buffer_.consume(buffer_.size());
    if (is_open_ && !is_closing_ && !is_silenced()) {
        listener_->handlers().on_text(shared_from_this(), std::move(text));
    }
    read();
}

void WebSocketSession::send_text(std::string text) {
    const std::size_t cost = text.size() + message_overhead_bytes;
    const std::size_t queued = queued_bytes_.fetch_add(cost) + cost;
    if (queued > listener_->config().websocket_queue_bytes) {
        queued_bytes_.fetch_sub(cost);
        boost::asio::post(stream_.get_executor(), [self = shared_from_this()] { self->cut_off(); });
        return;
    }
    boost::asio::post(stream_.get_executor(), [self = shared_from_this(), text = std::move(text)]() mutable {
        self->queue(std::move(text));
    });
}

void WebSocketSession::queue(std::string text) {
    if (!is_open_ || is_closing_) return;
    queue_.push_back(std::move(text));
    if (!is_writing_) write();
}

void WebSocketSession::write() {
    is_writing_ = true;
    stream_.async_write(boost::asio::buffer(queue_.front()),
                        [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                            self->is_writing_ = false;
                            self->on_written(error);
                        });
}

void WebSocketSession::on_written(const ErrorCode& error) {
    if (error || !is_open_) return end();
    queued_bytes_.fetch_sub(queue_.front().size() + message_overhead_bytes);
    queue_.pop_front();
    if (!queue_.empty()) return write();
    if (is_closing_) close_with(websocket::close_code::normal);
}

void WebSocketSession::close() {
    boost::asio::post(stream_.get_executor(), [self = shared_from_this()] {
        if (!self->is_open_ || std::exchange(self->is_closing_, true)) return;
        if (!self->is_writing_) self->close_with(websocket::close_code::normal);
    });
}

void WebSocketSession::pause_reading() {
    boost::asio::post(stream_.get_executor(), [self = shared_from_this()] { self->is_paused_ = true; });
}

void WebSocketSession::resume_reading() {
    boost::asio::post(stream_.get_executor(), [self = shared_from_this()] {
        self->is_paused_ = false;
        self->read();
    });
}

void WebSocketSession::close_with(websocket::close_code code) {
    is_closing_ = true;
    if (!is_open_ || std::exchange(is_close_sent_, true)) return;
    stream_.async_close(websocket::close_reason(code),
                        [self = shared_from_this()](const ErrorCode&) { self->end(); });
}

void WebSocketSession::end() {
    const bool was_open = std::exchange(is_open_, false);
    ErrorCode ignored;
    stream_.next_layer().close(ignored);
    listener_->websocket_closed(id_);
    place_.reset();
    if (!was_open || !listener_->handlers().on_close || is_silenced()) return;
    listener_->handlers().on_close(shared_from_this());
}

}  // namespace sluice::network
