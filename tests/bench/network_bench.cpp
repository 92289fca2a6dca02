/// Four local validators as real processes: settled payments per second over JSON-RPC, latency to final, and
/// beside them the bound that signature recovery alone sets, measured in the same run. JSON to standard
/// output.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include <fmt/format.h>

#include "cli/devnet_processes.hpp"
#include "tests/bench/network_traffic.hpp"
#include "tests/support/devnet_fixture.hpp"

namespace sluice::bench {
namespace {

using cli::Json;
using test_support::RunningDevnet;
namespace native = contracts::native;

struct Plan {
    std::size_t payments = 20'000;
    std::size_t validators = 4;
    std::size_t batch = 100;
    std::size_t latency_payments = 100;
    std::uint32_t block_interval_ms = 10;
    std::uint16_t base_port = 19545;
    std::string load;               ///< "khokha", "t2" or "batches": these instead of the usual figures
    std::size_t per_signature = 0;  ///< 0: as the load has it
    bool names_payments = false;    ///< --payments was given
    bool names_validators = false;
};

/// Payments signed ahead, per bank in order of nonce.
std::vector<std::vector<std::string>> sign_payments(RunningDevnet& network, std::size_t count,
                                                    std::uint64_t first_number) {
    std::vector<std::vector<std::string>> lanes(network.size());
    std::vector<std::thread> threads;
    for (std::size_t bank = 0; bank < network.size(); ++bank)
        threads.emplace_back([&, bank] {
            auto key = network.maker(bank);
            for (std::size_t i = bank; i < count; i += network.size()) {
                const auto payee = (bank + 1 + i / network.size() % (network.size() - 1)) % network.size();
                const auto order =
                    test_support::payment(network.bic(bank), network.bic(network.size() == 1 ? 0 : payee),
                                          100, first_number + i, test_support::today());
                lanes[bank].push_back(core::to_hex_0x(*network.sign(key, native::calls::submit(order))));
            }
        });
    for (auto& thread : threads)
        thread.join();
    return lanes;
}

/// Seconds that decoding, hashing and recovering one of these transactions takes on one core.
double measure_recovery(const std::vector<std::string>& lane) {
    const std::size_t count = std::min<std::size_t>(lane.size(), 2000);
    std::vector<core::SharedBytes> encoded;
    for (std::size_t i = 0; i < count; ++i)
        encoded.push_back(core::share(*core::from_hex(lane[i])));
    const auto begin = Clock::now();
    for (const auto& bytes : encoded)
        if (!core::recover_transaction(bytes)) std::abort();
    return seconds_since(begin) / static_cast<double>(count);
}

struct ProcessFigures {
    double cpu_seconds = 0;
    std::uint64_t peak_bytes = 0;
};

ProcessFigures figures_of(long pid) {
    ProcessFigures figures;
    std::ifstream stat(fmt::format("/proc/{}/stat", pid));
    std::string text((std::istreambuf_iterator<char>(stat)), {});
    const auto end = text.rfind(')');
    if (end == std::string::npos) return figures;
    std::istringstream fields(text.substr(end + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i)
        fields >> skipped;
    std::uint64_t user = 0, system = 0;
    fields >> user >> system;
    figures.cpu_seconds = static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
    std::ifstream status(fmt::format("/proc/{}/status", pid));
    for (std::string line; std::getline(status, line);)
        if (line.rfind("VmHWM:", 0) == 0) figures.peak_bytes = std::stoull(line.substr(6)) * 1024;
    return figures;
}

std::vector<ProcessFigures> figures_of(RunningDevnet& network) {
    std::vector<ProcessFigures> all;
    for (std::size_t i = 0; i < network.size(); ++i)
        all.push_back(figures_of(network.node(i).pid));
    return all;
}

/// Sends one lane in batches to its bank's node; returns how many were refused for good.
std::size_t send_lane(RunningDevnet& network, std::size_t bank, const std::vector<std::string>& lane,
                      std::size_t batch) {
    network::HttpClient http;
    const auto url = network.node(bank).rpc_url();
    std::size_t refused = 0;
    for (std::size_t from = 0; from < lane.size(); from += batch) {
        const auto to = std::min(lane.size(), from + batch);
        refused += hand_in(http, url,
                           {lane.begin() + static_cast<std::ptrdiff_t>(from),
                            lane.begin() + static_cast<std::ptrdiff_t>(to)});
    }
    return refused;
}

/// The number of payments made so far, by the nonces of the makers at the head.
std::size_t mined(RunningDevnet& network, std::size_t through, const std::vector<core::Address>& makers) {
    auto rpc = network.client(through);
    std::size_t count = 0;
    for (const auto& maker : makers) {
        const auto answer = rpc.call("eth_getTransactionCount", {core::to_hex_0x(maker), "latest"});
        if (answer) count += cli::quantity(*answer).value_or(0);
    }
    return count;
}

core::SignedMinor balance(RunningDevnet& network, std::size_t bank) {
    const auto answer = network.client(0).call("settle_getPosition",
                                               {{{"bic", network.bic(bank).to_string()}, {"ccy", "EUR"}}});
    if (!answer) return -1;
    return static_cast<core::SignedMinor>(
        core::minor_from_decimal((*answer)["balance"].value("minor", std::string("0"))).value_or(0));
}

/// Payments that are not recorded as final, by asking for each.
std::size_t count_lost(RunningDevnet& network, std::size_t count, std::uint64_t first_number) {
    std::atomic<std::size_t> lost{0};
    std::vector<std::thread> threads;
    for (std::size_t place = 0; place < network.size(); ++place)
        threads.emplace_back([&, place] {
            auto rpc = network.client(place);
            for (std::size_t i = place; i < count; i += network.size()) {
                const auto order =
                    test_support::payment(network.bic(0), network.bic(0), 100, first_number + i, 20260101);
                const auto answer =
                    rpc.call("settle_getPayment", {{{"uetr", core::Uetr{order.uetr}.to_string()}}});
                if (!answer || !answer->is_object() || answer->value("status", "") != "Final") ++lost;
            }
        });
    for (auto& thread : threads)
        thread.join();
    return lost;
}

struct Percentiles {
    double p50 = 0, p99 = 0;
};

Percentiles percentiles(std::vector<double> values) {
    if (values.empty()) return {};
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
        return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
    };
    return {at(0.50), at(0.99)};
}

/// Ten payments a second, each waited for: milliseconds from submit to final.
std::vector<double> measure_latency(RunningDevnet& network, std::size_t count, std::uint64_t first_number) {
    const auto lanes = sign_payments(network, count, first_number);
    std::vector<double> latencies;
    std::vector<cli::RpcClient> clients;
    for (std::size_t i = 0; i < network.size(); ++i)
        clients.push_back(network.client(i));
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < count; ++i) {
        std::this_thread::sleep_until(begin + i * std::chrono::milliseconds(100));
        const auto bank = i % network.size();
        const auto sent = Clock::now();
        const auto answer =
            clients[bank].call("settle_submit", {{{"rawTransaction", lanes[bank][i / network.size()]},
                                                  {"wait", "final"},
                                                  {"timeoutMs", 10'000}}});
        if (answer && answer->value("status", "") == "Final") latencies.push_back(1000 * seconds_since(sent));
    }
    return latencies;
}

Json per_node(const std::vector<ProcessFigures>& before, const std::vector<ProcessFigures>& after,
              double seconds) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < after.size(); ++i)
        rows.push_back({{"cpuCores", (after[i].cpu_seconds - before[i].cpu_seconds) / seconds},
                        {"peakMiB", static_cast<double>(after[i].peak_bytes) / (1 << 20)}});
    return rows;
}

int run(const Plan& plan) {
    RunningDevnet network({plan.validators, plan.base_port, plan.block_interval_ms});
    network.issue_to_all(1'000'000'000);
    std::vector<core::Address> makers;
    for (std::size_t bank = 0; bank < network.size(); ++bank)
        makers.push_back(network.devnet().find_account(network.node(bank).name, "maker")->address);

    const auto idle_before = figures_of(network);
    std::this_thread::sleep_for(std::chrono::seconds(10));
    const auto idle = per_node(idle_before, figures_of(network), 10);

    const auto latency = percentiles(measure_latency(network, plan.latency_payments, 10'000'000));

    const auto lanes = sign_payments(network, plan.payments, 20'000'000);
    const double recover_seconds = measure_recovery(lanes.front());
    const auto cores = std::thread::hardware_concurrency();
    const double bound = cores / (static_cast<double>(plan.validators) * recover_seconds);

    std::vector<core::SignedMinor> opening;
    for (std::size_t bank = 0; bank < network.size(); ++bank)
        opening.push_back(balance(network, bank));
    const auto mined_before = mined(network, 0, makers);
    const auto height_before = network.height(0);
    const auto before = figures_of(network);
    const auto begin = Clock::now();
    std::atomic<std::size_t> refused{0};
    std::vector<std::thread> senders;
    for (std::size_t bank = 0; bank < network.size(); ++bank)
        senders.emplace_back([&, bank] { refused += send_lane(network, bank, lanes[bank], plan.batch); });
    for (auto& sender : senders)
        sender.join();
    const double sent_seconds = seconds_since(begin);
    const bool all = cli::wait_until(std::chrono::seconds(60), [&] {
        return mined(network, 0, makers) - mined_before + refused >= plan.payments;
    });
    const double seconds = seconds_since(begin);
    const auto after = figures_of(network);
    const bool agree = network.wait_for_agreement(1, std::chrono::seconds(60));
    const auto settled = mined(network, 0, makers) - mined_before;
    const auto blocks = network.height(0) - height_before;
    const auto lost = count_lost(network, plan.payments, 20'000'000);
    core::SignedMinor drift =
        0;  // equal numbers go round the banks, so balances end where they began, give or take a rest
    for (std::size_t bank = 0; bank < network.size(); ++bank)
        drift += balance(network, bank) - opening[bank];

    const double rate = static_cast<double>(settled) / seconds;
    const Json report{
        {"bench", "network"},
        {"validators", plan.validators},
        {"cores", cores},
        {"payments", plan.payments},
        {"settledPerSecond", rate},
        {"recoverMicroseconds", recover_seconds * 1e6},
        {"signatureBoundPerSecond", bound},
        {"shareOfBound", rate / bound},
        {"seconds", seconds},
        {"sentSeconds", sent_seconds},
        {"blocks", blocks},
        {"paymentsPerBlock", blocks == 0 ? 0.0 : static_cast<double>(settled) / static_cast<double>(blocks)},
        {"refused", refused.load()},
        {"lost", lost},
        {"moneyDriftMinor", static_cast<std::int64_t>(drift)},
        {"nodesAgree", agree && all},
        {"latencyMs", {{"ratePerSecond", 10}, {"p50", latency.p50}, {"p99", latency.p99}}},
        {"underLoad", per_node(before, after, seconds)},
        {"idle", idle}};
    fmt::print("{}\n", report.dump(2));
    return lost == 0 && drift == 0 && agree ? 0 : 1;
}

/// Loads of which figures are published, and those of this machine.
struct NamedLoad {
    std::string_view name;
    std::size_t payments = 0;
    std::size_t banks = 0;
    std::size_t per_signature = 1;
};
constexpr NamedLoad named_loads[] = {
    // SARB, Project Khokha (2018): 70,000 payments within two hours.
    {"khokha", 70'000, 7, 1},
    // ECB: the busiest day of T2, 659,146 payments.
    {"t2", 659'146, 4, 100},
    {"batches", 20'000, 4, 100},
};

int run_named(Plan plan) {
    const auto* named = std::find_if(std::begin(named_loads), std::end(named_loads),
                                     [&](const NamedLoad& row) { return row.name == plan.load; });
    if (named == std::end(named_loads)) {
        std::fprintf(stderr, "--load %s: known are khokha, t2 and batches\n", plan.load.c_str());
        return 2;
    }
    if (!plan.names_payments) plan.payments = named->payments;
    if (!plan.names_validators) plan.validators = named->banks;
    if (plan.per_signature == 0) plan.per_signature = named->per_signature;
    RunningDevnet network({plan.validators, plan.base_port, plan.block_interval_ms});
    if (plan.load == "batches") {
        network.issue_to_all(1'000'000'000);
        const auto report =
            compare_batches(network, {.payments = plan.payments, .per_signature = plan.per_signature});
        fmt::print("{}\n", report.dump(2));
        return report["refused"] == 0 ? 0 : 1;
    }
    const auto report = run_load(network, {.name = plan.load,
                                           .payments = plan.payments,
                                           .per_signature = plan.per_signature,
                                           .batch = plan.batch});
    fmt::print("{}\n", report.dump(2));
    return report["isRight"] == true ? 0 : 1;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
    sluice::bench::Plan plan;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        if (name == "--load") {
            plan.load = argv[i + 1];
            continue;
        }
        const auto value = std::stoull(argv[i + 1]);
        if (name == "--payments") {
            plan.payments = value;
            plan.names_payments = true;
        } else if (name == "--validators") {
            plan.validators = value;
            plan.names_validators = true;
        } else if (name == "--batch") {
            plan.batch = value;
        } else if (name == "--per-signature") {
            plan.per_signature = value;
        } else if (name == "--latency-payments") {
            plan.latency_payments = value;
        } else if (name == "--block-interval-ms") {
            plan.block_interval_ms = static_cast<std::uint32_t>(value);
        } else if (name == "--base-port") {
            plan.base_port = static_cast<std::uint16_t>(value);
        } else {
            std::fprintf(
                stderr,
                "usage: network_bench [--load khokha|t2|batches] [--payments N] [--validators N] [--batch N] "
                "[--per-signature N] [--latency-payments N] [--block-interval-ms MS] [--base-port P]\n");
            return 2;
        }
    }
    return plan.load.empty() ? sluice::bench::run(plan) : sluice::bench::run_named(plan);
}
