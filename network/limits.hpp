/// Limits of the wire: what a peer or a client may make this process hold, wait for or write.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/limits.hpp"

namespace sluice::network {

inline constexpr std::size_t kibibyte = 1024;
inline constexpr std::size_t mebibyte = 1024 * kibibyte;

/// Longest body of one frame, by channel. Checked before any memory is reserved.
inline constexpr std::size_t control_frame_bytes_max = 16 * kibibyte;
inline constexpr std::size_t consensus_frame_bytes_max = 16 * mebibyte;
inline constexpr std::size_t sync_frame_bytes_max = 16 * mebibyte;
inline constexpr std::size_t transactions_frame_bytes_max = 2 * mebibyte;
static_assert(consensus_frame_bytes_max >= core::limits::frame_bytes_max, "a proposal must fit");
static_assert(sync_frame_bytes_max >= core::limits::frame_bytes_max, "a block must fit");
static_assert(transactions_frame_bytes_max >= core::limits::transaction_bytes_max);

/// One read from a peer's socket, and the target size of one gathered write.
inline constexpr std::size_t read_chunk_bytes = 64 * kibibyte;
inline constexpr std::size_t write_chunk_bytes = 64 * kibibyte;

/// Bytes waiting for one slow peer, by channel; control frames have room of their own.
inline constexpr std::size_t control_queue_bytes_max = 1 * mebibyte;
inline constexpr std::size_t consensus_queue_bytes_max = 64 * mebibyte;
inline constexpr std::size_t sync_queue_bytes_max = 64 * mebibyte;
inline constexpr std::size_t transactions_queue_bytes_max = 16 * mebibyte;
static_assert(consensus_queue_bytes_max >= 2 * consensus_frame_bytes_max, "two proposals must fit");
static_assert(sync_queue_bytes_max >= 4 * sync_frame_bytes_max, "four answers in flight must fit");
static_assert(transactions_queue_bytes_max >= 2 * transactions_frame_bytes_max);

/// Gossip: message ids remembered, hops of a message, neighbours that one peer may name.
inline constexpr std::size_t recent_messages_max = 131'072;
inline constexpr std::uint8_t gossip_hops_max = 32;
inline constexpr std::size_t neighbours_max = 256;

/// Peers and handshakes.
inline constexpr std::size_t peers_max = 256;
static_assert(peers_max > core::limits::validators_max, "a full mesh of validators must fit");
static_assert(neighbours_max >= peers_max);
inline constexpr std::size_t bans_max = 1'024;
inline constexpr std::size_t handshakes_per_ip_max = 32;
inline constexpr std::size_t handshake_bytes_max = 16 * kibibyte;
inline constexpr std::size_t handshakes_in_flight_max = 64;
inline constexpr std::size_t peer_name_bytes_max = 64;
inline constexpr std::chrono::milliseconds handshake_deadline{5'000};
inline constexpr std::chrono::milliseconds ping_interval{2'500};
inline constexpr std::chrono::milliseconds silence_max{10'000};
inline constexpr std::chrono::milliseconds probe_deadline{2'000};
inline constexpr std::chrono::milliseconds close_grace{1'000};
static_assert(silence_max >= 3 * ping_interval, "one lost answer must not cost a connection");

/// First and longest wait before a configured peer is dialled again, and after a refusal.
inline constexpr std::chrono::milliseconds redial_first{100};
inline constexpr std::chrono::milliseconds redial_max{5'000};
/// A peer that sent malformed frames is shut out for this long, doubling each time.
inline constexpr std::chrono::milliseconds ban_first{1'000};
inline constexpr std::chrono::milliseconds ban_max{600'000};

/// HTTP and WebSocket.
inline constexpr std::size_t http_body_bytes_max = 5 * mebibyte;
/// Announced bodies of all requests in hand together; a chunked body counts as the longest allowed.
inline constexpr std::size_t http_bodies_bytes_max = 256 * mebibyte;
/// Answers that wait for slow readers, all together; those up to the second figure are not counted.
inline constexpr std::size_t http_answers_bytes_max = 256 * mebibyte;
inline constexpr std::size_t http_small_answer_bytes = 64 * kibibyte;
inline constexpr std::size_t http_header_bytes_max = 8 * kibibyte;
inline constexpr std::size_t http_connections_max = 1'000;
inline constexpr std::size_t http_connections_per_ip_max = 100;
inline constexpr std::chrono::milliseconds http_header_deadline{5'000};
inline constexpr std::chrono::milliseconds http_body_deadline{15'000};
inline constexpr std::chrono::milliseconds http_idle_deadline{60'000};
inline constexpr std::size_t websocket_connections_max = 200;
inline constexpr std::size_t websocket_message_bytes_max = 1 * mebibyte;
inline constexpr std::size_t websocket_queue_bytes_max = 4 * mebibyte;

/// JSON-RPC.
inline constexpr std::size_t json_depth_max = 64;
inline constexpr std::size_t json_key_bytes_max = 256;
inline constexpr std::size_t json_rpc_batch_max = 100;
inline constexpr std::size_t json_rpc_response_bytes_max = 25 * mebibyte;

}  // namespace sluice::network
