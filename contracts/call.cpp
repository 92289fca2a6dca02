#include "contracts/call.hpp"

#include "core/check.hpp"

namespace sluice::contracts {

namespace {

/// 0x01 to 0x11 and 0x100: what Ethereum's Osaka rules keep for precompiled contracts.
bool is_precompile(const core::Address& address) {
    for (std::size_t i = 0; i < 18; ++i)
        if (address[i] != 0) return false;
    const unsigned number = 256u * address[18] + address[19];
    return (number >= 0x01 && number <= 0x11) || number == 0x100;
}

CalleeKind callee_with(const core::Hash& code_hash, const core::Address& address, core::Height height,
                       const native::Registry& registry) {
    if (is_precompile(address)) return CalleeKind::bytecode;
    if (code_hash == core::Hash{} || code_hash == core::empty_code_hash) return CalleeKind::nobody;
    const bool is_native = code_hash == native::native_code_hash && registry.find(address, height) != nullptr;
    return is_native ? CalleeKind::native : CalleeKind::bytecode;
}

CallResult failed(CallStatus status) {
    return {.status = status, .gas_left = 0, .output = {}};
}

/// Runs a method that has been found, with gas that suffices for it.
CallResult run_method(Execution& execution, const native::Method& method, native::Invocation& invocation,
                      core::Gas gas_left) {
    const Checkpoint before = execution.state.checkpoint();
    native::MethodResult result = method.run(invocation);
    if (method.access == native::Access::view) {
        const Checkpoint after = execution.state.checkpoint();
        CHECK(after.changes == before.changes && after.logs == before.logs);
    }
    if (result) return {CallStatus::succeeded, gas_left, std::move(*result)};
    return {CallStatus::reverted, gas_left, std::move(result.error().data)};
}

CallResult call_native(Execution& execution, const Message& message) {
    // A native contract's storage is its own: it never runs over another's.
    if (message.kind == CallKind::delegate_call || message.kind == CallKind::call_code)
        return failed(CallStatus::wrong_call_kind);
    if (message.gas < native::cost::entry) return failed(CallStatus::out_of_gas);
    const core::Gas after_entry = message.gas - native::cost::entry;

    const native::NativeContract* contract =
        execution.registry.find(message.recipient, execution.block.height);
    CHECK(contract != nullptr);
    const native::Method* method = native::find_method(*contract, message.input);
    if (method == nullptr || !message.value.is_zero()) return {CallStatus::reverted, after_entry, {}};
    if (message.is_static && method->access == native::Access::write)
        return failed(CallStatus::static_violation);

    native::Invocation invocation{.state = execution.state,
                                  .block = execution.block,
                                  .self = message.recipient,
                                  .caller = message.sender,
                                  .origin = execution.origin,
                                  .arguments = message.input.subspan(sizeof(native::Selector))};
    const core::Gas cost = method->gas(invocation);
    if (message.gas < cost) return failed(CallStatus::out_of_gas);
    return run_method(execution, *method, invocation, message.gas - cost);
}

CallResult call_callee(Execution& execution, const Message& message) {
    switch (callee_at(execution.state, message.code_address, execution.block.height, execution.registry)) {
        case CalleeKind::nobody:
            return {CallStatus::succeeded, message.gas, {}};
        case CalleeKind::native:
            return call_native(execution, message);
        case CalleeKind::bytecode:
            return failed(CallStatus::unavailable);
    }
    return failed(CallStatus::unavailable);
}

}  // namespace

std::string_view describe(CallStatus status) {
    switch (status) {
        case CallStatus::succeeded:
            return "succeeded";
        case CallStatus::reverted:
            return "execution reverted";
        case CallStatus::out_of_gas:
            return "out of gas";
        case CallStatus::static_violation:
            return "write protection";
        case CallStatus::insufficient_balance:
            return "insufficient balance for transfer";
        case CallStatus::depth_exceeded:
            return "max call depth exceeded";
        case CallStatus::wrong_call_kind:
            return "native contracts cannot be delegate-called";
        case CallStatus::unavailable:
            return "bytecode execution is not available";
    }
    return "";
}

CalleeKind callee_at(JournaledState& state, const core::Address& address, core::Height height,
                     const native::Registry& registry) {
    return callee_with(state.code_hash(address), address, height, registry);
}

CalleeKind callee_at(const core::StateView& view, const core::Address& address, core::Height height,
                     const native::Registry& registry) {
    const std::optional<core::Account> account = view.account(address);
    return callee_with(account ? account->code_hash : core::empty_code_hash, address, height, registry);
}

CallResult call(Execution& execution, const Message& message) {
    if (message.depth > call_depth_max) return {CallStatus::depth_exceeded, message.gas, {}};
    if (message.kind == CallKind::create || message.kind == CallKind::create2)
        return failed(CallStatus::unavailable);
    const bool carries_value =
        !message.value.is_zero() && (message.kind == CallKind::call || message.kind == CallKind::call_code);
    if (carries_value && message.is_static) return failed(CallStatus::static_violation);
    if (carries_value && execution.state.balance(message.sender) < message.value)
        return {CallStatus::insufficient_balance, message.gas, {}};

    const Checkpoint before = execution.state.checkpoint();
    // Refused where the recipient's balance would pass 2^256: only a genesis with absurd balances can come
    // there.
    if (message.kind == CallKind::call &&
        !execution.state.transfer(message.sender, message.recipient, message.value))
        return {CallStatus::insufficient_balance, message.gas, {}};
    CallResult result = call_callee(execution, message);
    if (!result.succeeded()) execution.state.revert_to(before);
    return result;
}

}  // namespace sluice::contracts
