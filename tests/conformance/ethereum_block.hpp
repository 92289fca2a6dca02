/// Ethereum's blocks as bytes: headers of every fork from Istanbul on, transactions and withdrawals.
#pragma once

#include <optional>
#include <vector>

#include "contracts/evm/revision.hpp"
#include "core/log.hpp"
#include "core/rlp.hpp"

namespace sluice::conformance {

/// The fields that grew fork by fork are there from that fork on.
struct EthereumHeader {
    core::Hash parent_hash{};
    core::Hash ommers_hash{};
    core::Address miner{};
    core::Hash state_root{};
    core::Hash transactions_root{};
    core::Hash receipts_root{};
    core::Bloom bloom{};
    core::Uint256 difficulty;
    core::Height height = 0;
    core::Gas gas_limit = 0;
    core::Gas gas_used = 0;
    std::uint64_t timestamp = 0;
    core::Bytes extra_data;
    core::Hash mix_hash{};
    core::Bytes nonce;
    core::Uint256 base_fee;             ///< London
    core::Hash withdrawals_root{};      ///< Shanghai
    std::uint64_t blob_gas_used = 0;    ///< Cancun
    std::uint64_t excess_blob_gas = 0;  ///< Cancun
    core::Hash parent_beacon_root{};    ///< Cancun
    core::Hash requests_hash{};         ///< Prague
    core::Hash hash{};                  ///< of the encoded header
};

/// EIP-4895.
struct Withdrawal {
    std::uint64_t validator = 0;
    core::Address address{};
    std::uint64_t amount_gwei = 0;
    core::Bytes encoded;  ///< RLP, as the withdrawals root covers it
};

struct EthereumBlock {
    EthereumHeader header;
    std::vector<core::SharedBytes> transactions;  ///< EIP-2718 bytes, not yet decoded
    std::size_t ommers = 0;
    std::vector<Withdrawal> withdrawals;
};

/// Strict: exactly the fields of the fork. Nothing where the bytes are not a block of it.
std::optional<EthereumBlock> decode_ethereum_block(core::ByteView encoded, contracts::evm::Revision revision);

}  // namespace sluice::conformance
