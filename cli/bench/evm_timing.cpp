#include "cli/bench/evm_timing.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#include "contracts/call.hpp"
#include "contracts/native/registry.hpp"
#include "contracts/transaction_rules.hpp"
#include "contracts/transaction_run.hpp"

namespace sluice::cli::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t runs_min = 3;
constexpr core::Address contract_address{0xc0};
constexpr core::Address caller_address{0xca};

/// Measured code sees Ethereum's contracts only.
const contracts::native::Registry no_natives{};

/// Calls `run`, which returns the nanoseconds of one run, as often as the limits say. The first call, in
/// which code is analysed and memory is got, does not count.
template <typename Run>
EvmTiming repeat(const TimingLimits& limits, Run&& run) {
    EvmTiming timing;
    run(timing);
    std::vector<double> samples;
    const auto end = Clock::now() + std::chrono::duration<double>(limits.seconds);
    while (samples.size() < limits.runs_max && (samples.size() < runs_min || Clock::now() < end))
        samples.push_back(run(timing));
    std::sort(samples.begin(), samples.end());
    timing.runs = samples.size();
    timing.least_ns = samples.front();
    timing.median_ns = samples[samples.size() / 2];
    return timing;
}

double nanoseconds_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::nano>(Clock::now() - begin).count();
}

}  // namespace

EvmTiming time_code(const core::Bytes& code, const core::Bytes& input, core::Gas gas,
                    const TimingLimits& limits) {
    PlainState view;
    view.put(contract_address, core::Account{.nonce = 1, .balance = {}}, code);
    contracts::BlockContext block;
    block.gas_limit = std::numeric_limits<std::int64_t>::max();
    block.chain_id = 1;
    contracts::evm::Machine machine;
    return repeat(limits, [&](EvmTiming& timing) {
        contracts::JournaledState state(view);
        state.begin_transaction();
        contracts::Execution execution{.state = state,
                                       .block = block,
                                       .registry = no_natives,
                                       .machine = machine,
                                       .origin = caller_address};
        const auto begin = Clock::now();
        auto result = contracts::call(execution, {.gas = gas,
                                                  .sender = caller_address,
                                                  .recipient = contract_address,
                                                  .code_address = contract_address,
                                                  .input = input});
        const double spent = nanoseconds_since(begin);
        timing.gas = gas - result.gas_left;
        timing.status = describe(result.status);
        timing.output = std::move(result.output);
        return spent;
    });
}

core::Result<EvmTiming, std::string> time_transaction(const StateCase& test, const TimingLimits& limits) {
    {
        contracts::JournaledState state(test.state);
        const auto admitted = contracts::admit_to_block(test.transaction, state, test.block);
        if (!admitted) return core::fail(std::string(describe(admitted.error())));
    }
    contracts::evm::Machine machine;
    return repeat(limits, [&](EvmTiming& timing) {
        contracts::JournaledState state(test.state);
        const auto begin = Clock::now();
        const auto admitted = contracts::admit_to_block(test.transaction, state, test.block);
        auto outcome = contracts::run_transaction(
            {.state = state, .block = test.block, .registry = no_natives, .machine = machine},
            {.transaction = admitted->transaction(),
             .sender = admitted->sender(),
             .intrinsic = admitted->intrinsic(),
             .floor = admitted->floor()});
        const double spent = nanoseconds_since(begin);
        timing.gas = outcome.gas_peak;
        timing.status = describe(outcome.status);
        timing.output = std::move(outcome.output);
        return spent;
    });
}

}  // namespace sluice::cli::bench
