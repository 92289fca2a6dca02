#include "cli/devnet_layout.hpp"

#include <fmt/format.h>

#include "cli/files.hpp"
#include "core/ids.hpp"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

std::uint16_t port_of(const std::string& url) {
    const auto colon = url.rfind(':');
    return colon == std::string::npos ? std::uint16_t{0}
                                      : static_cast<std::uint16_t>(std::atoi(url.c_str() + colon + 1));
}

DevnetNode node_from(const Json& json) {
    DevnetNode node;
    node.name = json.value("name", "");
    node.bic = core::Bic::parse(json.value("bic", "")).value_or(core::Bic{});
    node.rpc_port = port_of(json.value("rpc", ""));
    node.p2p_port = port_of(json.value("p2p", ""));
    node.metrics_port = port_of(json.value("metrics", ""));
    node.pid = json.value("pid", 0L);
    node.data_dir = json.value("dataDir", "");
    node.config = json.value("config", "");
    return node;
}

DevnetAccount account_from(const Json& json) {
    return {json.value("name", ""),
            json.value("role", ""),
            core::Bic::parse(json.value("bic", "")).value_or(core::Bic{}),
            core::address_from_hex(json.value("address", "")).value_or(core::Address{}),
            json.value("keystore", ""),
            json.value("passwordFile", "")};
}

}  // namespace

std::string DevnetNode::rpc_url() const {
    return fmt::format("http://127.0.0.1:{}", rpc_port);
}

const DevnetNode* Devnet::find_node(std::string_view name) const {
    for (const auto& node : nodes)
        if (node.name == name || node.bic.to_string() == name) return &node;
    return nullptr;
}

const DevnetAccount* Devnet::find_account(std::string_view name_or_bic, std::string_view role) const {
    const auto bic = core::Bic::parse(name_or_bic);
    for (const auto& account : accounts)
        if (account.role == role && (account.name == name_or_bic || (bic && account.bic == *bic)))
            return &account;
    return nullptr;
}

fs::path devnet_file(const fs::path& dir) {
    return dir / "devnet.json";
}

Json to_json(const Devnet& devnet) {
    Json nodes = Json::array(), accounts = Json::array();
    for (const auto& node : devnet.nodes)
        nodes.push_back({{"name", node.name},
                         {"bic", node.bic.to_string()},
                         {"rpc", node.rpc_url()},
                         {"p2p", fmt::format("127.0.0.1:{}", node.p2p_port)},
                         {"metrics", fmt::format("http://127.0.0.1:{}", node.metrics_port)},
                         {"pid", node.pid},
                         {"dataDir", node.data_dir.string()},
                         {"config", node.config.string()}});
    for (const auto& account : devnet.accounts)
        accounts.push_back({{"name", account.name},
                            {"role", account.role},
                            {"bic", account.bic.to_string()},
                            {"address", core::checksum_hex(account.address)},
                            {"keystore", account.keystore.string()},
                            {"passwordFile", account.password_file.string()}});
    return {{"chainId", devnet.chain_id},
            {"genesis", devnet.genesis.string()},
            {"nodes", nodes},
            {"accounts", accounts},
            {"dev",
             {{"address", core::checksum_hex(devnet.dev_address)},
              {"privateKeyFile", devnet.dev_key_file.string()}}}};
}

core::Result<Devnet, std::string> load_devnet(const fs::path& dir) {
    const auto file = devnet_file(dir);
    const auto text = read_file(file);
    if (!text)
        return core::fail(fmt::format("there is no devnet in {} ({}); start one with 'sluice devnet up'",
                                      dir.string(), text.error()));
    const auto json = Json::parse(*text, nullptr, false);
    if (json.is_discarded() || !json.is_object() || !json.contains("nodes") || !json.contains("accounts"))
        return core::fail(
            fmt::format("{} is damaged; 'sluice devnet up --dir OTHER' makes a new network", file.string()));
    Devnet devnet;
    devnet.dir = fs::absolute(dir);
    try {
        devnet.chain_id = json.value("chainId", std::uint64_t{0});
        devnet.genesis = json.value("genesis", "");
        for (const auto& node : json["nodes"])
            devnet.nodes.push_back(node_from(node));
        for (const auto& account : json["accounts"])
            devnet.accounts.push_back(account_from(account));
        const auto dev = json.value("dev", Json::object());
        devnet.dev_address = core::address_from_hex(dev.value("address", "")).value_or(core::Address{});
        devnet.dev_key_file = dev.value("privateKeyFile", "");
    } catch (const Json::exception& error) {
        return core::fail(fmt::format("{} is damaged: {}", file.string(), error.what()));
    }
    return devnet;
}

core::Result<void, std::string> save_devnet(const Devnet& devnet) {
    return write_file(devnet_file(devnet.dir), to_json(devnet).dump(2) + "\n", FileMode::ordinary);
}

}  // namespace sluice::cli
