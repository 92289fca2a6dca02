/// Loops of bytecode and contracts of the Solidity compiler over a state in memory: nanoseconds per
/// iteration, or per call, as one JSON object.
///
///     evm_bench [rounds] [loop | all] [iterations]
///     evm_bench --write FILE [iterations]      the programs as JSON, for another interpreter
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "contracts/call.hpp"
#include "tests/bench/solidity_contracts.hpp"
#include "tests/contracts/evm/bytecode.hpp"
#include "tests/contracts/memory_state.hpp"

namespace {

using namespace sluice;
using namespace sluice::contracts;
using namespace sluice::contracts::test;
using core::Bytes;
using core::Uint256;

constexpr core::Address contract{0xc0};
constexpr core::Address callee{0xca};
/// Few enough that a run is seldom interrupted.
constexpr std::uint64_t usual_iterations = 10'000;

core::Bytes callee_code() {
    return code(push(0), op::pop, op::stop);
}

/// A loop, and how often its work is done in one iteration.
struct Loop {
    const char* name;
    Bytes code;
};

Uint256 large(std::uint64_t seed) {
    return {seed * 0x9e3779b97f4a7c15, seed * 0xbf58476d1ce4e5b9, seed * 0x94d049bb133111eb,
            seed * 0xd6e8feb86659fd93};
}

/// As a Solidity compiler writes `sum = sum + i` with overflow checks: a subroutine that is jumped to. The
/// subroutine stands at the front, behind a jump over it.
Bytes checked_arithmetic(std::uint64_t iterations) {
    // Stack at the entry: x, y, return address. Leaves the sum.
    const std::uint8_t entry = 4;
    const Bytes subroutine =
        code(op::jumpdest, duplicate(1), duplicate(3), op::add, duplicate(1), duplicate(3), op::gt,
             op::iszero, push_bytes(2, entry + 14), op::jumpi, op::invalid, op::invalid, op::jumpdest,
             exchange(3), exchange(2), op::pop, op::pop, op::jump);
    const std::size_t begin = entry + subroutine.size();
    const Bytes head = code(push_bytes(2, begin), op::jump, subroutine, op::jumpdest);
    // Stack in the loop: counter, sum.
    const std::size_t loop_start = head.size() + 2 + 5;
    const auto call = [&](std::size_t at, const Bytes& operands) {
        return code(push_bytes(2, at + 3 + operands.size() + 4), operands, push_bytes(2, entry), op::jump,
                    op::jumpdest);
    };
    Bytes body;
    for (int i = 0; i < 4; ++i) {
        // sum = counter + sum, three words deep below the return address and the other operand.
        const Bytes one = call(loop_start + 1 + body.size(), code(duplicate(3), duplicate(3)));
        body = code(body, one, exchange(2), op::pop);
    }
    return code(loop(iterations, body, code(head, push(7))), op::stop);
}

Bytes call_body() {
    return code(push(0), push(0), push(0), push(0), push(0), push(callee), op::gas, op::call, op::pop);
}

Bytes precompile_body(std::uint64_t number, std::uint64_t input_bytes) {
    return code(push(32), push(1'024), push(input_bytes), push(0), push(number), op::gas, op::staticcall,
                op::pop);
}

/// A chain of jumps, each target right behind.
Bytes jump_body() {
    Bytes body;
    const std::size_t start = 1 + 5;
    for (int i = 0; i < 16; ++i)
        body = code(body, push_bytes(2, start + body.size() + 4), op::jump, op::jumpdest);
    return body;
}

Bytes modexp_input() {
    return code(mstore(0, 32), mstore(32, 32), mstore(64, 32), mstore(96, large(3)), mstore(128, large(5)),
                mstore(160, large(7)));
}

std::vector<Loop> loops(std::uint64_t iterations) {
    const auto operation = [&](const Bytes& body, const Bytes& before = {}) {
        return code(loop(iterations, body, before), op::stop);
    };
    return {
        {"empty", operation({})},
        {"checked_add_x4", checked_arithmetic(iterations)},
        {"add_x8", operation(repeat(8, code(duplicate(1), duplicate(3), op::add, op::pop)), push(large(1)))},
        {"mul_x8", operation(repeat(8, code(duplicate(2), duplicate(1), op::mul, op::pop)), push(large(1)))},
        {"mulmod",
         operation(code(push(large(3)), duplicate(3), duplicate(3), op::mulmod, op::pop), push(large(1)))},
        {"mulmod_large_x4",
         operation(repeat(4, code(duplicate(4), duplicate(4), duplicate(4), op::mulmod, op::pop)),
                   code(push(large(3)), push(large(1)), push(large(2))))},
        {"addmod",
         operation(code(push(large(3)), duplicate(3), duplicate(3), op::addmod, op::pop), push(large(1)))},
        {"div_128_x4",
         operation(repeat(4, code(push_bytes(16, large(9) >> 130), duplicate(3), op::div, op::pop)),
                   push(large(1)))},
        {"div_64_x4",
         operation(repeat(4, code(duplicate(1), duplicate(3), op::div, op::pop)), push(large(1)))},
        {"exp", operation(code(push(0x12345), duplicate(3), op::exp, op::pop), push(large(1)))},
        {"shifts",
         operation(code(duplicate(2), push(77), op::shl, push(33), op::shr, push(12), op::sar, op::pop),
                   push(large(1)))},
        {"keccak_64", operation(code(push(64), push(0), op::keccak256, op::pop), mstore(32, 5))},
        {"memory", operation(code(duplicate(1), push(64), op::mstore, push(64), op::mload, push(96),
                                  op::mstore, push(80), op::mload, op::pop))},
        {"storage", operation(code(push(1), op::sload, push(1), op::add, push(1), op::sstore))},
        {"jumps_x16", operation(jump_body())},
        {"calls", operation(call_body())},
        {"sha256", operation(precompile_body(2, 64))},
        {"modexp_256", operation(precompile_body(5, 192), modexp_input())},
    };
}

/// Seconds of one run of the contract; ends the program unless its answer begins with `expected`.
double run_once(const MemoryState& view, evm::Machine& machine, core::ByteView input,
                core::ByteView expected) {
    JournaledState state(view);
    state.begin_transaction();
    BlockContext block;
    block.gas_limit = 30'000'000;
    const native::Registry registry{};
    Execution execution{.state = state, .block = block, .registry = registry, .machine = machine};
    const auto start = std::chrono::steady_clock::now();
    const CallResult result =
        call(execution,
             {.gas = 1'000'000'000'000, .recipient = contract, .code_address = contract, .input = input});
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    const bool is_right = result.output.size() >= expected.size() &&
                          std::equal(expected.begin(), expected.end(), result.output.begin());
    if (!result.succeeded() || !is_right) {
        std::fprintf(stderr, "%s, with the wrong answer\n", std::string(describe(result.status)).c_str());
        std::abort();
    }
    return spent.count();
}

/// Nanoseconds of the fastest run.
double measure(const Bytes& contract_code, int rounds, core::ByteView input, core::ByteView expected) {
    MemoryState view;
    view.put_code(contract, contract_code);
    view.put_code(callee, callee_code());
    evm::Machine machine;
    double best = 1e9;
    for (int round = 0; round < rounds; ++round)
        best = std::min(best, run_once(view, machine, input, expected));
    return best * 1e9;
}

/// Every program with its input, as another interpreter can run it.
int write_programs(const char* file, std::uint64_t iterations) {
    std::ofstream out(file);
    const auto row = [&](const char* name, const Bytes& program, core::ByteView input,
                         core::ByteView expected, std::uint64_t times, bool is_first) {
        out << (is_first ? "" : ",\n") << R"( {"name": ")" << name << R"(", "code": ")"
            << core::to_hex_0x(program) << R"(", "input": ")" << core::to_hex_0x(input)
            << R"(", "expected": ")" << core::to_hex_0x(expected) << R"(", "times": )" << times << "}";
    };
    out << R"({"contract": ")" << core::to_hex_0x(contract) << R"(", "callee": ")" << core::to_hex_0x(callee)
        << R"(", "calleeCode": ")" << core::to_hex_0x(callee_code()) << "\", \"programs\": [\n";
    bool is_first = true;
    for (const Loop& loop : loops(iterations)) {
        row(loop.name, loop.code, {}, {}, iterations, is_first);
        is_first = false;
    }
    for (const bench::PureCall& call : bench::pure_calls())
        row(call.name, call.code, call.input, call.expected, 1, false);
    out << "]}\n";
    out.close();
    if (out) return 0;
    std::fprintf(stderr, "%s cannot be written\n", file);
    return 1;
}

std::uint64_t iterations_of(int argc, char** argv, int at) {
    const auto given = argc > at ? std::strtoull(argv[at], nullptr, 10) : usual_iterations;
    return std::clamp<std::uint64_t>(given, 1, 100'000'000);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 2 && std::strcmp(argv[1], "--write") == 0)
        return write_programs(argv[2], iterations_of(argc, argv, 3));
    const int rounds = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 30;
    const char* const only = argc > 2 && std::strcmp(argv[2], "all") != 0 ? argv[2] : nullptr;
    const std::uint64_t iterations = iterations_of(argc, argv, 3);
    double logs = 0;
    int count = 0;
    const auto report = [&](const char* name, double ns) {
        std::printf(", \"%s\": %.1f", name, ns);
        logs += std::log(ns);
        ++count;
    };
    const auto is_wanted = [&](const char* name) { return only == nullptr || std::strcmp(only, name) == 0; };
    std::printf("{\"unit\": \"ns per iteration or call\"");
    for (const Loop& loop : loops(iterations))
        if (is_wanted(loop.name))
            report(loop.name, measure(loop.code, rounds, {}, {}) / static_cast<double>(iterations));
    for (const bench::PureCall& call : bench::pure_calls())
        if (is_wanted(call.name)) report(call.name, measure(call.code, rounds, call.input, call.expected));
    std::printf(", \"geometric_mean\": %.1f}\n", count > 0 ? std::exp(logs / count) : 0.0);
    return 0;
}
