#include "node/sync_messages.hpp"

namespace sluice::node {
namespace {

enum class Kind : std::uint8_t {
    head_notice = 1,
    blocks_request = 2,
    blocks_answer = 3,
    body_request = 4,
    body_answer = 5,
};

void append_sized(core::Bytes& to, const core::SharedBytes& bytes) {
    core::append_be32(to, static_cast<std::uint32_t>(bytes->size()));
    core::append(to, *bytes);
}

core::SharedBytes read_sized(core::ByteReader& reader) {
    const std::uint32_t size_bytes = reader.be32();
    return core::share(core::to_bytes(reader.take(size_bytes)));
}

struct Encoder {
    core::Bytes& out;

    void kind(Kind value) { out.push_back(static_cast<std::uint8_t>(value)); }

    void operator()(const HeadNotice& message) {
        kind(Kind::head_notice);
        core::append_be64(out, message.height);
        core::append(out, message.block_hash);
    }
    void operator()(const BlocksRequest& message) {
        kind(Kind::blocks_request);
        core::append_be64(out, message.request_id);
        core::append_be64(out, message.from);
        core::append_be32(out, message.count);
    }
    void operator()(const BlocksAnswer& message) {
        kind(Kind::blocks_answer);
        core::append_be64(out, message.request_id);
        core::append_be32(out, static_cast<std::uint32_t>(message.blocks.size()));
        for (const auto& block : message.blocks) {
            append_sized(out, block.block);
            append_sized(out, block.certificate);
        }
    }
    void operator()(const BodyRequest& message) {
        kind(Kind::body_request);
        core::append(out, message.block_hash);
    }
    void operator()(const BodyAnswer& message) {
        kind(Kind::body_answer);
        core::append(out, message.block_hash);
        append_sized(out, message.block);
    }
};

HeadNotice read_head_notice(core::ByteReader& reader) {
    HeadNotice message;
    message.height = reader.be64();
    reader.fill(message.block_hash);
    return message;
}

BlocksRequest read_blocks_request(core::ByteReader& reader) {
    BlocksRequest message;
    message.request_id = reader.be64();
    message.from = reader.be64();
    message.count = reader.be32();
    return message;
}

/// Reads the blocks; `count` has been checked against sync_blocks_max.
BlocksAnswer read_blocks_answer(core::ByteReader& reader, std::uint64_t request_id, std::uint32_t count) {
    BlocksAnswer message{request_id, {}};
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
        auto block = read_sized(reader);
        auto certificate = read_sized(reader);
        message.blocks.push_back({std::move(block), std::move(certificate)});
    }
    return message;
}

core::Result<SyncMessage, SyncMessageError> read_message(core::ByteReader& reader) {
    switch (static_cast<Kind>(reader.u8())) {
        case Kind::head_notice:
            return read_head_notice(reader);
        case Kind::blocks_request:
            return read_blocks_request(reader);
        case Kind::blocks_answer: {
            const std::uint64_t request_id = reader.be64();
            const std::uint32_t count = reader.be32();
            if (count > sync_blocks_max) return core::fail(SyncMessageError::too_many_blocks);
            return read_blocks_answer(reader, request_id, count);
        }
        case Kind::body_request: {
            BodyRequest message;
            reader.fill(message.block_hash);
            return message;
        }
        case Kind::body_answer: {
            BodyAnswer message;
            reader.fill(message.block_hash);
            message.block = read_sized(reader);
            return message;
        }
    }
    return core::fail(SyncMessageError::unknown_kind);
}

}  // namespace

core::Bytes encode(const SyncMessage& message) {
    core::Bytes out;
    std::visit(Encoder{out}, message);
    return out;
}

core::Result<SyncMessage, SyncMessageError> decode_sync_message(core::ByteView bytes) {
    core::ByteReader reader(bytes);
    auto message = read_message(reader);
    if (message && !reader.done()) return core::fail(SyncMessageError::malformed);
    return message;
}

}  // namespace sluice::node
