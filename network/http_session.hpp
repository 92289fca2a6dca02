/// One HTTP connection: requests one after another, each answered before the next is read.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "network/http_listener.hpp"
#include "network/http_server.hpp"

namespace sluice::network {

/// Kept alive by its own pending operations and by the answer it waits for. Io thread only, except `answer`.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
  public:
    using Tcp = boost::asio::ip::tcp;
    using Instant = std::chrono::steady_clock::time_point;

    HttpSession(Tcp::socket socket, std::shared_ptr<HttpListener> listener,
                const boost::asio::ip::address& ip);
    ~HttpSession();

    void start();
    /// Sends the answer to the request in hand. Any thread; at most once per request.
    void answer(HttpResponse response);
    /// Closes the connection if what it is doing takes too long.
    void enforce_deadline(Instant now);
    void shut();
    std::uint64_t id() const { return id_; }

  private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
    using ErrorCode = boost::system::error_code;
    struct Objection {
        unsigned status;
        std::string_view sentence;
    };
    enum class State { idle, header, body, handling, writing, parting, upgraded, closed };

    void begin_request();
    void read_more();
    void take_input();
    void on_parse_error(const ErrorCode& error);
    bool accept_header();
    std::optional<Objection> object_to_header() const;
    bool is_websocket_acceptable();
    bool reserve_body();
    /// False if its readers already hold too many large answers.
    bool reserve_answer(const HttpResponse& response);
    void release_body();
    void handle_request();
    void answer_preflight();
    void upgrade();
    void send_continue();
    void refuse(unsigned status, std::string_view sentence);
    void write(HttpResponse response);
    std::string head_of(const HttpResponse& response) const;
    void on_written(const ErrorCode& error);
    void part();
    void set_deadline(std::chrono::milliseconds from_now);
    std::string field(boost::beast::http::field name) const;
    void leave();
    const HttpServerConfig& config() const { return listener_->config(); }

    Tcp::socket socket_;
    std::shared_ptr<HttpListener> listener_;
    std::uint64_t id_;
    std::optional<ConnectionPlace> place_;
    std::string remote_ip_;
    boost::beast::flat_buffer buffer_;
    std::optional<Parser> parser_;
    State state_ = State::idle;
    Instant deadline_ = Instant::max();
    std::size_t reserved_bytes_ = 0;  ///< of the request's body
    std::size_t reserved_answer_bytes_ = 0;
    bool is_header_accepted_ = false;
    bool keeps_alive_ = true;
    bool is_head_request_ = false;
    std::string cors_origin_;  ///< of the request in hand, if it may read the answer
    std::string write_head_;
    std::string write_body_;
};

}  // namespace sluice::network
