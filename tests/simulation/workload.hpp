/// The clients of the chain: an operator who issues, banks that pay each other, traders that move coins and
/// call a contract; and what clients do wrong.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "core/transaction.hpp"
#include "node/tasks.hpp"
#include "tests/simulation/chain_kit.hpp"
#include "tests/simulation/coverage.hpp"
#include "tests/simulation/random.hpp"

namespace sluice::simulation {

/// What a client hands in at one moment, in this order.
struct Submission {
    std::vector<core::TransactionPtr> now;
    core::TransactionPtr later;       ///< fills the gap before them; null: there is none
    bool to_different_nodes = false;  ///< rivals with one nonce: each goes to a node of its own
};

class Workload {
  public:
    Workload(const ChainKit& kit, Random random, Coverage& coverage);

    /// First one issue per bank, then a mixture: payments of random amounts, some beyond the balance (they
    /// queue), some with a latest time (they may expire), some of them repeats of an earlier instruction;
    /// coins; calls that succeed, revert, run out of gas, create and destroy contracts; nonces out of order,
    /// the same transaction twice, and two transactions with one nonce.
    Submission next();
    /// One payment, whatever the mixture.
    core::TransactionPtr payment();
    /// All that was handed in, oldest first, rivals included.
    const std::vector<core::TransactionPtr>& submitted() const { return submitted_; }

    /// Notes what became of the transactions of a block.
    void note_outcomes(const node::ExecutedBlock& block);
    /// Coins of all accounts that the workload can reach.
    core::Uint256 coins(const core::StateView& state) const;

  private:
    struct Client {
        const crypto::PrivateKey* key = nullptr;
        std::uint64_t nonce = 0;
    };
    core::TransactionPtr sign(Client& client, core::Address to, core::Bytes data, std::uint64_t value,
                              core::Gas gas, std::string_view kind);
    core::TransactionPtr trade();
    core::TransactionPtr ordinary();

    const ChainKit& kit_;
    Random random_;
    Coverage& coverage_;
    core::DateYmd value_date_;
    Client operator_;
    std::vector<Client> makers_;
    std::vector<Client> traders_;
    std::uint64_t issued_ = 0;
    std::uint64_t payments_ = 0;
    std::uint64_t calls_ = 0;
    std::vector<core::TransactionPtr> submitted_;
    std::map<core::Hash, std::string_view> kinds_;
};

}  // namespace sluice::simulation
