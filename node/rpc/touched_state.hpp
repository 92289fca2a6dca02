/// Which accounts and slots an execution looks at: for prestateTracer and eth_createAccessList.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "contracts/call.hpp"
#include "node/rpc/trace_budget.hpp"

namespace sluice::node::rpc {

/// Gathers, in order of address and key. What it holds counts against the budget.
class TouchedState final : public contracts::evm::Tracer {
  public:
    using Accounts = std::map<core::Address, std::set<core::Word>>;

    explicit TouchedState(TraceBudget& budget) : budget_(budget) {}

    void on_enter(const contracts::Message& message, core::Gas caller_gas,
                  contracts::JournaledState& state) override;
    void on_step(const contracts::evm::Step& step, contracts::JournaledState& state) override;
    void on_exit(const contracts::Message&, const contracts::CallResult&,
                 contracts::JournaledState&) override {}
    void on_self_destruct(const core::Address& account, const core::Address& beneficiary,
                          const core::Uint256& balance) override;

    void add(const core::Address& account);
    void add(const core::Address& account, const core::Word& key);
    const Accounts& accounts() const { return accounts_; }
    /// Contracts that were made on the way.
    const std::set<core::Address>& created() const { return created_; }
    /// Whose code ran for the outermost message, if its recipient delegates (EIP-7702): warm from the start.
    const std::optional<core::Address>& outermost_delegate() const { return outermost_delegate_; }

  private:
    TraceBudget& budget_;
    Accounts accounts_;
    std::set<core::Address> created_;
    std::optional<core::Address> outermost_delegate_;
};

}  // namespace sluice::node::rpc
