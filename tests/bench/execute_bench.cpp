/// Execution of blocks over a state in memory: no signature, no trie, no database. One line of JSON.
///
///     execute_bench [rounds] [measurement]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "contracts/transition.hpp"
#include "tests/bench/solidity_contracts.hpp"
#include "tests/contracts/native/settlement_chain.hpp"
#include "tests/contracts/toy_chain.hpp"

namespace {

using namespace sluice;
using namespace sluice::contracts;

constexpr std::uint64_t block_transactions = 1'000;
constexpr std::size_t banks = 32;

/// Per transaction; the time is that of the fastest round.
struct Measured {
    double us = 1e9;
    double gas = 0;
    double ms_per_mgas() const { return us * 1e3 / gas; }
};

Measured measure(const core::StateView& state, BlockContext block, const native::Registry& registry,
                 const std::vector<core::TransactionPtr>& transactions, int rounds) {
    block.gas_limit = ~core::Gas{0} / 2;
    const auto count = static_cast<double>(transactions.size());
    Measured measured;
    for (int round = 0; round < rounds; ++round) {
        const auto start = std::chrono::steady_clock::now();
        const ExecutionResult result = execute_block(state, block, transactions, Mode::build, registry);
        const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
        const bool all_ran =
            result.skipped.empty() && std::all_of(result.receipts.begin(), result.receipts.end(),
                                                  [](const auto& r) { return r.succeeded; });
        if (!all_ran) std::abort();
        measured.us = std::min(measured.us, spent.count() / count);
        measured.gas = static_cast<double>(result.gas_used) / count;
    }
    return measured;
}

core::Address account(std::uint64_t number) {
    core::Address address{0xdd};
    for (std::size_t i = 0; i < 8; ++i)
        address[12 + i] = static_cast<std::uint8_t>(number >> (8 * (7 - i)));
    return address;
}

Measured value_transfers(int rounds) {
    test::ToyChain chain;
    std::vector<core::TransactionPtr> transactions;
    for (std::uint64_t i = 0; i < block_transactions; ++i) {
        chain.state.put(account(i),
                        {.nonce = 0, .balance = core::Uint256(100), .code_hash = core::empty_code_hash});
        transactions.push_back(
            test::make({.sender = account(i), .to = account(100'000 + i), .value = core::Uint256(1)}));
    }
    return measure(chain.state, chain.next_context(), test::toy_registry(), transactions, rounds);
}

/// Dispatch, one mapping entry written, one log.
Measured small_native_calls(int rounds) {
    const test::ToyChain chain;
    std::vector<core::TransactionPtr> transactions;
    for (std::uint64_t i = 0; i < block_transactions; ++i)
        transactions.push_back(
            test::make({.sender = account(i),
                        .data = native::abi::encode_call(native::selector_of("put(uint256,uint256)"),
                                                         core::Uint256(i), core::Uint256(i + 1))}));
    return measure(chain.state, chain.next_context(), test::toy_registry(), transactions, rounds);
}

/// Transfers of a token that the Solidity compiler made, between holders that have some, one transaction
/// each.
Measured token_transfers(int rounds) {
    constexpr core::Address token{0x70};
    test::ToyChain chain;
    chain.state.put_code(token, bench::solidity_code("Token"));
    std::vector<core::TransactionPtr> transactions;
    for (std::uint64_t i = 0; i < block_transactions; ++i) {
        chain.state.put(account(i),
                        {.nonce = 0, .balance = core::Uint256(0), .code_hash = core::empty_code_hash});
        // balanceOf is the first state variable.
        core::Bytes place(12, 0);
        core::append(place, account(i));
        place.resize(64);
        chain.state.put_slot(token, core::keccak256(place), core::Uint256(1'000'000).to_word());
        const core::Address to = account((i + 1) % block_transactions);
        transactions.push_back(test::make(
            {.sender = account(i),
             .to = token,
             .data = bench::encode_call("transfer(address,uint256)", {core::Uint256::from_be(to), 1 + i}),
             .gas_limit = 100'000}));
    }
    return measure(chain.state, chain.next_context(), test::toy_registry(), transactions, rounds);
}

/// Payments between 32 banks, each settled at once.
Measured payments(int rounds) {
    test::SettlementChain chain(banks);
    for (std::size_t bank = 0; bank < banks; ++bank)
        chain.issue(bank, 1'000'000'000);
    std::vector<core::TransactionPtr> transactions;
    for (std::uint64_t i = 0; i < block_transactions; ++i) {
        const test::Sent sent = test::submit({.payer = i % banks,
                                              .payee = (i * 7 + 1 + i / banks) % banks == i % banks
                                                           ? (i + 1) % banks
                                                           : (i * 7 + 1 + i / banks) % banks,
                                              .amount = 100 + i,
                                              .number = i + 1});
        transactions.push_back(test::make({.sender = sent.sender,
                                           .nonce = i / banks,
                                           .to = sent.call.to,
                                           .data = sent.call.data,
                                           .gas_limit = 2'000'000}));
    }
    return measure(chain.state, chain.next_context(), native::settlement_registry(), transactions, rounds);
}

/// Reading and writing ten mapping entries: the storage work of one payment.
double us_per_twenty_slots(int rounds) {
    const test::ToyChain chain;
    const native::Mapping<core::Uint256, core::Uint256> values{0};
    double best = 1e9;
    for (int round = 0; round < rounds; ++round) {
        JournaledState state(chain.state);
        const native::Storage storage(state, test::toy_address);
        const auto start = std::chrono::steady_clock::now();
        for (std::uint64_t payment = 0; payment < block_transactions; ++payment) {
            state.begin_transaction();
            for (std::uint64_t slot = 0; slot < 10; ++slot) {
                const auto place = values.at(storage, core::Uint256(payment * 5 + slot));
                place.write(place.read() + core::Uint256(1));
            }
            state.finish_transaction();
        }
        const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
        best = std::min(best, spent.count() / static_cast<double>(block_transactions));
    }
    return best;
}

void print(const char* name, const Measured& measured) {
    std::printf("\"%s\":{\"us\":%.2f,\"per_second\":%.0f,\"gas\":%.0f,\"ms_per_mgas\":%.3f},", name,
                measured.us, 1e6 / measured.us, measured.gas, measured.ms_per_mgas());
}

}  // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 20;
    const char* const only = argc > 2 ? argv[2] : nullptr;
    const auto report = [&](const char* name, auto&& measurement) {
        if (only == nullptr || std::strcmp(only, name) == 0) print(name, measurement(rounds));
    };
    std::printf("{");
    report("value_transfer", value_transfers);
    report("token_transfer", token_transfers);
    report("small_native_call", small_native_calls);
    report("payment", payments);
    if (only == nullptr) std::printf("\"twenty_slot_accesses_us\":%.2f,", us_per_twenty_slots(rounds));
    std::printf("\"block_transactions\":%llu}\n", static_cast<unsigned long long>(block_transactions));
    return 0;
}
