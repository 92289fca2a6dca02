#include "contracts/call.hpp"

#include <algorithm>
#include <limits>

#include "contracts/evm/code_cache.hpp"
#include "contracts/evm/frame_pool.hpp"
#include "contracts/evm/precompiles.hpp"
#include "contracts/message_run.hpp"

namespace sluice::contracts {

namespace {

CalleeKind callee_with(const core::Hash& code_hash, const core::Address& address, core::Height height,
                       evm::Revision revision, const native::Registry& registry) {
    if (evm::is_precompile(address, revision)) return CalleeKind::precompile;
    if (code_hash == core::Hash{} || code_hash == core::empty_code_hash) return CalleeKind::nobody;
    const bool is_native = code_hash == native::native_code_hash && registry.find(address, height) != nullptr;
    return is_native ? CalleeKind::native : CalleeKind::bytecode;
}

bool gives_gas_back(CallStatus status) {
    return status == CallStatus::succeeded || status == CallStatus::reverted ||
           status == CallStatus::insufficient_balance || status == CallStatus::depth_exceeded;
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
        case CallStatus::undefined_instruction:
            return "invalid opcode";
        case CallStatus::stack_underflow:
            return "stack underflow";
        case CallStatus::stack_overflow:
            return "stack limit reached 1024";
        case CallStatus::invalid_jump:
            return "invalid jump destination";
        case CallStatus::return_data_out_of_bounds:
            return "return data out of bounds";
        case CallStatus::precompile_failed:
            return "precompiled contract refused its input";
        case CallStatus::precompile_excluded:
            return "KZG point evaluation and BLS12-381 are not part of this chain";
        case CallStatus::address_taken:
            return "contract address collision";
        case CallStatus::code_too_large:
            return "max code size exceeded";
        case CallStatus::code_begins_with_ef:
            return "invalid code: must not begin with 0xef";
        case CallStatus::stopped:
            return "execution was given up";
    }
    return "";
}

CalleeKind callee_at(JournaledState& state, const core::Address& address, const BlockContext& block,
                     const native::Registry& registry) {
    return callee_with(state.code_hash(address), address, block.height, block.revision, registry);
}

CalleeKind callee_at(const core::StateView& view, const core::Address& address, core::Height height,
                     const native::Registry& registry) {
    const std::optional<core::Account> account = view.account(address);
    return callee_with(account ? account->code_hash : core::empty_code_hash, address, height,
                       evm::Revision::osaka, registry);
}

CallResult call(Execution& execution, const Message& message) {
    // Inside, gas is signed. What is above its range could not be used up by any execution.
    constexpr auto gas_max = static_cast<core::Gas>(std::numeric_limits<std::int64_t>::max());
    Message bounded = message;
    bounded.gas = std::min(message.gas, gas_max);
    const MessageResult ran = run_message(execution, bounded, 0);
    CallResult result{.status = ran.status, .gas_left = ran.gas_left, .output = core::to_bytes(ran.output)};
    if (gives_gas_back(ran.status)) result.gas_left += message.gas - bounded.gas;
    if (message.depth == 0) {
        execution.machine.frames().trim();
        execution.machine.codes().end_round();
    }
    return result;
}

}  // namespace sluice::contracts
