#include "contracts/evm/instructions_environment.hpp"

#include "contracts/evm/access_gas.hpp"
#include "contracts/history_contract.hpp"

namespace sluice::contracts::evm {

namespace {

/// How far back BLOCKHASH looks.
constexpr core::Height block_hash_window = 256;

core::Hash hash_of_block(Frame& frame, core::Height height) {
    const BlockHashes* const hashes = frame.execution.block.block_hashes;
    if (hashes != nullptr) return hashes->hash_of(height);
    return frame.state.storage(history_address, core::word_from_u64(height % history_window));
}

}  // namespace

std::int64_t prevrandao(Frame& frame, Uint256* top, std::int64_t gas) {
    const BlockContext& block = frame.execution.block;
    top[1] = frame.revision >= Revision::paris ? Uint256::from_word(block.mix_hash) : block.difficulty;
    return gas;
}

std::int64_t blockhash(Frame& frame, Uint256* top, std::int64_t gas) {
    const core::Height now = frame.execution.block.height;
    const core::Height asked = top[0].low_u64();
    const bool is_known = top[0].fits_u64() && asked < now && now - asked <= block_hash_window;
    top[0] = is_known ? Uint256::from_word(hash_of_block(frame, asked)) : Uint256();
    return gas;
}

std::int64_t blobhash(Frame& frame, Uint256* top, std::int64_t gas) {
    const auto& hashes = frame.execution.blob_hashes;
    top[0] = top[0] < Uint256(hashes.size()) ? Uint256::from_word(hashes[top[0].low_u64()]) : Uint256();
    return gas;
}

std::int64_t balance(Frame& frame, Uint256* top, std::int64_t gas) {
    const AccountRef account = frame.state.account_at(to_address(top[0]));
    gas -= account_access_gas(frame, account);
    if (gas < 0) return gas;
    top[0] = frame.state.balance(account);
    return gas;
}

std::int64_t selfbalance(Frame& frame, Uint256* top, std::int64_t gas) {
    top[1] = frame.state.balance(frame.self);
    return gas;
}

std::int64_t extcodesize(Frame& frame, Uint256* top, std::int64_t gas) {
    const AccountRef account = frame.state.account_at(to_address(top[0]));
    gas -= account_access_gas(frame, account);
    if (gas < 0) return gas;
    top[0] = Uint256(frame.state.code(account)->size());
    return gas;
}

std::int64_t extcodehash(Frame& frame, Uint256* top, std::int64_t gas) {
    const AccountRef account = frame.state.account_at(to_address(top[0]));
    gas -= account_access_gas(frame, account);
    if (gas < 0) return gas;
    top[0] = frame.state.is_empty(account) ? Uint256() : Uint256::from_word(frame.state.code_hash(account));
    return gas;
}

}  // namespace sluice::contracts::evm
