/// Decoding, hashing and recovering the sender of payment-sized transactions, on one core and on all. JSON to
/// stdout.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "core/transaction.hpp"
#include "crypto/signature.hpp"

namespace {

using namespace sluice;

constexpr std::size_t transaction_count = 2000;
/// Call data of a payment: an ABI-encoded instruction.
constexpr std::size_t data_bytes = 580;

std::vector<core::SharedBytes> signed_transactions() {
    const auto key = crypto::generate_private_key();
    std::vector<core::SharedBytes> encoded;
    for (std::size_t i = 0; i < transaction_count; ++i) {
        core::Transaction transaction;
        transaction.type = core::TransactionType::dynamic_fee;
        transaction.chain_id = 20022;
        transaction.nonce = i;
        transaction.gas_limit = 1'000'000;
        transaction.to = core::system_address;
        transaction.data = core::Bytes(data_bytes, static_cast<std::uint8_t>(i));
        core::sign(transaction, key);
        encoded.push_back(core::share(core::encode(transaction)));
    }
    return encoded;
}

/// Seconds that `threads` threads take to recover all of them, each on its own.
double seconds_for(const std::vector<core::SharedBytes>& encoded, std::size_t threads) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::thread> running;
    for (std::size_t i = 0; i < threads; ++i)
        running.emplace_back([&] {
            for (const auto& bytes : encoded)
                if (!core::recover_transaction(bytes)) std::abort();
        });
    for (auto& thread : running)
        thread.join();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int main() {
    const auto encoded = signed_transactions();
    const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
    const double one = static_cast<double>(encoded.size()) / seconds_for(encoded, 1);
    const double all = static_cast<double>(encoded.size() * cores) / seconds_for(encoded, cores);
    std::printf(
        "{\"bench\": \"verify\", \"transactionBytes\": %zu, \"perSecondOneCore\": %.0f, \"microseconds\": "
        "%.1f, "
        "\"cores\": %zu, \"perSecondAllCores\": %.0f}\n",
        encoded.front()->size(), one, 1e6 / one, cores, all);
    return 0;
}
