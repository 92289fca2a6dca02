/// Every limit that a block, a message or a queue has, with its reason. Relations are checked at compile
/// time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice::core::limits {

/// One encoded transaction (go-ethereum's pool limit; fits a sealed payload of 32 KiB).
inline constexpr std::size_t transaction_bytes_max = 128 * 1024;
/// Encoded block body. A worst block still crosses a 100 Mbit/s link in under a second.
inline constexpr std::size_t block_bytes_max = 8 * 1024 * 1024;
/// Transactions of one block.
inline constexpr std::size_t block_transactions_max = 20'000;
/// Validators of one set (consensus messages carry up to n signatures).
inline constexpr std::size_t validators_max = 100;
/// Header extra data: RLP of version, milliseconds and two hashes.
inline constexpr std::size_t extra_data_bytes_max = 128;
/// A network frame: a block with its certificate, or a view change with a locked body.
inline constexpr std::size_t frame_bytes_max = 16 * 1024 * 1024;
/// Pool: transactions and bytes, together and per sender.
inline constexpr std::size_t pool_transactions_max = 50'000;
inline constexpr std::size_t pool_bytes_max = 64 * 1024 * 1024;
inline constexpr std::size_t pool_sender_transactions_max = 20'000;
inline constexpr std::uint64_t pool_nonce_gap_max = 20'000;
inline constexpr std::size_t pool_sender_bytes_max = 16 * 1024 * 1024;
/// Transactions that wait for an earlier nonce have a room of their own, so that they never keep out what can
/// run: in all, and of one sender.
inline constexpr std::size_t pool_waiting_transactions_max = 10'000;
inline constexpr std::size_t pool_waiting_bytes_max = 16 * 1024 * 1024;
inline constexpr std::size_t pool_sender_waiting_max = 4'096;
/// A transaction that was not mined leaves the pool after this long.
inline constexpr std::uint64_t pool_lifetime_ms = 3ull * 3600 * 1000;
/// Nesting of RLP lists that a decoder follows.
inline constexpr std::size_t rlp_depth_max = 16;
/// Topics of one log (EVM LOG0..LOG4).
inline constexpr std::size_t log_topics_max = 4;

static_assert(transaction_bytes_max <= block_bytes_max);
static_assert(2 * block_bytes_max <= frame_bytes_max, "a NEW-VIEW may carry a body beside attachments");
static_assert(pool_sender_transactions_max <= pool_transactions_max);

}  // namespace sluice::core::limits
