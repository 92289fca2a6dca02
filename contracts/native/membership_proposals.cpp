#include "contracts/native/membership_proposals.hpp"

#include <algorithm>

#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x20 to 0x24 of governance storage.
// 0x20                            struct MembershipRow
// 0x21 ‖ uint64 proposal          struct ProposalRow; slot 4: string name
// 0x22 ‖ uint64 proposal ‖ uint32 i   address of vote number i
// 0x23                            uint32 open proposals
// 0x24 ‖ uint32 position          uint64 open proposal
constexpr std::uint8_t membership_table = 0x20;
constexpr std::uint8_t proposal_table = 0x21;
constexpr std::uint8_t voter_table = 0x22;
constexpr std::uint8_t open_count_table = 0x23;
constexpr std::uint8_t open_table = 0x24;
constexpr std::uint8_t name_slot = 4;
static_assert(Place<ProposalRow>::slots == name_slot);
static_assert(Place<MembershipRow>::slots == 1);

Place<ProposalRow> proposal_place(const Storage& governance, std::uint64_t id) {
    return {governance, row_key(proposal_table, id)};
}
Place<Text> name_place(const Storage& governance, std::uint64_t id) {
    return {governance, row_slot(row_key(proposal_table, id), name_slot)};
}
Place<core::Address> voter_place(const Storage& governance, std::uint64_t id, std::uint32_t number) {
    return {governance, row_key(voter_table, id, number)};
}
Place<std::uint32_t> open_count_place(const Storage& governance) {
    return {governance, row_key(open_count_table)};
}
Place<std::uint64_t> open_place(const Storage& governance, std::uint32_t position) {
    return {governance, row_key(open_table, position)};
}

}  // namespace

std::string_view name_of(MembershipChange change) {
    switch (change) {
        case MembershipChange::none:
            return "none";
        case MembershipChange::add:
            return "add";
        case MembershipChange::remove:
            return "remove";
        case MembershipChange::replace:
            return "replace";
    }
    return "";
}

std::string_view name_of(ProposalStage stage) {
    switch (stage) {
        case ProposalStage::none:
            return "none";
        case ProposalStage::open:
            return "open";
        case ProposalStage::halfway:
            return "halfway";
        case ProposalStage::carried:
            return "carried";
        case ProposalStage::withdrawn:
            return "withdrawn";
        case ProposalStage::expired:
            return "expired";
    }
    return "";
}

MembershipRow read_membership(const Storage& governance) {
    return Place<MembershipRow>(governance, row_key(membership_table)).read();
}

void write_membership(const Storage& governance, const MembershipRow& row) {
    Place<MembershipRow>(governance, row_key(membership_table)).write(row);
}

ProposalRow read_proposal(const Storage& governance, std::uint64_t id) {
    return proposal_place(governance, id).read();
}

void write_proposal(const Storage& governance, std::uint64_t id, const ProposalRow& row) {
    proposal_place(governance, id).write(row);
}

std::string proposal_name(const Storage& governance, std::uint64_t id) {
    return name_place(governance, id).read_text();
}

void open_proposal(const Storage& governance, std::uint64_t id, const ProposalRow& row,
                   std::string_view name) {
    write_proposal(governance, id, row);
    name_place(governance, id).write(name);
    const std::uint32_t count = open_proposal_count(governance);
    open_place(governance, count).write(id);
    open_count_place(governance).write(count + 1);
}

void close_proposal(const Storage& governance, std::uint64_t id) {
    std::vector<std::uint64_t> open = open_proposals(governance);
    const auto found = std::find(open.begin(), open.end(), id);
    CHECK(found != open.end());
    const auto last = static_cast<std::uint32_t>(open.size() - 1);
    const auto position = static_cast<std::uint32_t>(found - open.begin());
    for (std::uint32_t i = position; i < last; ++i)
        open_place(governance, i).write(open[i + 1]);
    open_place(governance, last).clear();
    open_count_place(governance).write(last);
}

std::uint32_t open_proposal_count(const Storage& governance) {
    return open_count_place(governance).read();
}

std::vector<std::uint64_t> open_proposals(const Storage& governance) {
    std::vector<std::uint64_t> open;
    const std::uint32_t count = open_proposal_count(governance);
    for (std::uint32_t position = 0; position < count; ++position)
        open.push_back(open_place(governance, position).read());
    return open;
}

std::vector<core::Address> voters_of(const Storage& governance, std::uint64_t id, const ProposalRow& row) {
    std::vector<core::Address> voters;
    for (std::uint32_t number = 0; number < row.votes; ++number)
        voters.push_back(voter_place(governance, id, number).read());
    return voters;
}

void add_vote(const Storage& governance, std::uint64_t id, ProposalRow& row, const core::Address& voter) {
    voter_place(governance, id, row.votes).write(voter);
    ++row.votes;
}

ProposalInfo describe_proposal(const Storage& governance, std::uint64_t id, core::Height height) {
    const ProposalRow row = read_proposal(governance, id);
    const bool is_over = row.stage == ProposalStage::open && row.expires_at < height;
    return {.id = id,
            .change = row.change,
            .stage = is_over ? ProposalStage::expired : row.stage,
            .proposer = row.proposer,
            .joins = row.joins,
            .leaves = row.leaves,
            .bic = row.bic,
            .name = proposal_name(governance, id),
            .accepted = row.accepted,
            .proposed_at = row.proposed_at,
            .expires_at = row.expires_at,
            .effective_at = row.effective_at,
            .voters = voters_of(governance, id, row)};
}

}  // namespace sluice::contracts::native
