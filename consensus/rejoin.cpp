#include "consensus/rejoin.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace sluice::consensus {

bool RejoinReports::add(const StatusReport& report, const Address& signer, const Hash& nonce) {
    if (report.recovering || report.nonce != nonce) return false;
    Report& kept = reports_[signer];
    kept.head = std::max(kept.head, report.envelope.height - 1);
    kept.view = std::max(kept.view, report.envelope.view);
    return true;
}

std::optional<RejoinFloor> RejoinReports::floor(const core::ValidatorSet& validators, Height own_head) const {
    Height head = 0;
    std::vector<View> views;
    for (const auto& [signer, report] : reports_) {
        if (!validators.index_of(signer) || report.head > own_head) continue;
        head = std::max(head, report.head);
        views.push_back(report.view);
    }
    if (views.size() < validators.quorum()) return std::nullopt;
    const auto reached_by_enough = views.begin() + static_cast<std::ptrdiff_t>(validators.faults());
    std::nth_element(views.begin(), reached_by_enough, views.end(), std::greater<>());
    return RejoinFloor{.height = head + rejoin_distance, .view = *reached_by_enough};
}

}  // namespace sluice::consensus
