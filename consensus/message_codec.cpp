#include "consensus/message_codec.hpp"

#include "core/check.hpp"
#include "core/limits.hpp"

namespace sluice::consensus {

namespace {

/// First byte of a bare commit certificate; the signed messages start with their VoteType.
constexpr std::uint8_t certificate_type = 8;
constexpr std::size_t envelope_bytes = 8 + 8 + 32 + 2 + 65;

void append_envelope(core::Bytes& to, const Envelope& envelope) {
    core::append_be64(to, envelope.height);
    core::append_be64(to, envelope.view);
    core::append(to, envelope.validators_hash);
    core::append_be16(to, envelope.sender);
    append(to, envelope.signature);
}

bool read_envelope(core::ByteReader& from, Envelope& envelope) {
    envelope.height = from.be64();
    envelope.view = from.be64();
    from.fill(envelope.validators_hash);
    envelope.sender = from.be16();
    return read(from, envelope.signature);
}

template <typename Certificate>
void append_optional(core::Bytes& to, const std::optional<Certificate>& certificate) {
    to.push_back(certificate ? 1 : 0);
    if (certificate) append(to, *certificate);
}

template <typename Certificate>
bool read_optional(core::ByteReader& from, std::optional<Certificate>& certificate) {
    const std::uint8_t flag = from.u8();
    if (!from.ok() || flag > 1) return false;
    return flag == 0 || read(from, certificate.emplace());
}

void append_body(core::Bytes& to, const ViewChange& message) {
    append_optional(to, message.head);
    append_optional(to, message.lock);
}

void append_body(core::Bytes& to, const NewView& message) {
    CHECK(message.view_changes.size() <= core::limits::validators_max);
    core::append_be16(to, static_cast<std::uint16_t>(message.view_changes.size()));
    for (const ViewChange& view_change : message.view_changes) {
        append_envelope(to, view_change.envelope);
        append_body(to, view_change);
    }
}

void append_body(core::Bytes& to, const Heartbeat& message) {
    core::append_be64(to, message.clock);
    core::append_be32(to, message.version);
}

void append_body(core::Bytes& to, const StatusReport& message) {
    to.push_back(message.recovering ? 1 : 0);
    core::append(to, message.nonce);
}

void append_body(core::Bytes& to, const Prepare& message) {
    core::append(to, message.digest);
}
void append_body(core::Bytes& to, const Commit& message) {
    core::append(to, message.digest);
}

void append_body(core::Bytes& to, const PrePrepare& message) {
    CHECK(message.payload != nullptr);
    core::append(to, message.digest);
    core::append_be32(to, static_cast<std::uint32_t>(message.payload->size()));
    core::append(to, *message.payload);
}

/// What went wrong in a reader that may simply have run out of bytes.
DecodeError reason(const core::ByteReader& from) {
    return from.ok() ? DecodeError::malformed : DecodeError::truncated;
}

using Step = core::Result<void, DecodeError>;

Step read_body(core::ByteReader& from, PrePrepare& message) {
    from.fill(message.digest);
    const std::size_t size = from.be32();
    if (from.ok() && size > core::limits::block_bytes_max) return core::fail(DecodeError::too_large);
    const core::ByteView payload = from.take(size);
    if (!from.ok()) return core::fail(DecodeError::truncated);
    message.payload = core::share(core::to_bytes(payload));
    return {};
}

Step read_body(core::ByteReader& from, Prepare& message) {
    from.fill(message.digest);
    return {};
}

Step read_body(core::ByteReader& from, Commit& message) {
    from.fill(message.digest);
    return {};
}

Step read_body(core::ByteReader& from, ViewChange& message) {
    if (!read_optional(from, message.head)) return core::fail(reason(from));
    if (!read_optional(from, message.lock)) return core::fail(reason(from));
    return {};
}

Step read_body(core::ByteReader& from, NewView& message) {
    const std::size_t count = from.be16();
    if (count > core::limits::validators_max) return core::fail(DecodeError::too_many_items);
    for (std::size_t i = 0; i < count && from.ok(); ++i) {
        ViewChange& view_change = message.view_changes.emplace_back();
        if (!read_envelope(from, view_change.envelope)) return core::fail(reason(from));
        if (Step done = read_body(from, view_change); !done) return done;
    }
    return {};
}

Step read_body(core::ByteReader& from, Heartbeat& message) {
    message.clock = from.be64();
    message.version = from.be32();
    return {};
}

Step read_body(core::ByteReader& from, StatusReport& message) {
    const std::uint8_t flag = from.u8();
    if (flag > 1) return core::fail(DecodeError::malformed);
    message.recovering = flag == 1;
    from.fill(message.nonce);
    return {};
}

core::Result<Message, DecodeError> finish(const core::ByteReader& from, Message message) {
    if (!from.ok()) return core::fail(DecodeError::truncated);
    if (!from.done()) return core::fail(DecodeError::trailing_bytes);
    return message;
}

template <typename M>
core::Result<Message, DecodeError> decode_signed(core::ByteReader& from) {
    M message;
    if (!read_envelope(from, message.envelope)) return core::fail(reason(from));
    if (Step done = read_body(from, message); !done) return core::fail(done.error());
    return finish(from, std::move(message));
}

core::Result<Message, DecodeError> decode_certificate(core::ByteReader& from) {
    core::CommitCertificate certificate;
    if (!read(from, certificate)) return core::fail(reason(from));
    return finish(from, std::move(certificate));
}

struct TypeByte {
    std::uint8_t operator()(const PrePrepare&) const { return of(VoteType::pre_prepare); }
    std::uint8_t operator()(const Prepare&) const { return of(VoteType::prepare); }
    std::uint8_t operator()(const Commit&) const { return of(VoteType::commit); }
    std::uint8_t operator()(const ViewChange&) const { return of(VoteType::view_change); }
    std::uint8_t operator()(const NewView&) const { return of(VoteType::new_view); }
    std::uint8_t operator()(const Heartbeat&) const { return of(VoteType::heartbeat); }
    std::uint8_t operator()(const StatusReport&) const { return of(VoteType::status_report); }
    std::uint8_t operator()(const core::CommitCertificate&) const { return certificate_type; }
    static std::uint8_t of(VoteType type) { return static_cast<std::uint8_t>(type); }
};

template <typename M>
core::Bytes body_bytes(const M& message) {
    core::Bytes body;
    append_body(body, message);
    return body;
}

}  // namespace

std::string_view describe(DecodeError error) {
    switch (error) {
        case DecodeError::empty:
            return "the message has no bytes";
        case DecodeError::too_large:
            return "the proposal is larger than a block may be";
        case DecodeError::unknown_type:
            return "the message has a type that this version does not know";
        case DecodeError::truncated:
            return "the message ends early";
        case DecodeError::trailing_bytes:
            return "the message goes on after its end";
        case DecodeError::too_many_items:
            return "the message lists more view changes than a validator set has members";
        case DecodeError::malformed:
            return "the message is not in its canonical encoding";
    }
    return "unknown decode error";
}

core::Bytes encode(const Message& message) {
    core::Bytes to{std::visit(TypeByte{}, message)};
    std::visit(
        [&to](const auto& alternative) {
            using M = std::decay_t<decltype(alternative)>;
            if constexpr (std::is_same_v<M, core::CommitCertificate>) {
                append(to, alternative);
            } else {
                append_envelope(to, alternative.envelope);
                append_body(to, alternative);
            }
        },
        message);
    return to;
}

core::Bytes body_of(const ViewChange& message) {
    return body_bytes(message);
}
core::Bytes body_of(const NewView& message) {
    return body_bytes(message);
}
core::Bytes body_of(const Heartbeat& message) {
    return body_bytes(message);
}
core::Bytes body_of(const StatusReport& message) {
    return body_bytes(message);
}

core::Result<Message, DecodeError> decode_message(core::ByteView encoded) {
    if (encoded.empty()) return core::fail(DecodeError::empty);
    core::ByteReader from(encoded);
    const std::uint8_t type = from.u8();
    if (type == certificate_type) return decode_certificate(from);
    switch (static_cast<VoteType>(type)) {
        case VoteType::pre_prepare:
            return decode_signed<PrePrepare>(from);
        case VoteType::prepare:
            return decode_signed<Prepare>(from);
        case VoteType::commit:
            return decode_signed<Commit>(from);
        case VoteType::view_change:
            return decode_signed<ViewChange>(from);
        case VoteType::new_view:
            return decode_signed<NewView>(from);
        case VoteType::heartbeat:
            return decode_signed<Heartbeat>(from);
        case VoteType::status_report:
            return decode_signed<StatusReport>(from);
    }
    return core::fail(DecodeError::unknown_type);
}

std::size_t encoded_bytes_max(std::uint8_t type, std::size_t validators) {
    const std::size_t signed_bytes = 1 + envelope_bytes;
    const std::size_t certificate = 8 + 8 + 32 + 2 + validators * certificate_signature_bytes;
    const std::size_t view_change_body = 2 + 2 * certificate;
    if (type == certificate_type) return 1 + certificate;
    switch (static_cast<VoteType>(type)) {
        case VoteType::pre_prepare:
            return signed_bytes + 32 + 4 + core::limits::block_bytes_max;
        case VoteType::prepare:
        case VoteType::commit:
            return signed_bytes + 32;
        case VoteType::view_change:
            return signed_bytes + view_change_body;
        case VoteType::new_view:
            return signed_bytes + 2 + validators * (envelope_bytes + view_change_body);
        case VoteType::heartbeat:
            return signed_bytes + 8 + 4;
        case VoteType::status_report:
            return signed_bytes + 1 + 32;
    }
    return 0;
}

}  // namespace sluice::consensus
