#include "contracts/native/membership.hpp"

#include <algorithm>

#include "contracts/native/chain_parameters.hpp"
#include "core/chain_spec.hpp"

namespace sluice::contracts::native {

namespace {

std::string text_of(std::uint64_t number) {
    return std::to_string(number);
}

MembershipRequest request_of(const ProposalRow& row, std::string_view name) {
    return {.change = row.change,
            .joins = row.joins,
            .leaves = row.leaves,
            .bic = row.bic,
            .name = name,
            .expires_at = row.expires_at};
}

bool has_joiner(MembershipChange change) {
    return change == MembershipChange::add || change == MembershipChange::replace;
}

/// The name is free, or belongs to the one who makes room.
bool is_name_taken(const Storage& governance, const MembershipRequest& request) {
    const std::uint32_t count = validator_count(governance);
    for (std::uint32_t position = 0; position < count; ++position)
        if (validator_name(governance, position) == request.name &&
            validator_at(governance, position).address != request.leaves)
            return true;
    return false;
}

static_assert(governed_validators_max == 22, "a sentence below says so");

std::string_view find_joiner_obstacle(const Storage& governance, const MembershipRequest& request) {
    if (request.joins == core::Address{}) return "the zero address cannot be a validator";
    if (request.joins == request.leaves) return "who joins and who leaves are the same";
    if (!core::Bic::parse({request.bic.data(), request.bic.size()})) return "the BIC is malformed";
    if (!core::is_name(request.name))
        return "the name must be 1 to 70 bytes of UTF-8 without control characters and outer spaces";
    if (validator_position(governance, request.joins)) return "who would join is a validator already";
    if (is_name_taken(governance, request)) return "another validator has this name";
    if (validator_count(governance) >= governed_validators_max)
        return "the set is full: 22 validators are the most; remove one first";
    return {};
}

/// Those of `voters` who are validators now.
std::vector<core::Address> standing_votes(const core::ValidatorSet& present,
                                          const std::vector<core::Address>& voters) {
    std::vector<core::Address> standing;
    for (const core::Address& voter : voters)
        if (present.index_of(voter)) standing.push_back(voter);
    return standing;
}

/// True if quorums of the present set and of every set on the way have shown life.
bool is_decided(const ProposalRow& row, const core::ValidatorSet& present,
                const std::vector<core::Address>& voters) {
    const std::vector<core::Address> standing = standing_votes(present, voters);
    if (standing.size() < present.quorum()) return false;
    const bool leaver_voted = std::find(standing.begin(), standing.end(), row.leaves) != standing.end();
    const std::size_t staying = standing.size() - (leaver_voted ? 1 : 0);
    switch (row.change) {
        case MembershipChange::none:
            return false;
        case MembershipChange::add:
            return row.accepted && standing.size() + 1 >= core::quorum_size(present.size() + 1);
        case MembershipChange::remove:
            return staying >= core::quorum_size(present.size() - 1);
        case MembershipChange::replace:
            return row.accepted && standing.size() + 1 >= core::quorum_size(present.size() + 1) &&
                   staying + 1 >= present.quorum();
    }
    return false;
}

void add_member(const Storage& governance, JournaledState& state, std::uint64_t id, const ProposalRow& row,
                core::Height height) {
    const std::string name = proposal_name(governance, id);
    add_validator(governance, {row.joins, row.bic}, name);
    add_event(state, governance_address, validator_added_topic, {word_of(id), word_of(row.joins)},
              abi::encode(row.bic, std::string_view(name), height + 1));
}

void remove_member(const Storage& governance, JournaledState& state, std::uint64_t id, const ProposalRow& row,
                   core::Height height) {
    const auto position = validator_position(governance, row.leaves);
    CHECK(position.has_value());
    remove_validator(governance, *position);
    add_event(state, governance_address, validator_removed_topic, {word_of(id), word_of(row.leaves)},
              abi::encode(height + 1));
}

/// The first change that the proposal makes, in this block.
void carry_out(const Storage& governance, JournaledState& state, std::uint64_t id, ProposalRow& row,
               core::Height height) {
    MembershipRow membership = read_membership(governance);
    membership.changed_at = height;
    if (has_joiner(row.change))
        add_member(governance, state, id, row, height);
    else
        remove_member(governance, state, id, row, height);
    if (row.change == MembershipChange::replace) {
        membership.halfway = id;
        row.stage = ProposalStage::halfway;
    } else {
        row.stage = ProposalStage::carried;
        row.effective_at = height + 1;
    }
    close_proposal(governance, id);
    write_membership(governance, membership);
}

/// After every act for a proposal: carries it if that decided it, and writes its row.
core::Result<bool, Revert> conclude(Invocation& call, std::uint64_t id, ProposalRow row) {
    const Storage governance = call.storage();
    const bool decided = is_decided(row, read_validator_set(governance), voters_of(governance, id, row));
    if (decided) {
        const std::string name = proposal_name(governance, id);
        if (const auto obstacle = find_obstacle(governance, request_of(row, name)); !obstacle.empty())
            return reverted(obstacle);
        const MembershipRow membership = read_membership(governance);
        if (membership.halfway != 0 || membership.changed_at == call.block.height)
            return reverted("the set changes in this block already: send it again for the next one");
        carry_out(governance, call.state, id, row, call.block.height);
    }
    write_proposal(governance, id, row);
    return decided;
}

core::Result<ProposalRow, Revert> find_open(const Invocation& call, std::uint64_t id) {
    ProposalRow row = read_proposal(call.storage(), id);
    if (row.stage == ProposalStage::none) return reverted("there is no proposal " + text_of(id));
    if (row.stage != ProposalStage::open)
        return reverted("the proposal is not open: it is " + std::string(name_of(row.stage)));
    if (row.expires_at < call.block.height)
        return reverted("the proposal expired at height " + text_of(row.expires_at));
    return row;
}

/// Closes what has expired, so that it takes no room; answers how many open ones the proposer has.
std::uint32_t tidy_open(const Storage& governance, const core::Address& proposer, core::Height height) {
    std::uint32_t own = 0;
    for (const std::uint64_t id : open_proposals(governance)) {
        ProposalRow row = read_proposal(governance, id);
        if (row.expires_at < height) {
            row.stage = ProposalStage::expired;
            write_proposal(governance, id, row);
            close_proposal(governance, id);
        } else if (row.proposer == proposer) {
            ++own;
        }
    }
    return own;
}

void cast_vote(Invocation& call, std::uint64_t id, ProposalRow& row) {
    add_vote(call.storage(), id, row, call.caller);
    call.emit(validator_vote_topic, {word_of(id), word_of(call.caller)}, abi::encode(row.votes));
}

}  // namespace

std::string_view find_obstacle(const Storage& governance, const MembershipRequest& request) {
    if (request.change != MembershipChange::add && !validator_position(governance, request.leaves))
        return "who would leave is not a validator";
    if (request.change == MembershipChange::remove && validator_count(governance) == 1)
        return "the last validator cannot leave";
    return has_joiner(request.change) ? find_joiner_obstacle(governance, request) : std::string_view{};
}

core::Result<std::uint64_t, Revert> propose_change(Invocation& call, const MembershipRequest& request) {
    const Storage governance = call.storage();
    const core::Height height = call.block.height;
    if (!validator_position(governance, call.caller)) return reverted("only a present validator may propose");
    if (const auto obstacle = find_obstacle(governance, request); !obstacle.empty())
        return reverted(obstacle);
    const core::Height expires_at = request.expires_at == 0 ? height + proposal_heights : request.expires_at;
    if (expires_at < height || expires_at - height > proposal_heights_max)
        return reverted("the proposal must expire within " + text_of(proposal_heights_max) + " heights");
    if (tidy_open(governance, call.caller, height) >= open_proposals_of_one_max)
        return reverted("the proposer has two open proposals already: withdraw one");
    if (open_proposal_count(governance) >= open_proposals_max) return reverted("too many proposals are open");

    MembershipRow membership = read_membership(governance);
    const std::uint64_t id = ++membership.last_proposal;
    write_membership(governance, membership);
    ProposalRow row{.proposer = call.caller,
                    .change = request.change,
                    .stage = ProposalStage::open,
                    .joins = request.joins,
                    .bic = request.bic,
                    .leaves = request.leaves,
                    .proposed_at = height,
                    .expires_at = expires_at};
    open_proposal(governance, id, row, request.name);
    call.emit(validator_proposed_topic, {word_of(id), word_of(call.caller)},
              abi::encode(row.change, row.joins, row.leaves, expires_at));
    cast_vote(call, id, row);
    if (const auto concluded = conclude(call, id, row); !concluded) return core::fail(concluded.error());
    return id;
}

core::Result<bool, Revert> vote_for_change(Invocation& call, std::uint64_t id) {
    const Storage governance = call.storage();
    auto row = find_open(call, id);
    if (!row) return core::fail(row.error());
    if (!validator_position(governance, call.caller)) return reverted("only a present validator may vote");
    const auto voters = voters_of(governance, id, *row);
    if (std::find(voters.begin(), voters.end(), call.caller) != voters.end())
        return reverted("this validator has voted already");
    if (const auto obstacle = find_obstacle(governance, request_of(*row, proposal_name(governance, id)));
        !obstacle.empty())
        return reverted(obstacle);
    cast_vote(call, id, *row);
    return conclude(call, id, *row);
}

core::Result<bool, Revert> accept_change(Invocation& call, std::uint64_t id) {
    auto row = find_open(call, id);
    if (!row) return core::fail(row.error());
    if (!has_joiner(row->change) || call.caller != row->joins)
        return reverted("only who would join may accept");
    if (row->accepted) return reverted("it is accepted already");
    row->accepted = true;
    call.emit(validator_accepted_topic, {word_of(id), word_of(call.caller)}, {});
    return conclude(call, id, *row);
}

core::Result<void, Revert> withdraw_change(Invocation& call, std::uint64_t id) {
    auto row = find_open(call, id);
    if (!row) return core::fail(row.error());
    if (call.caller != row->proposer) return reverted("only its proposer may withdraw a proposal");
    row->stage = ProposalStage::withdrawn;
    write_proposal(call.storage(), id, *row);
    close_proposal(call.storage(), id);
    call.emit(validator_withdrawn_topic, {word_of(id)}, {});
    return {};
}

bool is_halfway(const Storage& governance) {
    return read_membership(governance).halfway != 0;
}

bool is_second_half_due(const Storage& governance, core::Height height) {
    const MembershipRow membership = read_membership(governance);
    return membership.halfway != 0 && membership.changed_at < height;
}

void carry_out_second_half(const SystemInvocation& call) {
    const Storage governance(call.state, governance_address);
    CHECK(is_second_half_due(governance, call.block.height));
    MembershipRow membership = read_membership(governance);
    const std::uint64_t id = membership.halfway;
    ProposalRow row = read_proposal(governance, id);
    remove_member(governance, call.state, id, row, call.block.height);
    row.stage = ProposalStage::carried;
    row.effective_at = call.block.height + 1;
    write_proposal(governance, id, row);
    membership.halfway = 0;
    membership.changed_at = call.block.height;
    write_membership(governance, membership);
}

}  // namespace sluice::contracts::native
