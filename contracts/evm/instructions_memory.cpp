#include "contracts/evm/instructions_memory.hpp"

#include <algorithm>
#include <cstring>

#include "contracts/evm/access_gas.hpp"

namespace sluice::contracts::evm {

namespace {

constexpr std::int64_t copy_gas_per_word = 3;
constexpr std::int64_t keccak_gas_per_word = 6;

/// Pays for `bytes` bytes at `offset` and for the work on each word of them.
std::int64_t reach_for_work(Frame& frame, const Uint256& offset, const Uint256& bytes, std::int64_t per_word,
                            std::int64_t gas) {
    gas = reach(frame, offset, bytes, gas);
    if (gas < 0) return gas;
    return gas - per_word * static_cast<std::int64_t>(words_of(bytes.limbs[0]));
}

/// Fills memory from `offset` of a source on; what is beyond the source's end is zero.
void copy_padded(std::uint8_t* to, std::size_t bytes, core::ByteView source, const Uint256& offset) {
    std::size_t copied = 0;
    if (offset < Uint256(source.size())) {
        copied = std::min<std::size_t>(bytes, source.size() - offset.low_u64());
        std::memcpy(to, source.data() + offset.low_u64(), copied);
    }
    std::memset(to + copied, 0, bytes - copied);
}

/// The form of CALLDATACOPY, CODECOPY and EXTCODECOPY: to, from, bytes.
std::int64_t copy_from(Frame& frame, core::ByteView source, Uint256* top, std::int64_t gas) {
    gas = reach_for_work(frame, top[0], top[-2], copy_gas_per_word, gas);
    if (gas < 0 || top[-2].is_zero()) return gas;
    copy_padded(frame.memory + top[0].limbs[0], top[-2].limbs[0], source, top[-1]);
    return gas;
}

}  // namespace

std::int64_t mload(Frame& frame, Uint256* top, std::int64_t gas) {
    gas = reach(frame, top[0], 32, gas);
    if (gas >= 0) mload_at_hand(frame, top);
    return gas;
}

std::int64_t mstore(Frame& frame, Uint256* top, std::int64_t gas) {
    gas = reach(frame, top[0], 32, gas);
    if (gas >= 0) mstore_at_hand(frame, top);
    return gas;
}

std::int64_t mstore8(Frame& frame, Uint256* top, std::int64_t gas) {
    gas = reach(frame, top[0], 1, gas);
    if (gas >= 0) mstore8_at_hand(frame, top);
    return gas;
}

std::int64_t calldataload(Frame& frame, Uint256* top, std::int64_t gas) {
    std::uint8_t bytes[32];
    copy_padded(bytes, sizeof bytes, frame.input, top[0]);
    load_word(top[0], bytes);
    return gas;
}

std::int64_t keccak256(Frame& frame, Uint256* top, std::int64_t gas) {
    gas = reach_for_work(frame, top[0], top[-1], keccak_gas_per_word, gas);
    if (gas < 0) return gas;
    const core::Hash hash = core::keccak256(region(frame, top[0], top[-1]));
    load_word(top[-1], hash.data());
    return gas;
}

std::int64_t calldatacopy(Frame& frame, Uint256* top, std::int64_t gas) {
    return copy_from(frame, frame.input, top, gas);
}

std::int64_t codecopy(Frame& frame, Uint256* top, std::int64_t gas) {
    return copy_from(frame, {frame.code, frame.code_bytes}, top, gas);
}

std::int64_t returndatacopy(Frame& frame, Uint256* top, std::int64_t gas) {
    // The data is not padded: reading past its end is an error, also of no bytes (EIP-211).
    const std::uint64_t available = frame.return_data.size();
    if (top[-1] > Uint256(available) || top[-2] > Uint256(available - top[-1].low_u64()))
        return fail(frame, CallStatus::return_data_out_of_bounds);
    return copy_from(frame, frame.return_data, top, gas);
}

std::int64_t mcopy(Frame& frame, Uint256* top, std::int64_t gas) {
    const Uint256& farther = std::max(top[0], top[-1]);
    gas = reach_for_work(frame, farther, top[-2], copy_gas_per_word, gas);
    if (gas < 0 || top[-2].is_zero()) return gas;
    std::memmove(frame.memory + top[0].limbs[0], frame.memory + top[-1].limbs[0], top[-2].limbs[0]);
    return gas;
}

std::int64_t extcodecopy(Frame& frame, Uint256* top, std::int64_t gas) {
    const AccountRef account = frame.state.account_at(to_address(top[0]));
    gas -= account_access_gas(frame, account);
    if (gas < 0) return gas;
    return copy_from(frame, *frame.state.code(account), top - 1, gas);
}

}  // namespace sluice::contracts::evm
