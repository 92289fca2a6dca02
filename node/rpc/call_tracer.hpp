/// The trace of messages inside each other: callTracer.
#pragma once

#include <optional>
#include <vector>

#include "contracts/transaction_run.hpp"
#include "node/rpc/json_writer.hpp"
#include "node/rpc/trace_budget.hpp"

namespace sluice::node::rpc {

struct CallTraceOptions {
    bool only_top_call = false;
    bool with_log = false;
};

/// Writes {type, from, to, value, gas, gasUsed, input, output, error, revertReason, calls, logs} per message.
/// Logs of messages that failed, and of those inside them, are left out, as they were undone.
class CallTracer final : public contracts::evm::Tracer {
  public:
    CallTracer(const CallTraceOptions& options, TraceBudget& budget) : options_(options), budget_(budget) {}

    void on_enter(const contracts::Message& message, core::Gas caller_gas,
                  contracts::JournaledState& state) override;
    void on_step(const contracts::evm::Step&, contracts::JournaledState&) override {}
    void on_exit(const contracts::Message& message, const contracts::CallResult& result,
                 contracts::JournaledState& state) override;
    void on_self_destruct(const core::Address& account, const core::Address& beneficiary,
                          const core::Uint256& balance) override;

    /// The outermost message, with the gas of the whole transaction.
    std::string result(core::Gas gas_limit, core::Gas gas_used) const;

  private:
    struct PlacedLog {
        core::Log log;
        std::size_t after_calls = 0;  ///< how many inner messages began before it
    };
    struct Call {
        std::string_view type;
        core::Address from{};
        core::Address to{};
        std::optional<core::Uint256> value;
        core::Gas gas = 0;
        core::Gas gas_used = 0;
        core::Bytes input;
        core::Bytes output;
        std::string error;
        std::string revert_reason;
        std::vector<Call> calls;
        std::vector<PlacedLog> logs;
    };

    /// Gives logs that were written since the last look to the message that runs now.
    void take_logs(contracts::JournaledState& state);
    /// What a message and all inside it logged is undone.
    static void forget_logs(Call& call);
    static void write(JsonWriter& json, const Call& call);

    CallTraceOptions options_;
    TraceBudget& budget_;
    std::vector<Call> open_;     ///< messages that have not ended, outermost first
    std::vector<bool> is_kept_;  ///< parallel to all that have begun and not ended
    std::size_t logs_seen_ = 0;
    std::optional<Call> top_;
};

}  // namespace sluice::node::rpc
