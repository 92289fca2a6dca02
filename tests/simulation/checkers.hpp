/// The invariants that are held against every run, from outside the nodes.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "consensus/messages.hpp"
#include "node/ports.hpp"

namespace sluice::simulation {

/// Keeps the first violation it sees; everything after it is a consequence.
class Checkers {
  public:
    Checkers(core::ChainIdentity chain, core::Hash genesis_hash, std::size_t nodes);

    /// Node `index` has made a block durable and shows it to its readers.
    void on_final_block(std::size_t index, const node::FinalBlock& block);
    /// A consensus message leaves a node. `sender` is the address of its key.
    void on_sent(const core::Address& sender, const consensus::Message& message);
    /// Node `index` has started again with this ledger. It may hold a block that it had no time to show.
    void on_restarted(std::size_t index, const ledger::LedgerSnapshot& snapshot);

    const std::optional<std::string>& violation() const { return violation_; }
    core::Height highest() const { return canonical_.empty() ? 0 : canonical_.rbegin()->first; }
    std::size_t transactions() const { return transactions_.size(); }
    bool is_mined(const core::Hash& transaction) const { return transactions_.contains(transaction); }
    /// keccak256 over all final blocks in order: equal for equal histories.
    core::Hash digest() const;

  private:
    void violate(std::string what);
    void check_certificate(const ledger::LedgerSnapshot& snapshot, core::Height height,
                           const core::Hash& hash);
    void note_transaction(const core::Hash& hash);

    struct Said {
        core::Address sender{};
        core::VoteType type{};
        core::Height height = 0;
        core::View view = 0;
        auto operator<=>(const Said&) const = default;
    };

    core::ChainIdentity chain_;
    std::map<core::Height, core::Hash> canonical_;
    std::vector<core::Height> shown_;  ///< per node: highest height it has shown to its readers
    std::set<core::Hash> transactions_;
    std::map<Said, core::Hash> said_;
    std::optional<std::string> violation_;
};

}  // namespace sluice::simulation
