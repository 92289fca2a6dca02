#include "cli/network_access.hpp"

#include <cstdio>

#include <fmt/format.h>

#include "cli/devnet_node.hpp"
#include "cli/files.hpp"
#include "cli/rpc_client.hpp"
#include "crypto/key_file.hpp"

namespace sluice::cli {
namespace {

std::string banks_of(const Devnet& devnet) {
    std::string names;
    for (const auto& account : devnet.accounts)
        if (account.role == "maker") names += (names.empty() ? "" : ", ") + account.name;
    return names;
}

core::Result<Signing, std::string> signing_from_file(const Arguments& arguments, std::uint64_t chain_id) {
    const auto key_file = arguments.text("--key");
    const auto text = read_file(key_file);
    if (!text) return core::fail(text.error());
    const auto info = crypto::inspect_key_file(*text);
    if (!info) return core::fail(fmt::format("{}: {}", key_file, crypto::describe(info.error())));
    if (!info->has_address) return core::fail(fmt::format("{} does not name its address", key_file));
    if (arguments.text("--password-file").empty())
        return core::fail(
            std::string("--key needs --password-file: secrets are never given on the command line"));
    return Signing{chain_id, info->address, key_file, arguments.text("--password-file")};
}

/// The chain that a key of one's own signs for: the one whose genesis lies in the folder, if there is one. A
/// node alone could name any chain and so get a signature that counts elsewhere.
core::Result<std::uint64_t, std::string> chain_to_sign_for(const Devnet* devnet, const std::string& rpc_url) {
    RpcClient rpc(rpc_url);
    const auto answer = rpc.call("eth_chainId", Json::array());
    if (!answer) return core::fail(answer.error().message);
    const auto told = quantity(*answer);
    if (!told) return core::fail(fmt::format("{} does not name its chain", rpc_url));
    if (devnet == nullptr) {
        fmt::print(
            stderr,
            "sluice: signing for chain {} because {} says so; --dir with the network's folder makes sure\n",
            *told, rpc_url);
        return *told;
    }
    if (*told != devnet->chain_id)
        return core::fail(fmt::format("{} says that it is of chain {}, but the genesis in {} is of chain {}",
                                      rpc_url, *told, devnet->dir.string(), devnet->chain_id));
    return devnet->chain_id;
}

core::Result<Signing, std::string> signing_by_file(const Arguments& arguments, const Devnet* devnet,
                                                   const std::string& rpc_url) {
    const auto chain_id = chain_to_sign_for(devnet, rpc_url);
    if (!chain_id) return core::fail(chain_id.error());
    return signing_from_file(arguments, *chain_id);
}

/// The folder at the default place, if it is of the network that the node is of.
std::optional<Devnet> devnet_of_node(const std::string& dir, const std::string& rpc_url) {
    std::error_code error;
    if (!std::filesystem::exists(devnet_file(dir), error)) return std::nullopt;
    auto devnet = load_devnet(dir);
    if (!devnet) return std::nullopt;
    const auto text = read_file(devnet->genesis);
    RpcClient rpc(rpc_url);
    const auto genesis = rpc.call("sluice_genesis", Json::array());
    if (!text || !genesis || Json::parse(*text, nullptr, false) != *genesis) return std::nullopt;
    return std::move(*devnet);
}

}  // namespace

core::Result<NetworkAccess, std::string> NetworkAccess::find(const Arguments& arguments) {
    NetworkAccess access;
    access.rpc_url_ = arguments.text(rpc_argument.name);
    auto dir = arguments.text(dir_argument.name);
    if (dir.empty()) dir = std::string(dir_argument.default_value);
    if (!access.rpc_url_.empty() && dir == dir_argument.default_value) {
        access.devnet_ = devnet_of_node(dir, access.rpc_url_);
        return access;
    }
    auto devnet = load_devnet(dir);
    if (!devnet) return core::fail(devnet.error());
    access.devnet_ = std::move(*devnet);
    if (!access.rpc_url_.empty()) return access;
    const auto name = arguments.text("--node");
    const auto* node = name.empty() ? nullptr : access.devnet_->find_node(name);
    if (!name.empty() && !node)
        return core::fail(fmt::format("the devnet in {} has no node '{}'", dir, name));
    if (node) {
        access.rpc_url_ = node->rpc_url();
        return access;
    }
    // Any node that answers will do.
    access.rpc_url_ = access.devnet_->nodes.front().rpc_url();
    for (const auto& candidate : access.devnet_->nodes) {
        RpcClient probe(candidate.rpc_url(), std::chrono::milliseconds(500));
        if (probe.call("eth_chainId", Json::array())) {
            access.rpc_url_ = candidate.rpc_url();
            break;
        }
    }
    return access;
}

std::filesystem::path NetworkAccess::folder() const {
    return devnet_ ? devnet_->dir : std::filesystem::current_path();
}

core::Result<core::Bic, std::string> NetworkAccess::bank(std::string_view name_or_bic) const {
    if (devnet_)
        for (const auto& account : devnet_->accounts)
            if (account.name == name_or_bic) return account.bic;
    if (const auto bic = core::Bic::parse(name_or_bic)) return *bic;
    return core::fail(devnet_
                          ? fmt::format("'{}' is neither a bank of this devnet ({}) nor a BIC", name_or_bic,
                                        banks_of(*devnet_))
                          : fmt::format("'{}' is no BIC: 8 or 11 capital letters and digits", name_or_bic));
}

std::string NetworkAccess::name_of(const core::Bic& bic) const {
    if (devnet_)
        for (const auto& account : devnet_->accounts)
            if (account.bic == bic) return account.name;
    return bic.to_string();
}

core::Result<Signing, std::string> NetworkAccess::signing(const Arguments& arguments, std::string_view role,
                                                          std::string_view bank) const {
    if (!arguments.text("--key").empty()) return signing_by_file(arguments, devnet(), rpc_url_);
    if (!devnet_)
        return core::fail(std::string("name the key that signs with --key FILE and --password-file FILE"));
    const auto* account = devnet_->find_account(bank, role);
    if (!account)
        return core::fail(
            fmt::format("this devnet has no {} key of '{}'; banks are {}", role, bank, banks_of(*devnet_)));
    return Signing{devnet_->chain_id, account->address, account->keystore, account->password_file};
}

core::Result<Signing, std::string> NetworkAccess::validator_signing(const Arguments& arguments) const {
    if (!arguments.text("--key").empty()) return signing_by_file(arguments, devnet(), rpc_url_);
    const auto name = arguments.text("--as");
    if (!devnet_ || name.empty())
        return core::fail(
            std::string("name the validator's key with --key FILE and --password-file FILE, or "
                        "a node of the devnet with --as NAME"));
    const auto* node = devnet_->find_node(name);
    if (!node)
        return core::fail(fmt::format("this devnet has no node '{}'; see 'sluice devnet status'", name));
    const auto address = address_of_node(*node);
    if (!address) return core::fail(address.error());
    return Signing{devnet_->chain_id, *address, key_file_of(*node), password_file_of(*node)};
}

core::Result<Signing, std::string> NetworkAccess::account(std::string_view name) const {
    if (!devnet_)
        return core::fail(std::string("name the key that signs with --key FILE and --password-file FILE"));
    const auto address = core::address_from_hex(name);
    if (name == "dev" || address == devnet_->dev_address)
        return Signing{devnet_->chain_id, devnet_->dev_address, devnet_->dev_key_file, {}};
    const auto colon = name.find(':');
    const auto owner = name.substr(0, colon);
    const auto role = colon == std::string_view::npos ? std::string_view() : name.substr(colon + 1);
    for (const auto& account : devnet_->accounts) {
        const bool is_named = account.name == owner || account.bic.to_string() == owner;
        const bool has_role =
            role.empty() ? account.role == "maker" || account.role == "operator" : account.role == role;
        if ((is_named && has_role) || address == account.address)
            return Signing{devnet_->chain_id, account.address, account.keystore, account.password_file};
    }
    return core::fail(fmt::format(
        "this devnet has no account '{}': there are dev, central-bank, {}, and with :admin, :maker or "
        ":approver behind a bank's name its other keys",
        name, banks_of(*devnet_)));
}

core::Result<Signing, std::string> NetworkAccess::contract_signing(const Arguments& arguments) const {
    if (!arguments.text("--key").empty()) return signing_by_file(arguments, devnet(), rpc_url_);
    const auto name = arguments.text("--from");
    return account(name.empty() ? "dev" : name);
}

}  // namespace sluice::cli
