/// Contracts that make a block's worth of gas of reads and writes of state, over a ledger on LevelDB that has
/// just been opened: milliseconds of execution, and of the new state's root, as one JSON object. The
/// operating system has the files in memory, Sluice's caches are empty.
///
///     state_storm_bench [Mgas] [slots] [directory]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "contracts/call.hpp"
#include "core/state_root.hpp"
#include "ledger/ledger.hpp"
#include "ledger/leveldb_store.hpp"
#include "tests/contracts/evm/bytecode.hpp"

namespace {

using namespace sluice;
using namespace sluice::contracts;
using namespace sluice::contracts::test;
using core::Bytes;
using core::Uint256;
using Clock = std::chrono::steady_clock;

/// The storms run in accounts from here on; all of them have the same slots.
constexpr std::uint64_t first_contract = 0xc0;
/// Accounts with money, and what an address is made of.
constexpr std::uint64_t first_holder = 1ull << 40;
/// Odd: multiples modulo a power of two come all, in an order that looks like none.
constexpr std::uint64_t stride = 0x9e3779b1;

struct Storm {
    const char* name;
    Bytes code;
};

/// A loop until the gas is almost used up (all of it would undo the work); `body` finds a counter on top of
/// the stack.
Bytes forever(const Bytes& body) {
    const Bytes start = push(1);
    return code(start, op::jumpdest, body, push(1), op::add, push(60'000), op::gas, op::gt,
                push_bytes(2, start.size()), op::jumpi, op::stop);
}

/// Pushes the next of `count` (a power of two) numbers from `first` on. The counter is the `depth`th value of
/// the stack.
Bytes any_of(std::uint64_t count, std::uint64_t first, unsigned depth = 1) {
    return code(duplicate(depth), push(stride), op::mul, push(count - 1), op::and_, push(first), op::add);
}

std::vector<Storm> storms(std::uint64_t slots) {
    const Bytes absent = code(duplicate(1), push(Uint256(1) << 200), op::add);
    return {
        {"sload", forever(code(any_of(slots, 0), op::sload, op::pop))},
        {"sload_of_absent_slots", forever(code(absent, op::sload, op::pop))},
        {"sstore_over_slots", forever(code(duplicate(1), any_of(slots, 0, 2), op::sstore))},
        {"sstore_of_new_slots", forever(code(duplicate(1), absent, op::sstore))},
        {"clearing_slots", forever(code(push(0), any_of(slots, 0, 2), op::sstore))},
        {"balance", forever(code(any_of(slots, first_holder), op::balance, op::pop))},
        {"extcodehash_of_nobody", forever(code(absent, op::extcodehash, op::pop))},
        {"payments_to_accounts", forever(code(push(0), push(0), push(0), push(0), push(1),
                                              any_of(slots, first_holder, 6), push(0), op::call, op::pop))},
    };
}

core::Address address_of(std::uint64_t number) {
    const core::Word word = core::word_from_u64(number);
    core::Address address{};
    std::copy(word.begin() + 12, word.end(), address.begin());
    return address;
}

core::StateDiff genesis_state(std::uint64_t slots) {
    core::StateDiff diff;
    const auto all = storms(slots);
    for (std::size_t i = 0; i < all.size(); ++i) {
        core::AccountChange change;
        change.address = address_of(first_contract + i);
        change.account =
            core::Account{.nonce = 1, .balance = Uint256(1) << 60, .code_hash = core::keccak256(all[i].code)};
        change.code = core::share(Bytes(all[i].code));
        for (std::uint64_t slot = 0; slot < slots; ++slot)
            change.slots.push_back({core::word_from_u64(slot), core::word_from_u64(slot + 7)});
        diff.accounts.push_back(std::move(change));
    }
    for (std::uint64_t i = 0; i < slots; ++i)
        diff.accounts.push_back(
            {address_of(first_holder + i),
             core::Account{.nonce = 0, .balance = Uint256(i + 1), .code_hash = core::empty_code_hash},
             false,
             {},
             nullptr});
    return diff;
}

template <typename Value, typename Failure>
Value opened_or_throw(core::Result<Value, Failure> result) {
    if (!result) throw std::runtime_error(result.error().detail);
    return std::move(*result);
}

core::Hash create(const std::filesystem::path& directory, std::uint64_t slots) {
    const auto store = opened_or_throw(ledger::create_leveldb(directory));
    ledger::GenesisRecord genesis{
        {}, genesis_state(slots), *core::ValidatorSet::make({core::Address{1}}), {}};
    genesis.header.state_root = core::state_root_of(genesis.state);
    const core::Hash hash = core::hash_of(genesis.header);
    opened_or_throw(ledger::Ledger::create(*store, genesis));
    return hash;
}

double ms_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

struct Measured {
    double execution_ms = 0;
    double root_ms = 0;
    std::size_t changes = 0;
};

Measured measure(const std::filesystem::path& directory, const core::Hash& genesis, std::uint64_t contract,
                 core::Gas gas) {
    const auto store = opened_or_throw(ledger::open_leveldb(directory));
    const auto opened = opened_or_throw(ledger::Ledger::open(*store, genesis, std::nullopt));
    JournaledState state(opened.state.view());
    evm::Machine machine;
    BlockContext block;
    block.gas_limit = gas;
    block.height = 1;
    const native::Registry registry{};
    Execution execution{.state = state, .block = block, .registry = registry, .machine = machine};
    const core::Address address = address_of(first_contract + contract);
    Measured result;
    const auto begin = Clock::now();
    state.begin_transaction();
    const auto outcome = call(
        execution, {.gas = gas, .sender = core::Address{7}, .recipient = address, .code_address = address});
    if (!outcome.succeeded()) throw std::runtime_error(std::string(describe(outcome.status)));
    state.finish_transaction();
    const core::StateDiff diff = state.take_diff();
    result.execution_ms = ms_since(begin);
    const auto prepared_from = Clock::now();
    result.changes = opened.state.prepare(diff).changes();
    result.root_ms = ms_since(prepared_from);
    return result;
}

}  // namespace

int main(int argc, char** argv) {
    const core::Gas gas =
        1'000'000ull * static_cast<core::Gas>(argc > 1 ? std::max(std::atoi(argv[1]), 1) : 30);
    std::uint64_t slots = 1;
    const std::uint64_t wanted = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 250'000;
    while (slots < std::clamp<std::uint64_t>(wanted, 2, 1u << 24))
        slots *= 2;
    const std::filesystem::path directory =
        argc > 3 ? argv[3] : std::filesystem::temp_directory_path() / "sluice-state-storm-bench";
    std::filesystem::remove_all(directory);
    const core::Hash genesis = create(directory, slots);
    std::printf("{\"unit\": \"ms\", \"gas\": %llu, \"slots\": %llu, \"accounts\": %llu",
                static_cast<unsigned long long>(gas), static_cast<unsigned long long>(slots),
                static_cast<unsigned long long>(slots));
    const auto all = storms(slots);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto measured = measure(directory, genesis, i, gas);
        std::printf(",\n \"%s\": {\"execution\": %.1f, \"root\": %.1f, \"changes\": %zu}", all[i].name,
                    measured.execution_ms, measured.root_ms, measured.changes);
        std::fflush(stdout);
    }
    std::printf("}\n");
    std::filesystem::remove_all(directory);
    return 0;
}
