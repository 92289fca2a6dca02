/// The transactions channel: pending transactions as gossiped, several to a frame.
#pragma once

#include <optional>
#include <vector>

#include "core/transaction.hpp"

namespace sluice::node {

/// Bytes of one frame; a larger load is split.
inline constexpr std::size_t transactions_frame_bytes = 256 * 1024;
/// Transactions of one frame.
inline constexpr std::size_t transactions_frame_count_max = 4096;

/// Frames that hold the transactions in order: for each a 4-byte big-endian size and its EIP-2718 bytes.
std::vector<core::Bytes> encode_transactions(const std::vector<core::TransactionPtr>& transactions);

/// Total: nothing for a frame that is cut, empty, or holds a transaction over limits::transaction_bytes_max.
std::optional<std::vector<core::SharedBytes>> decode_transactions(core::ByteView frame);

}  // namespace sluice::node
