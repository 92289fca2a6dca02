/// What RPC handlers may ask of the node: reads never wait for it, the rest is posted and answered by a
/// callback.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/chain_spec.hpp"
#include "network/transport.hpp"
#include "node/mempool.hpp"
#include "node/status.hpp"
#include "node/tasks.hpp"

namespace sluice::node::rpc {

/// Constants of the chain and of this process.
struct ChainFacts {
    core::ChainSpec spec;
    core::ChainIdentity identity;
    core::Header genesis;
    std::string version;  ///< of the software, e.g. "0.1.0"
    std::string node_name;
    core::Address node_address{};
    std::uint64_t table_seed = 0;  ///< of calls (`BlockContext::table_seed`)
};

/// Everything that a person may want to see at once.
struct StatusPicture {
    NodeStatus node;
    std::shared_ptr<const network::NetworkStatus> network;
    std::uint64_t resident_bytes = 0;
    std::uint64_t disk_free_bytes = 0;
    core::UnixMs wall_ms = 0;
    std::int64_t certificate_expires_s = 0;  ///< Unix seconds: end of the node's TLS certificate
};

/// Thread-safe. Callbacks come on the node's thread and must return at once (post what is heavy).
class NodeAccess {
  public:
    virtual ~NodeAccess() = default;

    virtual const ChainFacts& chain() const = 0;
    /// The newest state readers may see. Never null.
    virtual ledger::LedgerSnapshotPtr snapshot() const = 0;
    virtual contracts::TransactionRules transaction_rules() const = 0;
    /// Wall clock in Unix milliseconds.
    virtual core::UnixMs wall_ms() const = 0;

    /// Offers admitted transactions to the pool; one verdict each, in order.
    virtual void submit(std::vector<AdmittedToPool> transactions,
                        std::function<void(std::vector<PoolVerdict>)> answer) = 0;
    virtual void status(std::function<void(StatusPicture)> answer) = 0;
    /// A transaction in the pool, or null.
    virtual void find_pending(const core::Hash& hash, std::function<void(core::TransactionPtr)> answer) = 0;
    /// The sender's next nonce counting executable transactions in the pool; nothing if none is there.
    virtual void next_pending_nonce(const core::Address& sender,
                                    std::function<void(std::optional<std::uint64_t>)> answer) = 0;
    virtual void evidence(std::function<void(std::vector<consensus::Evidence>)> answer) = 0;

    /// Runs work on a worker thread.
    virtual void post(std::function<void()> work) = 0;
    /// Runs work on a worker after a delay.
    virtual void post_after(std::chrono::milliseconds delay, std::function<void()> work) = 0;
    /// False for a level that does not exist.
    virtual bool set_log_level(std::string_view level) = 0;
    /// Prometheus text.
    virtual std::string metrics() = 0;
    virtual void count_rpc(std::string_view method, bool succeeded, double seconds) = 0;
};

}  // namespace sluice::node::rpc
