/// One message while its code runs.
#pragma once

#include "contracts/call.hpp"
#include "contracts/evm/frame_pool.hpp"

namespace sluice::contracts::evm {

/// What instructions work on beside the stack. The position in the code, the top of the stack and the gas are
/// not here while the code runs: they travel from instruction to instruction in registers.
struct Frame {
    Execution& execution;
    JournaledState& state;
    const Message& message;
    FrameStore& store;
    const Revision revision;
    const AccountRef self;  ///< `message.recipient`

    // The code, taken apart for speed.
    const std::uint8_t* const code;
    const std::uint64_t* const destinations;
    const std::uint64_t code_bytes;

    core::Uint256* const bottom;  ///< of the stack
    const core::ByteView input;   ///< CALLDATA: empty while init code runs

    /// `store.memory`, taken apart for speed.
    std::uint8_t* memory = nullptr;
    std::uint64_t memory_bytes = 0;

    core::ByteView return_data{};  ///< of the last call; lies in the store of the next depth
    core::ByteView output{};       ///< given by RETURN or REVERT; lies in `memory`

    /// Why an instruction that returns less than zero gas failed.
    CallStatus failure = CallStatus::out_of_gas;
    CallStatus status = CallStatus::succeeded;  ///< when the code has ended
    std::int64_t gas = 0;                       ///< before the code begins and when it has ended

    /// Where the next instruction is, for a dispatch that returns between instructions.
    const std::uint8_t* next_pc = nullptr;
    core::Uint256* next_sp = nullptr;
};

/// What an instruction returns that cannot go on for another reason than gas.
inline std::int64_t fail(Frame& frame, CallStatus why) {
    frame.failure = why;
    return -1;
}

}  // namespace sluice::contracts::evm
