/// One accepted WebSocket connection (RFC 6455), as its user sees it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace sluice::network {

/// The server's end of a connection. Every method may be called from any thread and returns at once.
class WebSocket {
  public:
    virtual ~WebSocket() = default;

    /// Queues a text message. A client that lets more than `websocket_queue_bytes_max` wait is cut off
    /// (without a closing frame: it does not read); what is sent to a closed connection is dropped.
    virtual void send_text(std::string text) = 0;
    /// What waits to be sent; a sender that can wait looks here first.
    virtual std::size_t queued_bytes() const = 0;
    /// Closes with code 1000 after what is queued has been sent.
    virtual void close() = 0;
    /// Reads no further messages until `resume_reading`: for a user with too many answers outstanding.
    virtual void pause_reading() = 0;
    virtual void resume_reading() = 0;
    /// Differs for every connection of a server; never reused.
    virtual std::uint64_t id() const = 0;
    /// The client's IP address as text.
    virtual const std::string& remote_ip() const = 0;
    /// The value of the Authorization header of the opening request; empty if there was none.
    virtual const std::string& authorization() const = 0;
};
using WebSocketPtr = std::shared_ptr<WebSocket>;

}  // namespace sluice::network
