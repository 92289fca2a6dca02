#include "tests/network/raw_peer.hpp"

#include <boost/asio/write.hpp>

#include "network/tls.hpp"

namespace sluice::network {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

namespace {

asio::ssl::context client_context(const TlsFiles& files) {
    asio::ssl::context context(asio::ssl::context::tls_client);
    if (files.certificate_file.empty()) return context;
    context.use_certificate_chain_file(files.certificate_file);
    context.use_private_key_file(files.key_file, asio::ssl::context::pem);
    return context;
}

}  // namespace

RawPeer::RawPeer(asio::io_context& io, const TlsFiles& files)
    : context_(client_context(files)), stream_(io, context_), buffer_(64 * 1024) {
    frames_.open_all_channels();
}

void RawPeer::connect(std::uint16_t port) {
    stream_.next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
    stream_.async_handshake(asio::ssl::stream_base::client, [this](const ErrorCode& error) {
        is_closed_ = static_cast<bool>(error);
        is_secured_ = !error;
        if (!error) read();
    });
}

void RawPeer::send(const core::Bytes& bytes) {
    waiting_.push_back(bytes);
    if (waiting_.size() == 1) write();
}

void RawPeer::write() {
    asio::async_write(stream_, asio::buffer(waiting_.front()), [this](const ErrorCode& error, std::size_t) {
        waiting_.pop_front();
        if (!error && !waiting_.empty()) write();
    });
}

void RawPeer::send_control(const ControlMessage& message) {
    send_frame(Channel::control, encode(message));
}

void RawPeer::send_frame(Channel channel, const core::Bytes& body) {
    core::Bytes bytes;
    append_frame_header(bytes, channel, {}, body.size());
    core::append(bytes, body);
    send(bytes);
}

Hello RawPeer::hello(crypto::Signer& signer, const TransportConfig& like) const {
    const auto facts = session_facts(const_cast<RawPeer*>(this)->stream_.native_handle());
    return make_hello({.chain_id = like.chain_id,
                       .genesis_hash = like.genesis_hash,
                       .role = PeerRole::validator,
                       .name = "raw",
                       .software_version = "raw"},
                      *facts, signer);
}

void RawPeer::read() {
    if (!is_reading_) return;
    stream_.async_read_some(asio::buffer(buffer_), [this](const ErrorCode& error, std::size_t size) {
        if (error) {
            is_closed_ = true;
            return;
        }
        bytes_received_ += size;
        core::ByteView input = core::ByteView(buffer_).first(size);
        while (!input.empty()) {
            auto frame = frames_.read(input);
            if (!frame || !frame->has_value()) break;
            if ((*frame)->channel != Channel::control) continue;
            if (auto message = decode_control_message((*frame)->body))
                control_.push_back(std::move(*message));
        }
        read();
    });
}

}  // namespace sluice::network
