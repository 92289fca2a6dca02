/// What nodes say to each other on the sync channel: how far they are, and blocks with their certificates.
#pragma once

#include <variant>
#include <vector>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace sluice::node {

/// How far the sender is; a hint, unsigned: whoever believes it asks for blocks, and those prove themselves.
struct HeadNotice {
    core::Height height = 0;
    core::Hash block_hash{};
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

using SyncMessage = std::variant<HeadNotice, BlocksRequest, BlocksAnswer, BodyRequest, BodyAnswer>;

/// Blocks of one answer, and their bytes together (a single larger block still travels alone).
inline constexpr std::uint32_t sync_blocks_max = 128;
inline constexpr std::size_t sync_answer_bytes_max = 8 * 1024 * 1024;

enum class SyncMessageError { malformed, unknown_kind, too_many_blocks };

core::Bytes encode(const SyncMessage& message);
/// Total: every byte string gives a message or a reason.
core::Result<SyncMessage, SyncMessageError> decode_sync_message(core::ByteView bytes);

}  // namespace sluice::node
