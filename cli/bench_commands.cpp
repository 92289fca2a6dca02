/// sluice bench: how fast this machine executes bytecode.
#include <fmt/format.h>

#include "cli/abi/text.hpp"
#include "cli/bench/evm_timing.hpp"
#include "cli/command.hpp"
#include "cli/contract_file.hpp"
#include "cli/files.hpp"
#include "core/uint256.hpp"

namespace sluice::cli {
namespace {

constexpr std::size_t state_test_bytes_max = 256u << 20;

core::Result<std::uint64_t, std::string> read_u64(const Arguments& arguments, std::string_view name) {
    const auto number = abi::parse_number(arguments.text(name));
    if (!number || !number->fits_u64())
        return core::fail(
            fmt::format("{} {}: allowed is a number of at most 64 bits", name, arguments.text(name)));
    return number->low_u64();
}

struct Measured {
    std::string name;
    bench::EvmTiming timing;
};

core::Result<Measured, std::string> measure_code(const Arguments& arguments, const std::string& text,
                                                 const bench::TimingLimits& limits) {
    const auto code = parse_hex_code(text);
    if (!code) return core::fail(fmt::format("{}: {}", arguments.text("FILE"), code.error()));
    const auto input = core::from_hex(arguments.text("--input"));
    if (!input) return core::fail(std::string("--input: allowed is an even number of hex digits"));
    const auto gas = read_u64(arguments, "--gas");
    if (!gas) return core::fail(gas.error());
    // Gas is counted down from it in a signed number.
    if (*gas >> 62 != 0) return core::fail(std::string("--gas: at most 2^62 - 1"));
    return Measured{arguments.text("FILE"), bench::time_code(*code, *input, *gas, limits)};
}

core::Result<Measured, std::string> measure_state_test(const Arguments& arguments, const std::string& text,
                                                       const bench::TimingLimits& limits) {
    const auto json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) return core::fail(fmt::format("{} is no JSON", arguments.text("FILE")));
    if (!arguments.text("--input").empty())
        return core::fail(std::string("--input: a state test brings its own"));
    const auto index = read_u64(arguments, "--index");
    if (!index) return core::fail(index.error());
    const auto test = bench::read_state_case(
        json, {.name = arguments.text("--test"), .fork = arguments.text("--fork"), .index = *index});
    if (!test) return core::fail(fmt::format("{}: {}", arguments.text("FILE"), test.error()));
    auto timing = bench::time_transaction(*test, limits);
    if (!timing)
        return core::fail(fmt::format("{}: the transaction may not run: {}", test->name, timing.error()));
    return Measured{test->name, std::move(*timing)};
}

core::Result<Measured, std::string> measure(const Arguments& arguments) {
    const auto text = read_file(arguments.text("FILE"), state_test_bytes_max);
    if (!text) return core::fail(text.error());
    const auto runs = read_u64(arguments, "--runs");
    if (!runs) return core::fail(runs.error());
    if (*runs == 0) return core::fail(std::string("--runs 0: at least one"));
    const bench::TimingLimits limits{.runs_max = static_cast<std::size_t>(*runs)};
    const auto begin = text->find_first_not_of(" \t\r\n");
    const bool is_json = begin != std::string::npos && (*text)[begin] == '{';
    return is_json ? measure_state_test(arguments, *text, limits) : measure_code(arguments, *text, limits);
}

ExitCode bench_evm(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto measured = measure(arguments);
    if (!measured) return fail(ExitCode::usage, measured.error(), as_json);
    const auto& timing = measured->timing;
    const double mgas_per_s =
        timing.median_ns > 0 ? static_cast<double>(timing.gas) * 1'000 / timing.median_ns : 0;
    if (as_json) {
        print_json({{"name", measured->name},
                    {"nsPerRun", timing.median_ns},
                    {"leastNsPerRun", timing.least_ns},
                    {"gasPerRun", timing.gas},
                    {"mgasPerSecond", mgas_per_s},
                    {"runs", timing.runs},
                    {"status", timing.status},
                    {"output", core::to_hex_0x(timing.output)}});
        return ExitCode::done;
    }
    print_line(fmt::format("{:.0f} ns per run (median of {}, least {:.0f}), {} gas per run, {:.1f} Mgas/s",
                           timing.median_ns, timing.runs, timing.least_ns, timing.gas, mgas_per_s));
    print_line(fmt::format("{}, output {}", timing.status, core::to_hex_0x(timing.output)));
    return ExitCode::done;
}

constexpr Argument evm_arguments[] = {
    {"FILE", ArgumentKind::positional, "Bytecode in hex, or a GeneralStateTest file in JSON", true},
    {"--input", ArgumentKind::value, "Call data in hex, for bytecode"},
    {"--gas", ArgumentKind::value, "Gas of one run of bytecode", false, "10000000000"},
    {"--runs", ArgumentKind::value, "Runs at most; fewer where they take over 2 s in all", false, "10000"},
    {"--test", ArgumentKind::value, "Part of a test's name, where a file holds several"},
    {"--fork", ArgumentKind::value, "Rules of a state test; the newest in the file by default"},
    {"--index", ArgumentKind::value, "Case of that fork", false, "0"},
};

constexpr Command commands[] = {
    {"bench evm", "Time bytecode, or the transaction of a state test", evm_arguments, bench_evm,
     "sluice bench evm loop.hex --input 0x01 --json"},
};

}  // namespace

std::span<const Command> bench_commands() {
    return commands;
}

}  // namespace sluice::cli
