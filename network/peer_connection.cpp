#include "network/peer_connection.hpp"

#include <array>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "core/check.hpp"

namespace sluice::network {

namespace {

using boost::asio::ssl::stream_base;
using std::chrono::duration_cast;

/// Before authentication nothing longer than a HELLO may be pending.
static_assert(control_frame_bytes_max <= handshake_bytes_max);

std::array<std::size_t, channel_count> queue_limits(const TransportLimits& limits) {
    return {control_queue_bytes_max, limits.consensus_queue_bytes, limits.sync_queue_bytes,
            limits.transactions_queue_bytes};
}

std::uint64_t milliseconds_between(PeerConnection::Instant from, PeerConnection::Instant to) {
    const auto passed = duration_cast<std::chrono::milliseconds>(to - from).count();
    return passed > 0 ? static_cast<std::uint64_t>(passed) : 0;
}

std::string endpoint_text(const std::string& host, std::uint16_t port) {
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace

PeerConnection::PeerConnection(Tcp::socket socket, TlsContext context,
                               std::shared_ptr<const ConnectionSettings> settings,
                               std::weak_ptr<ConnectionOwner> owner)
    : stream_(std::move(socket), *context),
      context_(std::move(context)),
      resolver_(stream_.get_executor()),
      timer_(stream_.get_executor()),
      settings_(std::move(settings)),
      owner_(std::move(owner)),
      byte_rate_(settings_->limits.bytes_per_second, std::chrono::steady_clock::now()),
      frame_rate_(settings_->limits.messages_per_second, std::chrono::steady_clock::now()),
      queue_(queue_limits(settings_->limits)) {}

void PeerConnection::dial(const PeerTarget& target, PeerTable::TargetIndex index) {
    target_ = index;
    endpoint_ = endpoint_text(target.host, target.port);
    start_deadline();
    ErrorCode not_literal;
    const auto literal = boost::asio::ip::make_address(target.host, not_literal);
    if (!not_literal) {
        connect_to(Tcp::resolver::results_type::create(Tcp::endpoint(literal, target.port), target.host, ""));
        return;
    }
    resolver_.async_resolve(
        target.host, std::to_string(target.port),
        [self = shared_from_this()](const ErrorCode& error, const Tcp::resolver::results_type& found) {
            if (self->state_ != State::connecting) return;
            if (error) return self->abandon({CloseReason::unreachable, error.message()}, false);
            self->connect_to(found);
        });
}

void PeerConnection::accept() {
    ErrorCode ignored;
    const Tcp::endpoint remote = stream_.next_layer().remote_endpoint(ignored);
    remote_ip_ = remote.address();
    endpoint_ = endpoint_text(remote_ip_.to_string(), remote.port());
    start_deadline();
    secure(stream_base::server);
}

void PeerConnection::start_deadline() {
    timer_.expires_after(settings_->limits.handshake);
    timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
        if (error || self->state_ >= State::up) return;
        const bool is_reached = self->state_ != State::connecting;
        self->close(
            {is_reached ? CloseReason::handshake_timeout : CloseReason::unreachable, "no answer in time"});
    });
}

void PeerConnection::connect_to(const Tcp::resolver::results_type& endpoints) {
    boost::asio::async_connect(
        stream_.next_layer(), endpoints,
        [self = shared_from_this()](const ErrorCode& error, const Tcp::endpoint& endpoint) {
            if (self->state_ != State::connecting) return;
            if (error) return self->abandon({CloseReason::unreachable, error.message()}, false);
            self->remote_ip_ = endpoint.address();
            self->secure(stream_base::client);
        });
}

void PeerConnection::secure(stream_base::handshake_type side) {
    state_ = State::securing;
    ErrorCode ignored;
    stream_.next_layer().set_option(Tcp::no_delay(true), ignored);
    stream_.async_handshake(side, [self = shared_from_this()](const ErrorCode& error) {
        if (self->state_ == State::securing) self->on_secured(error);
    });
}

void PeerConnection::on_secured(const ErrorCode& error) {
    if (error) {
        const TlsFailure failure = explain(error, stream_.native_handle());
        report(failure.refusal, failure.refused_by_peer);
        start_grace();
        return drain();
    }
    is_secured_ = true;
    state_ = State::greeting;
    auto facts = session_facts(stream_.native_handle());
    if (!facts) return close(facts.error());
    session_ = std::move(*facts);
    read_buffer_.resize(read_chunk_bytes);
    send_control(make_hello(settings_->own, session_, *settings_->signer));
    read();
}

void PeerConnection::read() {
    stream_.async_read_some(boost::asio::buffer(read_buffer_),
                            [self = shared_from_this()](const ErrorCode& error, std::size_t size) {
                                self->on_read(error, size);
                            });
}

void PeerConnection::on_read(const ErrorCode& error, std::size_t size) {
    if (state_ == State::closed) return;
    if (error) return state_ == State::closing ? shut() : on_lost(error);
    if (state_ == State::closing) return read();

    const Instant now = std::chrono::steady_clock::now();
    heard_at_ = now;
    probe_ends_.reset();
    counters_.bytes_in += size;
    std::uint64_t frames = 0;
    const bool is_open = take_frames(core::ByteView(read_buffer_).first(size), frames);
    counters_.frames_in += frames;
    if (!is_open) return state_ == State::closing ? read() : void();
    const auto wait = std::max(byte_rate_.take(size, now), frame_rate_.take(frames, now));
    if (wait.count() > 0 && state_ == State::up) return read_after(wait);
    read();
}

bool PeerConnection::take_frames(core::ByteView input, std::uint64_t& frames) {
    while (!input.empty()) {
        auto read = frames_.read(input);
        if (!read) {
            close({CloseReason::malformed, std::string(describe(read.error()))});
            return false;
        }
        if (!read->has_value()) return true;
        ++frames;
        Frame frame = std::move(**read);
        if (frame.channel == Channel::control) {
            if (!handle_control(frame.body)) return false;
        } else if (const auto owner = owner_.lock()) {
            owner->frame_received(*this, std::move(frame));
        }
        // The owner may have closed this connection over what it was told.
        if (state_ == State::closing || state_ == State::closed) return false;
    }
    return true;
}

bool PeerConnection::handle_control(core::ByteView body) {
    auto message = decode_control_message(body);
    if (!message) {
        close({message.error(), message.error() == CloseReason::malformed
                                    ? "unreadable control message"
                                    : "this node speaks version " + std::to_string(protocol_version)});
        return false;
    }
    std::visit([this](auto& content) { handle(content); }, *message);
    return state_ != State::closing && state_ != State::closed;
}

void PeerConnection::handle(const Hello& hello) {
    if (state_ != State::greeting || peer_) return close({CloseReason::malformed, "a second HELLO"});
    auto peer = check_hello(hello, settings_->own, session_, settings_->self);
    if (!peer) return close(peer.error());
    peer_ = std::move(*peer);
    if (!is_admitted()) return;
    // The deciding end waits for the other's ACCEPT, so that it never holds a place for a connection that the
    // other end refuses.
    if (!decides(settings_->self, peer_->address)) send_control(Accept{});
}

void PeerConnection::handle(const Accept&) {
    if (state_ != State::greeting || !peer_) return close({CloseReason::malformed, "ACCEPT without HELLO"});
    if (!is_admitted()) return;
    if (decides(settings_->self, peer_->address)) send_control(Accept{});
    come_up();
}

void PeerConnection::handle(const Close& message) {
    abandon({message.reason, message.detail}, true);
}

void PeerConnection::handle(const Ping& message) {
    if (state_ != State::up) return close({CloseReason::malformed, "PING before the handshake was done"});
    send_control(Pong{message.nonce});
}

void PeerConnection::handle(const Pong& message) {
    if (state_ != State::up) return close({CloseReason::malformed, "PONG before the handshake was done"});
    if (message.nonce != ping_nonce_) return;
    const auto passed = duration_cast<std::chrono::microseconds>(heard_at_ - pinged_at_).count();
    counters_.round_trip_us = passed > 0 ? static_cast<std::uint64_t>(passed) : 1;
}

void PeerConnection::handle(Neighbours& message) {
    if (state_ != State::up)
        return close({CloseReason::malformed, "neighbours before the handshake was done"});
    if (const auto owner = owner_.lock()) owner->neighbours_received(*this, std::move(message.addresses));
}

bool PeerConnection::is_admitted() {
    const auto owner = owner_.lock();
    const CloseReason verdict = owner ? owner->admit(*this) : CloseReason::shutting_down;
    if (verdict != CloseReason::none) close({verdict, ""});
    return verdict == CloseReason::none;
}

void PeerConnection::come_up() {
    const auto owner = owner_.lock();
    if (!owner) return close({CloseReason::shutting_down, ""});
    state_ = State::up;
    timer_.cancel();
    frames_.open_all_channels();
    up_since_ = heard_at_ = pinged_at_ = std::chrono::steady_clock::now();
    owner->connection_up(*this);
}

void PeerConnection::read_after(std::chrono::nanoseconds wait) {
    timer_.expires_after(wait);
    timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
        if (!error && self->state_ == State::up) self->read();
    });
}

void PeerConnection::on_lost(const ErrorCode& error) {
    const bool was_up = state_ == State::up;
    TlsFailure failure = explain(error, stream_.native_handle());
    const bool is_end = error == boost::asio::error::eof ||
                        error == boost::asio::ssl::error::stream_truncated ||
                        error == boost::asio::error::connection_reset;
    if (was_up) failure.refusal.reason = CloseReason::connection_lost;
    if (!was_up && is_end) failure.refusal.reason = CloseReason::none;
    abandon(failure.refusal, failure.refused_by_peer || is_end);
}

void PeerConnection::send(OutgoingFrame frame) {
    if (state_ == State::up) push(std::move(frame));
}

void PeerConnection::send_control(const ControlMessage& message) {
    push({.channel = Channel::control, .gossip = {}, .body = core::share(encode(message))});
}

void PeerConnection::push(OutgoingFrame frame) {
    const std::string_view lane = name_of(frame.channel);
    if (!queue_.push(std::move(frame))) {
        return close({CloseReason::slow_consumer, "the queue for " + std::string(lane) + " is full"});
    }
    schedule_flush();
}

void PeerConnection::schedule_flush() {
    if (is_writing_ || is_flush_posted_) return;
    // Posted, not called: frames queued in the same turn of the loop leave in one write.
    is_flush_posted_ = true;
    boost::asio::post(stream_.get_executor(), [self = shared_from_this()] {
        self->is_flush_posted_ = false;
        if (!self->is_writing_ && self->state_ != State::closed) self->flush();
    });
}

void PeerConnection::flush() {
    gather();
    if (write_buffer_.empty()) return;
    is_writing_ = true;
    const boost::asio::const_buffer head = boost::asio::buffer(write_buffer_);
    const boost::asio::const_buffer body =
        write_body_ ? boost::asio::buffer(*write_body_) : boost::asio::const_buffer();
    boost::asio::async_write(
        stream_, std::array<boost::asio::const_buffer, 2>{head, body},
        [self = shared_from_this()](const ErrorCode& error, std::size_t) { self->on_written(error); });
}

void PeerConnection::gather() {
    write_buffer_.clear();
    write_body_.reset();
    while (write_buffer_.size() < write_chunk_bytes && !write_body_) {
        const auto frame = queue_.pop();
        if (!frame) break;
        append_frame_header(write_buffer_, frame->channel, frame->gossip, frame->body->size());
        if (frame->body->size() > write_chunk_bytes) {
            write_body_ = frame->body;
        } else {
            core::append(write_buffer_, *frame->body);
        }
        ++counters_.frames_out;
    }
    counters_.bytes_out += write_buffer_.size() + (write_body_ ? write_body_->size() : 0);
}

void PeerConnection::on_written(const ErrorCode& error) {
    is_writing_ = false;
    if (state_ == State::closed) return;
    if (error) {
        // In the handshake the read tells why the other side hung up: it finds the alert or the CLOSE.
        if (state_ == State::up) on_lost(error);
        return;
    }
    if (!queue_.is_empty()) return flush();
    if (state_ != State::closing) return;
    ErrorCode ignored;
    stream_.next_layer().shutdown(Tcp::socket::shutdown_send, ignored);
}

void PeerConnection::tick(Instant now) {
    if (state_ != State::up) return;
    if (now - heard_at_ > settings_->limits.silence) {
        return close({CloseReason::silent,
                      "nothing heard for " + std::to_string(milliseconds_between(heard_at_, now)) + " ms"});
    }
    if (probe_ends_ && now > *probe_ends_) {
        return close({CloseReason::silent, "no answer while another connection claimed its place"});
    }
    if (now - pinged_at_ < settings_->limits.ping) return;
    pinged_at_ = now;
    send_control(Ping{++ping_nonce_});
}

void PeerConnection::probe(Instant now) {
    if (state_ != State::up || probe_ends_) return;
    probe_ends_ = now + probe_deadline;
    pinged_at_ = now;
    send_control(Ping{++ping_nonce_});
}

void PeerConnection::forgive_silence(Instant now) {
    heard_at_ = now;
    if (probe_ends_) probe_ends_ = now + probe_deadline;
}

void PeerConnection::close(const Refusal& refusal) {
    if (state_ == State::closing || state_ == State::closed) return;
    const Close parting{refusal.reason, printable(refusal.detail, 255)};
    report(refusal, false);
    if (!is_secured_) return shut();
    start_grace();
    queue_.clear();
    send_control(parting);
}

void PeerConnection::abandon(const Refusal& refusal, bool by_peer) {
    if (state_ == State::closing || state_ == State::closed) return;
    report(refusal, by_peer);
    shut();
}

void PeerConnection::report(const Refusal& refusal, bool by_peer) {
    state_ = State::closing;
    if (const auto owner = owner_.lock()) owner->connection_closed(*this, refusal, by_peer);
}

void PeerConnection::start_grace() {
    // Closing with unread bytes would reset the connection and take our last words with it: we read on until
    // the other side hangs up too, for as long as this.
    timer_.expires_after(close_grace);
    timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
        if (!error) self->shut();
    });
}

void PeerConnection::drain() {
    ErrorCode ignored;
    stream_.next_layer().shutdown(Tcp::socket::shutdown_send, ignored);
    read_buffer_.resize(read_chunk_bytes);
    stream_.next_layer().async_read_some(boost::asio::buffer(read_buffer_),
                                         [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                                             if (self->state_ == State::closed) return;
                                             error ? self->shut() : self->drain();
                                         });
}

void PeerConnection::shut() {
    if (state_ == State::closed) return;
    state_ = State::closed;
    timer_.cancel();
    resolver_.cancel();
    ErrorCode ignored;
    stream_.next_layer().close(ignored);
}

PeerStatus PeerConnection::status(Instant now) const {
    CHECK(peer_.has_value());
    PeerStatus status = counters_;
    status.identity = *peer_;
    status.endpoint = endpoint_;
    status.dialled = target_.has_value();
    status.connected_ms = milliseconds_between(up_since_, now);
    status.silent_ms = milliseconds_between(heard_at_, now);
    status.queued_bytes = queue_.bytes();
    status.dropped_transactions = queue_.dropped_transactions();
    return status;
}

}  // namespace sluice::network
