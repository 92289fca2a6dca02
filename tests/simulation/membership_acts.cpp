#include "tests/simulation/membership_acts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "contracts/native/chain_parameters.hpp"
#include "contracts/native/membership.hpp"
#include "contracts/native/settlement_calls.hpp"
#include "core/check.hpp"

namespace sluice::simulation {
namespace {

namespace native = contracts::native;

bool has(const std::vector<core::Address>& list, const core::Address& address) {
    return std::find(list.begin(), list.end(), address) != list.end();
}

}  // namespace

MembershipActs::MembershipActs(std::uint64_t chain_id, std::vector<crypto::PrivateKey> keys, Random random,
                               Wishes wishes)
    : chain_id_(chain_id), keys_(std::move(keys)), random_(random), wishes_(wishes) {
    for (const auto& key : keys_)
        addresses_.push_back(crypto::address_of(key));
}

core::TransactionPtr MembershipActs::sign(const core::StateView& head, const core::Address& by,
                                          core::Bytes data) {
    const auto place = std::find(addresses_.begin(), addresses_.end(), by);
    CHECK(place != addresses_.end());
    core::Transaction transaction;
    transaction.type = core::TransactionType::dynamic_fee;
    transaction.chain_id = chain_id_;
    transaction.nonce = head.account(by).value_or(core::Account{}).nonce;
    transaction.gas_limit = 2'000'000;
    transaction.to = native::governance_address;
    transaction.data = std::move(data);
    core::sign(transaction, keys_[static_cast<std::size_t>(place - addresses_.begin())]);
    auto recovered = core::recover_transaction(core::share(core::encode(transaction)));
    CHECK(recovered.has_value());
    return *recovered;
}

core::TransactionPtr MembershipActs::proposal(const core::StateView& head,
                                              const std::vector<core::Address>& members) {
    std::vector<core::Address> outsiders;
    for (const auto& address : addresses_)
        if (!has(members, address)) outsiders.push_back(address);
    const bool may_grow = !outsiders.empty() && members.size() < wishes_.most;
    const bool may_shrink = members.size() > wishes_.least;
    const auto proposer = members[random_.below(members.size())];
    const auto leaver = members[random_.below(members.size())];
    const auto kind = random_.below(3);
    if (!outsiders.empty() && may_grow && (kind == 0 || !may_shrink)) {
        const auto joiner = outsiders[random_.below(outsiders.size())];
        const auto name = core::to_hex(joiner);
        const native::calls::NewValidator joins{joiner, core::Bic::parse("NEWBDEFF")->chars(), name};
        return sign(head, proposer, native::calls::propose_add(joins).data);
    }
    if (may_shrink && kind == 1) return sign(head, proposer, native::calls::propose_remove(leaver).data);
    if (may_grow) {
        const auto joiner = outsiders[random_.below(outsiders.size())];
        return sign(head, proposer, native::calls::propose_rotate(joiner).data);
    }
    if (may_shrink) return sign(head, proposer, native::calls::propose_remove(leaver).data);
    return nullptr;
}

std::uint64_t MembershipActs::carried(const core::StateView& head) {
    contracts::JournaledState state(head);
    const native::Storage governance(state, native::governance_address);
    std::uint64_t count = 0;
    for (std::uint64_t id = 1; id <= native::read_membership(governance).last_proposal; ++id)
        if (native::read_proposal(governance, id).stage == native::ProposalStage::carried) ++count;
    return count;
}

bool MembershipActs::is_over(const core::StateView& head) const {
    return carried(head) >= wishes_.changes;
}

std::vector<core::TransactionPtr> MembershipActs::next(const core::StateView& head, core::Height height) {
    contracts::JournaledState state(head);
    const native::Storage governance(state, native::governance_address);
    if (is_over(head) || native::is_halfway(governance)) return {};
    const auto set = native::read_validator_set(governance);
    const std::vector<core::Address> members(set.members().begin(), set.members().end());
    for (const std::uint64_t id : native::open_proposals(governance)) {
        const auto row = native::read_proposal(governance, id);
        const auto name = native::proposal_name(governance, id);
        const native::MembershipRequest request{.change = row.change,
                                                .joins = row.joins,
                                                .leaves = row.leaves,
                                                .bic = row.bic,
                                                .name = name,
                                                .expires_at = row.expires_at};
        if (row.expires_at <= height || !native::find_obstacle(governance, request).empty()) continue;
        const auto voters = native::voters_of(governance, id, row);
        std::vector<core::TransactionPtr> wanted;
        for (const auto& member : members)
            if (!has(voters, member)) wanted.push_back(sign(head, member, native::calls::vote(id).data));
        if (row.change != native::MembershipChange::remove && !row.accepted)
            wanted.push_back(sign(head, row.joins, native::calls::accept(id).data));
        return wanted;
    }
    auto proposed = proposal(head, members);
    if (!proposed) return {};
    return {std::move(proposed)};
}

}  // namespace sluice::simulation
