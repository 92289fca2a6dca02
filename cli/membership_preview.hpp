/// What a change of the validators would do, before anybody proposes it: the sets on the way, and who of them
/// is live.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "contracts/native/membership_proposals.hpp"

namespace sluice::cli {

/// A validator heard from within this time counts as live.
inline constexpr std::uint64_t live_within_ms = 5'000;

/// A validator of now, or who would become one.
struct Party {
    core::Address address{};
    std::string name{};
    std::string bic{};
    bool is_live = false;
    bool joins = false;
    bool leaves = false;
};

/// Who votes now, and which nodes follow without voting, as one or more nodes see it.
struct MembershipPicture {
    core::Height height = 0;  ///< at which the validators vote
    std::vector<Party> validators;
    std::set<core::Address> observers;

    /// By name, address or BIC; null if none or several.
    const Party* find(std::string_view text) const;
    bool is_observer(const core::Address& address) const { return observers.contains(address); }
};

/// From the answer of sluice_validators and those of sluice_status. A validator is live if any node has heard
/// it.
MembershipPicture picture_from(const Json& validators, const std::vector<Json>& statuses);

struct MembershipPlan {
    contracts::native::MembershipChange change{};
    core::Address joins{};
    std::string name{};  ///< of who joins
    std::string bic{};
    core::Address leaves{};
};

/// One set: how many vote, may fail, decide, and are live.
struct SetFacts {
    std::size_t validators = 0;
    std::size_t faults = 0;
    std::size_t quorum = 0;
    std::size_t live = 0;
};

struct MembershipPreview {
    std::vector<Party> parties;           ///< of the present set, then who joins
    std::vector<SetFacts> sets;           ///< the present one, then one per block that changes it
    std::optional<std::string> obstacle;  ///< why it cannot be, or would make the chain stand still
};
MembershipPreview preview_change(const MembershipPicture& picture, const MembershipPlan& plan);

Json to_json(const MembershipPreview& preview);
/// A table and sentences.
void print_preview(const MembershipPreview& preview);

}  // namespace sluice::cli
