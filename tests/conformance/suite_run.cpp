#include "tests/conformance/suite_run.hpp"

#include <algorithm>
#include <atomic>
#include <iostream>
#include <numeric>
#include <thread>

#include <CLI/CLI.hpp>

namespace sluice::conformance {

namespace {

namespace fs = std::filesystem;

/// The JSON files below the paths, sorted; what only indexes others is left out.
std::vector<fs::path> fixture_files(const std::vector<fs::path>& paths) {
    std::vector<fs::path> files;
    for (const fs::path& path : paths) {
        if (fs::is_regular_file(path)) {
            files.push_back(path);
            continue;
        }
        if (!fs::is_directory(path)) throw FixtureError(path.string() + ": there is no such file or folder");
        for (const auto& entry : fs::recursive_directory_iterator(path)) {
            const fs::path& file = entry.path();
            const bool is_index = file.native().find("/.meta/") != std::string::npos;
            if (entry.is_regular_file() && file.extension() == ".json" && !is_index) files.push_back(file);
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

Tally run_one(const fs::path& path, const SuiteOptions& options, contracts::evm::Machine& machine,
              const RunFile& run) {
    try {
        return run(read_fixture(path), path.string(), options, machine);
    } catch (const FixtureError& error) {
        Tally tally;
        tally.add(path.string(), failed(std::string("damaged file: ") + error.what()));
        return tally;
    }
}

/// Positions of the files in the order in which they are begun.
std::vector<std::size_t> order_of(const std::vector<fs::path>& files, const Suite& suite) {
    std::vector<std::size_t> order(files.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_partition(order.begin(), order.end(), [&](std::size_t at) {
        const std::string name = files[at].filename().string();
        return std::any_of(suite.long_files.begin(), suite.long_files.end(),
                           [&](const std::string& part) { return name.find(part) != std::string::npos; });
    });
    return order;
}

Tally run_all(const std::vector<fs::path>& files, const SuiteOptions& options, const Suite& suite) {
    const std::vector<std::size_t> order = order_of(files, suite);
    std::vector<Tally> tallies(files.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        contracts::evm::Machine machine;
        for (std::size_t place = next++; place < order.size(); place = next++)
            tallies[order[place]] = run_one(files[order[place]], options, machine, suite.run);
    };
    std::vector<std::thread> threads;
    for (unsigned job = 1; job < options.jobs; ++job)
        threads.emplace_back(work);
    work();
    for (std::thread& thread : threads)
        thread.join();
    Tally sum;
    for (Tally& tally : tallies)
        sum.add(std::move(tally));
    return sum;
}

}  // namespace

int run_suite(const Suite& suite, int argc, char** argv) {
    CLI::App app(suite.summary, suite.program);
    SuiteOptions options;
    options.jobs = std::max(1u, std::thread::hardware_concurrency());
    app.add_option("path", options.paths, "fixture files, or folders of them")->required();
    app.add_option("--fork", options.fork, "only cases of this fork, e.g. Osaka");
    app.add_option("--filter", options.filter, "only cases whose name contains this text");
    app.add_option("--jobs", options.jobs, "threads")->check(CLI::Range(1u, 256u));
    app.add_flag("--slow", options.slow, "also run the cases of the slow set");
    app.add_flag("--skips", options.lists_skips, "list cases that need excluded precompiles, by name");
    app.add_flag("--json", options.as_json, "print the report as JSON");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        const std::vector<fs::path> files = fixture_files(options.paths);
        if (files.empty()) throw FixtureError("there are no fixture files (.json) below the given paths");
        const Tally tally = run_all(files, options, suite);
        std::cout << (options.as_json ? json_report_of(tally) : report_of(tally, options.lists_skips));
        return tally.failures.empty() ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << suite.program << ": " << error.what() << "\n";
        return 2;
    }
}

}  // namespace sluice::conformance
