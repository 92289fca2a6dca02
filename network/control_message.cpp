#include "network/control_message.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "network/limits.hpp"

namespace sluice::network {

namespace {

enum Type : std::uint8_t { hello = 1, accept = 2, close = 3, ping = 4, pong = 5, neighbours = 6 };

constexpr std::string_view hello_magic = "sluice";
constexpr std::size_t detail_bytes_max = 255;

static_assert(2 + neighbours_max * 20 + 1 <= control_frame_bytes_max);

void append_text(core::Bytes& to, std::string_view text, std::size_t bytes_max) {
    const std::string_view cut = text.substr(0, bytes_max);
    to.push_back(static_cast<std::uint8_t>(cut.size()));
    core::append(to, core::view(cut));
}

std::string read_text(core::ByteReader& reader) {
    const std::size_t length = reader.u8();
    return std::string(core::text_view(reader.take(length)));
}

/// Refused rather than cleaned: the signature of a HELLO covers its texts as sent.
bool is_fit(const std::string& text) {
    return text == printable(text, peer_name_bytes_max);
}

struct Encoder {
    core::Bytes& to;

    void operator()(const Hello& message) const {
        to.push_back(hello);
        core::append(to, core::view(hello_magic));
        core::append_be16(to, message.version);
        core::append_be64(to, message.chain_id);
        core::append(to, message.genesis_hash);
        to.push_back(static_cast<std::uint8_t>(message.role));
        core::append(to, message.address);
        append_text(to, message.name, peer_name_bytes_max);
        append_text(to, message.software_version, peer_name_bytes_max);
        core::append(to, message.signature.r);
        core::append(to, message.signature.s);
        to.push_back(message.signature.recovery_id);
    }
    void operator()(const Accept&) const { to.push_back(accept); }
    void operator()(const Close& message) const {
        to.push_back(close);
        to.push_back(static_cast<std::uint8_t>(message.reason));
        append_text(to, message.detail, detail_bytes_max);
    }
    void operator()(const Ping& message) const {
        to.push_back(ping);
        core::append_be64(to, message.nonce);
    }
    void operator()(const Pong& message) const {
        to.push_back(pong);
        core::append_be64(to, message.nonce);
    }
    void operator()(const Neighbours& message) const {
        CHECK(message.addresses.size() <= neighbours_max);
        to.push_back(neighbours);
        core::append_be16(to, static_cast<std::uint16_t>(message.addresses.size()));
        for (const core::Address& address : message.addresses)
            core::append(to, address);
    }
};

using Decoded = core::Result<ControlMessage, CloseReason>;

Decoded malformed() {
    return core::fail(CloseReason::malformed);
}

Decoded decode_hello(core::ByteReader& reader) {
    const core::ByteView magic = reader.take(hello_magic.size());
    Hello message;
    message.version = reader.be16();
    if (!reader.ok() || core::text_view(magic) != hello_magic) return malformed();
    if (message.version != protocol_version) return core::fail(CloseReason::wrong_protocol_version);
    message.chain_id = reader.be64();
    reader.fill(message.genesis_hash);
    const std::uint8_t role = reader.u8();
    reader.fill(message.address);
    message.name = read_text(reader);
    message.software_version = read_text(reader);
    reader.fill(message.signature.r);
    reader.fill(message.signature.s);
    message.signature.recovery_id = reader.u8();
    if (!reader.done() || role < 1 || role > 2 || message.signature.recovery_id > 1) return malformed();
    if (!is_fit(message.name) || !is_fit(message.software_version)) return malformed();
    message.role = static_cast<PeerRole>(role);
    return message;
}

Decoded decode_close(core::ByteReader& reader) {
    Close message;
    const std::uint8_t reason = reader.u8();
    message.detail = printable(read_text(reader), detail_bytes_max);
    if (!reader.done()) return malformed();
    // A reason that only a newer node knows is still a close.
    if (reason <= static_cast<std::uint8_t>(CloseReason::connection_lost)) {
        message.reason = static_cast<CloseReason>(reason);
    }
    return message;
}

Decoded decode_neighbours(core::ByteReader& reader) {
    const std::size_t count = reader.be16();
    if (!reader.ok() || count > neighbours_max || reader.rest().size() != count * sizeof(core::Address)) {
        return malformed();
    }
    Neighbours message;
    message.addresses.resize(count);
    for (core::Address& address : message.addresses)
        reader.fill(address);
    return message;
}

template <typename Message>
Decoded decode_nonce(core::ByteReader& reader) {
    Message message;
    message.nonce = reader.be64();
    if (!reader.done()) return malformed();
    return message;
}

}  // namespace

core::Bytes encode(const ControlMessage& message) {
    core::Bytes bytes;
    std::visit(Encoder{bytes}, message);
    return bytes;
}

core::Result<ControlMessage, CloseReason> decode_control_message(core::ByteView body) {
    core::ByteReader reader(body);
    switch (reader.u8()) {
        case hello:
            return decode_hello(reader);
        case accept:
            return reader.done() ? Decoded(Accept{}) : malformed();
        case close:
            return decode_close(reader);
        case ping:
            return decode_nonce<Ping>(reader);
        case pong:
            return decode_nonce<Pong>(reader);
        case neighbours:
            return decode_neighbours(reader);
        default:
            return malformed();
    }
}

std::string printable(std::string_view text, std::size_t bytes_max) {
    std::string clean(text.substr(0, bytes_max));
    std::replace_if(
        clean.begin(), clean.end(), [](char c) { return c < 0x20 || c > 0x7e; }, '?');
    return clean;
}

}  // namespace sluice::network
