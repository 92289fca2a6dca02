#include "consensus/view_change.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

#include "core/check.hpp"

namespace sluice::consensus {

const PrepareCertificate* highest_lock(std::span<const ViewChange> view_changes) {
    const PrepareCertificate* highest = nullptr;
    for (const ViewChange& view_change : view_changes) {
        if (!view_change.lock) continue;
        // Two digests in one view would need more than f faulty validators; the order by digest keeps this a
        // function.
        const auto rank = [](const PrepareCertificate& lock) { return std::tie(lock.view, lock.digest); };
        if (highest == nullptr || rank(*view_change.lock) > rank(*highest)) highest = &*view_change.lock;
    }
    return highest;
}

ViewTable::ViewTable(const core::ValidatorSet& validators)
    : validators_(validators), rows_(validators.size()) {}

void ViewTable::note(ValidatorIndex validator, View view) {
    CHECK(validator < rows_.size());
    rows_[validator].view = std::max(rows_[validator].view, view);
}

std::optional<View> ViewTable::view_to_join(View promised) const {
    std::vector<View> views;
    for (const Row& row : rows_) {
        views.push_back(row.view);
    }
    std::sort(views.begin(), views.end(), std::greater<>());
    const View joined = views[validators_.faults()];
    if (joined <= promised) return std::nullopt;
    return joined;
}

std::size_t ViewTable::count_at(View view) const {
    return static_cast<std::size_t>(
        std::count_if(rows_.begin(), rows_.end(), [view](const Row& row) { return row.view >= view; }));
}

std::optional<ViewChange> ViewTable::add(const ViewChange& message) {
    const Envelope& envelope = message.envelope;
    note(envelope.sender, envelope.view);
    std::optional<ViewChange>& kept = rows_[envelope.sender].message;
    if (kept) {
        const auto rank = [](const Envelope& of) { return std::tie(of.view, of.height); };
        if (rank(kept->envelope) > rank(envelope)) return std::nullopt;
        if (rank(kept->envelope) == rank(envelope)) {
            if (subject_of(*kept).digest != subject_of(message).digest) return kept;
            return std::nullopt;
        }
    }
    kept = message;
    return std::nullopt;
}

std::vector<const ViewChange*> ViewTable::view_changes(Height height, View view) const {
    std::vector<const ViewChange*> list;
    for (const Row& row : rows_) {
        if (!row.message) continue;
        const Envelope& envelope = row.message->envelope;
        if (envelope.height == height && envelope.view == view &&
            envelope.validators_hash == validators_.hash()) {
            list.push_back(&*row.message);
        }
    }
    return list;
}

ViewTable ViewTable::carried_to(const core::ValidatorSet& next) const {
    ViewTable table(next);
    for (std::size_t index = 0; index < rows_.size(); ++index) {
        const auto position = next.index_of(validators_.at(static_cast<ValidatorIndex>(index)));
        if (position) table.note(*position, rows_[index].view);
    }
    return table;
}

}  // namespace sluice::consensus
