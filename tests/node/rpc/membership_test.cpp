/// Sets of validators that change: what RPC tells of them, and receipts that span the changes.
#include "contracts/genesis_state.hpp"
#include "core/documents/receipt_document.hpp"
#include "tests/node/rpc/rpc_fixture.hpp"

namespace sluice::node::rpc::test {
namespace {

using sluice::test::address_of;
using sluice::test::TestChain;
namespace native = contracts::native;

/// Four validators at height 1; each step of a change is a block of its own.
class MembershipMethods : public RpcTest {
  protected:
    void act(std::string_view who, const native::ContractCall& call) {
        const auto block = append({chain.call(who, call)});
        ASSERT_TRUE(block.block->receipts.at(0).succeeded) << who;
    }
    void propose_newcomer() {
        act("validator-0", native::calls::propose_add({address_of("validator-4"),
                                                       core::Bic::parse("NEWBDEFF")->chars(), "newcomer"}));
    }
    /// Height 2 to 5: the newcomer votes from height 6 on.
    void add_newcomer() {
        propose_newcomer();
        act("validator-4", native::calls::accept(1));
        act("validator-1", native::calls::vote(1));
        act("validator-2", native::calls::vote(1));
    }
    /// Height 6 to 9: validator 3 votes no more from height 10 on.
    void remove_one() {
        act("validator-0", native::calls::propose_remove(address_of("validator-3")));
        for (const char* voter : {"validator-1", "validator-2", "validator-4"})
            act(voter, native::calls::vote(2));
    }
    core::ReceiptDocument proof_of(std::uint64_t number) {
        const Json object =
            result("settle_getProof", {{{"uetr", sluice::test::uetr_of(number).to_string()}}});
        auto document = core::parse_receipt_object(object.dump());
        EXPECT_TRUE(document) << core::describe(document.error());
        return std::move(*document);
    }
    bool verifies(const core::ReceiptDocument& document) {
        const auto genesis = contracts::make_genesis(chain.chain().spec);
        const auto anchor =
            core::anchor_at(chain.chain().identity(), chain.chain().genesis, genesis.validators);
        return core::verify_receipt(document, *anchor).has_value();
    }
};

TEST_F(MembershipMethods, open_proposals_show_who_voted_and_what_is_missing) {
    EXPECT_EQ(result("sluice_proposals"), Json::array());
    propose_newcomer();
    const Json rows = result("sluice_proposals");
    ASSERT_EQ(rows.size(), 1u);
    const Json& row = rows[0];
    EXPECT_EQ(row["id"], 1);
    EXPECT_EQ(row["change"], "add");
    EXPECT_EQ(row["stage"], "open");
    EXPECT_EQ(row["proposerName"], "node-0");
    EXPECT_EQ(row["joins"], hex(address_of("validator-4")));
    EXPECT_EQ(row["name"], "newcomer");
    EXPECT_EQ(row["bic"], "NEWBDEFF");
    EXPECT_EQ(row["accepted"], false);
    EXPECT_TRUE(row["leaves"].is_null());
    ASSERT_EQ(row["votes"].size(), 1u);
    EXPECT_EQ(row["votes"][0]["name"], "node-0");
    EXPECT_EQ(row["proposedAt"], 2);
    EXPECT_EQ(row["expiresAt"], 100'002);
    EXPECT_TRUE(row["effectiveAt"].is_null());
}

TEST_F(MembershipMethods, a_carried_proposal_is_found_by_its_number_only) {
    add_newcomer();
    EXPECT_EQ(result("sluice_proposals"), Json::array());
    const Json rows = result("sluice_proposals", {1});
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0]["stage"], "carried");
    EXPECT_EQ(rows[0]["effectiveAt"], 6);
    EXPECT_EQ(result("sluice_proposals", {99}), Json::array());
    EXPECT_EQ(error("sluice_proposals", {-1})["code"], -32602);
}

TEST_F(MembershipMethods, TC65_validators_of_every_height_stay_readable) {
    add_newcomer();
    remove_one();
    append({});
    EXPECT_EQ(result("sluice_validators", {5})["validators"].size(), 4u);
    EXPECT_EQ(result("sluice_validators", {6})["validators"].size(), 5u);
    EXPECT_EQ(result("sluice_validators", {6})["quorum"], 4);
    EXPECT_EQ(result("sluice_validators", {6})["validators"][4]["name"], "newcomer");
    EXPECT_EQ(result("sluice_validators", {9})["validators"].size(), 5u);
    const Json after = result("sluice_validators", {10});
    ASSERT_EQ(after["validators"].size(), 4u);
    EXPECT_EQ(after["validators"][3]["name"], "newcomer") << "it took the place of the removed one";
    EXPECT_EQ(result("sluice_certificate", {5})["signatures"].size(), 4u);
    EXPECT_EQ(result("sluice_certificate", {6})["signatures"].size(), 5u);
    EXPECT_EQ(result("sluice_certificate", {10})["signatures"].size(), 4u);
    EXPECT_EQ(result("sluice_certificate", {6})["signatures"][4]["name"], "newcomer");
}

TEST_F(MembershipMethods, a_receipt_after_two_changes_verifies_from_genesis) {
    append({chain.pay({.amount = 100, .number = 1})});
    add_newcomer();
    append({chain.pay({.amount = 100, .number = 2})});
    remove_one();
    append({chain.pay({.amount = 100, .number = 3})});
    const auto before = proof_of(1), between = proof_of(2), after = proof_of(3);
    EXPECT_EQ(before.trust_path.size(), 0u);
    EXPECT_EQ(between.trust_path.size(), 1u);
    EXPECT_EQ(after.trust_path.size(), 2u);
    for (const auto& document : {before, between, after})
        EXPECT_TRUE(verifies(document));
    for (std::size_t link = 0; link < 2; ++link) {
        auto altered = after;
        altered.trust_path[link].certificate.back() ^= 1;
        EXPECT_FALSE(verifies(altered));
        auto cut = after;
        cut.trust_path.erase(cut.trust_path.begin() + static_cast<std::ptrdiff_t>(link));
        EXPECT_FALSE(verifies(cut));
    }
}

TEST_F(MembershipMethods, the_block_that_changes_the_set_is_sealed_by_the_old_one) {
    propose_newcomer();
    act("validator-4", native::calls::accept(1));
    act("validator-1", native::calls::vote(1));
    append({chain.call("validator-2", native::calls::vote(1)), chain.pay({.amount = 100, .number = 1})});
    const auto document = proof_of(1);
    EXPECT_EQ(document.validators.size(), 4u);
    EXPECT_TRUE(document.trust_path.empty());
    EXPECT_TRUE(verifies(document));
    EXPECT_EQ(result("sluice_validators")["validators"].size(), 5u);
}

TEST_F(MembershipMethods, a_failed_act_is_answered_with_the_contract_s_sentence) {
    const auto transaction = chain.call("validator-0", native::calls::vote(7));
    const Json before = error("eth_call", {{{"from", hex(address_of("validator-0"))},
                                            {"to", hex(native::governance_address)},
                                            {"data", hex(native::calls::vote(7).data)}},
                                           "latest"});
    EXPECT_NE(before["message"].get<std::string>().find("there is no proposal 7"), std::string::npos);
    append({transaction});
    const Json after = error("settle_submit", {{{"rawTransaction", hex(*transaction->encoded)}}});
    EXPECT_EQ(after["message"], "refused: there is no proposal 7");
}

TEST_F(MembershipMethods, status_names_connected_nodes_that_do_not_vote) {
    auto& status = node.picture.node;
    status.consensus.is_validator = true;
    status.validators.push_back({.address = address_of("validator-1"),
                                 .is_self = false,
                                 .last_seen_ms = {},
                                 .last_sealed_height = {},
                                 .head = {},
                                 .clock_ahead_ms = {}});
    auto network = std::make_shared<network::NetworkStatus>();
    network->peers.push_back({});
    network->peers.back().identity.address = address_of("validator-1");
    network->peers.back().neighbours = {address_of("observer"), node.chain().node_address};
    node.picture.network = network;
    EXPECT_EQ(result("sluice_status")["observers"], Json::array({hex(address_of("observer"))}));
    status.consensus.is_validator = false;
    EXPECT_EQ(result("sluice_status")["observers"].size(), 2u) << "this node follows, too";
}

}  // namespace
}  // namespace sluice::node::rpc::test
