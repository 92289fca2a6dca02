/// Who votes: proposals of validators, votes of the present ones, and the changes that follow.
///
/// A block changes the set by one addition or one removal, never by both: the quorums of a set and of what
/// one swap makes of it need not share an honest member. So a replacement takes two blocks; the second half
/// is work of the system transaction. A change is carried when a quorum of the present set has voted for it,
/// who joins has accepted with the key it will vote with, and those of the new set who have shown life in
/// this way are a quorum of it: no vote can lead to a set that stands still.
#pragma once

#include <string_view>

#include "contracts/native/membership_proposals.hpp"
#include "contracts/native/registry.hpp"

namespace sluice::contracts::native {

/// The largest set that votes can make. A genesis may begin with more; then only removals are possible.
inline constexpr std::uint32_t governed_validators_max = 22;

/// Events of 0x…5e06.
inline constexpr core::Word validator_proposed_topic =
    topic_of("ValidatorProposed(uint64,address,uint8,address,address,uint64)");
inline constexpr core::Word validator_vote_topic = topic_of("ValidatorVote(uint64,address,uint32)");
inline constexpr core::Word validator_accepted_topic = topic_of("ValidatorAccepted(uint64,address)");
inline constexpr core::Word validator_withdrawn_topic = topic_of("ValidatorWithdrawn(uint64)");
inline constexpr core::Word validator_added_topic =
    topic_of("ValidatorAdded(uint64,address,bytes11,string,uint64)");
inline constexpr core::Word validator_removed_topic = topic_of("ValidatorRemoved(uint64,address,uint64)");

/// What a proposal asks for. Fields that the change has no use for are zero.
struct MembershipRequest {
    MembershipChange change{};
    core::Address joins{};
    core::Address leaves{};
    BicText bic{};
    std::string_view name;
    core::Height expires_at = 0;  ///< 0: proposal_heights from now
};

/// Why a request cannot lead to a set, in words for the person who asked; empty when it can. By the set as
/// it is now, and again before it is carried.
std::string_view find_obstacle(const Storage& governance, const MembershipRequest& request);

/// Opens a proposal with the caller's vote; answers its number. One that needs nothing more is carried at
/// once.
core::Result<std::uint64_t, Revert> propose_change(Invocation& call, const MembershipRequest& request);
/// Adds the caller's vote. True if that carried the proposal.
core::Result<bool, Revert> vote_for_change(Invocation& call, std::uint64_t id);
/// The caller, who would join, holds the key and is ready. True if that carried the proposal.
core::Result<bool, Revert> accept_change(Invocation& call, std::uint64_t id);
/// By its proposer only.
core::Result<void, Revert> withdraw_change(Invocation& call, std::uint64_t id);

/// True if the block of `height` has to carry out the second half of a replacement.
bool is_second_half_due(const Storage& governance, core::Height height);
/// True if some later block has to.
bool is_halfway(const Storage& governance);
/// Does it. Precondition (CHECKed): it is due.
void carry_out_second_half(const SystemInvocation& call);

}  // namespace sluice::contracts::native
