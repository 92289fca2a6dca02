#include "tests/conformance/system_calls.hpp"

#include <algorithm>

namespace sluice::conformance {

namespace {

using contracts::CallResult;
using contracts::evm::Revision;

constexpr core::Gas system_call_gas = 30'000'000;
constexpr std::uint64_t wei_per_gwei = 1'000'000'000;
constexpr std::uint64_t block_reward_wei = 2'000'000'000'000'000'000;  // EIP-1234

core::Address address(std::string_view hex) {
    core::Address made;
    if (!core::from_hex_exactly(hex, made)) throw FixtureError("an address of the program is wrong");
    return made;
}

const core::Address system_caller = address("fffffffffffffffffffffffffffffffffffffffe");
const core::Address beacon_roots = address("000f3df6d732807ef1319fb7b8bb8522d0beac02");
const core::Address history = address("0000f90827f1c53a10cb7a02335b175320002935");
const core::Address withdrawal_requests = address("00000961ef480eb55e80d19ad83579a64c007002");
const core::Address consolidation_requests = address("0000bbddc7ce488642fb579f8b00f3a590007251");
const core::Address deposits = address("00000000219ab540356cbb839cbe05303d7705fa");

bool has_code(const BlockState& state, const core::Address& contract) {
    return !state.state.code(contract)->empty();
}

/// A call of the system: outside of gas, nonces and fees.
CallResult system_call(const BlockState& state, const core::Address& contract, core::ByteView input) {
    state.state.begin_transaction();
    contracts::Execution execution{.state = state.state,
                                   .block = state.block,
                                   .registry = no_natives(),
                                   .machine = state.machine,
                                   .origin = system_caller,
                                   .gas_price = {}};
    CallResult result = contracts::call(execution, {.kind = contracts::CallKind::call,
                                                    .is_static = false,
                                                    .depth = 0,
                                                    .gas = system_call_gas,
                                                    .sender = system_caller,
                                                    .recipient = contract,
                                                    .code_address = contract,
                                                    .value = {},
                                                    .input = input});
    state.state.finish_transaction();
    return result;
}

/// The word of 32 bytes at a place of event data as a small number; nothing where it is larger.
std::optional<std::size_t> small_word(core::ByteView data, std::size_t at) {
    const core::Uint256 value = core::Uint256::from_be(data.subspan(at, 32));
    if (!value.fits_u64() || value.low_u64() > data.size()) return std::nullopt;
    return static_cast<std::size_t>(value.low_u64());
}

/// The five byte strings of a DepositEvent, one behind the other; nothing where the layout is another
/// (EIP-6110).
std::optional<core::Bytes> deposit_in(core::ByteView data) {
    struct Field {
        std::size_t offset;
        std::size_t size;
    };
    // Public key, withdrawal credentials, amount, signature, index.
    constexpr Field fields[] = {{160, 48}, {256, 32}, {320, 8}, {384, 96}, {512, 8}};
    constexpr std::size_t event_bytes = 576;
    if (data.size() != event_bytes) return std::nullopt;
    core::Bytes deposit;
    for (std::size_t i = 0; i < std::size(fields); ++i) {
        if (small_word(data, 32 * i) != fields[i].offset) return std::nullopt;
        if (small_word(data, fields[i].offset) != fields[i].size) return std::nullopt;
        core::append(deposit, data.subspan(fields[i].offset + 32, fields[i].size));
    }
    return deposit;
}

std::optional<core::Bytes> deposits_in(std::span<const core::Log> logs) {
    static const core::Hash topic =
        core::keccak256(core::view("DepositEvent(bytes,bytes,bytes,bytes,bytes)"));
    core::Bytes all;
    for (const core::Log& log : logs) {
        if (log.address != deposits || log.topics.empty() || log.topics[0] != topic) continue;
        const auto deposit = deposit_in(log.data);
        if (!deposit) return std::nullopt;
        core::append(all, *deposit);
    }
    return all;
}

/// Appends sha256(type ‖ data) where there is data (EIP-7685).
void add_requests(core::Bytes& hashes, std::uint8_t type, core::ByteView data) {
    if (data.empty()) return;
    core::Bytes typed{type};
    core::append(typed, data);
    core::append(hashes, crypto::sha256(typed));
}

}  // namespace

const contracts::native::Registry& no_natives() {
    static const contracts::native::Registry none{};
    return none;
}

void open_block(const BlockState& state, const EthereumHeader& header) {
    const Revision revision = state.block.revision;
    if (revision >= Revision::cancun && has_code(state, beacon_roots))
        system_call(state, beacon_roots, header.parent_beacon_root);
    if (revision >= Revision::prague && has_code(state, history))
        system_call(state, history, header.parent_hash);
}

void pay_out(const BlockState& state, const EthereumBlock& block) {
    state.state.begin_transaction();
    for (const Withdrawal& withdrawal : block.withdrawals) {
        const core::Uint256 amount = core::Uint256(withdrawal.amount_gwei) * core::Uint256(wei_per_gwei);
        state.state.set_balance(withdrawal.address, state.state.balance(withdrawal.address) + amount);
    }
    if (state.block.revision < Revision::paris)
        state.state.set_balance(block.header.miner,
                                state.state.balance(block.header.miner) + core::Uint256(block_reward_wei));
    state.state.finish_transaction();
}

core::Result<core::Hash, BlockFault> collect_requests(const BlockState& state,
                                                      std::span<const core::Log> logs) {
    constexpr std::uint8_t deposit_type = 0;
    constexpr std::uint8_t withdrawal_type = 1;
    constexpr std::uint8_t consolidation_type = 2;
    core::Bytes hashes;
    const auto deposited = deposits_in(logs);
    if (!deposited) return core::fail(BlockFault::deposit_layout);
    add_requests(hashes, deposit_type, *deposited);
    const std::pair<std::uint8_t, core::Address> queues[] = {{withdrawal_type, withdrawal_requests},
                                                             {consolidation_type, consolidation_requests}};
    for (const auto& [type, contract] : queues) {
        if (!has_code(state, contract)) return core::fail(BlockFault::system_contract);
        const CallResult result = system_call(state, contract, {});
        if (!result.succeeded()) return core::fail(BlockFault::system_contract);
        add_requests(hashes, type, result.output);
    }
    return crypto::sha256(hashes);
}

}  // namespace sluice::conformance
