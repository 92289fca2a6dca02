#include "ledger/vote_frame.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "ledger/crc32c.hpp"

namespace sluice::ledger {

namespace {

constexpr std::uint32_t magic = 0x53'56'4c'31;  // "SVL1"
constexpr std::size_t crc_at = frame_header_bytes - 4;

bool all_zero(core::ByteView bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

core::Bytes encode_records(std::span<const VoteRecord> records) {
    core::Bytes payload;
    for (const VoteRecord& record : records) {
        payload.push_back(record.kind);
        core::append_be64(payload, record.height);
        core::append_be64(payload, record.view);
        core::append_be32(payload, static_cast<std::uint32_t>(record.payload.size()));
        core::append(payload, record.payload);
    }
    return payload;
}

std::optional<std::vector<VoteRecord>> decode_records(core::ByteView payload, std::uint32_t count) {
    std::vector<VoteRecord> records;
    core::ByteReader reader(payload);
    for (std::uint32_t i = 0; i < count; ++i) {
        VoteRecord record;
        record.kind = reader.u8();
        record.height = reader.be64();
        record.view = reader.be64();
        record.payload = core::to_bytes(reader.take(reader.be32()));
        if (!reader.ok()) return std::nullopt;
        records.push_back(std::move(record));
    }
    if (!reader.done()) return std::nullopt;
    return records;
}

/// Nothing unless magic and checksum fit.
std::optional<FrameHeader> decode_header(core::ByteView bytes) {
    if (bytes.size() < frame_header_bytes) return std::nullopt;
    core::ByteReader reader(bytes.first(frame_header_bytes));
    FrameHeader header;
    if (reader.be32() != magic) return std::nullopt;
    header.payload_bytes = reader.be32();
    header.generation = reader.be64();
    header.sequence = reader.be64();
    header.mark.height = reader.be64();
    reader.fill(header.mark.hash);
    reader.fill(header.previous);
    header.records = reader.be32();
    header.payload_crc = reader.be32();
    const bool reserved_zero = reader.be32() == 0;
    if (reader.be32() != crc32c(bytes.first(crc_at)) || !reserved_zero) return std::nullopt;
    return header;
}

/// A later frame proves that the one before it was complete when it was written.
bool holds_frame_header(core::ByteView bytes) {
    for (std::size_t at = 0; at < bytes.size(); at += sector_bytes)
        if (decode_header(bytes.subspan(at))) return true;
    return false;
}

/// Some whole sector behind the first was never written.
bool misses_sector(core::ByteView frame) {
    for (std::size_t at = sector_bytes; at + sector_bytes <= frame.size(); at += sector_bytes)
        if (all_zero(frame.subspan(at, sector_bytes))) return true;
    return false;
}

/// What stands where a frame should be but no whole one is.
struct Tail {
    TailState state{};
    std::string fault;
};
Tail damaged(std::string fault) {
    return {TailState::damaged, std::move(fault)};
}

/// `rest` reaches to the end of the file and has no valid header at its start.
Tail tail_without_header(core::ByteView rest) {
    const core::ByteView first = rest.first(std::min(rest.size(), sector_bytes));
    const core::ByteView behind = rest.subspan(first.size());
    if (holds_frame_header(behind)) return damaged("a frame is missing before a valid one");
    // A sector is written whole: a broken header is damage unless the file ends within it.
    if (!all_zero(first) && first.size() == sector_bytes) return damaged("broken frame header");
    return {all_zero(rest) ? TailState::clean : TailState::torn, {}};
}

/// `rest` begins with a valid header whose payload is not whole.
Tail tail_with_broken_payload(core::ByteView rest, std::size_t frame_bytes) {
    if (rest.size() < frame_bytes) return {TailState::torn, {}};
    if (holds_frame_header(rest.subspan(frame_bytes))) return damaged("broken frame before a valid one");
    if (!misses_sector(rest.first(frame_bytes))) return damaged("payload checksum mismatch");
    return {TailState::torn, {}};
}

/// Reads one frame at the start of `rest`; nothing, and the reason in `tail`, if no whole one is there.
std::optional<VoteFrame> read_frame(core::ByteView rest, const FrameScan& before, std::uint64_t generation,
                                    std::size_t& frame_bytes, Tail& tail) {
    const std::optional<FrameHeader> header = decode_header(rest);
    if (!header) {
        tail = tail_without_header(rest);
        return std::nullopt;
    }
    const bool first = before.frames.empty();
    if (header->generation != generation ||
        (!first && header->sequence != before.frames.back().sequence + 1) ||
        (!first && header->previous != before.link)) {
        tail = damaged("a frame of another place in the log");
        return std::nullopt;
    }
    frame_bytes = frame_size_on_disk(header->payload_bytes);
    const core::ByteView body = rest.subspan(frame_header_bytes);
    if (body.size() < header->payload_bytes ||
        crc32c(body.first(header->payload_bytes)) != header->payload_crc) {
        tail = tail_with_broken_payload(rest, frame_bytes);
        return std::nullopt;
    }
    const std::size_t padded = std::min(rest.size(), frame_bytes) - frame_header_bytes;
    auto records = decode_records(body.first(header->payload_bytes), header->records);
    if (!records || !all_zero(body.first(padded).subspan(header->payload_bytes))) {
        tail = damaged("a frame with wrong contents or padding");
        return std::nullopt;
    }
    return VoteFrame{header->sequence, header->mark, std::move(*records)};
}

}  // namespace

std::size_t frame_size_on_disk(std::size_t payload_bytes) {
    return (frame_header_bytes + payload_bytes + sector_bytes - 1) / sector_bytes * sector_bytes;
}

core::Bytes encode_frame(FrameHeader header, std::span<const VoteRecord> records) {
    const core::Bytes payload = encode_records(records);
    CHECK(payload.size() <= 0x7fff'ffff);
    core::Bytes frame;
    frame.reserve(frame_size_on_disk(payload.size()));
    core::append_be32(frame, magic);
    core::append_be32(frame, static_cast<std::uint32_t>(payload.size()));
    core::append_be64(frame, header.generation);
    core::append_be64(frame, header.sequence);
    core::append_be64(frame, header.mark.height);
    core::append(frame, header.mark.hash);
    core::append(frame, header.previous);
    core::append_be32(frame, static_cast<std::uint32_t>(records.size()));
    core::append_be32(frame, crc32c(payload));
    core::append_be32(frame, 0);
    core::append_be32(frame, crc32c(core::ByteView(frame).first(crc_at)));
    CHECK(frame.size() == frame_header_bytes);
    core::append(frame, payload);
    frame.resize(frame_size_on_disk(payload.size()));
    return frame;
}

core::Hash frame_link(core::ByteView encoded) {
    return core::keccak256(encoded.first(frame_header_bytes));
}

FrameScan scan_frames(core::ByteView file, std::uint64_t generation) {
    FrameScan scan;
    Tail tail{TailState::clean, {}};
    while (scan.end < file.size()) {
        const core::ByteView rest = file.subspan(scan.end);
        std::size_t frame_bytes = 0;
        auto frame = read_frame(rest, scan, generation, frame_bytes, tail);
        if (!frame) break;
        scan.frames.push_back(std::move(*frame));
        scan.link = frame_link(rest);
        scan.end += frame_bytes;
    }
    scan.tail = tail.state;
    scan.fault = std::move(tail.fault);
    return scan;
}

}  // namespace sluice::ledger
