/// What one call, one client and all clients together may cost this node.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "core/ids.hpp"

namespace sluice::node::rpc::limits {

/// Blocks, results, addresses and alternatives per topic of one query for logs.
inline constexpr std::uint64_t log_range_blocks_max = 1'000;
inline constexpr std::size_t log_results_max = 10'000;
inline constexpr std::size_t log_addresses_max = 100;
inline constexpr std::size_t log_topic_alternatives_max = 100;
/// A query that reads for longer is given up.
inline constexpr std::chrono::milliseconds query_time_max{5'000};

/// Gas of one call that nobody signed, and how long it, or an estimate, may run: code that costs the node far
/// more time than its gas says is found again and again.
inline constexpr core::Gas call_gas_max = 50'000'000;
inline constexpr std::chrono::milliseconds call_time_max{5'000};
/// Text of one trace, transactions of one traced block, and how long a trace may take. The text fits an
/// answer (network::json_rpc_response_bytes_max): what is too long is said in the words of traces.
inline constexpr std::size_t trace_bytes_max = 24u << 20;
inline constexpr std::size_t traced_transactions_max = 500;
inline constexpr std::chrono::milliseconds trace_time_default{5'000};
inline constexpr std::chrono::milliseconds trace_time_max{30'000};
/// How often eth_createAccessList runs a call whose list does not settle.
inline constexpr unsigned access_list_rounds_max = 8;
inline constexpr std::size_t call_overrides_max = 1'000;
/// Authorizations of one call: each is a signature to recover.
inline constexpr std::size_t authorizations_max = 1'024;
inline constexpr std::size_t proof_keys_max = 1'024;
inline constexpr std::uint64_t fee_history_blocks_max = 1'024;
inline constexpr std::size_t fee_percentiles_max = 100;

/// Filters of all clients, and how long one lives without being asked.
inline constexpr std::size_t filters_max = 4'096;
inline constexpr std::uint64_t filter_idle_ms = 5 * 60 * 1'000;
/// Hashes of pending transactions kept for filters.
inline constexpr std::size_t pending_hashes_max = 50'000;

inline constexpr std::size_t subscriptions_per_socket_max = 100;
/// Subscriptions of settle_ on one connection; bytes that may wait for a client before reading for it pauses
/// (less than what cuts a client off), and for how long.
inline constexpr std::size_t feeds_per_socket_max = 20;
inline constexpr std::size_t feed_queue_bytes_max = 1u << 20;
inline constexpr std::chrono::milliseconds feed_pause{50};
/// Requests of one WebSocket that may be under work before its next message is read.
inline constexpr std::size_t socket_requests_max = 32;
/// Bytes of them, of one WebSocket and of all: beyond either, nothing more is read from who has some under
/// work.
inline constexpr std::size_t socket_request_bytes_max = 2u << 20;
inline constexpr std::size_t sockets_request_bytes_max = 256u << 20;

/// Calls that wait for a transaction to become final, and how long they may.
inline constexpr std::size_t waiters_max = 20'000;
inline constexpr std::uint64_t wait_default_ms = 10'000;
inline constexpr std::uint64_t wait_max_ms = 60'000;

/// Costly calls that wait for their turn; more are refused.
inline constexpr std::size_t heavy_calls_waiting_max = 1'000;
/// A batch of reads lets other work of its thread pass after this long.
inline constexpr std::chrono::microseconds slice{5'000};
/// Transactions recovered by one worker before another takes part: about 0.6 ms of work.
inline constexpr std::size_t submission_chunk = 16;

/// Recent blocks whose senders are remembered.
inline constexpr std::size_t recent_blocks_max = 64;
inline constexpr std::size_t recent_transactions_max = 60'000;

/// Rows of one answer of a settlement list.
inline constexpr std::uint64_t list_rows_max = 1'000;
/// Entries of one answer, and payments that one answer of a search gives.
inline constexpr std::uint64_t export_rows_max = 10'000;
inline constexpr std::uint64_t found_payments_max = 500;
/// A walk over the blocks ends its answer after this long, and says where to go on.
inline constexpr std::chrono::milliseconds walk_time_max{2'000};
/// Steps of one payment's history in one answer, and payments that one UETR may stand for in it.
inline constexpr std::size_t history_steps_max = 1'000;
/// The same of each payment that a search finds, and the text of one answer to it.
inline constexpr std::size_t found_history_steps_max = 20;
inline constexpr std::size_t found_bytes_max = 4u << 20;
inline constexpr std::size_t same_uetr_max = 1'000;

/// Below this the node calls itself not ready, and how long a health page waits for the node's word.
inline constexpr std::uint64_t disk_free_bytes_min = 256ull << 20;
inline constexpr std::chrono::milliseconds health_deadline{2'000};

}  // namespace sluice::node::rpc::limits
