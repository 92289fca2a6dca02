#include "tests/conformance/chain_rules.hpp"

#include <algorithm>
#include <array>

#include "core/block.hpp"
#include "core/merkle.hpp"
#include "core/transaction.hpp"

namespace sluice::conformance {

namespace {

using contracts::evm::Revision;

constexpr core::Gas least_gas_limit = 5'000;
constexpr core::Gas gas_limit_divisor = 1'024;
constexpr std::size_t extra_data_bytes_max = 32;
/// EIP-7934: 10 MiB less 2 MiB for the consensus layer.
constexpr std::size_t block_bytes_max = 8 * 1024 * 1024;
/// EIP-7918.
constexpr std::uint64_t blob_base_cost = 8'192;

struct NamedFault {
    std::string_view name;
    BlockFault fault{};
};
constexpr std::array fault_names{
    NamedFault{"INCORRECT_BLOCK_FORMAT", BlockFault::malformed},
    NamedFault{"RLP_STRUCTURES_ENCODING", BlockFault::malformed},
    NamedFault{"RLP_BLOCK_LIMIT_EXCEEDED", BlockFault::too_large},
    NamedFault{"UNKNOWN_PARENT", BlockFault::unknown_parent},
    NamedFault{"INVALID_BLOCK_NUMBER", BlockFault::height},
    NamedFault{"INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT", BlockFault::timestamp},
    NamedFault{"INVALID_GASLIMIT", BlockFault::gas_limit},
    NamedFault{"GAS_USED_OVERFLOW", BlockFault::gas_used_above_limit},
    NamedFault{"EXTRA_DATA_TOO_BIG", BlockFault::extra_data},
    NamedFault{"INVALID_BASEFEE_PER_GAS", BlockFault::base_fee},
    NamedFault{"IMPORT_IMPOSSIBLE_DIFFICULTY_OVER_PARIS", BlockFault::proof_of_stake_fields},
    NamedFault{"IMPORT_IMPOSSIBLE_UNCLES_OVER_PARIS", BlockFault::ommers},
    NamedFault{"INCORRECT_EXCESS_BLOB_GAS", BlockFault::excess_blob_gas},
    NamedFault{"INCORRECT_BLOB_GAS_USED", BlockFault::blob_gas_used},
    NamedFault{"BLOB_GAS_USED_ABOVE_LIMIT", BlockFault::blob_gas_used},
    NamedFault{"INVALID_TRANSACTIONS_ROOT", BlockFault::transactions_root},
    NamedFault{"INVALID_WITHDRAWALS_ROOT", BlockFault::withdrawals_root},
    NamedFault{"SYSTEM_CONTRACT_CALL_FAILED", BlockFault::system_contract},
    NamedFault{"SYSTEM_CONTRACT_EMPTY", BlockFault::system_contract},
    NamedFault{"INVALID_DEPOSIT_EVENT_LAYOUT", BlockFault::deposit_layout},
    NamedFault{"INVALID_REQUESTS", BlockFault::requests_hash},
    NamedFault{"INVALID_GAS_USED", BlockFault::gas_used},
    NamedFault{"INVALID_LOG_BLOOM", BlockFault::bloom},
    NamedFault{"INVALID_RECEIPTS_ROOT", BlockFault::receipts_root},
    NamedFault{"INVALID_STATE_ROOT", BlockFault::state_root},
};

constexpr std::array<std::string_view, 22> fault_words{
    "not the encoding of a block",
    "larger than a block may be",
    "the parent is not the last valid block",
    "height is not the parent's plus one",
    "not later than the parent",
    "gas limit out of bounds",
    "gas used above the gas limit",
    "extra data too long",
    "wrong base fee",
    "difficulty or nonce is not zero",
    "ommers where there may be none",
    "wrong excess blob gas",
    "wrong blob gas used",
    "wrong transactions root",
    "wrong withdrawals root",
    "a system contract is missing or failed",
    "a deposit event of another layout",
    "wrong requests hash",
    "wrong gas used",
    "wrong bloom",
    "wrong receipts root",
    "wrong state root",
};

BlobSchedule schedule_in(const Json* config, const std::string& fork, Revision revision) {
    const Json* schedules = config == nullptr ? nullptr : find_member(*config, "blobSchedule");
    const Json* row = schedules == nullptr ? nullptr : find_member(*schedules, fork.c_str());
    if (row == nullptr) return blob_schedule_of(revision);
    return {.target = u64_of(member(*row, "target")),
            .max = u64_of(member(*row, "max")),
            .update_fraction = u64_of(member(*row, "baseFeeUpdateFraction"))};
}

/// Forks that change nothing but the blob schedule ("BPO1" and so on, EIP-7892) have the rules of Osaka.
std::optional<Fork> fork_named(const std::string& name, const Json* config) {
    const auto revision = name.starts_with("BPO") ? Revision::osaka : contracts::evm::revision_named(name);
    if (!revision) return std::nullopt;
    return Fork{.revision = *revision, .blobs = schedule_in(config, name, *revision)};
}

core::Hash withdrawals_root_of(const std::vector<Withdrawal>& withdrawals) {
    std::vector<core::ByteView> views;
    for (const Withdrawal& withdrawal : withdrawals)
        views.emplace_back(withdrawal.encoded);
    return core::merkle::ordered_root(views);
}

std::optional<BlockFault> check_limits(const EthereumHeader& header, const EthereumHeader& parent) {
    if (header.height != parent.height + 1) return BlockFault::height;
    if (header.timestamp <= parent.timestamp) return BlockFault::timestamp;
    const core::Gas difference = header.gas_limit > parent.gas_limit ? header.gas_limit - parent.gas_limit
                                                                     : parent.gas_limit - header.gas_limit;
    if (difference >= parent.gas_limit / gas_limit_divisor || header.gas_limit < least_gas_limit)
        return BlockFault::gas_limit;
    if (header.gas_used > header.gas_limit) return BlockFault::gas_used_above_limit;
    if (header.extra_data.size() > extra_data_bytes_max) return BlockFault::extra_data;
    return std::nullopt;
}

std::optional<BlockFault> check_blob_fields(const EthereumHeader& header, const EthereumHeader& parent,
                                            const Fork& parent_fork, const Fork& fork) {
    if (fork.revision < Revision::cancun) return std::nullopt;
    if (header.excess_blob_gas != excess_blob_gas_after(parent, parent_fork, fork))
        return BlockFault::excess_blob_gas;
    if (header.blob_gas_used % contracts::blob_gas != 0) return BlockFault::blob_gas_used;
    return std::nullopt;
}

}  // namespace

std::string_view describe(BlockFault fault) {
    return fault_words[static_cast<std::size_t>(fault)];
}

bool names_fault(std::string_view expected, BlockFault fault) {
    constexpr std::string_view prefix = "BlockException.";
    for (const NamedFault& row : fault_names) {
        const std::string whole = std::string(prefix) + std::string(row.name);
        for (std::size_t at = expected.find(whole); row.fault == fault && at != std::string_view::npos;
             at = expected.find(whole, at + 1)) {
            const std::size_t end = at + whole.size();
            if (end == expected.size() || expected[end] == '|') return true;
        }
    }
    return false;
}

std::optional<Network> Network::named(const std::string& name, const Json* config) {
    constexpr std::string_view change = "AtTime15k";
    constexpr std::uint64_t change_time = 15'000;
    Network network;
    if (!name.ends_with(change)) {
        const auto fork = fork_named(name, config);
        if (!fork) return std::nullopt;
        network.first_ = network.second_ = *fork;
        return network;
    }
    const std::string pair = name.substr(0, name.size() - change.size());
    const std::size_t to = pair.find("To");
    if (to == std::string::npos) return std::nullopt;
    const auto first = fork_named(pair.substr(0, to), config);
    const auto second = fork_named(pair.substr(to + 2), config);
    if (!first || !second) return std::nullopt;
    network.first_ = *first;
    network.second_ = *second;
    network.change_ = change_time;
    return network;
}

core::Uint256 base_fee_after(const EthereumHeader& parent) {
    const core::Gas target = parent.gas_limit / 2;
    const core::Uint256& fee = parent.base_fee;
    const core::Uint256 denominator = core::Uint256(target) * core::Uint256(8);
    if (parent.gas_used == target) return fee;
    if (parent.gas_used > target) {
        const core::Uint256 rise = fee * core::Uint256(parent.gas_used - target) / denominator;
        return fee + std::max(rise, core::Uint256(1));
    }
    return fee - fee * core::Uint256(target - parent.gas_used) / denominator;
}

std::uint64_t excess_blob_gas_after(const EthereumHeader& parent, const Fork& parent_fork, const Fork& fork) {
    if (parent_fork.revision < Revision::cancun) return 0;
    const std::uint64_t target = fork.blobs.target * contracts::blob_gas;
    const std::uint64_t sum = parent.excess_blob_gas + parent.blob_gas_used;
    if (sum < target) return 0;
    const core::Uint256 price = blob_base_fee_of(parent.excess_blob_gas, fork.blobs);
    const bool execution_is_dearer =
        core::Uint256(blob_base_cost) * parent.base_fee > core::Uint256(contracts::blob_gas) * price;
    if (fork.revision >= Revision::osaka && execution_is_dearer)
        return parent.excess_blob_gas +
               parent.blob_gas_used * (fork.blobs.max - fork.blobs.target) / fork.blobs.max;
    return sum - target;
}

std::optional<BlockFault> check_header(const EthereumBlock& block, std::size_t bytes,
                                       const EthereumHeader& parent, const Fork& parent_fork,
                                       const Fork& fork) {
    const EthereumHeader& header = block.header;
    if (fork.revision >= Revision::osaka && bytes > block_bytes_max) return BlockFault::too_large;
    if (header.parent_hash != parent.hash) return BlockFault::unknown_parent;
    if (const auto fault = check_limits(header, parent)) return fault;
    if (fork.revision >= Revision::london && parent_fork.revision >= Revision::london &&
        header.base_fee != base_fee_after(parent))
        return BlockFault::base_fee;
    if (fork.revision >= Revision::paris) {
        if (!header.difficulty.is_zero() || header.nonce != core::Bytes(8))
            return BlockFault::proof_of_stake_fields;
        if (header.ommers_hash != core::empty_list_hash || block.ommers != 0) return BlockFault::ommers;
    }
    if (const auto fault = check_blob_fields(header, parent, parent_fork, fork)) return fault;
    if (header.transactions_root != core::transactions_root(block.transactions))
        return BlockFault::transactions_root;
    if (fork.revision >= Revision::shanghai &&
        header.withdrawals_root != withdrawals_root_of(block.withdrawals))
        return BlockFault::withdrawals_root;
    return std::nullopt;
}

}  // namespace sluice::conformance
