/// Offline verification of a whole database: `sluiced verify-db`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/block.hpp"
#include "core/commit_certificate.hpp"
#include "ledger/kv_store.hpp"

namespace sluice::ledger {

struct VerifyOptions {
    /// Also recomputes the state root from all flat state, walks all stored trie nodes and hashes all code.
    bool full = false;
    /// Identity of the chain, which certificates sign. Without it certificates are checked for form only.
    std::optional<core::ChainIdentity> chain = std::nullopt;
    /// Called now and then with the height (or, in the state, the share of keys in 1/256) reached; may be
    /// empty.
    std::function<void(const std::string& part, std::uint64_t done, std::uint64_t of)> progress = nullptr;
    /// More faults than this are counted, not listed.
    std::size_t faults_max = 100;
};

struct Fault {
    core::Height height = 0;  ///< the block it was found at; the head for faults of state
    std::string what;
};

struct VerifyReport {
    core::Height head = 0;
    core::Height first_body = 0;  ///< bodies and receipts below are not kept, and were not looked at
    std::uint64_t transactions = 0;
    std::uint64_t accounts = 0;  ///< full only
    std::uint64_t slots = 0;     ///< full only
    std::uint64_t faults_found = 0;
    std::vector<Fault> faults;
    bool whole() const { return faults_found == 0; }
};

/// Checks every height: hash chain, transactions and receipts roots, bloom, gas, certificate, validator sets,
/// indices. Reads only; bounded memory; damaged rows become faults.
VerifyReport verify_database(const KvStore& store, const VerifyOptions& options = {});

}  // namespace sluice::ledger
