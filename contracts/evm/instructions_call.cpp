#include "contracts/evm/instructions_call.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "contracts/creation.hpp"
#include "contracts/evm/access_gas.hpp"
#include "contracts/evm/memory_access.hpp"
#include "contracts/evm/word_bytes.hpp"
#include "contracts/message_run.hpp"
#include "core/authorization.hpp"

namespace sluice::contracts::evm {

namespace {

constexpr std::int64_t value_gas = 9'000;
/// Given to the callee on top of what the caller pays, so that it can at least log.
constexpr std::int64_t value_stipend = 2'300;
constexpr std::int64_t new_account_gas = 25'000;
/// EIP-3860.
constexpr std::uint64_t init_code_bytes_max = 49'152;
constexpr std::int64_t init_code_gas_per_word = 2;
constexpr std::int64_t keccak_gas_per_word = 6;

/// What may be sent along at most (EIP-150).
constexpr std::int64_t all_but_one_64th(std::int64_t gas) {
    return gas - gas / 64;
}

/// The operands below the callee's address, in the stack's order.
struct Regions {
    const Uint256& input_offset;
    const Uint256& input_bytes;
    const Uint256& output_offset;
    const Uint256& output_bytes;
};

/// Reaching the account whose code runs for one that delegates (EIP-7702).
std::int64_t delegate_access_gas(Frame& frame, AccountRef callee) {
    if (frame.revision < Revision::prague) return 0;
    const auto target = core::delegate_in(*frame.state.code(callee));
    return target ? account_access_gas(frame, frame.state.account_at(*target)) : 0;
}

/// Everything that a call costs before gas is sent along; less than zero if there is not enough.
std::int64_t pay_for_call(Frame& frame, CallKind kind, AccountRef callee, bool carries_value,
                          const Regions& regions, std::int64_t gas) {
    gas -= account_access_gas(frame, callee);
    if (gas < 0) return gas;
    gas = reach(frame, regions.input_offset, regions.input_bytes, gas);
    if (gas < 0) return gas;
    gas = reach(frame, regions.output_offset, regions.output_bytes, gas);
    if (gas < 0) return gas;
    if (carries_value) {
        gas -= value_gas;
        if (kind == CallKind::call && frame.state.is_empty(callee)) gas -= new_account_gas;
        if (gas < 0) return gas;
    }
    return gas - delegate_access_gas(frame, callee);
}

Message message_of(const Frame& frame, CallKind kind, const core::Address& callee, const Uint256& value) {
    const Message& own = frame.message;
    const bool is_delegate = kind == CallKind::delegate_call;
    const bool keeps_storage = is_delegate || kind == CallKind::call_code;
    return {.kind = kind,
            .is_static = own.is_static || kind == CallKind::static_call,
            .depth = own.depth + 1,
            .gas = 0,
            .sender = is_delegate ? own.sender : own.recipient,
            .recipient = keeps_storage ? own.recipient : callee,
            .code_address = callee,
            .value = is_delegate ? own.value : value,
            .input = {}};
}

/// What the caller sees of the callee's output in its memory.
void copy_output(Frame& frame, const Regions& regions) {
    const std::size_t bytes = std::min<std::size_t>(regions.output_bytes.limbs[0], frame.return_data.size());
    if (bytes != 0)
        std::memcpy(frame.memory + regions.output_offset.limbs[0], frame.return_data.data(), bytes);
}

std::int64_t send_call(Frame& frame, CallKind kind, Uint256* top, std::int64_t gas) {
    const bool has_value = kind == CallKind::call || kind == CallKind::call_code;
    const Uint256 value = has_value ? top[-2] : Uint256();
    const bool carries_value = !value.is_zero();
    Uint256* const below = has_value ? top - 3 : top - 2;
    const Regions regions{below[0], below[-1], below[-2], below[-3]};
    if (carries_value && kind == CallKind::call && frame.message.is_static)
        return fail(frame, CallStatus::static_violation);

    const core::Address address = to_address(top[-1]);
    gas = pay_for_call(frame, kind, frame.state.account_at(address), carries_value, regions, gas);
    if (gas < 0) return gas;
    std::int64_t sent = all_but_one_64th(gas);
    if (top[0] < Uint256(static_cast<std::uint64_t>(sent))) sent = static_cast<std::int64_t>(top[0].limbs[0]);
    gas -= sent;

    Message message = message_of(frame, kind, address, value);
    message.gas = static_cast<core::Gas>(carries_value ? sent + value_stipend : sent);
    message.input = region(frame, regions.input_offset, regions.input_bytes);
    const MessageResult result = run_message(frame.execution, message, static_cast<core::Gas>(gas));
    frame.return_data = result.output;
    copy_output(frame, regions);
    below[-3] = Uint256(result.succeeded() ? 1 : 0);
    return gas + static_cast<std::int64_t>(result.gas_left);
}

/// Everything that a creation costs before gas is sent along.
std::int64_t pay_for_creation(Frame& frame, CallKind kind, const Uint256& offset, const Uint256& bytes,
                              std::int64_t gas) {
    const bool is_limited = frame.revision >= Revision::shanghai;
    if (is_limited && bytes > Uint256(init_code_bytes_max)) return -1;
    gas = reach(frame, offset, bytes, gas);
    if (gas < 0) return gas;
    std::int64_t per_word = is_limited ? init_code_gas_per_word : 0;
    if (kind == CallKind::create2) per_word += keccak_gas_per_word;
    return gas - per_word * static_cast<std::int64_t>(words_of(bytes.limbs[0]));
}

/// Sends a creation; the new address, or zero.
Uint256 send_creation(Frame& frame, Message& message, std::uint64_t nonce, const core::Word& salt,
                      std::int64_t& gas) {
    frame.state.set_nonce(frame.self, nonce + 1);
    message.recipient = message.kind == CallKind::create2
                            ? creation_address(message.sender, salt, message.input)
                            : creation_address(message.sender, nonce);
    message.code_address = message.recipient;
    message.gas = static_cast<core::Gas>(all_but_one_64th(gas));
    gas -= static_cast<std::int64_t>(message.gas);
    const MessageResult result = run_message(frame.execution, message, static_cast<core::Gas>(gas));
    gas += static_cast<std::int64_t>(result.gas_left);
    frame.return_data = result.output;
    return result.succeeded() ? from_address(message.recipient) : Uint256();
}

std::int64_t start_creation(Frame& frame, CallKind kind, Uint256* top, std::int64_t gas) {
    if (frame.message.is_static) return fail(frame, CallStatus::static_violation);
    gas = pay_for_creation(frame, kind, top[-1], top[-2], gas);
    if (gas < 0) return gas;

    Uint256& result = kind == CallKind::create2 ? top[-3] : top[-2];
    core::Word salt{};
    if (kind == CallKind::create2) store_word(salt.data(), top[-3]);
    Message message{.kind = kind,
                    .is_static = false,
                    .depth = frame.message.depth + 1,
                    .gas = 0,
                    .sender = frame.message.recipient,
                    .recipient = {},
                    .code_address = {},
                    .value = top[0],
                    .input = region(frame, top[-1], top[-2])};
    result = Uint256();
    frame.return_data = {};
    const std::uint64_t nonce = frame.state.nonce(frame.self);
    const bool is_possible = message.depth <= call_depth_max &&
                             frame.state.balance(frame.self) >= message.value &&
                             nonce != std::numeric_limits<std::uint64_t>::max();
    if (is_possible) result = send_creation(frame, message, nonce, salt, gas);
    return gas;
}

}  // namespace

std::int64_t call(Frame& frame, Uint256* top, std::int64_t gas) {
    return send_call(frame, CallKind::call, top, gas);
}
std::int64_t callcode(Frame& frame, Uint256* top, std::int64_t gas) {
    return send_call(frame, CallKind::call_code, top, gas);
}
std::int64_t delegatecall(Frame& frame, Uint256* top, std::int64_t gas) {
    return send_call(frame, CallKind::delegate_call, top, gas);
}
std::int64_t staticcall(Frame& frame, Uint256* top, std::int64_t gas) {
    return send_call(frame, CallKind::static_call, top, gas);
}
std::int64_t create(Frame& frame, Uint256* top, std::int64_t gas) {
    return start_creation(frame, CallKind::create, top, gas);
}
std::int64_t create2(Frame& frame, Uint256* top, std::int64_t gas) {
    return start_creation(frame, CallKind::create2, top, gas);
}

}  // namespace sluice::contracts::evm
