#include "node/config.hpp"

#include <gtest/gtest.h>

#include <map>

namespace sluice::node {
namespace {

constexpr std::string_view whole = R"(
name = "bank-a"
data_dir = "data"
genesis = "../genesis.json"
[key]
file = "validator.json"
password_file = "/etc/secret"
[p2p]
listen = "127.0.0.1:9001"
peers = ["127.0.0.1:9002", "0x00000000000000000000000000000000000000aa@node-c:9003"]
authority = "ca.pem"
certificate = "node.pem"
private_key = "node.key"
[consensus]
block_interval_ms = 50
)";

Environment environment_of(std::map<std::string, std::string> variables) {
    return [variables](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

std::string error_of(std::string_view text, std::map<std::string, std::string> variables = {}) {
    const auto config = parse_config(text, "/base", environment_of(std::move(variables)));
    return config ? "" : config.error().message;
}

TEST(Config, a_whole_file_is_read) {
    const auto config = parse_config(whole, "/base/node", environment_of({}));
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->name, "bank-a");
    EXPECT_EQ(config->p2p_listen, (Endpoint{"127.0.0.1", 9001}));
    ASSERT_EQ(config->p2p_peers.size(), 2u);
    EXPECT_FALSE(config->p2p_peers[0].address);
    EXPECT_EQ(config->p2p_peers[1].endpoint, (Endpoint{"node-c", 9003}));
    EXPECT_EQ(config->p2p_peers[1].address->back(), 0xaa);
    EXPECT_EQ(config->block_interval_ms, 50u);
}

TEST(Config, observers_are_absent_or_a_list_of_addresses) {
    EXPECT_FALSE(parse_config(whole, "/base", environment_of({}))->p2p_observers);
    const auto none = parse_config(whole, "/base", environment_of({{"SLUICE_P2P_OBSERVERS", ""}}));
    ASSERT_TRUE(none) << none.error().message;
    ASSERT_TRUE(none->p2p_observers);
    EXPECT_TRUE(none->p2p_observers->empty());
    const std::string one = "0x00000000000000000000000000000000000000ab";
    const auto listed = parse_config(whole, "/base", environment_of({{"SLUICE_P2P_OBSERVERS", one}}));
    ASSERT_TRUE(listed && listed->p2p_observers);
    EXPECT_EQ(listed->p2p_observers->at(0), *core::address_from_hex(one));
    EXPECT_NE(error_of(whole, {{"SLUICE_P2P_OBSERVERS", "bank-a"}}).find("40 hexadecimal digits"),
              std::string::npos);
}

TEST(Config, relative_paths_are_relative_to_the_file) {
    const auto config = parse_config(whole, "/base/node", environment_of({}));
    ASSERT_TRUE(config);
    EXPECT_EQ(config->data_dir, "/base/node/data");
    EXPECT_EQ(config->genesis_file, "/base/genesis.json");
    EXPECT_EQ(config->password_file, "/etc/secret");
    EXPECT_TRUE(config->p2p_revocation_file.empty());
}

TEST(Config, an_environment_variable_overrides_the_file) {
    const auto config = parse_config(
        whole, "/base",
        environment_of({{"SLUICE_CONSENSUS_BLOCK_INTERVAL_MS", "7"}, {"SLUICE_P2P_PEERS", "h:1,i:2"}}));
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->block_interval_ms, 7u);
    EXPECT_EQ(config->p2p_peers.size(), 2u);
}

TEST(Config, a_bad_environment_value_names_the_variable) {
    EXPECT_EQ(error_of(whole, {{"SLUICE_CONSENSUS_BLOCK_INTERVAL_MS", "fast"}}),
              "SLUICE_CONSENSUS_BLOCK_INTERVAL_MS = fast: allowed is a whole number");
}

TEST(Config, an_unknown_key_is_refused_with_the_nearest_name) {
    EXPECT_EQ(error_of("nmae = \"x\"\n"), "line 1: unknown key 'nmae'; did you mean 'name'?");
}

TEST(Config, a_value_out_of_range_says_what_is_allowed) {
    EXPECT_EQ(error_of("[consensus]\nblock_interval_ms = 10001\n"),
              "line 2: consensus.block_interval_ms = 10001: allowed is a number from 0 to 10000");
}

TEST(Config, how_an_empty_ledger_begins_is_chosen_and_a_trusted_block_named) {
    const std::string hash = "0x" + std::string(64, 'a');
    const auto chosen = [&](const std::string& lines) {
        return parse_config(std::string(whole) + lines, "/base", environment_of({}));
    };
    EXPECT_EQ(chosen("")->sync_start, SyncStart::automatic);
    EXPECT_EQ(chosen("")->snapshot_interval, 1024u);
    EXPECT_EQ(chosen("\n[sync]\nstart = \"genesis\"\n")->sync_start, SyncStart::genesis);
    const auto config = chosen("\n[sync]\nstart = \"snapshot\"\ntrusted_block = \"12:" + hash + "\"\n");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->sync_start, SyncStart::snapshot);
    EXPECT_EQ(config->sync_trusted, (TrustedBlock{12, *core::hash_from_hex(hash)}));
    for (const auto& wrong :
         std::vector<std::string>{"12", "0:" + hash, "x:" + hash, "12:" + hash + "b", "12:0xaa", ":" + hash})
        EXPECT_FALSE(chosen("\n[sync]\ntrusted_block = \"" + wrong + "\"\n")) << wrong;
    EXPECT_FALSE(chosen("\n[sync]\nstart = \"fast\"\n"));
}

TEST(Config, a_history_of_bodies_that_joiners_could_not_use_is_refused) {
    const auto error = [&](const std::string& ledger) {
        return error_of(whole, {{"SLUICE_LEDGER_BLOCK_HISTORY", ledger}});
    };
    EXPECT_EQ(error("0"), "");
    EXPECT_EQ(error("4096"), "");
    EXPECT_NE(error("4095").find("four times"), std::string::npos);
    EXPECT_NE(error_of(whole, {{"SLUICE_LEDGER_BLOCK_HISTORY", "4096"}, {"SLUICE_LEDGER_ARCHIVE", "true"}})
                  .find("archive"),
              std::string::npos);
    EXPECT_EQ(
        error_of(whole, {{"SLUICE_LEDGER_BLOCK_HISTORY", "64"}, {"SLUICE_LEDGER_SNAPSHOT_INTERVAL", "8"}}),
        "");
}

TEST(Config, a_value_of_another_type_says_what_is_allowed) {
    EXPECT_EQ(error_of("name = 5\n"), "line 1: name = 5: allowed is a text");
}

TEST(Config, a_missing_key_is_named_with_its_meaning) {
    EXPECT_EQ(error_of("name = \"x\"\n"), "key 'data_dir' is missing: folder of the ledger and the vote log");
}

TEST(Config, broken_toml_names_the_line) {
    EXPECT_EQ(error_of("name = \n").rfind("line 1: ", 0), 0u);
}

TEST(Config, an_endpoint_needs_a_host_and_a_port) {
    EXPECT_TRUE(parse_endpoint("127.0.0.1:80"));
    EXPECT_EQ(parse_endpoint("[::1]:80")->host, "::1");
    EXPECT_FALSE(parse_endpoint("127.0.0.1"));
    EXPECT_FALSE(parse_endpoint(":80"));
    EXPECT_FALSE(parse_endpoint("h:"));
    EXPECT_FALSE(parse_endpoint("h:70000"));
    EXPECT_FALSE(parse_endpoint("h:1x"));
}

}  // namespace
}  // namespace sluice::node
