/// Real processes: a devnet in a temporary folder, for cluster tests and benchmarks. Needs sluiced beside the
/// program.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "cli/devnet_creation.hpp"
#include "cli/rpc_client.hpp"
#include "contracts/native/settlement_calls.hpp"
#include "core/transaction.hpp"
#include "crypto/signature.hpp"

namespace sluice::test_support {

/// Keys of one bank's maker, or of the central bank, with the nonce that comes next.
struct SigningKey {
    crypto::PrivateKey key;
    core::Address address{};
    std::uint64_t next_nonce = 0;
};

/// A network of real nodes; everything is killed and removed when it goes.
class RunningDevnet {
  public:
    struct Options {
        std::size_t validators = 4;
        std::uint16_t base_port = 18545;
        std::uint32_t block_interval_ms = 10;
        /// Called when the files are there and no process runs yet.
        std::function<void(const cli::Devnet&)> before_start{};
        /// Called around everything that starts or asks a node: the thread is where that node can be reached
        /// as long as the value lives.
        std::function<std::shared_ptr<void>(std::size_t node)> enter{};
    };
    explicit RunningDevnet(const Options& options);
    ~RunningDevnet();
    RunningDevnet(const RunningDevnet&) = delete;
    RunningDevnet& operator=(const RunningDevnet&) = delete;

    std::size_t size() const { return devnet_.nodes.size(); }
    cli::DevnetNode& node(std::size_t index) { return devnet_.nodes[index]; }
    const cli::Devnet& devnet() const { return devnet_; }
    /// Writes devnet.json with the processes, for the wallet program; takes over what that has changed.
    void save() const;
    void reload();
    std::uint64_t chain_id() const { return devnet_.chain_id; }
    core::Bic bic(std::size_t bank) const { return devnet_.nodes[bank].bic; }

    void start(std::size_t index);
    void start_all();
    /// SIGKILL, and gone.
    void kill(std::size_t index);
    /// SIGTERM; how long it took to end.
    std::chrono::milliseconds stop(std::size_t index);
    bool is_running(std::size_t index) const;
    /// Runs `sluiced SUBCOMMAND --config …` for a node that is stopped; its exit code.
    int run_sluiced(std::size_t index, const std::string& subcommand) const;

    cli::RpcClient client(std::size_t index,
                          std::chrono::milliseconds timeout = std::chrono::seconds(10)) const;
    /// One call; for `enter`, which a client that is kept knows nothing of.
    core::Result<cli::Json, cli::RpcError> call(
        std::size_t index, std::string_view method, cli::Json params,
        std::chrono::milliseconds timeout = std::chrono::seconds(10)) const;
    cli::Json status(std::size_t index) const;
    std::uint64_t height(std::size_t index) const;
    /// All running nodes answer and are at one height with one state root, at least `height`.
    bool wait_for_agreement(std::uint64_t height, std::chrono::milliseconds limit) const;

    SigningKey maker(std::size_t bank) const;
    SigningKey central_bank() const;
    /// A signed transaction for a call, with the key's next nonce.
    core::SharedBytes sign(SigningKey& key, const contracts::native::ContractCall& call) const;
    /// Issues `minor` EUR to every bank and waits until it is final.
    void issue_to_all(core::Minor minor);

  private:
    SigningKey open(const cli::DevnetAccount& account) const;
    std::shared_ptr<void> enter(std::size_t index) const { return enter_ ? enter_(index) : nullptr; }

    std::function<std::shared_ptr<void>(std::size_t)> enter_;
    std::filesystem::path dir_;
    cli::Devnet devnet_;
};

/// A pacs.009-like payment of `minor` EUR: the number makes UETR and references.
contracts::native::Instruction payment(const core::Bic& payer, const core::Bic& payee, core::Minor minor,
                                       std::uint64_t number, core::DateYmd value_date);

/// Today in UTC: the business date of a devnet that was just made.
core::DateYmd today();

}  // namespace sluice::test_support
