/// Who is at which view, and what a set of VIEW-CHANGEs obliges the new primary to propose.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "consensus/messages.hpp"
#include "core/validator_set.hpp"

namespace sluice::consensus {

/// The lock that a NEW-VIEW binds its height to: the one of the highest view; null if nobody is locked, and
/// then a fresh block is due. A pure function of the set, so every replica recomputes it (PBFT §4.4).
const PrepareCertificate* highest_lock(std::span<const ViewChange> view_changes);

/// What is known of each validator's view: the highest it has spoken of, at any distance, and its highest
/// VIEW-CHANGE. One entry per validator, so a flood of views costs nothing.
class ViewTable {
  public:
    explicit ViewTable(const core::ValidatorSet& validators);

    /// `validator` has signed something in `view`.
    void note(ValidatorIndex validator, View view);
    View view_of(ValidatorIndex validator) const { return rows_[validator].view; }
    /// The (f + 1)-th highest view, if it lies above `promised`: at least one correct validator is there or
    /// beyond.
    std::optional<View> view_to_join(View promised) const;
    /// Validators known at views >= `view`.
    std::size_t count_at(View view) const;

    /// Keeps the highest (view, height) of each validator. Returns the kept one if it contradicts `message`:
    /// same height and view, other content.
    std::optional<ViewChange> add(const ViewChange& message);
    /// The kept VIEW-CHANGEs for exactly this height and view, ordered by sender.
    std::vector<const ViewChange*> view_changes(Height height, View view) const;

    /// The same knowledge under another set: views follow their validators, VIEW-CHANGEs do not.
    ViewTable carried_to(const core::ValidatorSet& next) const;

  private:
    struct Row {
        View view = 0;
        std::optional<ViewChange> message;
    };
    core::ValidatorSet validators_;
    std::vector<Row> rows_;  ///< by validator index
};

}  // namespace sluice::consensus
