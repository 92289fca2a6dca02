/// Traffic on a running network, for the benchmarks that need one.
#pragma once

#include <chrono>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "tests/support/devnet_fixture.hpp"

namespace sluice::bench {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Hands raw transactions to a node in one request, again where its pool was full or it did not answer, until
/// each is in the pool or on the chain; returns how many were refused for good.
std::size_t hand_in(network::HttpClient& http, const std::string& url, const std::vector<std::string>& raw);

/// Payments in one bank's order, grouped into transactions: single ones, or several under one signature.
class Lane {
  public:
    Lane(const test_support::RunningDevnet& network, std::size_t bank)
        : network_(network),
          bank_(bank),
          key_(network.maker(bank)),
          url_(network.devnet().nodes[bank].rpc_url()) {}

    /// Signs and sends, `per_signature` payments in each transaction and up to `batch` transactions in each
    /// request. Returns when the node has them all.
    void send(const std::vector<contracts::native::Instruction>& payments, std::size_t per_signature,
              std::size_t batch);
    std::size_t refused() const { return refused_; }
    /// What the account's nonce is once everything sent is on the chain.
    std::uint64_t next_nonce() const { return key_.next_nonce; }
    const core::Address& address() const { return key_.address; }

  private:
    std::string signed_hex(const contracts::native::ContractCall& call, std::size_t payments);

    const test_support::RunningDevnet& network_;
    const std::size_t bank_;
    test_support::SigningKey key_;
    const std::string url_;
    network::HttpClient http_;
    std::size_t refused_ = 0;
};

/// Waits until everything that the lanes sent is on the chain of node 0.
bool wait_for_lanes(const test_support::RunningDevnet& network, const std::deque<Lane>& lanes,
                    std::chrono::milliseconds limit);

/// Compares payments per second of single ones with those of a hundred under one signature, in turns within
/// one run. Returns the report.
struct ComparisonPlan {
    std::size_t payments = 20'000;  ///< of each kind and turn
    std::size_t per_signature = 100;
    std::size_t turns = 3;
};
cli::Json compare_batches(test_support::RunningDevnet& network, const ComparisonPlan& plan);

/// A day's load: payments of every bank to the others with amounts that differ, every tenth sent again.
struct LoadPlan {
    std::string name;
    std::size_t payments = 70'000;
    std::size_t per_signature = 1;
    std::size_t batch = 100;
    std::size_t resend_every = 10;
};
/// Checks that nothing was lost and nothing paid twice: by the balances and entry counts of all banks on
/// every node, and by exporting one account whole. `is_right` in the report says so.
cli::Json run_load(test_support::RunningDevnet& network, const LoadPlan& plan);

}  // namespace sluice::bench
