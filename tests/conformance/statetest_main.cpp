/// sluice-statetest: runs Ethereum's GeneralStateTests.
#include "tests/conformance/slow_set.hpp"
#include "tests/conformance/state_case.hpp"
#include "tests/conformance/suite_run.hpp"

namespace sluice::conformance {
namespace {

Tally run_file(const Json& file, const std::string& path, const SuiteOptions& options,
               contracts::evm::Machine& machine) {
    Tally tally;
    for (const auto& [test_name, content] : file.items()) {
        if (test_name.starts_with("_")) continue;
        const StateTest test(content);
        for (const auto& [fork, rows] : member(content, "post").items()) {
            if (!options.fork.empty() && fork != options.fork) continue;
            const auto revision = contracts::evm::revision_named(fork);
            for (std::size_t at = 0; at < rows.size(); ++at) {
                const std::string name =
                    path + "::" + test_name + "[" + fork + "," + std::to_string(at) + "]";
                if (name.find(options.filter) == std::string::npos) continue;
                if (!revision)
                    tally.add(name, skipped("fork " + fork + " not supported"));
                else if (!options.slow && is_slow(name))
                    tally.add(name, skipped(slow_set));
                else
                    tally.add(name, run_state_case(test, rows[at], *revision, machine));
            }
        }
    }
    return tally;
}

}  // namespace
}  // namespace sluice::conformance

int main(int argc, char** argv) {
    return sluice::conformance::run_suite({.program = "sluice-statetest",
                                           .summary = "Runs Ethereum's GeneralStateTests.",
                                           .run = sluice::conformance::run_file,
                                           .long_files = {"loopMul", "Call50000_sha256"}},
                                          argc, argv);
}
