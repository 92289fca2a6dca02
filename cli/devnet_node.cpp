#include "cli/devnet_node.hpp"

#include <array>

#include <fmt/format.h>

#include "cli/files.hpp"
#include "crypto/key_file.hpp"
#include "crypto/random.hpp"

namespace sluice::cli {

namespace fs = std::filesystem;

std::string random_password() {
    std::array<std::uint8_t, 16> bytes{};
    crypto::fill_random(bytes);
    return core::to_hex(bytes);
}

core::Result<core::Address, std::string> make_key_file(const fs::path& file, const std::string& password) {
    const auto key = crypto::generate_private_key();
    const auto text = crypto::encrypt_key_file(key, crypto::SecretBytes(password), crypto::devnet_cost, true);
    if (auto written = write_file(file, text, FileMode::secret); !written) return core::fail(written.error());
    return crypto::address_of(key);
}

DevnetNode place_node(const fs::path& devnet_dir, const NodePlace& place) {
    DevnetNode node;
    node.name = place.name;
    node.bic = place.bic;
    node.rpc_port = static_cast<std::uint16_t>(place.base_port + place.index);
    node.p2p_port = static_cast<std::uint16_t>(place.base_port + 1000 + place.index);
    node.metrics_port = static_cast<std::uint16_t>(place.base_port + 2000 + place.index);
    const auto folder = devnet_dir / "nodes" / place.name;
    node.data_dir = folder / "data";
    node.config = folder / "sluiced.toml";
    return node;
}

core::Result<core::Address, std::string> make_node_files(const DevnetNode& node,
                                                         const network::CertificateAndKey& authority,
                                                         std::int64_t now_s) {
    const auto folder = node.folder();
    if (auto made = make_folder(folder, FileMode::secret); !made) return core::fail(made.error());
    const auto password = random_password();
    if (auto written = write_file(password_file_of(node), password + "\n", FileMode::secret); !written)
        return core::fail(written.error());
    const auto address = make_key_file(key_file_of(node), password);
    if (!address) return address;
    const auto certificate = network::make_node_certificate(
        authority, {node.name, {"127.0.0.1", "localhost"}, *address, now_s, certificate_days});
    if (!certificate) return core::fail(std::string(network::describe(certificate.error())));
    if (auto written = write_file(folder / "tls.key", certificate->key_pem, FileMode::secret); !written)
        return core::fail(written.error());
    if (auto written = write_file(folder / "tls.pem", certificate->certificate_pem, FileMode::ordinary);
        !written)
        return core::fail(written.error());
    return address;
}

core::Result<void, std::string> write_node_config(const DevnetNode& node, std::span<const NodePeer> peers,
                                                  std::uint32_t block_interval_ms) {
    std::string list;
    for (const auto& peer : peers)
        list += fmt::format("{}\"{}@127.0.0.1:{}\"", list.empty() ? "" : ", ", core::to_hex_0x(peer.address),
                            peer.p2p_port);
    const auto text = fmt::format(
        "# A devnet node. 'sluiced --help-config' lists every key.\n"
        "name = \"{}\"\ndata_dir = \"data\"\ngenesis = \"../../genesis.json\"\n\n"
        "[key]\nfile = \"validator.json\"\npassword_file = \"password.txt\"\n\n"
        "[p2p]\nlisten = \"127.0.0.1:{}\"\npeers = [{}]\n"
        "authority = \"../../authority.pem\"\ncertificate = \"tls.pem\"\nprivate_key = \"tls.key\"\n\n"
        "[rpc]\nlisten = \"127.0.0.1:{}\"\n\n[metrics]\nlisten = \"127.0.0.1:{}\"\n\n"
        "[consensus]\nblock_interval_ms = {}\n",
        node.name, node.p2p_port, list, node.rpc_port, node.metrics_port, block_interval_ms);
    return write_file(node.config, text, FileMode::ordinary);
}

core::Result<network::CertificateAndKey, std::string> load_authority(const fs::path& dir) {
    auto certificate = read_file(dir / "authority.pem");
    if (!certificate) return core::fail(certificate.error());
    auto key = read_file(dir / "authority.key");
    if (!key) return core::fail(key.error());
    return network::CertificateAndKey{std::move(*certificate), std::move(*key)};
}

fs::path key_file_of(const DevnetNode& node) {
    return node.folder() / "validator.json";
}

fs::path password_file_of(const DevnetNode& node) {
    return node.folder() / "password.txt";
}

core::Result<core::Address, std::string> address_of_node(const DevnetNode& node) {
    const auto text = read_file(key_file_of(node));
    if (!text) return core::fail(text.error());
    const auto info = crypto::inspect_key_file(*text);
    if (!info || !info->has_address)
        return core::fail(fmt::format("{} does not name its address", key_file_of(node).string()));
    return info->address;
}

}  // namespace sluice::cli
