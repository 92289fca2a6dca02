/// What a network made of a case, beside what was published.
#pragma once

#include "cli/conformance/settlement_case.hpp"

namespace sluice::cli::conformance {

/// How things stand on the network once nothing moves any more.
struct Observation {
    std::map<std::string, std::string> statuses;  ///< by reference: "Settled", "Queued", "Refused AM05", …
    std::map<std::string, Units> balances;        ///< by bank of the case
    bool operator==(const Observation&) const = default;
};

/// Everything that differs, a sentence each; empty: the round passed.
std::vector<std::string> differences(const SettlementCase& subject, const Round& round,
                                     const Observation& observed);

}  // namespace sluice::cli::conformance
