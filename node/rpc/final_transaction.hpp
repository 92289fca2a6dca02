/// One transaction handed in and waited for until it is final.
#pragma once

#include "node/rpc/services.hpp"
#include "node/rpc/submission.hpp"

namespace sluice::node::rpc {

/// A final transaction with its receipt, from the block that just came or from the ledger.
struct FinalTransaction {
    ledger::LedgerSnapshotPtr snapshot;  ///< the first in which it is final, or a later one
    FoundTransaction found;
    core::Receipt receipt;
    core::Gas gas_used = 0;
    std::uint64_t first_log_index = 0;
};
/// Nothing if it is not final in the snapshot.
std::optional<FinalTransaction> find_final(const ledger::LedgerSnapshotPtr& snapshot,
                                           const RecentBlocks& recent, const core::Hash& transaction);

/// How handing in and waiting ended.
struct Outcome {
    enum class End : std::uint8_t {
        refused,   ///< `error` says why; nothing was handed in
        accepted,  ///< in the pool; only if nobody asked to wait
        expired,   ///< in the pool, and not final within the wait
        final,
    };
    End end{};
    std::optional<Error> error;
    core::TransactionPtr transaction;  ///< null if it could not be read
    std::optional<std::uint64_t> missing_from;
    std::optional<FinalTransaction> final;
};

struct Handover {
    core::SharedBytes encoded;
    bool waits = true;
    /// Ends with End::accepted and `missing_from` where nonces are missing in front, instead of waiting for
    /// them.
    bool refuses_gaps = false;
    std::chrono::milliseconds timeout{};
};
/// Hands in; a transaction that is here already is no error. Called on a worker; `done` comes on a worker.
void hand_in(const std::shared_ptr<Services>& services, Handover handover, std::function<void(Outcome)> done);

}  // namespace sluice::node::rpc
