/// A peer of which the test chooses every byte.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "network/control_message.hpp"
#include "network/frame.hpp"
#include "network/handshake.hpp"
#include "network/transport.hpp"

namespace sluice::network {

/// Dials, and speaks only when told to. Files may be empty: then it has no certificate.
class RawPeer {
  public:
    RawPeer(boost::asio::io_context& io, const TlsFiles& files);

    void connect(std::uint16_t port);
    void send(const core::Bytes& bytes);
    void send_control(const ControlMessage& message);
    void send_frame(Channel channel, const core::Bytes& body);
    /// The HELLO that an honest peer would send on this connection.
    Hello hello(crypto::Signer& signer, const TransportConfig& like) const;
    void stop_reading() { is_reading_ = false; }

    bool is_secured() const { return is_secured_; }
    bool is_closed() const { return is_closed_; }
    std::size_t bytes_received() const { return bytes_received_; }
    /// The first received control message of a kind.
    template <typename Message>
    const Message* received() const {
        for (const ControlMessage& message : control_) {
            if (const auto* found = std::get_if<Message>(&message)) return found;
        }
        return nullptr;
    }

  private:
    void read();
    void write();

    boost::asio::ssl::context context_;
    boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
    std::vector<std::uint8_t> buffer_;
    std::deque<core::Bytes> waiting_;
    FrameReader frames_;
    std::vector<ControlMessage> control_;
    std::size_t bytes_received_ = 0;
    bool is_secured_ = false;
    bool is_closed_ = false;
    bool is_reading_ = true;
};

}  // namespace sluice::network
