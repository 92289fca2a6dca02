/// What became of the cases of a run, and how it is reported.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sluice::conformance {

enum class Outcome : std::uint8_t { passed, failed, skipped };

struct Verdict {
    Outcome outcome = Outcome::passed;
    std::string reason;  ///< why it failed or was skipped
};

inline Verdict passed() {
    return {};
}
inline Verdict failed(std::string reason) {
    return {Outcome::failed, std::move(reason)};
}
inline Verdict skipped(std::string reason) {
    return {Outcome::skipped, std::move(reason)};
}

/// Sums of any number of cases. Tallies of several threads are added up in the order of their files, so that
/// two runs print the same.
struct Tally {
    struct Failure {
        std::string name;
        std::string reason;
    };

    void add(const std::string& name, Verdict verdict);
    void add(Tally other);
    std::uint64_t skipped() const;

    std::uint64_t passed = 0;
    std::map<std::string, std::uint64_t> skipped_by_reason;
    std::vector<Failure> failures;
    /// Cases that were skipped for what they need, by name: excluded precompiled contracts, the slow set.
    std::vector<Failure> named_skips;
};

/// Reasons whose cases are listed by name; every other reason is only counted.
inline const std::string excluded_precompile = "excluded precompile";
inline const std::string slow_set = "slow set (run with --slow)";

/// Failures, skips by reason, and as the last line `N passed, N failed, N skipped`.
std::string report_of(const Tally& tally, bool lists_skips);
/// The same as one JSON object.
std::string json_report_of(const Tally& tally);

}  // namespace sluice::conformance
