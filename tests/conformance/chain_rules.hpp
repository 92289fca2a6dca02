/// Ethereum's rules of headers, and which fork holds at a time. Proof of work is not looked at.
#pragma once

#include <string_view>

#include "tests/conformance/ethereum_block.hpp"
#include "tests/conformance/fixture_json.hpp"
#include "tests/conformance/forks.hpp"

namespace sluice::conformance {

/// Why a block is refused, apart from its transactions.
enum class BlockFault : std::uint8_t {
    malformed,
    too_large,
    unknown_parent,
    height,
    timestamp,
    gas_limit,
    gas_used_above_limit,
    extra_data,
    base_fee,
    proof_of_stake_fields,
    ommers,
    excess_blob_gas,
    blob_gas_used,
    transactions_root,
    withdrawals_root,
    system_contract,
    deposit_layout,
    requests_hash,
    gas_used,
    bloom,
    receipts_root,
    state_root,
};
std::string_view describe(BlockFault fault);
/// True if `expected`, names separated by '|', has one that stands for the fault.
bool names_fault(std::string_view expected, BlockFault fault);

/// What holds for one block.
struct Fork {
    contracts::evm::Revision revision{};
    BlobSchedule blobs;
};

/// The forks of a network as the suites name it: one, or two with a change at second 15,000.
class Network {
  public:
    /// Nothing where the name has a fork that is not supported.
    static std::optional<Network> named(const std::string& name, const Json* config);
    const Fork& at(std::uint64_t timestamp) const { return timestamp < change_ ? first_ : second_; }

  private:
    Fork first_;
    Fork second_;
    std::uint64_t change_ = 0;
};

/// EIP-1559.
core::Uint256 base_fee_after(const EthereumHeader& parent);
/// EIP-4844, EIP-7918.
std::uint64_t excess_blob_gas_after(const EthereumHeader& parent, const Fork& parent_fork, const Fork& fork);

/// Every rule that needs no execution. `bytes` is the size of the encoded block (EIP-7934).
std::optional<BlockFault> check_header(const EthereumBlock& block, std::size_t bytes,
                                       const EthereumHeader& parent, const Fork& parent_fork,
                                       const Fork& fork);

}  // namespace sluice::conformance
