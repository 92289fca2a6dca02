/// Counters and gauges of a node in Prometheus' text form. Updated from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sluice::node {

/// What is set from one status picture; see `NodeStatus`.
struct GaugeValues {
    std::uint64_t height = 0;
    std::uint64_t view = 0;
    std::uint64_t pool_transactions = 0;
    std::uint64_t pool_bytes = 0;
    std::uint64_t peers = 0;
    std::uint64_t validators = 0;
    std::uint64_t last_block_age_ms = 0;
    std::uint64_t vote_log_sequence = 0;
    std::uint64_t signatures_verified = 0;
    std::uint64_t resident_bytes = 0;
    bool ready = false;
    bool syncing = false;
};

class Metrics {
  public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    void block_appended(std::uint64_t transactions, std::uint64_t gas_used);
    void task_done(std::string_view task, double seconds);
    void view_changed();
    void rpc_answered(std::string_view method, bool succeeded, double seconds);
    void evidence_found();
    void set(const GaugeValues& values);

    /// Text exposition format 0.0.4.
    std::string render() const;

  private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace sluice::node
