#include "contracts/native_call.hpp"

#include "contracts/evm/frame_pool.hpp"
#include "core/check.hpp"

namespace sluice::contracts {

namespace {

MessageResult failed(CallStatus status) {
    return {.status = status, .gas_left = 0, .output = {}};
}

/// Runs a method that has been found, with gas that suffices for it.
MessageResult run_method(Execution& execution, const native::Method& method, native::Invocation& invocation,
                         core::Gas gas_left, core::Bytes& output) {
    const Checkpoint before = execution.state.checkpoint();
    native::MethodResult result = method.run(invocation);
    if (method.access == native::Access::view) {
        const Checkpoint after = execution.state.checkpoint();
        CHECK(after.changes == before.changes && after.logs == before.logs);
    }
    output = result ? std::move(*result) : std::move(result.error().data);
    return {result ? CallStatus::succeeded : CallStatus::reverted, gas_left, output};
}

}  // namespace

MessageResult call_native(Execution& execution, const Message& message) {
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
                                  .arguments = message.input.subspan(sizeof(native::Selector)),
                                  .gas = message.gas};
    const core::Gas cost = method->gas(invocation);
    if (message.gas < cost) return failed(CallStatus::out_of_gas);
    core::Bytes& output = execution.machine.frames().at(message.depth).output;
    return run_method(execution, *method, invocation, message.gas - cost, output);
}

}  // namespace sluice::contracts
