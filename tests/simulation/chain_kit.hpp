/// The chain that a simulation runs: validators, three banks, one currency, traders with coins, and a
/// contract that does what contracts can do wrong.
#pragma once

#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "crypto/signer.hpp"
#include "node/opening.hpp"

namespace sluice::simulation {

inline constexpr std::size_t bank_count = 3;
inline constexpr std::size_t trader_count = 2;

/// A key of a simulation: private key = keccak256(label ‖ number), so that seeds need no key generation.
crypto::PrivateKey key_of(std::string_view label, std::uint64_t number);
core::Bic bic_of_bank(std::size_t bank);
core::CurrencyCode sim_currency();
/// Coins of each trader at genesis, in wei.
core::Uint256 trader_balance();
/// The contract of the workload; see chain_kit.cpp for what its first byte of call data chooses.
core::Address sim_contract();

/// Everything about a chain that no seed changes. Shared by all runs of a process that ask for it.
struct ChainKit {
    node::Chain chain;
    std::map<core::Bytes, core::Bytes> genesis_store;  ///< a ledger that holds genesis
    std::vector<core::Address> addresses;              ///< of validators, then of observers
    crypto::PrivateKey operator_key;
    std::vector<crypto::PrivateKey> maker_keys;   ///< by bank
    std::vector<crypto::PrivateKey> trader_keys;  ///< by trader
};

/// The genesis time lies a minute before the simulation's wall clocks begin.
const ChainKit& chain_kit(std::size_t validators, std::size_t observers, std::uint64_t rotation_period);

}  // namespace sluice::simulation
