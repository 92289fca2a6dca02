#include <algorithm>
#include <atomic>
#include <thread>

#include "cli/wallet.hpp"
#include "contracts/native/settlement_results.hpp"
#include "tests/bench/network_traffic.hpp"

namespace sluice::bench {
namespace {

namespace native = contracts::native;
using cli::Json;

/// Payments that are made, signed and sent at a time.
constexpr std::size_t chunk_payments = 2'000;
/// A payment that is sent again follows so many others.
constexpr std::size_t resend_distance = 50;

/// What the accounts must hold in the end.
struct Expected {
    std::vector<core::SignedMinor> change;
    std::vector<std::uint64_t> entries;
};

/// A load's payments: number i is of bank i mod n, to one of the others, for an amount that follows from i.
class Load {
  public:
    Load(const test_support::RunningDevnet& network, const LoadPlan& plan) : network_(network), plan_(plan) {}

    native::Instruction payment(std::size_t i) const {
        return test_support::payment(network_.bic(payer(i)), network_.bic(payee(i)), amount(i),
                                     first_number + i, date_);
    }
    Expected expected() const {
        Expected sums{std::vector<core::SignedMinor>(network_.size()),
                      std::vector<std::uint64_t>(network_.size())};
        for (std::size_t i = 0; i < plan_.payments; ++i) {
            sums.change[payer(i)] -= static_cast<core::SignedMinor>(amount(i));
            sums.change[payee(i)] += static_cast<core::SignedMinor>(amount(i));
            ++sums.entries[payer(i)];
            ++sums.entries[payee(i)];
        }
        return sums;
    }

    /// Sends the payments of one bank in their order, some of them again.
    void send(Lane& lane, std::size_t bank, std::atomic<std::size_t>& resent) const {
        std::vector<std::size_t> order;
        std::size_t count = 0;
        for (std::size_t i = bank; i < plan_.payments; i += network_.size(), ++count) {
            order.push_back(i);
            if (count >= resend_distance && count % plan_.resend_every == 0) {
                order.push_back(i - resend_distance * network_.size());
                ++resent;
            }
        }
        for (std::size_t from = 0; from < order.size(); from += chunk_payments) {
            std::vector<native::Instruction> part;
            for (std::size_t i = from; i < std::min(order.size(), from + chunk_payments); ++i)
                part.push_back(payment(order[i]));
            lane.send(part, plan_.per_signature, std::max<std::size_t>(plan_.batch / plan_.per_signature, 1));
        }
    }

  private:
    static constexpr std::uint64_t first_number = 60'000'000;
    std::size_t payer(std::size_t i) const { return i % network_.size(); }
    std::size_t payee(std::size_t i) const {
        const auto turn = i / network_.size();
        return (payer(i) + 1 + turn % (network_.size() - 1)) % network_.size();
    }
    static core::Minor amount(std::size_t i) { return 1 + i * 7'919 % 99'991; }

    const test_support::RunningDevnet& network_;
    const LoadPlan& plan_;
    const core::DateYmd date_ = test_support::today();
};

core::SignedMinor balance_at(const test_support::RunningDevnet& network, std::size_t node, std::size_t bank) {
    const auto answer = network.client(node).call("settle_getPosition",
                                                  {{{"bic", network.bic(bank).to_string()}, {"ccy", "EUR"}}});
    if (!answer) return -1;
    return static_cast<core::SignedMinor>(
        core::minor_from_decimal((*answer)["balance"].value("minor", std::string("0"))).value_or(0));
}

std::uint64_t entries_at(const test_support::RunningDevnet& network, std::size_t node, std::size_t bank) {
    auto rpc = network.client(node);
    const auto data = cli::read_call(
        rpc,
        native::calls::entry_count(network.bic(bank).chars(), core::CurrencyCode::parse("EUR")->chars()));
    const auto count = data ? native::results::number(*data) : core::fail(native::abi::Error{});
    return count ? *count : 0;
}

/// Exports an account from its first entry on; true if numbers have no gap and every balance is the sum so
/// far.
bool is_export_whole(const test_support::RunningDevnet& network, std::size_t bank, std::uint64_t count,
                     core::SignedMinor balance) {
    auto rpc = network.client(0, std::chrono::seconds(60));
    core::SignedMinor sum = 0;
    std::uint64_t next = 1;
    for (;;) {
        const auto page = rpc.call(
            "settle_exportEntries",
            {{{"bic", network.bic(bank).to_string()}, {"ccy", "EUR"}, {"fromSeq", next}, {"max", 10'000}}});
        if (!page) return false;
        for (const auto& row : (*page)["entries"]) {
            if (row["entry"] != next++) return false;
            sum += std::stoll(row["delta"]["minor"].get<std::string>());
            if (row["balance"]["minor"] != std::to_string(static_cast<long long>(sum))) return false;
        }
        if ((*page)["isComplete"] == true) break;
    }
    return next == count + 1 && sum == balance;
}

}  // namespace

cli::Json run_load(test_support::RunningDevnet& network, const LoadPlan& plan) {
    network.issue_to_all(core::Minor{1'000'000'000'000});
    std::vector<core::SignedMinor> opening;
    std::vector<std::uint64_t> entries_before;
    for (std::size_t bank = 0; bank < network.size(); ++bank) {
        opening.push_back(balance_at(network, 0, bank));
        entries_before.push_back(entries_at(network, 0, bank));
    }
    const Load load(network, plan);
    std::deque<Lane> lanes;
    for (std::size_t bank = 0; bank < network.size(); ++bank)
        lanes.emplace_back(network, bank);
    std::atomic<std::size_t> resent{0};
    const auto height_before = network.height(0);
    const auto begin = Clock::now();
    std::vector<std::thread> senders;
    for (std::size_t bank = 0; bank < network.size(); ++bank)
        senders.emplace_back([&, bank] { load.send(lanes[bank], bank, resent); });
    for (auto& sender : senders)
        sender.join();
    const bool all = wait_for_lanes(network, lanes, std::chrono::minutes(10));
    const double seconds = seconds_since(begin);
    const auto blocks = network.height(0) - height_before;
    const bool agree = network.wait_for_agreement(1, std::chrono::seconds(60));
    std::size_t refused = 0;
    for (const auto& lane : lanes)
        refused += lane.refused();
    const auto expected = load.expected();
    std::size_t wrong_balances = 0, wrong_counts = 0;
    for (std::size_t node = 0; node < network.size(); ++node)
        for (std::size_t bank = 0; bank < network.size(); ++bank) {
            wrong_balances += balance_at(network, node, bank) != opening[bank] + expected.change[bank];
            wrong_counts += entries_at(network, node, bank) != entries_before[bank] + expected.entries[bank];
        }
    const bool exported =
        is_export_whole(network, 0, entries_before[0] + expected.entries[0], opening[0] + expected.change[0]);
    const bool is_right =
        all && agree && refused == 0 && wrong_balances == 0 && wrong_counts == 0 && exported;
    return {{"bench", "load"},
            {"load", plan.name},
            {"banks", network.size()},
            {"payments", plan.payments},
            {"sentAgain", resent.load()},
            {"paymentsPerSignature", plan.per_signature},
            {"seconds", seconds},
            {"settledPerSecond", static_cast<double>(plan.payments) / seconds},
            {"blocks", blocks},
            {"refused", refused},
            {"wrongBalances", wrong_balances},
            {"wrongEntryCounts", wrong_counts},
            {"exportIsWhole", exported},
            {"nodesAgree", agree},
            {"isRight", is_right}};
}

}  // namespace sluice::bench
