/// sluice-protocoltest: runs Ethereum's TransactionTests, RLPTests and TrieTests.
#include "tests/conformance/protocol_case.hpp"
#include "tests/conformance/suite_run.hpp"

namespace sluice::conformance {
namespace {

void run_transaction(const std::string& name, const Json& test, const SuiteOptions& options, Tally& tally) {
    const core::Bytes bytes = bytes_of(member(test, "txbytes"));
    for (const auto& [fork, expected] : member(test, "result").items()) {
        if (!options.fork.empty() && fork != options.fork) continue;
        const std::string case_name = name + "[" + fork + "]";
        if (case_name.find(options.filter) == std::string::npos) continue;
        const auto revision = contracts::evm::revision_named(fork);
        tally.add(case_name, revision ? run_transaction_case(bytes, expected, *revision)
                                      : skipped("fork " + fork + " not supported"));
    }
}

/// What a test is, its members tell; whether a trie hashes its keys, only the name of its file.
Tally run_file(const Json& file, const std::string& path, const SuiteOptions& options,
               contracts::evm::Machine&) {
    Tally tally;
    const bool is_secure = path.find("secure") != std::string::npos;
    for (const auto& [test_name, test] : file.items()) {
        const std::string name = path + "::" + test_name;
        if (find_member(test, "txbytes") != nullptr)
            run_transaction(name, test, options, tally);
        else if (name.find(options.filter) == std::string::npos)
            continue;
        else if (find_member(test, "out") != nullptr)
            tally.add(name, run_rlp_case(test));
        else
            tally.add(name, run_trie_case(test, is_secure));
    }
    return tally;
}

}  // namespace
}  // namespace sluice::conformance

int main(int argc, char** argv) {
    return sluice::conformance::run_suite(
        {.program = "sluice-protocoltest",
         .summary = "Runs Ethereum's TransactionTests, RLPTests and TrieTests.",
         .run = sluice::conformance::run_file,
         .long_files = {}},
        argc, argv);
}
