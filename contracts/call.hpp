/// Message calls and creations: value transfer and dispatch to whatever answers at an address: nobody, a
/// precompiled contract, a native contract, or bytecode.
#pragma once

#include <optional>

#include "contracts/block_context.hpp"
#include "contracts/evm/machine.hpp"
#include "contracts/evm/stop_request.hpp"
#include "contracts/evm/tracer.hpp"
#include "contracts/journaled_state.hpp"
#include "contracts/native/registry.hpp"

namespace sluice::contracts {

enum class CallKind : std::uint8_t { call, static_call, delegate_call, call_code, create, create2 };

/// One message (Yellow Paper 7 and 8). For delegate_call and call_code, `recipient` is whose storage the code
/// works on. For a creation `recipient` is the new address (contracts/creation.hpp), `input` the init code,
/// and the sender's nonce has been raised by whoever sends the message.
struct Message {
    CallKind kind = CallKind::call;
    bool is_static = false;  ///< no change of state below this message
    std::uint32_t depth = 0;
    core::Gas gas = 0;
    core::Address sender{};
    core::Address recipient{};
    core::Address code_address{};  ///< whose code runs; equal to `recipient` but for the two named above
    core::Uint256 value{};         ///< moved by call, call_code and creations; seen by delegate_call
    core::ByteView input{};
};

enum class CallStatus : std::uint8_t {
    succeeded,
    reverted,               ///< undone; the rest of the gas is given back
    out_of_gas,             ///< undone; all gas is used, as for every status below
    static_violation,       ///< a change of state in a static call
    undefined_instruction,  ///< also one of a later revision, and INVALID
    stack_underflow,
    stack_overflow,             ///< more than 1,024 words
    invalid_jump,               ///< to anything but a JUMPDEST
    return_data_out_of_bounds,  ///< RETURNDATACOPY past the end (EIP-211)
    precompile_failed,          ///< input that a precompiled contract refuses
    precompile_excluded,        ///< KZG point evaluation and BLS12-381: not part of the permissioned profile
    wrong_call_kind,            ///< DELEGATECALL or CALLCODE to a native contract
    address_taken,              ///< creation where nonce, code or storage is (EIP-684, EIP-7610)
    code_too_large,             ///< deployed code over 24,576 bytes (EIP-170)
    code_begins_with_ef,        ///< deployed code begins with 0xef (EIP-3541)
    stopped,                    ///< given up on a StopRequest: never in a block
    insufficient_balance,  ///< the sender has less than `value`; no gas is used, as for every status below
    depth_exceeded,        ///< more than 1,024 messages inside each other
};
std::string_view describe(CallStatus status);

struct CallResult {
    CallStatus status = CallStatus::succeeded;
    core::Gas gas_left = 0;
    core::Bytes
        output;  ///< results, or revert data; empty for other statuses and for a creation that succeeded
    bool succeeded() const { return status == CallStatus::succeeded; }
};

/// Messages inside each other (Yellow Paper 9.1).
inline constexpr std::uint32_t call_depth_max = 1'024;

/// What all messages of one transaction share. The rules are those of `block.revision`.
struct Execution {
    JournaledState& state;
    const BlockContext& block;
    const native::Registry& registry;
    evm::Machine& machine;
    core::Address origin{};
    core::Uint256 gas_price{};
    std::span<const core::Hash> blob_hashes{};  ///< versioned hashes of a type-3 transaction (EIP-4844)
    evm::Tracer* tracer = nullptr;              ///< observes; may be null
    evm::StopRequest* stop = nullptr;           ///< null: runs until it ends or its gas is used up
    /// Becomes true when a message reaches a precompiled contract that is excluded here.
    bool reached_excluded = false;
};

/// What answers a message.
enum class CalleeKind : std::uint8_t {
    nobody,  ///< no code: the message only moves value
    native,  ///< a row of the registry whose account is installed
    precompile,
    bytecode,  ///< anything else with code
};
/// Says nothing about a delegation (EIP-7702): a delegating account answers by bytecode.
CalleeKind callee_at(JournaledState& state, const core::Address& address, const BlockContext& block,
                     const native::Registry& registry);
/// The same, read from a view: for the pool.
CalleeKind callee_at(const core::StateView& view, const core::Address& address, core::Height height,
                     const native::Registry& registry);

/// Performs a message or a creation. On any status but `succeeded` the state is as before (a creation's
/// address stays warm, EIP-2929). All other warming is the sender's, that of a delegation's target (EIP-7702)
/// too. Refunds are counted in the state. Any gas is possible.
CallResult call(Execution& execution, const Message& message);

}  // namespace sluice::contracts
