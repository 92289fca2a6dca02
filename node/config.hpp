/// The node's configuration: one TOML file, every key overridable by an environment variable.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "node/join_tasks.hpp"

namespace sluice::node {

/// host:port as written in the file; the host is an IP address or a name.
struct Endpoint {
    std::string host;
    std::uint16_t port = 0;
    bool operator==(const Endpoint&) const = default;
};

/// A peer to dial: "host:port" or "0xADDRESS@host:port"; with an address, any other identity there is
/// refused.
struct PeerEndpoint {
    Endpoint endpoint;
    std::optional<core::Address> address;
    bool operator==(const PeerEndpoint&) const = default;
};

/// How an empty ledger begins.
enum class SyncStart {
    automatic,  ///< with a snapshot if far behind, and no archive
    snapshot,   ///< with a snapshot, if anybody offers one
    genesis,    ///< with the first block, always
};

enum class LogFormat { automatic, human, json };

/// Paths are absolute after `load_config`: relative ones are relative to the file.
struct NodeConfig {
    std::string name;  ///< shown to peers and on screens
    std::filesystem::path data_dir;
    std::filesystem::path genesis_file;
    std::filesystem::path key_file;       ///< keystore V3 of the validator (or observer) key
    std::filesystem::path password_file;  ///< its password: first line

    Endpoint p2p_listen{"127.0.0.1", 9545};
    std::optional<Endpoint> p2p_advertise;  ///< what peers dial, where it differs from the listen address
    std::vector<PeerEndpoint> p2p_peers;
    /// Who may connect besides validators and `p2p_peers` with an address; absent: everybody with a
    /// certificate.
    std::optional<std::vector<core::Address>> p2p_observers;
    std::filesystem::path p2p_authority_file;
    std::filesystem::path p2p_certificate_file;
    std::filesystem::path p2p_private_key_file;
    std::filesystem::path p2p_revocation_file;  ///< optional

    Endpoint rpc_listen{"127.0.0.1", 8545};
    std::vector<std::string> rpc_allowed_hosts;
    std::vector<std::string> rpc_allowed_origins;
    std::uint32_t rpc_connections_per_ip = 100;

    Endpoint metrics_listen{"127.0.0.1", 10545};

    std::uint32_t block_interval_ms = 10;  ///< least spacing between own proposals, 0 … 10,000
    std::uint32_t workers = 0;             ///< worker threads; 0: one per core, at least 2

    bool archive = false;                ///< keep every old state
    std::uint32_t state_history = 1024;  ///< blocks that balance, storage and eth_call reach back
    std::uint32_t block_history = 0;     ///< newest blocks whose bodies and receipts are kept; 0: all
    std::uint32_t cache_mib = 64;        ///< memory for the flat state cache and the database's block cache

    SyncStart sync_start = SyncStart::automatic;
    /// The block that a join from a snapshot must lead through, known by other means.
    std::optional<TrustedBlock> sync_trusted;
    std::uint32_t snapshot_interval = 1024;  ///< heights between the states held for nodes that join; 0: none

    std::string log_level = "info";  ///< trace, debug, info, warn, error
    LogFormat log_format = LogFormat::automatic;
};

/// One sentence: what key (or line), which value, what is allowed.
struct ConfigError {
    std::string message;
};

/// Reads an environment variable; nothing if it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

/// Parses the text of a configuration file that stands in `base_dir`, then applies overrides: the key
/// `rpc.listen` is overridden by SLUICE_RPC_LISTEN, `name` by SLUICE_NAME; lists are comma-separated.
core::Result<NodeConfig, ConfigError> parse_config(std::string_view toml_text,
                                                   const std::filesystem::path& base_dir,
                                                   const Environment& environment);
core::Result<NodeConfig, ConfigError> load_config(const std::filesystem::path& file,
                                                  const Environment& environment);

/// Every key with its meaning and default, for `sluiced --help-config` and the documentation.
std::string describe_config_keys();

std::optional<Endpoint> parse_endpoint(std::string_view text);

}  // namespace sluice::node
