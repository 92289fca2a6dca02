/// The chain that a simulation runs: validators, three banks, one currency, and the payments they submit.
#pragma once

#include <memory>
#include <vector>

#include "crypto/signer.hpp"
#include "node/opening.hpp"
#include "tests/simulation/random.hpp"

namespace sluice::simulation {

/// A key of a simulation: private key = keccak256(label ‖ number), so that seeds need no key generation.
crypto::PrivateKey key_of(std::string_view label, std::uint64_t number);

/// Genesis with `validators` validators at `time_ms`, bank participants, and EUR open around the clock.
node::Chain make_sim_chain(std::size_t validators, core::UnixMs time_ms, std::uint64_t rotation_period);

/// Clients of the chain: the operator who issues, and banks that pay each other.
class Workload {
  public:
    Workload(const node::Chain& chain, Random random);

    /// The next transaction: first one issue per bank, then payments of random amounts, some beyond the
    /// balance (they queue), some with a latest time (they may expire), some of them repeats of an earlier
    /// instruction.
    core::TransactionPtr next();
    const std::vector<core::TransactionPtr>& submitted() const { return submitted_; }

  private:
    core::TransactionPtr sign_call(const crypto::PrivateKey& key, std::uint64_t& nonce, core::Address to,
                                   core::Bytes data);

    std::uint64_t chain_id_;
    core::UnixMs time_ms_;
    core::DateYmd value_date_;
    Random random_;
    std::uint64_t issued_ = 0;
    std::uint64_t operator_nonce_ = 0;
    std::vector<std::uint64_t> maker_nonces_;
    std::uint64_t payments_ = 0;
    std::vector<core::TransactionPtr> submitted_;
};

inline constexpr std::size_t bank_count = 3;
core::Bic bic_of_bank(std::size_t bank);

}  // namespace sluice::simulation
