/// Which network a command talks to and whose keys it uses: --dir DIR, or --rpc URL with --key FILE.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cli/devnet_layout.hpp"

namespace sluice::cli {

/// The key that a command signs with.
struct Signing {
    std::uint64_t chain_id = 0;
    core::Address address{};
    std::filesystem::path key_file;
    std::filesystem::path password_file;  ///< empty: the key file holds the bare key
};

/// Rows that commands which talk to a network put among their arguments.
inline constexpr Argument dir_argument{"--dir", ArgumentKind::value, "Devnet folder",
                                       false,   "./devnet",          "SLUICE_DIR"};
inline constexpr Argument rpc_argument{
    "--rpc", ArgumentKind::value, "JSON-RPC URL of a node, instead of a devnet folder", false,
    {},      "SLUICE_RPC"};
inline constexpr Argument node_argument{"--node", ArgumentKind::value, "Ask this node of the devnet"};
inline constexpr Argument key_argument{"--key", ArgumentKind::value,
                                       "Key file that signs, instead of a devnet's"};
inline constexpr Argument password_argument{"--password-file", ArgumentKind::value,
                                            "File whose first line opens --key"};

/// A network as found from the arguments. Where --rpc names a node, the default devnet folder counts only if
/// its genesis is that node's.
class NetworkAccess {
  public:
    static core::Result<NetworkAccess, std::string> find(const Arguments& arguments);

    const std::string& rpc_url() const { return rpc_url_; }
    /// Null when the network was named by --rpc and has no folder here.
    const Devnet* devnet() const { return devnet_ ? &*devnet_ : nullptr; }
    /// Where this network's receipts and other files of the wallet lie.
    std::filesystem::path folder() const;

    /// A bank by devnet name or BIC.
    core::Result<core::Bic, std::string> bank(std::string_view name_or_bic) const;
    /// The devnet name of a BIC, or the BIC itself.
    std::string name_of(const core::Bic& bic) const;
    /// The key for `role` ("operator", or "maker" and "approver" of `bank`): --key if given, else the
    /// devnet's. It signs for the chain of the folder; where there is none, for the one that the node names,
    /// with a warning.
    core::Result<Signing, std::string> signing(const Arguments& arguments, std::string_view role,
                                               std::string_view bank) const;

    /// The key of a validator, or of who would become one: --key if given, else that of the devnet's node
    /// --as.
    core::Result<Signing, std::string> validator_signing(const Arguments& arguments) const;

    /// A devnet's account: "dev" (funded), a bank's name or BIC (its maker key), "central-bank" (its operator
    /// key), NAME:ROLE, or an address.
    core::Result<Signing, std::string> account(std::string_view name) const;
    /// The key for contracts, which have no roles: --key if given, else the account --from, else "dev".
    core::Result<Signing, std::string> contract_signing(const Arguments& arguments) const;

  private:
    std::string rpc_url_;
    std::optional<Devnet> devnet_;
};

}  // namespace sluice::cli
