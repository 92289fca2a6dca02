/// Payments through real nodes, and what has to be true of them afterwards.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/devnet_fixture.hpp"

namespace sluice::cluster {

/// Minor units that each bank of a test begins with.
inline constexpr core::Minor first_balance = 1'000'000;

/// Submits a payment through a node and waits for the final word; the answer's status, or the error's text.
std::string pay(const test_support::RunningDevnet& network, std::size_t through,
                test_support::SigningKey& key, std::size_t payer, std::uint64_t number,
                std::chrono::milliseconds wait = std::chrono::seconds(15));

std::string minor_balance(const test_support::RunningDevnet& network, std::size_t through, std::size_t bank);
core::Minor total_balance(const test_support::RunningDevnet& network, std::size_t through);

/// Banks that pay one after the other through whichever node answers, each in a thread of its own, until
/// they are stopped.
class Traffic {
  public:
    /// The first `banks` of the network.
    Traffic(const test_support::RunningDevnet& network, std::size_t banks);
    ~Traffic();
    Traffic(const Traffic&) = delete;
    Traffic& operator=(const Traffic&) = delete;

    void stop();
    /// UETRs of the payments that some node called final. After `stop`.
    std::vector<std::string> acknowledged() const;

  private:
    struct Payer;
    std::atomic<bool> stopped_{false};
    std::vector<std::unique_ptr<Payer>> payers_;
    std::vector<std::thread> threads_;
};

/// All nodes reach one height and state root, know every acknowledged payment as final, have the same blocks
/// (about forty of them are compared), and no money was made or lost.
void expect_one_history(const test_support::RunningDevnet& network,
                        const std::vector<std::string>& acknowledged,
                        std::chrono::milliseconds limit = std::chrono::seconds(60));

}  // namespace sluice::cluster
