/// Execution of blocks over a state in memory: no signature, no trie, no database. One line of JSON.
///
///     execute_bench [blocks]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "contracts/transition.hpp"
#include "tests/contracts/toy_chain.hpp"

namespace {

using namespace sluice;
using namespace sluice::contracts;

constexpr std::uint64_t block_transactions = 1'000;

double us_per_transaction(const test::ToyChain& chain, const std::vector<core::TransactionPtr>& transactions,
                          int blocks) {
    BlockContext block = chain.next_context();
    block.gas_limit = ~core::Gas{0} / 2;
    double best = 1e9;
    for (int i = 0; i < blocks; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const ExecutionResult result =
            execute_block(chain.state, block, transactions, Mode::check, test::toy_registry());
        const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
        if (result.fault || result.receipts.size() != transactions.size()) std::abort();
        best = std::min(best, spent.count() / static_cast<double>(transactions.size()));
    }
    return best;
}

core::Address account(std::uint64_t number) {
    core::Address address{0xdd};
    for (std::size_t i = 0; i < 8; ++i)
        address[12 + i] = static_cast<std::uint8_t>(number >> (8 * (7 - i)));
    return address;
}

/// A mapping entry written and a log, by senders of their own.
std::vector<core::TransactionPtr> native_calls() {
    std::vector<core::TransactionPtr> transactions;
    for (std::uint64_t i = 0; i < block_transactions; ++i)
        transactions.push_back(
            test::make({.sender = account(i),
                        .data = native::abi::encode_call(native::selector_of("put(uint256,uint256)"),
                                                         core::Uint256(i), core::Uint256(i + 1))}));
    return transactions;
}

std::vector<core::TransactionPtr> transfers(test::ToyChain& chain) {
    std::vector<core::TransactionPtr> transactions;
    for (std::uint64_t i = 0; i < block_transactions; ++i) {
        chain.state.put(account(i),
                        {.nonce = 0, .balance = core::Uint256(100), .code_hash = core::empty_code_hash});
        transactions.push_back(
            test::make({.sender = account(i), .to = account(100'000 + i), .value = core::Uint256(1)}));
    }
    return transactions;
}

/// Reading and writing 20 slots with a mapping hash each: the storage work of one payment.
double us_per_twenty_slots(const test::ToyChain& chain, int rounds) {
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
        best = std::min(best, spent.count() / block_transactions);
    }
    return best;
}

}  // namespace

int main(int argc, char** argv) {
    const int blocks = argc > 1 ? std::atoi(argv[1]) : 20;
    test::ToyChain chain;
    const double call_us = us_per_transaction(chain, native_calls(), blocks);
    const double transfer_us = us_per_transaction(chain, transfers(chain), blocks);
    const double slots_us = us_per_twenty_slots(chain, blocks);
    std::printf(
        "{\"transactions\":%llu,\"value_transfer_us\":%.2f,\"value_transfers_per_second\":%.0f,"
        "\"native_call_us\":%.2f,\"native_calls_per_second\":%.0f,\"twenty_slot_accesses_us\":%.2f}\n",
        static_cast<unsigned long long>(block_transactions), transfer_us, 1e6 / transfer_us, call_us,
        1e6 / call_us, slots_us);
    return 0;
}
