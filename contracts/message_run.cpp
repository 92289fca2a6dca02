#include "contracts/message_run.hpp"

#include "contracts/creation.hpp"
#include "contracts/evm/code_cache.hpp"
#include "contracts/evm/interpreter.hpp"
#include "contracts/evm/precompiles.hpp"
#include "contracts/evm/word_bytes.hpp"
#include "contracts/native_call.hpp"
#include "core/authorization.hpp"

namespace sluice::contracts {

namespace {

using evm::Revision;

/// EIP-170.
constexpr core::Gas deposit_gas_per_byte = 200;

MessageResult failed(CallStatus status) {
    return {.status = status, .gas_left = 0, .output = {}};
}

bool is_no_code(const core::Hash& hash) {
    return evm::are_equal(hash, core::empty_code_hash) || evm::are_equal(hash, core::Hash{});
}

MessageResult run_precompile(Execution& execution, const Message& message,
                             const evm::Precompile& precompile) {
    if (precompile.execute == nullptr) {
        execution.reached_excluded = true;
        return failed(CallStatus::precompile_excluded);
    }
    const core::Gas cost = precompile.gas(message.input, execution.block.revision);
    if (message.gas < cost) return failed(CallStatus::out_of_gas);
    core::Bytes& output = execution.machine.frames().at(message.depth).output;
    if (!precompile.execute(message.input, output)) return failed(CallStatus::precompile_failed);
    return {CallStatus::succeeded, message.gas - cost, output};
}

/// Runs code for the message, over the storage of `self`; `input` is what the code sees as its input.
MessageResult run_code(Execution& execution, const Message& message, AccountRef self, const evm::Code& code,
                       core::ByteView input) {
    evm::FrameStore& store = execution.machine.frames().at(message.depth);
    evm::Frame frame{.execution = execution,
                     .state = execution.state,
                     .message = message,
                     .store = store,
                     .revision = execution.block.revision,
                     .self = self,
                     .code = code.begin(),
                     .destinations = code.destinations(),
                     .code_bytes = code.size(),
                     .bottom = store.stack->words.data(),
                     .input = input,
                     .gas = static_cast<std::int64_t>(message.gas)};
    evm::interpret(frame);
    return {frame.status, static_cast<core::Gas>(frame.gas), frame.output};
}

/// Runs the code of an account, or of the one to which it delegates: one step, and never to a precompiled
/// contract (EIP-7702).
MessageResult run_account(Execution& execution, const Message& message, AccountRef self, AccountRef account,
                          bool is_delegate = false) {
    JournaledState& state = execution.state;
    const core::Hash hash = state.code_hash(account);
    if (is_no_code(hash)) return {CallStatus::succeeded, message.gas, {}};
    const auto pin = execution.machine.codes().find(hash, [&] { return state.code(account); });
    const evm::Code& code = pin.code();
    if (execution.block.revision >= Revision::prague && !is_delegate) {
        if (const auto target = core::delegate_in(code.bytes())) {
            if (evm::is_precompile(*target, execution.block.revision))
                return {CallStatus::succeeded, message.gas, {}};
            return run_account(execution, message, self, state.account_at(*target), true);
        }
    }
    return run_code(execution, message, self, code, message.input);
}

/// What the code address answers to `self`, the message's recipient.
MessageResult answer(Execution& execution, const Message& message, AccountRef self) {
    const BlockContext& block = execution.block;
    if (const auto* precompile = evm::find_precompile(message.code_address, block.revision))
        return run_precompile(execution, message, *precompile);
    const bool is_own_code = message.kind == CallKind::call || message.kind == CallKind::static_call;
    const AccountRef callee = is_own_code ? self : execution.state.account_at(message.code_address);
    if (evm::are_equal(execution.state.code_hash(callee), native::native_code_hash) &&
        execution.registry.find(message.code_address, block.height) != nullptr)
        return call_native(execution, message);
    return run_account(execution, message, self, callee);
}

MessageResult perform_call(Execution& execution, const Message& message) {
    JournaledState& state = execution.state;
    const bool moves_value = message.kind == CallKind::call;
    const bool carries_value =
        !message.value.is_zero() && (moves_value || message.kind == CallKind::call_code);
    if (carries_value && moves_value && message.is_static) return failed(CallStatus::static_violation);
    if (carries_value && state.balance(message.sender) < message.value)
        return {CallStatus::insufficient_balance, message.gas, {}};

    const Checkpoint before = state.checkpoint();
    const AccountRef recipient = state.account_at(message.recipient);
    if (moves_value && carries_value) {
        // Refused where the recipient's balance would pass 2^256: only a genesis with absurd balances can
        // come there.
        if (!state.transfer(state.account_at(message.sender), recipient, message.value))
            return {CallStatus::insufficient_balance, message.gas, {}};
    } else if (moves_value || message.kind == CallKind::static_call) {
        state.touch(recipient);
    }
    const MessageResult result = answer(execution, message, recipient);
    if (!result.succeeded()) state.revert_to(before);
    return result;
}

/// Whether something is where a creation would put its contract (EIP-684, EIP-7610).
bool is_taken(JournaledState& state, AccountRef account) {
    return state.nonce(account) != 0 || !is_no_code(state.code_hash(account)) ||
           state.has_storage(state.address_of(account));
}

/// Stores what the init code gave; EIP-170, EIP-3541.
MessageResult deposit(Execution& execution, AccountRef account, const MessageResult& ran) {
    const core::ByteView code = ran.output;
    if (code.size() > deployed_code_bytes_max) return failed(CallStatus::code_too_large);
    if (execution.block.revision >= Revision::london && !code.empty() && code[0] == 0xef)
        return failed(CallStatus::code_begins_with_ef);
    const core::Gas cost = deposit_gas_per_byte * code.size();
    if (ran.gas_left < cost) return failed(CallStatus::out_of_gas);
    if (!code.empty())
        execution.state.set_code(execution.state.address_of(account), core::share(core::to_bytes(code)));
    return {CallStatus::succeeded, ran.gas_left - cost, {}};
}

MessageResult perform_creation(Execution& execution, const Message& message) {
    JournaledState& state = execution.state;
    if (state.balance(message.sender) < message.value)
        return {CallStatus::insufficient_balance, message.gas, {}};
    const AccountRef account = state.account_at(message.recipient);
    if (execution.block.revision >= Revision::berlin) state.warm(account);
    if (is_taken(state, account)) return failed(CallStatus::address_taken);

    const Checkpoint before = state.checkpoint();
    state.create_account(message.recipient);
    state.set_nonce(account, 1);
    if (!state.transfer(message.sender, message.recipient, message.value)) {
        state.revert_to(before);
        return {CallStatus::insufficient_balance, message.gas, {}};
    }
    evm::Code& code = execution.machine.frames().at(message.depth).code;
    code.assign(message.input);
    MessageResult result = run_code(execution, message, account, code, {});
    if (result.succeeded()) result = deposit(execution, account, result);
    if (!result.succeeded()) state.revert_to(before);
    return result;
}

MessageResult perform(Execution& execution, const Message& message) {
    if (message.depth > call_depth_max) return {CallStatus::depth_exceeded, message.gas, {}};
    const bool is_creation = message.kind == CallKind::create || message.kind == CallKind::create2;
    return is_creation ? perform_creation(execution, message) : perform_call(execution, message);
}

}  // namespace

MessageResult run_message(Execution& execution, const Message& message, core::Gas caller_gas) {
    if (execution.stop != nullptr && execution.stop->should_stop()) return failed(CallStatus::stopped);
    if (execution.tracer == nullptr) return perform(execution, message);
    execution.tracer->on_enter(message, caller_gas, execution.state);
    const MessageResult result = perform(execution, message);
    execution.tracer->on_exit(
        message,
        {.status = result.status, .gas_left = result.gas_left, .output = core::to_bytes(result.output)},
        execution.state);
    return result;
}

}  // namespace sluice::contracts
