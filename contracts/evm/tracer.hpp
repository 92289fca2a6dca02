/// What an observer of bytecode execution is told. Nobody pays for it while no observer is set.
#pragma once

#include <span>

#include "core/ids.hpp"
#include "core/uint256.hpp"

namespace sluice::contracts {

struct Message;
struct CallResult;
class JournaledState;

namespace evm {

/// The machine before one instruction. Views are valid during the call only.
struct Step {
    std::uint32_t depth = 0;  ///< of the message; 0 is the transaction's own
    std::uint64_t pc = 0;
    std::uint8_t opcode = 0;
    core::Gas gas = 0;                     ///< left before the instruction
    std::span<const core::Uint256> stack;  ///< bottom first
    core::ByteView memory;                 ///< a whole number of words
    core::ByteView return_data;            ///< of the last call
    const core::Address& recipient;        ///< whose storage the code works on
    std::int64_t refund = 0;               ///< counter of the transaction
};

/// An observer. What it does can never reach a result: it gets no way to change the machine.
class Tracer {
  public:
    virtual ~Tracer() = default;
    /// A message begins: also those to precompiled and native contracts and to accounts without code. For a
    /// creation `message.recipient` is the new address. `caller_gas` is what the caller has left beside what
    /// it sends; 0 for the transaction's own message. Value has not moved yet.
    virtual void on_enter(const Message& message, core::Gas caller_gas, JournaledState& state) = 0;
    /// An instruction is about to run: its stack, gas and validity have not been checked yet. The cost of an
    /// instruction is the difference to `gas` of the next step of the same message (for calls: to
    /// `caller_gas`).
    virtual void on_step(const Step& step, JournaledState& state) = 0;
    /// The message that began last and has not ended has ended; its changes are undone if it failed.
    virtual void on_exit(const Message& message, const CallResult& result, JournaledState& state) = 0;
    /// SELFDESTRUCT: `balance` goes from `account` to `beneficiary`.
    virtual void on_self_destruct(const core::Address& account, const core::Address& beneficiary,
                                  const core::Uint256& balance) = 0;
};

}  // namespace evm
}  // namespace sluice::contracts
