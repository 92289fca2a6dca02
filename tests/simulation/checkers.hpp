/// What must be true of the chain, held against every block that any node shows and every start of a node.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/commit_certificate.hpp"
#include "node/ports.hpp"
#include "tests/simulation/coverage.hpp"

namespace sluice::simulation {

/// Keeps the first violation it sees; everything after it is a consequence.
class Checkers {
  public:
    Checkers(core::ChainIdentity chain, core::Hash genesis_hash, std::size_t nodes, Coverage& coverage);

    /// Node `index` has made a block durable and shows it to its readers.
    void on_final_block(std::size_t index, const node::FinalBlock& block);
    /// Node `index` has started again with this ledger. It may hold a block that it had no time to show; what
    /// it has shown it must hold, unless its disk was taken from it (`lost_ledger`).
    void on_restarted(std::size_t index, const ledger::LedgerSnapshot& snapshot, bool lost_ledger);
    void violate(std::string what);

    const std::optional<std::string>& violation() const { return violation_; }
    core::Height highest() const { return canonical_.rbegin()->first; }
    std::size_t transactions() const { return transactions_.size(); }
    /// Of clients: without system transactions.
    std::size_t client_transactions() const { return client_transactions_; }
    /// The sender's transaction of this nonce is in the chain.
    bool is_mined(const core::Address& sender, std::uint64_t nonce) const;
    bool is_mined(const core::Hash& transaction) const { return transactions_.contains(transaction); }

  private:
    struct Canonical {
        core::Hash hash{};
        core::Hash state_root{};
        core::View certified_in = 0;
    };

    void check_certificate(const ledger::LedgerSnapshot& snapshot, core::Height height,
                           const core::Hash& hash);
    /// Consecutive sets differ by one member at most: then their quorums share an honest one.
    void check_validators(const ledger::LedgerSnapshot& snapshot, core::Height height);
    void note_transaction(const core::RecoveredTransaction& transaction);
    bool note_block(std::size_t index, core::Height height, const core::Hash& hash,
                    const core::Hash& state_root);

    core::ChainIdentity chain_;
    Coverage& coverage_;
    std::map<core::Height, Canonical> canonical_;
    std::vector<core::Height> shown_;  ///< per node: highest height it has shown to its readers
    std::set<core::Hash> transactions_;
    std::size_t client_transactions_ = 0;
    std::map<core::Address, std::uint64_t> nonces_;  ///< the next one of each sender
    std::optional<std::string> violation_;
};

}  // namespace sluice::simulation
