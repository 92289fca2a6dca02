/// How long bytecode runs: the median of several runs over a state in memory, with its code analysed before.
#pragma once

#include <string>

#include "cli/bench/state_test.hpp"

namespace sluice::cli::bench {

struct EvmTiming {
    std::size_t runs = 0;
    double median_ns = 0;  ///< of one run
    double least_ns = 0;
    core::Gas gas = 0;  ///< of one run, before refunds
    std::string status;
    core::Bytes output;
};

/// Enough runs for a median, within about this time.
struct TimingLimits {
    double seconds = 2;
    std::size_t runs_max = 10'000;
};

/// Runs code as a contract that is called with `input` and `gas`, by the newest rules. The state has no other
/// account; a run begins with empty storage.
EvmTiming time_code(const core::Bytes& code, const core::Bytes& input, core::Gas gas,
                    const TimingLimits& limits);

/// Runs a transaction as a block would: checks of the sender's account, fees and the state's end included,
/// its signature not. The error says why it may not run.
core::Result<EvmTiming, std::string> time_transaction(const StateCase& test, const TimingLimits& limits);

}  // namespace sluice::cli::bench
