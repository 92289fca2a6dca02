/// What the HTTP and WebSocket clients share: one blocking operation with a time limit, and connecting.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "network/http_client.hpp"

namespace sluice::network {

using ClientSocket = boost::asio::ip::tcp::socket;
using SecureClientSocket = boost::asio::ssl::stream<ClientSocket>;

/// Runs asynchronous operations to their end, or until the time is up.
class BlockingLoop {
  public:
    boost::asio::io_context& io() { return io_; }

    /// Runs until `is_done` is set by a handler; false if the time was up first. Operations stay pending
    /// then.
    bool run_until(const bool& is_done, std::chrono::milliseconds timeout);

  private:
    boost::asio::io_context io_{1};
};

/// The error of a URL that cannot be used.
HttpClientError bad_url(std::string_view url, std::string_view why);
HttpClientError client_error(HttpClientError::Kind kind, const Url& url, std::string_view what);

/// Looks the host up and connects; TCP_NODELAY set.
core::Result<void, HttpClientError> connect(BlockingLoop& loop, ClientSocket& socket, const Url& url,
                                            std::chrono::milliseconds timeout);

/// TLS settings of a client: 1.2 or newer, the server's certificate and name verified.
core::Result<boost::asio::ssl::context, HttpClientError> client_tls(const Url& url,
                                                                    const HttpClientOptions& options);
core::Result<void, HttpClientError> secure(BlockingLoop& loop, SecureClientSocket& stream, const Url& url,
                                           std::chrono::milliseconds timeout);

}  // namespace sluice::network
