/// Votes of one type at one height: at most one per validator and view, the first one.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "consensus/certificate.hpp"

namespace sluice::consensus {

/// PREPAREs or COMMITs of one height, counted per view and digest. A second, different vote never counts.
class VoteSet {
  public:
    struct Vote {
        core::Hash digest{};
        core::Signature signature;
    };
    enum class Outcome {
        counted,
        repeated,     ///< the same vote again
        conflicting,  ///< another digest than the vote that is kept: equivocation
    };
    /// What a quorum agrees on.
    struct Decision {
        core::View view = 0;
        core::Hash digest{};
    };

    explicit VoteSet(std::size_t validators) : validators_(validators) {}

    /// Precondition: voter < validators.
    Outcome add(core::View view, core::ValidatorIndex voter, const Vote& vote);
    /// The vote that is kept; null if there is none.
    const Vote* find(core::View view, core::ValidatorIndex voter) const;
    std::size_t count(core::View view, const core::Hash& digest) const;
    /// True if anybody voted in this view.
    bool any(core::View view) const { return views_.contains(view); }
    /// Ordered by index, as certificates want them.
    std::vector<CertificateSignature> signatures(core::View view, const core::Hash& digest) const;
    /// The digest with at least `quorum` votes of one view, in the highest such view.
    std::optional<Decision> decided(std::size_t quorum) const;
    void forget_below(core::View view) { views_.erase(views_.begin(), views_.lower_bound(view)); }

  private:
    using Votes = std::vector<std::optional<Vote>>;  ///< by validator index
    std::size_t validators_;
    std::map<core::View, Votes> views_;
};

}  // namespace sluice::consensus
