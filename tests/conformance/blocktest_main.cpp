/// sluice-blocktest: runs Ethereum's BlockchainTests from Istanbul on. Proof of work (difficulty, ommers and
/// their rewards) is no part of it.
#include "tests/conformance/block_case.hpp"
#include "tests/conformance/slow_set.hpp"
#include "tests/conformance/suite_run.hpp"

namespace sluice::conformance {
namespace {

Tally run_file(const Json& file, const std::string& path, const SuiteOptions& options,
               contracts::evm::Machine& machine) {
    Tally tally;
    for (const auto& [test_name, content] : file.items()) {
        if (test_name.starts_with("_")) continue;
        const std::string& network = text_of(member(content, "network"));
        if (!options.fork.empty() && network != options.fork) continue;
        const std::string name = path + "::" + test_name + "[" + network + "]";
        if (name.find(options.filter) == std::string::npos) continue;
        if (!options.slow && is_slow(name))
            tally.add(name, skipped(slow_set));
        else
            tally.add(name, run_block_case(content, machine));
    }
    return tally;
}

}  // namespace
}  // namespace sluice::conformance

int main(int argc, char** argv) {
    return sluice::conformance::run_suite(
        {.program = "sluice-blocktest",
         .summary = "Runs Ethereum's BlockchainTests from Istanbul on, without proof of work and ommers.",
         .run = sluice::conformance::run_file,
         .long_files = {"loopMul", "Call50000_sha256"}},
        argc, argv);
}
