/// Calls that wait until a transaction is final.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "node/ports.hpp"
#include "node/rpc/node_access.hpp"

namespace sluice::node::rpc {

/// How a wait ended.
struct WaitResult {
    enum class End : std::uint8_t { final, expired, shutting_down };
    End end{};
    FinalBlock block;         ///< of End::final; its `block` is null if the transaction was final already
    std::uint32_t index = 0;  ///< of the transaction, if `block.block` is there
};

/// Bounded by limits::waiters_max. Any thread. Must be held by a shared_ptr.
class Waiters : public std::enable_shared_from_this<Waiters> {
  public:
    using Callback = std::function<void(const WaitResult&)>;
    explicit Waiters(NodeAccess& node) : node_(node) {}

    /// One wait; `cancel` takes it back.
    struct Ticket {
        core::Hash transaction{};
        std::uint64_t number = 0;
    };
    /// `callback` comes once, on a worker, unless the ticket is cancelled first. Nothing if too many wait.
    std::optional<Ticket> add(const core::Hash& transaction, std::chrono::milliseconds timeout,
                              Callback callback);
    /// False if the wait has ended already.
    bool cancel(const Ticket& ticket);
    /// Ends a wait by hand: the transaction turned out to be final in `snapshot`.
    void resolve(const Ticket& ticket, ledger::LedgerSnapshotPtr snapshot);

    void on_final_block(const FinalBlock& block);
    /// Ends every wait, and refuses new ones.
    void shut_down();

  private:
    struct Waiter {
        std::uint64_t number = 0;
        Callback callback;
    };
    struct HashOfHash {
        std::size_t operator()(const core::Hash& hash) const;
    };
    Callback take(const Ticket& ticket);
    std::vector<Callback> take_all(const core::Hash& transaction);

    NodeAccess& node_;
    std::mutex mutex_;
    std::unordered_map<core::Hash, std::vector<Waiter>, HashOfHash> waiting_;
    std::atomic<std::size_t> count_ = 0;
    std::uint64_t next_number_ = 1;
    bool is_shut_down_ = false;
};

}  // namespace sluice::node::rpc
