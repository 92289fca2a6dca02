/// Participants that exist for conformance runs alone: the same ones in every run, left empty after each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/wallet.hpp"
#include "core/identifiers.hpp"

namespace sluice::cli::conformance {

/// A participant of this run, and its keys.
struct TestBank {
    core::Bic bic;
    OpenKey admin;
    OpenKey maker;
};

/// What one operator's key registers on a network for its runs, in one currency. The banks' keys follow from
/// the operator's, so that nothing has to be kept: whoever can register them can use them again. Every
/// function waits until its acts are final; errors are sentences. One thread.
class TestBanks {
  public:
    TestBanks(RpcClient& rpc, const OpenKey& operator_key, const core::CurrencyCode& currency)
        : rpc_(rpc), operator_(operator_key), currency_(currency) {}

    /// Registers banks until there are `count`.
    core::Result<void, std::string> grow_to(std::size_t count);
    const TestBank& at(std::size_t index) const { return banks_[index]; }
    std::size_t size() const { return banks_.size(); }
    RpcClient& rpc() const { return rpc_; }
    const core::CurrencyCode& currency() const { return currency_; }

    /// Brings all banks back to how they were registered: no payment waits, no money, no credit.
    core::Result<void, std::string> clear() const;
    core::Result<void, std::string> issue(const TestBank& bank, core::Minor amount) const;
    core::Result<void, std::string> set_credit_line(const TestBank& bank, core::Minor line) const;
    /// The operator's switch for the whole currency.
    core::Result<bool, std::string> saves_liquidity() const;
    core::Result<void, std::string> set_liquidity_saving(bool on) const;
    core::Result<core::SignedMinor, std::string> balance(const TestBank& bank) const;

  private:
    struct Position {
        core::SignedMinor balance = 0;
        core::SignedMinor locked = 0;
        core::SignedMinor credit_line = 0;
    };
    TestBank bank_number(std::size_t number) const;
    core::Result<void, std::string> enrol(const TestBank& bank) const;
    core::Result<void, std::string> give_key(const TestBank& bank, core::KeyDuty duty,
                                             const OpenKey& key) const;
    core::Result<void, std::string> act(const OpenKey& key, const contracts::native::ContractCall& call,
                                        const std::string& what) const;
    core::Result<Position, std::string> position(const TestBank& bank) const;
    core::Result<void, std::string> cancel_queue(const TestBank& bank) const;
    core::Result<void, std::string> empty(const TestBank& bank) const;
    core::Result<void, std::string> close_redemptions(const TestBank& bank) const;
    core::Result<void, std::string> redeem(const TestBank& bank, core::Minor amount) const;

    RpcClient& rpc_;
    const OpenKey& operator_;
    core::CurrencyCode currency_;
    std::vector<TestBank> banks_;
};

}  // namespace sluice::cli::conformance
