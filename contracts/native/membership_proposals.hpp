/// Proposals to change the validators, as governance storage keeps them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/native/settlement_types.hpp"

namespace sluice::contracts::native {

/// What a proposal would do to the set.
enum class MembershipChange : std::uint8_t {
    none,
    add,
    remove,
    replace,  ///< one joins, and one leaves a block later: a member or its key
};
template <>
inline constexpr MembershipChange last_enumerator<MembershipChange> = MembershipChange::replace;
/// "add", as documents and JSON write it.
std::string_view name_of(MembershipChange change);

enum class ProposalStage : std::uint8_t {
    none,       ///< there is no such proposal
    open,       ///< takes votes
    halfway,    ///< of a replacement: one has joined, the other leaves in the next block
    carried,    ///< the set has changed
    withdrawn,  ///< by its proposer
    expired,    ///< not carried up to its last height
};
template <>
inline constexpr ProposalStage last_enumerator<ProposalStage> = ProposalStage::expired;
std::string_view name_of(ProposalStage stage);

/// Proposals that may be open at a time, of all and of one proposer: no validator can shut out the others.
inline constexpr std::uint32_t open_proposals_max = 64;
inline constexpr std::uint32_t open_proposals_of_one_max = 2;
/// Heights that a proposal stays open if it does not say, and at most.
inline constexpr core::Height proposal_heights = 100'000;
inline constexpr core::Height proposal_heights_max = 10'000'000;

/// A proposal without its name and votes.
struct ProposalRow {
    core::Address proposer{};
    MembershipChange change{};
    ProposalStage stage{};
    bool accepted = false;    ///< by who would join, with the key it would vote with
    std::uint32_t votes = 0;  ///< the proposer's included
    core::Address joins{};
    BicText bic{};  ///< of who joins
    core::Address leaves{};
    core::Height effective_at = 0;  ///< first height of the set that it led to; 0 until then
    core::Height proposed_at = 0;
    core::Height expires_at = 0;  ///< the last height whose block may carry it
    static constexpr auto storage_members() {
        using R = ProposalRow;
        return std::make_tuple(&R::proposer, &R::change, &R::stage, &R::accepted, &R::votes, &R::joins,
                               &R::bic, &R::leaves, &R::effective_at, &R::proposed_at, &R::expires_at);
    }
};

/// IGovernance.proposal and proposals.
struct ProposalInfo {
    std::uint64_t id = 0;
    MembershipChange change{};
    ProposalStage stage{};
    core::Address proposer{};
    core::Address joins{};
    core::Address leaves{};
    BicText bic{};
    std::string name;
    bool accepted = false;
    core::Height proposed_at = 0;
    core::Height expires_at = 0;
    core::Height effective_at = 0;
    std::vector<core::Address> voters;
    bool operator==(const ProposalInfo&) const = default;
    static constexpr auto abi_members() {
        using P = ProposalInfo;
        return std::make_tuple(&P::id, &P::change, &P::stage, &P::proposer, &P::joins, &P::leaves, &P::bic,
                               &P::name, &P::accepted, &P::proposed_at, &P::expires_at, &P::effective_at,
                               &P::voters);
    }
};

/// What the set's last change left behind.
struct MembershipRow {
    std::uint64_t last_proposal = 0;
    core::Height changed_at = 0;  ///< height of the last block that changed the set; 0: genesis
    std::uint64_t halfway = 0;    ///< the replacement whose second half is due; 0: none
    static constexpr auto storage_members() {
        using R = MembershipRow;
        return std::make_tuple(&R::last_proposal, &R::changed_at, &R::halfway);
    }
};
MembershipRow read_membership(const Storage& governance);
void write_membership(const Storage& governance, const MembershipRow& row);

ProposalRow read_proposal(const Storage& governance, std::uint64_t id);
void write_proposal(const Storage& governance, std::uint64_t id, const ProposalRow& row);
std::string proposal_name(const Storage& governance, std::uint64_t id);
/// Writes a proposal and puts it among the open ones.
void open_proposal(const Storage& governance, std::uint64_t id, const ProposalRow& row,
                   std::string_view name);
/// Takes it from the open ones. Precondition (CHECKed): it is among them.
void close_proposal(const Storage& governance, std::uint64_t id);

std::uint32_t open_proposal_count(const Storage& governance);
/// In the order of their coming.
std::vector<std::uint64_t> open_proposals(const Storage& governance);

/// Everybody who has voted, in order; some may have left the set since.
std::vector<core::Address> voters_of(const Storage& governance, std::uint64_t id, const ProposalRow& row);
/// Adds a vote to the row and to storage; the row itself is for the caller to write.
void add_vote(const Storage& governance, std::uint64_t id, ProposalRow& row, const core::Address& voter);

/// The proposal as a block of `height` sees it: one that is open beyond its last height is expired.
ProposalInfo describe_proposal(const Storage& governance, std::uint64_t id, core::Height height);

}  // namespace sluice::contracts::native
