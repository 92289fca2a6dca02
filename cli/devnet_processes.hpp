/// The processes of a devnet: starting, finding and ending sluiced.
#pragma once

#include <chrono>
#include <functional>

#include "cli/devnet_layout.hpp"

namespace sluice::cli {

/// The process is alive and is a sluiced run with that configuration file.
bool is_running(const DevnetNode& node);

/// Makes the data directory if it is not there and starts sluiced in the background, its output going to
/// `sluiced.log` in the node's folder; sets `pid`.
core::Result<void, std::string> start_node(DevnetNode& node);

enum class NodeSignal { terminate, kill, pause, resume };
core::Result<void, std::string> signal_node(const DevnetNode& node, NodeSignal signal);

/// Waits until the process is gone; false when it is still there after `limit`.
bool wait_for_end(const DevnetNode& node, std::chrono::milliseconds limit);

/// Asks again every few milliseconds until `is_true` or the limit.
bool wait_until(std::chrono::milliseconds limit, const std::function<bool()>& is_true);

/// Nothing when `port` of the loopback address can be listened on.
core::Result<void, std::string> check_port_free(std::uint16_t port);

/// The last lines of a node's log, for an error message.
std::string log_tail(const DevnetNode& node, std::size_t lines);

}  // namespace sluice::cli
