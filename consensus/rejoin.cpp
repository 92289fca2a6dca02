#include "consensus/rejoin.hpp"

#include <algorithm>

namespace sluice::consensus {

bool RejoinReports::add(const StatusReport& report, const Address& signer, const Hash& nonce) {
    if (report.recovering || report.nonce != nonce) return false;
    Report& kept = reports_[signer];
    kept.head = std::max(kept.head, report.envelope.height - 1);
    kept.view = std::max(kept.view, report.envelope.view);
    return true;
}

std::optional<RejoinFloor> RejoinReports::floor(const core::ValidatorSet& validators) const {
    std::size_t members = 0;
    RejoinFloor floor;
    for (const auto& [signer, report] : reports_) {
        if (!validators.index_of(signer)) continue;
        ++members;
        floor.height = std::max(floor.height, report.head + rejoin_distance);
        floor.view = std::max(floor.view, report.view);
    }
    if (members < validators.quorum()) return std::nullopt;
    return floor;
}

}  // namespace sluice::consensus
