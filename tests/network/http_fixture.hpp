/// A server on loopback with a thread of its own, and a client of which the test chooses every byte.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "network/http_server.hpp"

namespace sluice::network {

/// An io_context that runs on its own thread until the end of the test.
class BackgroundLoop {
  public:
    BackgroundLoop();
    ~BackgroundLoop();
    boost::asio::io_context& io() { return io_; }
    /// Ends the thread: what its handlers use may go from here on.
    void stop();

  private:
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::thread thread_;
};

/// Blocks until something has happened on the other thread.
class Event {
  public:
    void set();
    /// False if it has not happened within 20 s.
    bool wait();

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_set_ = false;
};

/// A blocking TCP client. Reads give up after 20 s.
class RawClient {
  public:
    explicit RawClient(std::uint16_t port);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void send(const std::string& text);
    /// Head and body of the next response; empty when the connection ends first.
    std::string read_response(bool has_body = true);
    /// Waits for the first bytes of a response and leaves the rest unread.
    bool read_a_little() { return read_more(); }
    /// True when the server closes without sending anything more.
    bool is_closed_by_server();
    int descriptor() const { return descriptor_; }

  private:
    bool read_more();
    int descriptor_;
    std::string received_;
};

std::string post(const std::string& body, const std::string& further_headers = "",
                 const std::string& content_type = "application/json");

class HttpServerTest : public ::testing::Test {
  protected:
    /// Starts a server that answers a request with its own body ("GET" for a body that is empty).
    void serve(HttpServerConfig config = {}, HttpHandlers handlers = {});
    std::uint16_t port() const { return server_->port(); }
    std::string url(const std::string& target = "/", const std::string& scheme = "http") const {
        return scheme + "://127.0.0.1:" + std::to_string(port()) + target;
    }

    std::atomic<int> requests_ = 0;
    BackgroundLoop loop_;
    std::unique_ptr<HttpServer> server_;
};

}  // namespace sluice::network
