/// Chains for tests: random state changes with a model beside them, blocks with real roots and certificates.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "ledger/ledger.hpp"

namespace sluice::ledger::test {

struct ModelAccount {
    core::Account account;
    std::map<core::Word, core::Word> storage;  ///< without zeros
    bool operator==(const ModelAccount&) const = default;
};
/// The state as plainly as it can be said.
using Model = std::map<core::Address, ModelAccount>;

core::Address address(std::uint64_t number);
core::Word word(std::uint64_t number);
core::Account account(std::uint64_t nonce, std::uint64_t balance = 0);

void apply_diff(Model& model, const core::StateDiff& diff);
/// Computed from nothing.
core::Hash state_root(const Model& model);
core::Hash storage_root(const ModelAccount& account);
/// Every account and slot of `model`, and some that are not in it, read the same through `view`.
testing::AssertionResult reads_as(const core::StateView& view, const Model& model);

struct DiffSize {
    std::size_t accounts = 4;
    std::size_t slots = 8;  ///< of each, at most
    std::uint64_t address_space = 12;
    std::uint64_t slot_space = 40;  ///< small ones make overwrites and deletions likely
    bool deletions = true;          ///< of whole accounts, and storage cleared
};
core::StateDiff random_diff(const Model& model, std::mt19937_64& random, const DiffSize& size = {});

/// Four validators with keys, a genesis, and blocks on it.
class Chain {
  public:
    explicit Chain(std::uint64_t seed = 1);

    const GenesisRecord& genesis() const { return genesis_; }
    const core::Hash& genesis_hash() const { return genesis_hash_; }
    const core::ChainIdentity& identity() const { return identity_; }
    const core::ValidatorSet& validators() const { return validators_; }
    const Model& genesis_model() const { return genesis_model_; }

    /// A block with `transactions` random transactions of up to `data_bytes` on top of `parent`, certified.
    BlockRecord block(const core::Header& parent, PreparedState state, std::size_t transactions = 3,
                      std::size_t data_bytes = 300);
    /// From the next block on the validator set is another one.
    void change_validators();
    std::mt19937_64& random() { return random_; }

  private:
    core::CommitCertificate certify(const core::Header& header, const core::Hash& hash);

    std::mt19937_64 random_;
    std::vector<crypto::PrivateKey> keys_;
    core::ValidatorSet validators_;
    core::ValidatorSet next_validators_;
    GenesisRecord genesis_;
    Model genesis_model_;
    core::Hash genesis_hash_{};
    core::ChainIdentity identity_;
};

/// A ledger under construction, with the model of each of its heights.
class GrowingLedger {
  public:
    explicit GrowingLedger(KvStore& store, const LedgerOptions& options = {}, std::uint64_t seed = 1);

    /// One random block.
    void grow(const DiffSize& size = {}, std::size_t transactions = 3);
    void grow_by(std::size_t blocks) {
        for (std::size_t i = 0; i < blocks; ++i)
            grow();
    }
    /// The block that `grow` would append.
    BlockRecord next_block(const core::StateDiff& diff, std::size_t transactions = 3);
    void append(const BlockRecord& record, const core::StateDiff& diff);
    /// Closes and opens again.
    void reopen(const LedgerOptions& options);

    KvStore& store() { return store_; }
    Chain& chain() { return chain_; }
    Ledger& ledger() { return opened_->ledger; }
    HeadState& state() { return opened_->state; }
    LedgerSnapshotPtr snapshot() const { return opened_->ledger.snapshot(); }
    /// By height.
    const std::vector<Model>& models() const { return models_; }
    const std::vector<core::Hash>& hashes() const { return hashes_; }

  private:
    KvStore& store_;
    Chain chain_;
    std::optional<Ledger::Opened> opened_;
    std::vector<Model> models_;
    std::vector<core::Hash> hashes_;
};

}  // namespace sluice::ledger::test
