/// The trace of every instruction, as debug_traceTransaction gives it by default.
#pragma once

#include <map>
#include <vector>

#include "contracts/transaction_run.hpp"
#include "node/rpc/json_writer.hpp"
#include "node/rpc/trace_budget.hpp"

namespace sluice::node::rpc {

struct StructLogOptions {
    bool stack = true;
    bool memory = false;
    bool storage = true;
    bool return_data = false;
    std::size_t limit = 0;  ///< of instructions that are kept; 0: all
};

/// Writes {pc, op, gas, gasCost, depth, stack, memory, storage, …} per instruction. Storage lists the slots
/// that the contract has read or written so far, at the instructions that do so.
class StructLogTracer final : public contracts::evm::Tracer {
  public:
    StructLogTracer(const StructLogOptions& options, TraceBudget& budget)
        : options_(options), budget_(budget) {}

    void on_enter(const contracts::Message& message, core::Gas caller_gas,
                  contracts::JournaledState& state) override;
    void on_step(const contracts::evm::Step& step, contracts::JournaledState& state) override;
    void on_exit(const contracts::Message& message, const contracts::CallResult& result,
                 contracts::JournaledState& state) override;
    void on_self_destruct(const core::Address&, const core::Address&, const core::Uint256&) override {}

    /// {gas, failed, returnValue, structLogs}.
    std::string result(const contracts::TransactionOutcome& outcome) const;

  private:
    struct Entry {
        std::uint64_t pc = 0;
        std::uint8_t opcode = 0;
        std::uint32_t depth = 0;
        core::Gas gas = 0;
        core::Gas cost = 0;
        std::int64_t refund = 0;
        std::string details;  ///< further members as JSON text, each with a comma in front
        std::string_view error;
    };
    /// A message that has not ended: its last instruction, whose cost is not known yet.
    struct Frame {
        std::optional<std::size_t> last;
        bool is_cost_known = false;
    };

    void settle_cost(Frame& frame, core::Gas gas_left);
    std::string details_of(const contracts::evm::Step& step, contracts::JournaledState& state);
    void note_slot(const contracts::evm::Step& step, contracts::JournaledState& state);

    StructLogOptions options_;
    TraceBudget& budget_;
    std::vector<Entry> entries_;
    std::vector<Frame> frames_;
    std::map<core::Address, std::map<core::Word, core::Word>> slots_;
};

}  // namespace sluice::node::rpc
