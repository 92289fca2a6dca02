/// What nodes say to each other on the sync channel: how far they are, and blocks with their certificates.
#pragma once

#include <variant>
#include <vector>

#include "core/bytes.hpp"
#include "core/documents/receipt_document.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "ledger/state_parts.hpp"

namespace sluice::node {

/// How far the sender is; a hint, unsigned: whoever believes it asks for blocks, and those prove themselves.
struct HeadNotice {
    core::Height height = 0;
    core::Hash block_hash{};
    core::Height first_block = 0;  ///< the lowest height whose block it serves; 0: all
};

/// Asks for blocks `from`, `from`+1, … , at most `count`.
struct BlocksRequest {
    std::uint64_t request_id = 0;  ///< echoed by the answer
    core::Height from = 0;
    std::uint32_t count = 0;
};

/// A block with the certificate that makes it final, both as stored.
struct CertifiedBlock {
    core::SharedBytes block;
    core::SharedBytes certificate;
};

/// Consecutive blocks from the height asked for; fewer than asked, or none, where the sender has no more.
struct BlocksAnswer {
    std::uint64_t request_id = 0;
    std::vector<CertifiedBlock> blocks;
};

/// Asks for the body of a proposal that is locked somewhere, by its hash.
struct BodyRequest {
    core::Hash block_hash{};
};

/// The body; whoever asked checks its hash.
struct BodyAnswer {
    core::Hash block_hash{};
    core::SharedBytes block;
};

/// Asks which state can be had.
struct SnapshotRequest {
    std::uint64_t request_id = 0;  ///< echoed by the answer
    core::Height links_above = 0;  ///< the asker knows the validators up to the height after this one
    core::Height header_at = 0;    ///< a header that it trusts without proof and wants to see; 0: none
};

/// The newest state that is held for others, and what proves its block to whoever knows genesis. Where the
/// links do not fit, they come alone (`more_links`), and the asker asks again above the last one.
struct SnapshotOffer {
    std::uint64_t request_id = 0;
    core::Height height = 0;             ///< of the block whose state it is; 0: none is held
    std::vector<core::TrustLink> links;  ///< of changes of the validators above `links_above`, rising
    bool more_links = false;
    CertifiedBlock block;               ///< of `height`
    std::vector<core::Bytes> receipts;  ///< of that block, encoded
    core::Bytes trusted_header;         ///< that of `header_at`; empty where it is not kept
};

/// Asks for parts of the state after a block.
struct PartsRequest {
    std::uint64_t request_id = 0;
    core::Hash block_hash{};
    std::vector<ledger::StatePart> parts;
};

/// Chunks for the first parts asked for: at least one, unless the sender does not hold that state any more.
struct PartsAnswer {
    std::uint64_t request_id = 0;
    std::vector<ledger::StateChunk> chunks;
};

using SyncMessage = std::variant<HeadNotice, BlocksRequest, BlocksAnswer, BodyRequest, BodyAnswer,
                                 SnapshotRequest, SnapshotOffer, PartsRequest, PartsAnswer>;

/// Blocks of one answer, and their bytes together (a single larger block still travels alone).
inline constexpr std::uint32_t sync_blocks_max = 128;
inline constexpr std::size_t sync_answer_bytes_max = 8 * 1024 * 1024;

/// Links of one offer.
inline constexpr std::uint32_t sync_links_max = 256;
/// A block with its receipts that is larger is not offered to join from.
inline constexpr std::size_t sync_offer_bytes_max = 12 * 1024 * 1024;
/// Parts of one request, and the bytes of an answer after which no further chunk is added.
inline constexpr std::uint32_t sync_parts_max = 64;
inline constexpr std::size_t sync_parts_bytes = 1024 * 1024;

enum class SyncMessageError { malformed, unknown_kind, too_many_blocks, too_many_links, too_many_parts };

core::Bytes encode(const SyncMessage& message);
/// Total: every byte string gives a message or a reason.
core::Result<SyncMessage, SyncMessageError> decode_sync_message(core::ByteView bytes);

}  // namespace sluice::node
