#include "cli/conformance/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sluice::cli::conformance {
namespace {

std::string listed(const std::set<std::string>& references) {
    return references.empty() ? "none" : fmt::format("{}", fmt::join(references, " "));
}

std::string status_of(const Observation& observed, const std::string& reference) {
    const auto found = observed.statuses.find(reference);
    return found == observed.statuses.end() ? "None" : found->second;
}

class Comparison {
  public:
    Comparison(const SettlementCase& subject, const Round& round, const Observation& observed)
        : subject_(subject), expected_(round.expected), observed_(observed) {
        for (const auto& payment : subject.payments) {
            const auto status = status_of(observed, payment.reference);
            if (status == "Settled") {
                settled_.insert(payment.reference);
                settled_value_ += payment.amount;
            } else {
                unsettled_.insert(payment.reference);
            }
            if (status == "Queued") ++queue_length_;
        }
    }

    std::vector<std::string> run() {
        compare_sets();
        compare_numbers();
        for (const auto& [reference, status] : expected_.statuses)
            if (const auto found = status_of(observed_, reference); found != status)
                differs(reference, status, found);
        for (const auto& [bank, balance] : expected_.closing)
            if (const auto found = balance_of(bank); found != balance)
                differs("closing balance of " + bank, balance, found);
        return std::move(differences_);
    }

  private:
    template <typename T, typename U>
    void differs(const std::string& what, const T& expected, const U& found) {
        differences_.push_back(fmt::format("{}: {} expected, {} found", what, expected, found));
    }
    Units balance_of(const std::string& bank) const {
        const auto found = observed_.balances.find(bank);
        return found == observed_.balances.end() ? 0 : found->second;
    }

    void compare_sets() {
        if (expected_.all_settle && *expected_.all_settle != unsettled_.empty())
            differs("settled", *expected_.all_settle ? "all" : "not all", listed(settled_));
        if (expected_.settled && *expected_.settled != settled_)
            differs("settled", listed(*expected_.settled), listed(settled_));
        if (expected_.unsettled && *expected_.unsettled != unsettled_)
            differs("unsettled", listed(*expected_.unsettled), listed(unsettled_));
    }

    void compare_numbers() {
        if (expected_.settled_count && *expected_.settled_count != settled_.size())
            differs("number settled", *expected_.settled_count, settled_.size());
        if (expected_.unsettled_count && *expected_.unsettled_count != unsettled_.size())
            differs("number unsettled", *expected_.unsettled_count, unsettled_.size());
        if (expected_.queue_length && *expected_.queue_length != queue_length_)
            differs("number queued", *expected_.queue_length, queue_length_);
        if (expected_.settled_value && *expected_.settled_value != settled_value_)
            differs("settled value", *expected_.settled_value, settled_value_);
        Units sum = 0;
        for (const auto& bank : subject_.banks)
            sum += balance_of(bank.id);
        if (expected_.sum_of_balances && *expected_.sum_of_balances != sum)
            differs("sum of balances", *expected_.sum_of_balances, sum);
    }

    const SettlementCase& subject_;
    const Expectation& expected_;
    const Observation& observed_;
    std::set<std::string> settled_, unsettled_;
    std::size_t queue_length_ = 0;
    Units settled_value_ = 0;
    std::vector<std::string> differences_;
};

}  // namespace

std::vector<std::string> differences(const SettlementCase& subject, const Round& round,
                                     const Observation& observed) {
    auto found = Comparison(subject, round, observed).run();
    if (!round.name.empty())
        for (auto& one : found)
            one = round.name + ": " + one;
    return found;
}

}  // namespace sluice::cli::conformance
