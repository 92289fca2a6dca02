/// A devnet folder as data: its nodes, accounts and paths, and the file devnet.json that scripts read.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "core/identifiers.hpp"
#include "core/result.hpp"

namespace sluice::cli {

struct DevnetNode {
    std::string name;
    core::Bic bic;
    std::uint16_t rpc_port = 0;
    std::uint16_t p2p_port = 0;
    std::uint16_t metrics_port = 0;
    long pid = 0;  ///< 0: not running
    std::filesystem::path data_dir;
    std::filesystem::path config;

    std::string rpc_url() const;
    std::filesystem::path folder() const { return config.parent_path(); }
};

/// A key with a role: "operator" of the central bank; "admin", "maker" and "approver" of each bank.
struct DevnetAccount {
    std::string name;
    std::string role;
    core::Bic bic;
    core::Address address{};
    std::filesystem::path keystore;
    std::filesystem::path password_file;
};

struct Devnet {
    std::filesystem::path dir;  ///< absolute
    std::uint64_t chain_id = 0;
    std::filesystem::path genesis;
    std::vector<DevnetNode> nodes;
    std::vector<DevnetAccount> accounts;
    core::Address dev_address{};
    std::filesystem::path dev_key_file;

    const DevnetNode* find_node(std::string_view name) const;
    /// By devnet name or BIC.
    const DevnetAccount* find_account(std::string_view name_or_bic, std::string_view role) const;
};

std::filesystem::path devnet_file(const std::filesystem::path& dir);
Json to_json(const Devnet& devnet);
core::Result<Devnet, std::string> load_devnet(const std::filesystem::path& dir);
core::Result<void, std::string> save_devnet(const Devnet& devnet);

}  // namespace sluice::cli
