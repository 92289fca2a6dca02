/// A real chain in memory, without consensus: blocks are executed, sealed by all validators and appended at
/// once.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "contracts/native/settlement_calls.hpp"
#include "crypto/signature.hpp"
#include "ledger/memory_store.hpp"
#include "node/opening.hpp"
#include "node/ports.hpp"

namespace sluice::test {

/// private key = keccak256(label), so that every run has the same keys.
crypto::PrivateKey key_of(std::string_view label);
core::Address address_of(std::string_view label);
/// A UETR that depends on `number` alone.
core::Uetr uetr_of(std::uint64_t number);

struct TestChainOptions {
    std::size_t validators = 4;
    std::size_t banks = 3;
    core::UnixMs time_ms = 1'760'000'000'000;  ///< of genesis
    bool yen_closes = false;                   ///< JPY has a business day
    ledger::LedgerOptions ledger;
};

/// Four validators ("validator-0" …), banks BNKADEFF, BNKBDEFF, … with keys "admin-0", "maker-0",
/// "approver-0", …, one operator and issuer ("operator"), EUR with two decimals and JPY with none, and the
/// account "dev" with 10^24 wei.
class TestChain {
  public:
    explicit TestChain(TestChainOptions options = {});

    const node::Chain& chain() const { return chain_; }
    std::uint64_t chain_id() const { return chain_.spec.chain_id; }
    ledger::LedgerSnapshotPtr snapshot() const { return ledger_->snapshot(); }
    contracts::TransactionRules rules() const;
    core::Bic bank(std::size_t number) const;
    /// Of the head.
    core::UnixMs time_ms() const;

    /// Executes, seals and appends a block, `after_ms` after the head. Transactions that may not run are a
    /// CHECK failure.
    node::FinalBlock append(std::vector<core::TransactionPtr> transactions, core::UnixMs after_ms = 1'000);
    /// Whether the next block, so much later, would hold a system transaction is its own matter.
    node::FinalBlock append_empty(core::UnixMs after_ms = 1'000) { return append({}, after_ms); }

    struct Draft {
        std::string_view sender = "dev";
        std::optional<core::Address> to;
        core::Bytes data{};
        core::Uint256 value{};
        core::Gas gas_limit = 1'000'000;
        core::TransactionType type = core::TransactionType::dynamic_fee;
        std::optional<std::uint64_t> nonce{};     ///< by default the sender's next
        std::optional<std::uint64_t> chain_id{};  ///< by default the chain's
        core::Uint256 max_fee{core::base_fee_wei};
        core::Uint256 tip{};
    };
    /// Signs; the sender's nonces are counted here.
    core::TransactionPtr make(const Draft& draft);
    core::TransactionPtr call(std::string_view sender, const contracts::native::ContractCall& call);
    /// Native coin from "dev" to whom you like.
    core::TransactionPtr transfer(std::string_view to, std::uint64_t wei);

    struct Payment {
        std::size_t from = 0;
        std::size_t to = 1;
        core::Minor amount = 0;
        std::uint64_t number = 1;  ///< of the UETR
        contracts::native::Priority priority = contracts::native::Priority::normal;
        contracts::native::MessageType type = contracts::native::MessageType::customer_credit;
        std::uint64_t latest = 0;
        std::string_view currency = "EUR";
    };
    contracts::native::Instruction instruction(const Payment& payment) const;
    core::TransactionPtr pay(const Payment& payment);
    core::TransactionPtr issue(std::size_t bank, core::Minor amount, std::string_view currency = "EUR");

    /// A certificate of every validator for a header.
    core::CommitCertificate seal(const core::Header& header, core::View view = 0) const;

  private:
    void open();

    TestChainOptions options_;
    node::Chain chain_;
    std::unique_ptr<ledger::MemoryStore> store_;
    std::unique_ptr<ledger::Ledger> ledger_;
    std::unique_ptr<ledger::HeadState> state_;
    std::shared_ptr<const contracts::native::QueueIndex> queues_;
    std::map<std::string, std::uint64_t, std::less<>> nonces_;
    std::uint64_t issues_ = 0;
};

}  // namespace sluice::test
