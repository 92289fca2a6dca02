#include "consensus/vote_set.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace sluice::consensus {

VoteSet::Outcome VoteSet::add(core::View view, core::ValidatorIndex voter, const Vote& vote) {
    CHECK(voter < validators_);
    Votes& votes = views_.try_emplace(view, validators_).first->second;
    std::optional<Vote>& kept = votes[voter];
    if (kept) return kept->digest == vote.digest ? Outcome::repeated : Outcome::conflicting;
    kept = vote;
    return Outcome::counted;
}

const VoteSet::Vote* VoteSet::find(core::View view, core::ValidatorIndex voter) const {
    const auto votes = views_.find(view);
    if (votes == views_.end() || voter >= validators_) return nullptr;
    const std::optional<Vote>& kept = votes->second[voter];
    return kept ? &*kept : nullptr;
}

std::size_t VoteSet::count(core::View view, const core::Hash& digest) const {
    const auto votes = views_.find(view);
    if (votes == views_.end()) return 0;
    return static_cast<std::size_t>(
        std::count_if(votes->second.begin(), votes->second.end(),
                      [&digest](const std::optional<Vote>& vote) { return vote && vote->digest == digest; }));
}

std::vector<CertificateSignature> VoteSet::signatures(core::View view, const core::Hash& digest) const {
    std::vector<CertificateSignature> list;
    const auto votes = views_.find(view);
    if (votes == views_.end()) return list;
    for (std::size_t index = 0; index < validators_; ++index) {
        const std::optional<Vote>& vote = votes->second[index];
        if (!vote || vote->digest != digest) continue;
        list.push_back({.index = static_cast<core::ValidatorIndex>(index), .signature = vote->signature});
    }
    return list;
}

std::optional<VoteSet::Decision> VoteSet::decided(std::size_t quorum) const {
    for (auto votes = views_.rbegin(); votes != views_.rend(); ++votes) {
        std::map<core::Hash, std::size_t> counts;
        for (const std::optional<Vote>& vote : votes->second) {
            if (vote && ++counts[vote->digest] >= quorum) return Decision{votes->first, vote->digest};
        }
    }
    return std::nullopt;
}

}  // namespace sluice::consensus
