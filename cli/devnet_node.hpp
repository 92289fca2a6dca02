/// One node of a devnet as files: its key, its TLS certificate, its configuration.
#pragma once

#include <span>

#include "cli/devnet_layout.hpp"
#include "network/certificates.hpp"

namespace sluice::cli {

/// 32 hex digits from the system's random source.
std::string random_password();
/// A new key in a keystore file that only a devnet accepts; answers its address.
core::Result<core::Address, std::string> make_key_file(const std::filesystem::path& file,
                                                       const std::string& password);

/// Name and place in the order of nodes, which gives the ports.
struct NodePlace {
    std::string name;
    core::Bic bic;
    std::uint16_t base_port = 0;
    std::size_t index = 0;
};
/// Ports and paths; nothing is written.
DevnetNode place_node(const std::filesystem::path& devnet_dir, const NodePlace& place);

/// Writes the node's folder with key, password and certificate; answers the key's address.
core::Result<core::Address, std::string> make_node_files(const DevnetNode& node,
                                                         const network::CertificateAndKey& authority,
                                                         std::int64_t now_s);

/// Another node, to dial.
struct NodePeer {
    core::Address address{};
    std::uint16_t p2p_port = 0;
};
core::Result<void, std::string> write_node_config(const DevnetNode& node, std::span<const NodePeer> peers,
                                                  std::uint32_t block_interval_ms);

/// Files of a devnet's authority; only the devnet's owner can read the key.
core::Result<network::CertificateAndKey, std::string> load_authority(const std::filesystem::path& dir);

/// The keystore file of a node's key, and the file that opens it.
std::filesystem::path key_file_of(const DevnetNode& node);
std::filesystem::path password_file_of(const DevnetNode& node);
/// Address of a node's key, by its keystore file.
core::Result<core::Address, std::string> address_of_node(const DevnetNode& node);

/// How long the certificates of a devnet last.
inline constexpr unsigned certificate_days = 3650;

}  // namespace sluice::cli
