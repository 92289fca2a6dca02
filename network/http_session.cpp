#include "network/http_session.hpp"

#include <array>
#include <utility>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "core/check.hpp"
#include "network/http_rules.hpp"
#include "network/pending_reply.hpp"
#include "network/websocket_session.hpp"

namespace sluice::network {

namespace {

namespace http = boost::beast::http;

constexpr std::size_t read_bytes = 16 * kibibyte;
constexpr std::chrono::milliseconds parting_deadline{2'000};
/// What has been read but not parsed: a header that is not complete yet, and one read behind it.
constexpr std::size_t buffer_bytes_max = http_header_bytes_max + 4 * read_bytes;

unsigned status_of(const boost::system::error_code& error) {
    if (error == http::error::header_limit) return 431;
    if (error == http::error::body_limit) return 413;
    return 400;
}

std::string_view as_view(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

}  // namespace

HttpSession::HttpSession(Tcp::socket socket, std::shared_ptr<HttpListener> listener,
                         const boost::asio::ip::address& ip)
    : socket_(std::move(socket)),
      listener_(std::move(listener)),
      id_(listener_->next_id()),
      place_(std::in_place, listener_, ip),
      remote_ip_(ip.to_string()),
      buffer_(buffer_bytes_max) {}

HttpSession::~HttpSession() {
    // Normally it has left already; a worker that drops the last copy of a Responder must not do it here.
    if (!place_) return;
    boost::asio::post(listener_->io(),
                      [listener = listener_, id = id_, bytes = reserved_bytes_,
                       answer_bytes = reserved_answer_bytes_, place = std::move(place_)]() mutable {
                          listener->session_closed(id);
                          listener->release_body(bytes);
                          listener->release_answer(answer_bytes);
                          place.reset();
                      });
}

void HttpSession::start() {
    begin_request();
}

void HttpSession::begin_request() {
    release_body();
    parser_.emplace();
    // Beast 1.74 loses the error of an announced body over the limit when it parses eagerly.
    parser_->eager(false);
    parser_->header_limit(static_cast<std::uint32_t>(http_header_bytes_max));
    parser_->body_limit(config().body_bytes);
    is_header_accepted_ = false;
    is_head_request_ = false;
    cors_origin_.clear();
    state_ = State::idle;
    set_deadline(config().idle_deadline);
    buffer_.size() > 0 ? take_input() : read_more();
}

void HttpSession::read_more() {
    // A header is bounded by the parser, but a chunk's extension or a trailer is a line without end to it.
    if (state_ != State::parting && buffer_.size() + read_bytes > buffer_bytes_max)
        return refuse(400, "a line of the request is too long");
    socket_.async_read_some(buffer_.prepare(read_bytes),
                            [self = shared_from_this()](const ErrorCode& error, std::size_t size) {
                                if (error) return self->shut();
                                if (self->state_ == State::closed) return;
                                self->buffer_.commit(size);
                                if (self->state_ != State::parting) return self->take_input();
                                self->buffer_.consume(size);
                                self->read_more();
                            });
}

void HttpSession::take_input() {
    if (state_ == State::idle) {
        state_ = State::header;
        set_deadline(config().header_deadline);
    }
    ErrorCode error;
    while (buffer_.size() > 0 && !parser_->is_done()) {
        const std::size_t used = parser_->put(buffer_.data(), error);
        buffer_.consume(used);
        if (error) break;
    }
    if (error && error != http::error::need_more) return on_parse_error(error);
    if (parser_->is_header_done() && !is_header_accepted_) {
        is_header_accepted_ = true;
        if (!accept_header()) return;
    }
    if (parser_->is_done()) return handle_request();
    read_more();
}

void HttpSession::on_parse_error(const ErrorCode& error) {
    if (error == http::error::body_limit) {
        return refuse(413, "the body is larger than " + std::to_string(config().body_bytes) + " bytes");
    }
    refuse(status_of(error), "the request cannot be read: " + error.message());
}

/// False if the request was refused or handed over.
bool HttpSession::accept_header() {
    const auto& request = parser_->get();
    listener_->count_request();
    keeps_alive_ = request.version() >= 11 && request.keep_alive();
    is_head_request_ = request.method() == http::verb::head;
    if (const auto objection = object_to_header()) {
        refuse(objection->status, objection->sentence);
        return false;
    }
    const std::string origin = field(http::field::origin);
    if (!origin.empty() && is_origin_allowed(origin, config().allowed_origins)) cors_origin_ = origin;
    if (boost::beast::websocket::is_upgrade(request)) {
        if (is_websocket_acceptable()) upgrade();
        return false;
    }
    if (!reserve_body()) {
        refuse(503, "there are too many large requests at a time");
        return false;
    }
    state_ = State::body;
    set_deadline(config().body_deadline);
    if (!parser_->is_done() && http::token_list(request[http::field::expect]).exists("100-continue")) {
        send_continue();
        return false;
    }
    return true;
}

std::optional<HttpSession::Objection> HttpSession::object_to_header() const {
    const auto& request = parser_->get();
    const std::string host = field(http::field::host);
    if (host.empty() && request.version() >= 11) return Objection{400, "the Host header is missing"};
    if (!host.empty() && !is_host_allowed(host, config().allowed_hosts)) {
        return Objection{403, "this host name is not allowed; see the setting for allowed hosts"};
    }
    const http::verb verb = request.method();
    if (verb == http::verb::post && !is_json_content_type(field(http::field::content_type))) {
        return Objection{415, "the content type must be application/json"};
    }
    if (verb != http::verb::post && verb != http::verb::get && verb != http::verb::head &&
        verb != http::verb::options) {
        return Objection{405, "only GET, HEAD, POST and OPTIONS are known here"};
    }
    return std::nullopt;
}

bool HttpSession::reserve_body() {
    const auto announced = parser_->content_length();
    const std::size_t bytes = announced            ? static_cast<std::size_t>(*announced)
                              : parser_->chunked() ? config().body_bytes
                                                   : 0;
    if (!listener_->reserve_body(bytes)) return false;
    reserved_bytes_ = bytes;
    return true;
}

void HttpSession::release_body() {
    listener_->release_body(std::exchange(reserved_bytes_, 0));
    listener_->release_answer(std::exchange(reserved_answer_bytes_, 0));
}

bool HttpSession::is_websocket_acceptable() {
    const std::string origin = field(http::field::origin);
    if (!listener_->handlers().on_text) {
        refuse(404, "there is no WebSocket here");
        return false;
    }
    if (!origin.empty() && cors_origin_.empty() && !is_same_origin(origin, field(http::field::host))) {
        refuse(403, "this origin is not allowed; see the setting for allowed origins");
        return false;
    }
    if (!listener_->has_room_for_websocket()) {
        refuse(503, "there are too many WebSocket connections");
        return false;
    }
    // A client must wait for the answer before it sends frames (RFC 6455 §4.1).
    if (buffer_.size() > 0) {
        refuse(400, "data came before the upgrade was answered");
        return false;
    }
    return true;
}

void HttpSession::handle_request() {
    state_ = State::handling;
    deadline_ = Instant::max();
    auto& message = parser_->get();
    if (message.method() == http::verb::options) return answer_preflight();
    if (listener_->is_stopped()) return shut();
    HttpRequest request;
    request.method = message.method() == http::verb::post   ? HttpMethod::post
                     : message.method() == http::verb::head ? HttpMethod::head
                                                            : HttpMethod::get;
    request.target = std::string(as_view(message.target()));
    request.host = field(http::field::host);
    request.origin = field(http::field::origin);
    request.content_type = field(http::field::content_type);
    request.authorization = field(http::field::authorization);
    request.accept = field(http::field::accept);
    request.if_none_match = field(http::field::if_none_match);
    request.remote_ip = remote_ip_;
    request.body = std::move(message.body());
    listener_->handlers().on_request(std::move(request),
                                     Responder(std::make_shared<PendingReply>(shared_from_this())));
}

void HttpSession::answer_preflight() {
    if (cors_origin_.empty()) return refuse(403, "cross-origin requests are not allowed from here");
    HttpResponse response{.status = 204, .content_type = ""};
    response.headers = {{"Access-Control-Allow-Methods", "GET, POST, OPTIONS"},
                        {"Access-Control-Allow-Headers", "content-type, authorization"},
                        {"Access-Control-Max-Age", "600"}};
    write(std::move(response));
}

void HttpSession::upgrade() {
    state_ = State::upgraded;
    deadline_ = Instant::max();
    listener_->session_closed(id_);
    auto websocket = std::make_shared<WebSocketSession>(std::move(socket_), listener_, std::move(*place_),
                                                        remote_ip_, field(http::field::authorization));
    place_.reset();
    listener_->websocket_opened(websocket->id(), websocket);
    websocket->accept(parser_->release());
}

void HttpSession::send_continue() {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    boost::asio::async_write(socket_, boost::asio::buffer(go_on),
                             [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                                 if (error) return self->shut();
                                 if (self->state_ == State::body) self->read_more();
                             });
}

void HttpSession::refuse(unsigned status, std::string_view sentence) {
    listener_->count_refused_request();
    // What follows in the stream is not trusted, or not worth reading.
    keeps_alive_ = false;
    state_ = State::handling;
    write({.status = status,
           .content_type = "text/plain",
           .body = std::string(sentence) + "\n",
           .headers = {}});
}

void HttpSession::answer(HttpResponse response) {
    boost::asio::dispatch(socket_.get_executor(),
                          [self = shared_from_this(), response = std::move(response)]() mutable {
                              if (self->state_ == State::handling) self->write(std::move(response));
                          });
}

bool HttpSession::reserve_answer(const HttpResponse& response) {
    const std::size_t bytes = response.body.size();
    if (is_head_request_ || bytes <= http_small_answer_bytes) return true;
    if (!listener_->reserve_answer(bytes)) return false;
    reserved_answer_bytes_ = bytes;
    return true;
}

void HttpSession::write(HttpResponse response) {
    if (!reserve_answer(response)) return refuse(503, "too many large answers wait to be read");
    state_ = State::writing;
    set_deadline(config().idle_deadline);
    write_head_ = head_of(response);
    write_body_ = is_head_request_ ? std::string() : std::move(response.body);
    boost::asio::async_write(
        socket_,
        std::array<boost::asio::const_buffer, 2>{boost::asio::buffer(write_head_),
                                                 boost::asio::buffer(write_body_)},
        [self = shared_from_this()](const ErrorCode& error, std::size_t) { self->on_written(error); });
}

std::string HttpSession::head_of(const HttpResponse& response) const {
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
    head += as_view(http::obsolete_reason(http::int_to_status(response.status)));
    head += "\r\n";
    const auto add = [&head](std::string_view name, std::string_view value) {
        CHECK(value.find_first_of("\r\n") == std::string_view::npos);
        head.append(name).append(": ").append(value).append("\r\n");
    };
    if (!response.content_type.empty()) add("Content-Type", response.content_type);
    if (response.status != 204) add("Content-Length", std::to_string(response.body.size()));
    if (!keeps_alive_) add("Connection", "close");
    if (!cors_origin_.empty()) {
        add("Access-Control-Allow-Origin", cors_origin_);
        add("Vary", "Origin");
    }
    for (const auto& [name, value] : response.headers)
        add(name, value);
    head += "\r\n";
    return head;
}

void HttpSession::on_written(const ErrorCode& error) {
    if (state_ == State::closed) return;
    if (error) return shut();
    write_body_ = {};
    keeps_alive_ ? begin_request() : part();
}

void HttpSession::part() {
    // Closing with unread bytes would reset the connection before the client has read the answer.
    state_ = State::parting;
    set_deadline(parting_deadline);
    ErrorCode ignored;
    socket_.shutdown(Tcp::socket::shutdown_send, ignored);
    buffer_.clear();
    read_more();
}

void HttpSession::enforce_deadline(Instant now) {
    if (now < deadline_) return;
    if (state_ == State::header || state_ == State::body) listener_->count_refused_request();
    shut();
}

void HttpSession::shut() {
    if (state_ == State::closed || state_ == State::upgraded) return;
    state_ = State::closed;
    ErrorCode ignored;
    socket_.close(ignored);
    leave();
}

void HttpSession::leave() {
    release_body();
    listener_->session_closed(id_);
    place_.reset();
}

void HttpSession::set_deadline(std::chrono::milliseconds from_now) {
    deadline_ = std::chrono::steady_clock::now() + from_now;
}

std::string HttpSession::field(http::field name) const {
    return std::string(as_view(parser_->get()[name]));
}

}  // namespace sluice::network
