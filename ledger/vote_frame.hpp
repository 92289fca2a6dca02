/// The vote log's unit of writing, byte by byte (docs/formats/vote-log.md).
#pragma once

#include <optional>
#include <span>
#include <string>

#include "ledger/vote_log.hpp"

namespace sluice::ledger {

/// A disk writes a sector whole or not at all; frames begin at sectors.
inline constexpr std::size_t sector_bytes = 512;
/// Frame header: fixed fields and their checksum.
inline constexpr std::size_t frame_header_bytes = 112;

/// What stands before the first record of a frame.
struct FrameHeader {
    std::uint32_t payload_bytes = 0;
    std::uint64_t generation = 0;
    std::uint64_t sequence = 0;
    HighWaterMark mark;
    core::Hash
        previous{};  ///< keccak256 of the frame header before this one; zero in the first frame of a log
    std::uint32_t records = 0;
    std::uint32_t payload_crc = 0;
};

/// Bytes that a frame takes on disk: whole sectors.
std::size_t frame_size_on_disk(std::size_t payload_bytes);

/// A frame as it lies on disk, padded with zeros. Fills in the header's payload fields.
core::Bytes encode_frame(FrameHeader header, std::span<const VoteRecord> records);
/// Hash by which the next frame names this one; `encoded` begins with a frame header.
core::Hash frame_link(core::ByteView encoded);

/// How the bytes of a file end behind its last whole frame.
enum class TailState {
    clean,    ///< only zeros
    torn,     ///< a write that a crash cut: sectors missing, nothing valid behind it
    damaged,  ///< anything else
};

/// All whole frames of one file.
struct FrameScan {
    std::vector<VoteFrame> frames;
    std::uint64_t end = 0;  ///< offset behind the last whole frame
    core::Hash link{};      ///< of the last whole frame
    TailState tail = TailState::clean;
    std::string fault;  ///< what is wrong at `end`, for a damaged tail
};

/// Reads a file of `generation` front to back. Total: any bytes give a scan.
FrameScan scan_frames(core::ByteView file, std::uint64_t generation);

}  // namespace sluice::ledger
