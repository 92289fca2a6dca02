/// Message calls: value transfer and dispatch to whatever answers at an address. One callee is a native
/// contract; an interpreter of bytecode is another of the same form.
#pragma once

#include <optional>

#include "contracts/block_context.hpp"
#include "contracts/journaled_state.hpp"
#include "contracts/native/registry.hpp"

namespace sluice::contracts {

enum class CallKind : std::uint8_t { call, static_call, delegate_call, call_code, create, create2 };

/// One message (Yellow Paper 8). For delegate_call and call_code, `recipient` is whose storage the code works
/// on.
struct Message {
    CallKind kind = CallKind::call;
    bool is_static = false;  ///< no change of state below this message
    std::uint32_t depth = 0;
    core::Gas gas = 0;
    core::Address sender{};
    core::Address recipient{};
    core::Address code_address{};  ///< whose code runs; equal to `recipient` for call and static_call
    core::Uint256 value;
    core::ByteView input;
};

enum class CallStatus : std::uint8_t {
    succeeded,
    reverted,              ///< undone; the rest of the gas is given back
    out_of_gas,            ///< undone; all gas is used, as for every status below
    static_violation,      ///< a change of state in a static call
    insufficient_balance,  ///< the sender has less than `value`; no gas is used
    depth_exceeded,        ///< more than 1,024 messages inside each other; no gas is used
    wrong_call_kind,       ///< DELEGATECALL or CALLCODE to a native contract
    unavailable,           ///< bytecode, or a creation: nothing here runs it
};
std::string_view describe(CallStatus status);

struct CallResult {
    CallStatus status = CallStatus::succeeded;
    core::Gas gas_left = 0;
    core::Bytes output;  ///< results, or revert data; empty for other statuses
    bool succeeded() const { return status == CallStatus::succeeded; }
};

/// Messages inside each other (Yellow Paper 9.1).
inline constexpr std::uint32_t call_depth_max = 1'024;

/// What all messages of one transaction share.
struct Execution {
    JournaledState& state;
    const BlockContext& block;
    const native::Registry& registry;
    core::Address origin{};
    core::Uint256 gas_price;
};

/// What answers a message.
enum class CalleeKind : std::uint8_t {
    nobody,    ///< no code: the message only moves value
    native,    ///< a row of the registry whose account is installed
    bytecode,  ///< anything else with code, and the precompiled contracts
};
CalleeKind callee_at(JournaledState& state, const core::Address& address, core::Height height,
                     const native::Registry& registry);
/// The same, read from a view: for the pool.
CalleeKind callee_at(const core::StateView& view, const core::Address& address, core::Height height,
                     const native::Registry& registry);

/// Performs a message. On any status but `succeeded` the state is as before.
CallResult call(Execution& execution, const Message& message);

}  // namespace sluice::contracts
