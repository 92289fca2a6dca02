#include "tests/conformance/verdict.hpp"

#include <iterator>

#include <nlohmann/json.hpp>

namespace sluice::conformance {

void Tally::add(const std::string& name, Verdict verdict) {
    switch (verdict.outcome) {
        case Outcome::passed:
            ++passed;
            return;
        case Outcome::failed:
            failures.push_back({name, std::move(verdict.reason)});
            return;
        case Outcome::skipped:
            ++skipped_by_reason[verdict.reason];
            if (verdict.reason == excluded_precompile || verdict.reason == slow_set)
                named_skips.push_back({name, std::move(verdict.reason)});
            return;
    }
}

void Tally::add(Tally other) {
    passed += other.passed;
    for (const auto& [reason, count] : other.skipped_by_reason)
        skipped_by_reason[reason] += count;
    std::move(other.failures.begin(), other.failures.end(), std::back_inserter(failures));
    std::move(other.named_skips.begin(), other.named_skips.end(), std::back_inserter(named_skips));
}

std::uint64_t Tally::skipped() const {
    std::uint64_t sum = 0;
    for (const auto& [reason, count] : skipped_by_reason)
        sum += count;
    return sum;
}

std::string report_of(const Tally& tally, bool lists_skips) {
    std::string text;
    for (const Tally::Failure& failure : tally.failures)
        text += "FAILED " + failure.name + ": " + failure.reason + "\n";
    if (lists_skips)
        for (const Tally::Failure& skip : tally.named_skips)
            text += "skipped " + skip.name + ": " + skip.reason + "\n";
    for (const auto& [reason, count] : tally.skipped_by_reason)
        text += "skipped " + std::to_string(count) + ": " + reason + "\n";
    return text + std::to_string(tally.passed) + " passed, " + std::to_string(tally.failures.size()) +
           " failed, " + std::to_string(tally.skipped()) + " skipped\n";
}

std::string json_report_of(const Tally& tally) {
    const auto list_of = [](const std::vector<Tally::Failure>& entries) {
        nlohmann::json list = nlohmann::json::array();
        for (const Tally::Failure& entry : entries)
            list.push_back({{"name", entry.name}, {"reason", entry.reason}});
        return list;
    };
    const nlohmann::json report{{"passed", tally.passed},
                                {"failed", tally.failures.size()},
                                {"skipped", tally.skipped()},
                                {"skippedByReason", tally.skipped_by_reason},
                                {"failures", list_of(tally.failures)},
                                {"namedSkips", list_of(tally.named_skips)}};
    return report.dump(2) + "\n";
}

}  // namespace sluice::conformance
