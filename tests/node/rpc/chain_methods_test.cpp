#include "tests/node/rpc/rpc_fixture.hpp"

namespace sluice::node::rpc::test {
namespace {

class ChainMethods : public RpcTest {};

TEST_F(ChainMethods, say_which_chain_this_is) {
    EXPECT_EQ(result("eth_chainId"), "0x4e36");
    EXPECT_EQ(result("net_version"), "20022");
    EXPECT_EQ(result("eth_blockNumber"), "0x1");
    EXPECT_EQ(result("eth_accounts"), Json::array());
    EXPECT_EQ(result("eth_coinbase"), hex(sluice::test::address_of("validator-0")));
}

TEST_F(ChainMethods, fees_are_seven_wei_and_no_tip) {
    EXPECT_EQ(result("eth_gasPrice"), "0x7");
    EXPECT_EQ(result("eth_baseFee"), "0x7");
    EXPECT_EQ(result("eth_maxPriorityFeePerGas"), "0x0");
}

TEST_F(ChainMethods, a_block_carries_every_field_of_its_header) {
    const auto& header = node.snapshot()->head();
    const Json block = result("eth_getBlockByNumber", {"latest", false});
    EXPECT_EQ(block["number"], "0x1");
    EXPECT_EQ(block["hash"], hex(node.snapshot()->hash()));
    EXPECT_EQ(block["parentHash"], hex(chain.chain().genesis_hash));
    EXPECT_EQ(block["mixHash"], hex(core::mix_hash_after(header.parent_hash)));
    EXPECT_EQ(block["nonce"], "0x0000000000000000");
    EXPECT_EQ(block["baseFeePerGas"], "0x7");
    EXPECT_EQ(block["stateRoot"], hex(header.state_root));
    EXPECT_EQ(block["extraData"], hex(header.extra_data));
    EXPECT_EQ(block["timestamp"], quantity(header.timestamp));
    EXPECT_EQ(block["size"], quantity(node.snapshot()->encoded_block(1)->size()));
    EXPECT_EQ(block["transactions"].size(), 3u);
    for (const char* name :
         {"sha3Uncles", "miner", "transactionsRoot", "receiptsRoot", "logsBloom", "difficulty", "gasLimit",
          "gasUsed", "uncles", "withdrawals", "withdrawalsRoot", "requestsHash"})
        EXPECT_TRUE(block.contains(name)) << name;
}

TEST_F(ChainMethods, the_hash_of_a_block_is_that_of_the_fields_shown) {
    const Json block = result("eth_getBlockByNumber", {"0x1", false});
    EXPECT_EQ(block, result("eth_getBlockByHash", {block["hash"], false}));
    EXPECT_EQ(block, result("eth_getBlockByNumber", {"pending", false}));
    EXPECT_EQ(block, result("eth_getBlockByNumber", {"finalized"}));
}

TEST_F(ChainMethods, transactions_of_a_block_are_hashes_or_objects) {
    const Json hashes = result("eth_getBlockByNumber", {"0x1", false})["transactions"];
    const Json objects = result("eth_getBlockByNumber", {"0x1", true})["transactions"];
    ASSERT_EQ(hashes.size(), objects.size());
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        EXPECT_EQ(objects[i]["hash"], hashes[i]);
        EXPECT_EQ(objects[i], result("eth_getTransactionByHash", {hashes[i]}));
    }
}

TEST_F(ChainMethods, a_block_reads_the_same_when_it_is_no_longer_recent) {
    const Json recent = result("eth_getBlockByNumber", {"0x1", true});
    auto fresh = std::make_shared<Services>(node, 1);
    std::swap(services, fresh);
    EXPECT_EQ(result("eth_getBlockByNumber", {"0x1", true}), recent);
    EXPECT_EQ(result("eth_getBlockByNumber", {"0x1", false})["transactions"][0],
              recent["transactions"][0]["hash"]);
}

TEST_F(ChainMethods, blocks_that_do_not_exist_are_null) {
    EXPECT_TRUE(result("eth_getBlockByNumber", {"0x2", false}).is_null());
    EXPECT_TRUE(result("eth_getBlockByHash", {hex(core::Hash{}), false}).is_null());
    EXPECT_TRUE(result("eth_getBlockTransactionCountByNumber", {"0x2"}).is_null());
    EXPECT_TRUE(result("eth_getUncleCountByBlockHash", {hex(core::Hash{})}).is_null());
    EXPECT_EQ(result("eth_getBlockByNumber", {"earliest", false})["number"], "0x0");
}

TEST_F(ChainMethods, counts_are_those_of_the_block) {
    const Json hash = result("eth_getBlockByNumber", {"0x1"})["hash"];
    EXPECT_EQ(result("eth_getBlockTransactionCountByNumber", {"0x1"}), "0x3");
    EXPECT_EQ(result("eth_getBlockTransactionCountByHash", {hash}), "0x3");
    EXPECT_EQ(result("eth_getUncleCountByBlockNumber", {"0x1"}), "0x0");
    EXPECT_EQ(result("eth_getUncleCountByBlockHash", {hash}), "0x0");
    EXPECT_TRUE(result("eth_getUncleByBlockNumberAndIndex", {"0x1", "0x0"}).is_null());
}

TEST_F(ChainMethods, wrong_arguments_say_which_and_why) {
    EXPECT_EQ(error("eth_getBlockByNumber", {"1", false})["message"],
              "invalid argument 0: hex string without 0x prefix");
    EXPECT_EQ(error("eth_getBlockByNumber")["message"], "missing value for required argument 0");
    EXPECT_EQ(error("eth_getBlockByNumber", {"0x1", "yes"})["code"], -32602);
    EXPECT_EQ(error("eth_chainId", {1})["message"], "too many arguments, want at most 0");
}

TEST_F(ChainMethods, fee_history_covers_the_blocks_there_are) {
    append({});
    const Json history = result("eth_feeHistory", {"0xa", "latest", {20, 50}});
    EXPECT_EQ(history["oldestBlock"], "0x0");
    EXPECT_EQ(history["baseFeePerGas"], Json({"0x7", "0x7", "0x7", "0x7"}));
    ASSERT_EQ(history["gasUsedRatio"].size(), 3u);
    EXPECT_EQ(history["gasUsedRatio"][0], 0);
    EXPECT_GT(history["gasUsedRatio"][1].get<double>(), 0);
    EXPECT_EQ(history["reward"], Json::parse(R"([["0x0","0x0"],["0x0","0x0"],["0x0","0x0"]])"));
    EXPECT_EQ(result("eth_feeHistory", {1, "0x1", Json::array()})["oldestBlock"], "0x1");
    EXPECT_EQ(error("eth_feeHistory", {"0x1", "latest", {50, 20}})["code"], -32602);
    EXPECT_EQ(error("eth_feeHistory", {"0x1", "0x9", Json::array()})["code"], -32000);
}

TEST_F(ChainMethods, syncing_is_false_or_says_how_far) {
    EXPECT_EQ(result("eth_syncing"), false);
    node.picture.node.syncing = true;
    node.picture.node.best_known_height = 90;
    EXPECT_EQ(result("eth_syncing"),
              (Json{{"startingBlock", "0x0"}, {"currentBlock", "0x1"}, {"highestBlock", "0x5a"}}));
}

}  // namespace
}  // namespace sluice::node::rpc::test
