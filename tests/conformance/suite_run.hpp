/// A run over the fixture files below some paths: command line, walk, threads, report.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "contracts/evm/machine.hpp"
#include "tests/conformance/fixture_json.hpp"
#include "tests/conformance/verdict.hpp"

namespace sluice::conformance {

struct SuiteOptions {
    std::vector<std::filesystem::path> paths;
    std::string fork;    ///< only cases of this fork; empty: of every fork that is known
    std::string filter;  ///< only cases whose full name contains this
    unsigned jobs = 1;
    bool slow = false;  ///< also the cases of the slow set
    bool lists_skips = false;
    bool as_json = false;
};

/// Runs every case of one file. `name` is the file's, to put in front of the names of its cases. May throw
/// FixtureError.
using RunFile = std::function<Tally(const Json& file, const std::string& name, const SuiteOptions& options,
                                    contracts::evm::Machine& machine)>;

struct Suite {
    std::string program;
    std::string summary;
    RunFile run;
    /// Parts of the names of files that take long: they are begun first, so that no thread is left alone
    /// with them at the end.
    std::vector<std::string> long_files;
};

/// The program: reads the command line, runs, prints, and returns the exit code: 0 when nothing failed, 1
/// when something did, 2 for a wrong command line.
int run_suite(const Suite& suite, int argc, char** argv);

}  // namespace sluice::conformance
