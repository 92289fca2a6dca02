#include "node/metrics.hpp"

#include <map>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace sluice::node {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Histogram;
using prometheus::Registry;

const Histogram::BucketBoundaries seconds_buckets{0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05,
                                                  0.1,    0.2,   0.5,   1,     2,    5};

prometheus::Gauge& gauge(Registry& registry, const char* name, const char* help) {
    return BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Counter& counter(Registry& registry, const char* name, const char* help) {
    return BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

struct Metrics::Families {
    Registry registry;
    prometheus::Gauge& height = gauge(registry, "sluice_block_height", "Height of the last final block");
    prometheus::Gauge& view = gauge(registry, "sluice_consensus_view", "View this node works in");
    prometheus::Gauge& pool_transactions =
        gauge(registry, "sluice_txpool_pending", "Transactions in the pool");
    prometheus::Gauge& pool_bytes = gauge(registry, "sluice_txpool_bytes", "Bytes in the pool");
    prometheus::Gauge& peers = gauge(registry, "sluice_peers", "Authenticated peer connections");
    prometheus::Gauge& validators = gauge(registry, "sluice_validators", "Validators of the next height");
    prometheus::Gauge& last_block_age =
        gauge(registry, "sluice_last_block_age_seconds", "Seconds since the last block was appended");
    prometheus::Gauge& vote_log =
        gauge(registry, "sluice_vote_log_sequence", "Records written to the vote log");
    prometheus::Gauge& resident = gauge(registry, "sluice_resident_bytes", "Resident memory of the process");
    prometheus::Gauge& ready = gauge(registry, "sluice_ready", "1 when synced and connected to a quorum");
    prometheus::Gauge& syncing = gauge(registry, "sluice_syncing", "1 while catching up");

    prometheus::Counter& blocks = counter(registry, "sluice_blocks_total", "Blocks appended since start");
    prometheus::Counter& transactions =
        counter(registry, "sluice_block_transactions_total", "Transactions in appended blocks");
    prometheus::Counter& gas = counter(registry, "sluice_block_gas_total", "Gas used in appended blocks");
    prometheus::Counter& view_changes =
        counter(registry, "sluice_view_changes_total", "Views entered above the first");
    prometheus::Gauge& signatures =
        gauge(registry, "sluice_signatures_verified", "Signatures recovered or verified since start");
    prometheus::Counter& evidence =
        counter(registry, "sluice_evidence_total", "Equivocations of validators that were seen");
    prometheus::Family<prometheus::Histogram>& task_seconds =
        BuildHistogram()
            .Name("sluice_task_seconds")
            .Help("Time of work outside the node's thread, by kind")
            .Register(registry);
    prometheus::Family<prometheus::Counter>& rpc_requests =
        BuildCounter().Name("sluice_rpc_requests_total").Help("JSON-RPC calls answered").Register(registry);
    prometheus::Family<prometheus::Histogram>& rpc_seconds = BuildHistogram()
                                                                 .Name("sluice_rpc_duration_seconds")
                                                                 .Help("Time to answer a JSON-RPC call")
                                                                 .Register(registry);
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::block_appended(std::uint64_t transactions, std::uint64_t gas_used) {
    families_->blocks.Increment();
    families_->transactions.Increment(static_cast<double>(transactions));
    families_->gas.Increment(static_cast<double>(gas_used));
}

void Metrics::task_done(std::string_view task, double seconds) {
    families_->task_seconds.Add({{"task", std::string(task)}}, seconds_buckets).Observe(seconds);
}

void Metrics::view_changed() {
    families_->view_changes.Increment();
}
void Metrics::evidence_found() {
    families_->evidence.Increment();
}

void Metrics::rpc_answered(std::string_view method, bool succeeded, double seconds) {
    const std::string name(method);
    families_->rpc_requests.Add({{"method", name}, {"code", succeeded ? "ok" : "error"}}).Increment();
    families_->rpc_seconds.Add({{"method", name}}, seconds_buckets).Observe(seconds);
}

void Metrics::set(const GaugeValues& values) {
    auto& f = *families_;
    f.height.Set(static_cast<double>(values.height));
    f.view.Set(static_cast<double>(values.view));
    f.pool_transactions.Set(static_cast<double>(values.pool_transactions));
    f.pool_bytes.Set(static_cast<double>(values.pool_bytes));
    f.peers.Set(static_cast<double>(values.peers));
    f.validators.Set(static_cast<double>(values.validators));
    f.last_block_age.Set(static_cast<double>(values.last_block_age_ms) / 1000.0);
    f.vote_log.Set(static_cast<double>(values.vote_log_sequence));
    f.signatures.Set(static_cast<double>(values.signatures_verified));
    f.resident.Set(static_cast<double>(values.resident_bytes));
    f.ready.Set(values.ready ? 1 : 0);
    f.syncing.Set(values.syncing ? 1 : 0);
}

std::string Metrics::render() const {
    return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace sluice::node
