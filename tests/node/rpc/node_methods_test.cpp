#include "tests/node/rpc/rpc_fixture.hpp"

#include "core/documents/genesis_document.hpp"
#include "core/log.hpp"

namespace sluice::node::rpc::test {
namespace {

using sluice::test::address_of;

class NodeMethods : public RpcTest {};

TEST_F(NodeMethods, status_has_every_field_that_scripts_rely_on) {
    auto& status = node.picture.node;
    status.consensus.entered = 3;
    status.consensus.primary = address_of("validator-1");
    status.validators = {{.address = address_of("validator-0"),
                          .is_self = true,
                          .last_seen_ms = {},
                          .last_sealed_height = 1,
                          .head = {},
                          .clock_ahead_ms = {}},
                         {.address = address_of("validator-1"),
                          .is_self = false,
                          .last_seen_ms = 17,
                          .last_sealed_height = {},
                          .head = 1,
                          .clock_ahead_ms = -4}};
    status.peers = 3;
    status.vote_log_sequence = 12;
    status.last_block_age_ms = 900;
    status.ready = true;
    node.picture.resident_bytes = 1'000;
    const Json answer = result("sluice_status");
    EXPECT_EQ(answer["chainId"], 20'022);
    EXPECT_EQ(answer["version"], "0.1.0");
    EXPECT_EQ(answer["height"], 1);
    EXPECT_EQ(answer["blockHash"], hex(node.snapshot()->hash()));
    EXPECT_EQ(answer["stateRoot"], hex(node.snapshot()->head().state_root));
    EXPECT_EQ(answer["view"], 3);
    EXPECT_EQ(answer["primary"], hex(address_of("validator-1")));
    EXPECT_EQ(answer["primaryName"], "node-1");
    EXPECT_EQ(answer["peers"], 3);
    EXPECT_EQ(answer["pool"]["transactions"], 0);
    EXPECT_EQ(answer["pool"]["bytes"], 0);
    EXPECT_EQ(answer["voteLogSequence"], 12);
    EXPECT_EQ(answer["lastBlockAgeMs"], 900);
    EXPECT_EQ(answer["rssBytes"], 1'000);
    EXPECT_EQ(answer["syncing"], false);
    EXPECT_EQ(answer["ready"], true);
    EXPECT_EQ(answer["genesisHash"], hex(chain.chain().genesis_hash));
    ASSERT_EQ(answer["validators"].size(), 2u);
    EXPECT_EQ(answer["validators"][0]["name"], "node-0");
    EXPECT_EQ(answer["validators"][0]["lastSealedHeight"], 1);
    EXPECT_TRUE(answer["validators"][0]["lastSeenMs"].is_null());
    EXPECT_EQ(answer["validators"][1]["address"], hex(address_of("validator-1")));
    EXPECT_EQ(answer["validators"][1]["lastSeenMs"], 17);
    EXPECT_EQ(answer["validators"][1]["clockAheadMs"], -4);
}

TEST_F(NodeMethods, a_certificate_names_those_who_sealed) {
    const Json certificate = result("sluice_certificate", {1});
    EXPECT_EQ(certificate["height"], 1);
    EXPECT_EQ(certificate["blockHash"], hex(node.snapshot()->hash()));
    EXPECT_EQ(certificate["quorum"], 3);
    ASSERT_EQ(certificate["signatures"].size(), 4u);
    EXPECT_EQ(certificate["signatures"][2]["name"], "node-2");
    EXPECT_EQ(certificate["signatures"][2]["index"], 2);
    const auto encoded = core::from_hex(certificate["encoded"].get<std::string>()).value();
    EXPECT_EQ(core::decode_commit_certificate(encoded).value(), node.snapshot()->certificate(1).value());
    EXPECT_EQ(result("sluice_certificate", {"0x1"}), certificate);
    EXPECT_EQ(result("sluice_certificate", {"latest"}), certificate);
    EXPECT_EQ(result("sluice_certificate"), certificate);
    EXPECT_TRUE(result("sluice_certificate", {0}).is_null()) << "nobody voted on genesis";
    EXPECT_TRUE(result("sluice_certificate", {2}).is_null());
    EXPECT_EQ(error("sluice_certificate", {-1})["code"], -32602);
}

TEST_F(NodeMethods, validators_are_those_of_the_height) {
    const Json next = result("sluice_validators");
    EXPECT_EQ(next["height"], 2);
    EXPECT_EQ(next["quorum"], 3);
    EXPECT_EQ(next["faults"], 1);
    ASSERT_EQ(next["validators"].size(), 4u);
    EXPECT_EQ(next["validators"][3]["name"], "node-3");
    EXPECT_EQ(next["validators"][3]["bic"], "VAL3DEFF");
    EXPECT_EQ(result("sluice_validators", {1})["hash"], next["hash"]);
    EXPECT_TRUE(result("sluice_validators", {3}).is_null());
}

TEST_F(NodeMethods, evidence_shows_both_statements) {
    EXPECT_EQ(result("sluice_evidence"), Json::array());
    consensus::Evidence evidence;
    evidence.validator = address_of("validator-2");
    evidence.first.subject = {.type = core::VoteType::prepare,
                              .height = 5,
                              .view = 2,
                              .digest = core::keccak256({}),
                              .validators_hash = {}};
    evidence.second.subject = evidence.first.subject;
    evidence.second.subject.digest = {};
    node.evidence_entries = {evidence};
    const Json shown = result("sluice_evidence");
    ASSERT_EQ(shown.size(), 1u);
    EXPECT_EQ(shown[0]["name"], "node-2");
    EXPECT_EQ(shown[0]["type"], "PREPARE");
    EXPECT_EQ(shown[0]["height"], 5);
    EXPECT_EQ(shown[0]["first"]["digest"], hex(core::empty_code_hash));
    EXPECT_NE(shown[0]["first"]["digest"], shown[0]["second"]["digest"]);
}

TEST_F(NodeMethods, genesis_is_the_file_that_made_the_chain) {
    const auto spec = core::parse_genesis(result("sluice_genesis").dump());
    ASSERT_TRUE(spec) << core::describe(spec.error());
    EXPECT_EQ(*spec, chain.chain().spec);
}

TEST_F(NodeMethods, network_and_software_are_told) {
    node.picture.node.peers = 3;
    EXPECT_EQ(result("net_peerCount"), "0x3");
    EXPECT_EQ(result("net_listening"), true);
    EXPECT_TRUE(result("web3_clientVersion").get<std::string>().starts_with("Sluice/v0.1.0"));
    EXPECT_EQ(result("web3_sha3", {"0x"}), hex(core::empty_code_hash));
}

TEST_F(NodeMethods, the_pool_is_counted_by_what_can_run) {
    const auto to = address_of("x");
    result("eth_sendRawTransaction", {raw(chain.make({.to = to, .gas_limit = 21'000, .nonce = 0}))});
    result("eth_sendRawTransaction", {raw(chain.make({.to = to, .gas_limit = 21'000, .nonce = 5}))});
    EXPECT_EQ(result("txpool_status"), (Json{{"pending", "0x1"}, {"queued", "0x1"}}));
}

TEST_F(NodeMethods, operators_see_peers_and_set_the_log_level) {
    const Caller caller{nullptr, "", true};
    auto network = std::make_shared<network::NetworkStatus>();
    network::PeerStatus peer;
    peer.identity.name = "bank-b";
    peer.endpoint = "10.0.0.2:9545";
    network->peers.push_back(peer);
    network->absent.push_back({.target = {.host = "bank-c", .port = 9, .expected = {}},
                               .attempts = 4,
                               .last_reason = network::CloseReason::unreachable});
    node.picture.network = network;
    const Json peers = answer("admin_peers", Json::array(), caller)["result"];
    ASSERT_EQ(peers.size(), 2u);
    EXPECT_EQ(peers[0]["name"], "bank-b");
    EXPECT_EQ(peers[1]["endpoint"], "bank-c:9");
    EXPECT_EQ(peers[1]["connected"], false);
    EXPECT_EQ(answer("admin_setLogLevel", {"debug"}, caller)["result"], true);
    EXPECT_EQ(node.log_level, "debug");
    EXPECT_EQ(answer("admin_setLogLevel", {"loud"}, caller)["error"]["code"], -32602);
    EXPECT_EQ(answer("admin_nodeInfo", Json::array(), caller)["result"]["height"], 1);
}

}  // namespace
}  // namespace sluice::node::rpc::test
