#include "node/sync_messages.hpp"

#include "core/limits.hpp"
#include "core/merkle_path.hpp"

namespace sluice::node {
namespace {

enum class Kind : std::uint8_t {
    head_notice = 1,
    blocks_request = 2,
    blocks_answer = 3,
    body_request = 4,
    body_answer = 5,
    snapshot_request = 6,
    snapshot_offer = 7,
    parts_request = 8,
    parts_answer = 9,
};

/// Of a path: a key has no more.
constexpr std::size_t nibbles_max = 64;

void append_sized(core::Bytes& to, const core::SharedBytes& bytes) {
    core::append_be32(to, static_cast<std::uint32_t>(bytes->size()));
    core::append(to, *bytes);
}

core::SharedBytes read_sized(core::ByteReader& reader) {
    const std::uint32_t size_bytes = reader.be32();
    return core::share(core::to_bytes(reader.take(size_bytes)));
}

void append_sized(core::Bytes& to, core::ByteView bytes) {
    core::append_be32(to, static_cast<std::uint32_t>(bytes.size()));
    core::append(to, bytes);
}

core::Bytes read_sized_bytes(core::ByteReader& reader) {
    const std::uint32_t size_bytes = reader.be32();
    return core::to_bytes(reader.take(size_bytes));
}

void append_part(core::Bytes& to, const ledger::StatePart& part) {
    to.push_back(static_cast<std::uint8_t>(part.kind));
    if (part.kind == ledger::StatePart::Kind::code) return core::append(to, part.code_hash);
    if (part.kind == ledger::StatePart::Kind::storage) core::append(to, part.account);
    to.push_back(static_cast<std::uint8_t>(part.path.size()));
    core::append(to, core::merkle::pack(part.path));
}

void append_chunk(core::Bytes& to, const ledger::StateChunk& chunk) {
    to.push_back(static_cast<std::uint8_t>(chunk.form));
    if (chunk.form != ledger::StateChunk::Form::leaves) return append_sized(to, core::ByteView(chunk.bytes));
    core::append_be32(to, static_cast<std::uint32_t>(chunk.leaves.size()));
    for (const auto& leaf : chunk.leaves) {
        to.push_back(static_cast<std::uint8_t>(leaf.key.size()));
        core::append(to, leaf.key);
        to.push_back(static_cast<std::uint8_t>(leaf.value.size()));
        core::append(to, leaf.value);
    }
}

void append_link(core::Bytes& to, const core::TrustLink& link) {
    append_sized(to, core::ByteView(link.header));
    append_sized(to, core::ByteView(link.certificate));
    core::append_be16(to, static_cast<std::uint16_t>(link.validators.size()));
    for (const auto& validator : link.validators)
        core::append(to, validator);
}

struct Encoder {
    core::Bytes& out;

    void kind(Kind value) { out.push_back(static_cast<std::uint8_t>(value)); }

    void operator()(const HeadNotice& message) {
        kind(Kind::head_notice);
        core::append_be64(out, message.height);
        core::append(out, message.block_hash);
        core::append_be64(out, message.first_block);
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
    void operator()(const SnapshotRequest& message) {
        kind(Kind::snapshot_request);
        core::append_be64(out, message.request_id);
        core::append_be64(out, message.links_above);
        core::append_be64(out, message.header_at);
    }
    void operator()(const SnapshotOffer& message) {
        kind(Kind::snapshot_offer);
        core::append_be64(out, message.request_id);
        core::append_be64(out, message.height);
        core::append_be32(out, static_cast<std::uint32_t>(message.links.size()));
        for (const auto& link : message.links)
            append_link(out, link);
        out.push_back(message.more_links ? 1 : 0);
        append_sized(out, message.block.block ? *message.block.block : core::Bytes{});
        append_sized(out, message.block.certificate ? *message.block.certificate : core::Bytes{});
        core::append_be32(out, static_cast<std::uint32_t>(message.receipts.size()));
        for (const auto& receipt : message.receipts)
            append_sized(out, core::ByteView(receipt));
        append_sized(out, core::ByteView(message.trusted_header));
    }
    void operator()(const PartsRequest& message) {
        kind(Kind::parts_request);
        core::append_be64(out, message.request_id);
        core::append(out, message.block_hash);
        core::append_be16(out, static_cast<std::uint16_t>(message.parts.size()));
        for (const auto& part : message.parts)
            append_part(out, part);
    }
    void operator()(const PartsAnswer& message) {
        kind(Kind::parts_answer);
        core::append_be64(out, message.request_id);
        core::append_be16(out, static_cast<std::uint16_t>(message.chunks.size()));
        for (const auto& chunk : message.chunks)
            append_chunk(out, chunk);
    }
};

HeadNotice read_head_notice(core::ByteReader& reader) {
    HeadNotice message;
    message.height = reader.be64();
    reader.fill(message.block_hash);
    message.first_block = reader.be64();
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

using Refused = SyncMessageError;

core::Result<core::TrustLink, Refused> read_link(core::ByteReader& reader) {
    core::TrustLink link;
    link.header = read_sized_bytes(reader);
    link.certificate = read_sized_bytes(reader);
    const std::uint16_t count = reader.be16();
    if (count > core::limits::validators_max) return core::fail(Refused::malformed);
    link.validators.resize(count);
    for (auto& validator : link.validators)
        reader.fill(validator);
    return link;
}

core::Result<SnapshotOffer, Refused> read_snapshot_offer(core::ByteReader& reader) {
    SnapshotOffer message;
    message.request_id = reader.be64();
    message.height = reader.be64();
    const std::uint32_t links = reader.be32();
    if (links > sync_links_max) return core::fail(Refused::too_many_links);
    for (std::uint32_t i = 0; i < links && reader.ok(); ++i) {
        auto link = read_link(reader);
        if (!link) return core::fail(link.error());
        message.links.push_back(std::move(*link));
    }
    const std::uint8_t more = reader.u8();
    if (more > 1) return core::fail(Refused::malformed);
    message.more_links = more == 1;
    message.block.block = read_sized(reader);
    message.block.certificate = read_sized(reader);
    const std::uint32_t receipts = reader.be32();
    if (receipts > core::limits::block_transactions_max) return core::fail(Refused::malformed);
    for (std::uint32_t i = 0; i < receipts && reader.ok(); ++i)
        message.receipts.push_back(read_sized_bytes(reader));
    message.trusted_header = read_sized_bytes(reader);
    return message;
}

core::Result<ledger::StatePart, Refused> read_part(core::ByteReader& reader) {
    using PartKind = ledger::StatePart::Kind;
    ledger::StatePart part;
    part.kind = static_cast<PartKind>(reader.u8());
    if (part.kind == PartKind::code) {
        reader.fill(part.code_hash);
        return part;
    }
    if (part.kind != PartKind::accounts && part.kind != PartKind::storage)
        return core::fail(Refused::malformed);
    if (part.kind == PartKind::storage) reader.fill(part.account);
    const std::size_t nibbles = reader.u8();
    if (nibbles > nibbles_max) return core::fail(Refused::malformed);
    const core::ByteView packed = reader.take((nibbles + 1) / 2);
    if (!reader.ok()) return core::fail(Refused::malformed);
    core::merkle::Path(packed, 0, nibbles).append_to(part.path);
    // One encoding for one path: the half byte that is left over is empty.
    if (nibbles % 2 != 0 && (packed.back() & 15) != 0) return core::fail(Refused::malformed);
    return part;
}

core::Result<PartsRequest, Refused> read_parts_request(core::ByteReader& reader) {
    PartsRequest message;
    message.request_id = reader.be64();
    reader.fill(message.block_hash);
    const std::uint16_t count = reader.be16();
    if (count > sync_parts_max) return core::fail(Refused::too_many_parts);
    for (std::uint16_t i = 0; i < count && reader.ok(); ++i) {
        auto part = read_part(reader);
        if (!part) return core::fail(part.error());
        message.parts.push_back(std::move(*part));
    }
    return message;
}

core::Result<ledger::StateChunk, Refused> read_chunk(core::ByteReader& reader) {
    using Form = ledger::StateChunk::Form;
    ledger::StateChunk chunk;
    chunk.form = static_cast<Form>(reader.u8());
    if (chunk.form == Form::node || chunk.form == Form::code) {
        chunk.bytes = read_sized_bytes(reader);
        return chunk;
    }
    if (chunk.form != Form::leaves) return core::fail(Refused::malformed);
    const std::uint32_t count = reader.be32();
    if (count > ledger::chunk_leaves_max) return core::fail(Refused::too_many_parts);
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
        ledger::StateLeaf leaf;
        leaf.key = core::to_bytes(reader.take(reader.u8()));
        leaf.value = core::to_bytes(reader.take(reader.u8()));
        chunk.leaves.push_back(std::move(leaf));
    }
    return chunk;
}

core::Result<PartsAnswer, Refused> read_parts_answer(core::ByteReader& reader) {
    PartsAnswer message;
    message.request_id = reader.be64();
    const std::uint16_t count = reader.be16();
    if (count > sync_parts_max) return core::fail(Refused::too_many_parts);
    for (std::uint16_t i = 0; i < count && reader.ok(); ++i) {
        auto chunk = read_chunk(reader);
        if (!chunk) return core::fail(chunk.error());
        message.chunks.push_back(std::move(*chunk));
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
        case Kind::snapshot_request: {
            SnapshotRequest message;
            message.request_id = reader.be64();
            message.links_above = reader.be64();
            message.header_at = reader.be64();
            return message;
        }
        case Kind::snapshot_offer:
            return read_snapshot_offer(reader);
        case Kind::parts_request:
            return read_parts_request(reader);
        case Kind::parts_answer:
            return read_parts_answer(reader);
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
