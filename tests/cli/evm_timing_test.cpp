#include "cli/bench/evm_timing.hpp"

#include <gtest/gtest.h>

namespace sluice::cli::bench {
namespace {

constexpr TimingLimits brief{.seconds = 0, .runs_max = 3};

/// sstore(0, sload(0) + 1), return it.
const core::Bytes counting = *core::from_hex("6001600054018060005560005260206000f3");

Json fixture() {
    return Json::parse(R"({"first": {"_info": {},
      "env": {"currentCoinbase": "0x2adc25665018aa1fe0e6bc666dac8fc2697ff9ba", "currentNumber": "0x01",
              "currentTimestamp": "0x03e8", "currentGasLimit": "0x05f5e100", "currentBaseFee": "0x0a",
              "currentRandom": "0x00"},
      "pre": {"0x00000000000000000000000000000000000000c0": {"nonce": "0x01", "balance": "0x00",
                "code": "0x6001600054018060005560005260206000f3", "storage": {"0x00": "0x29"}},
              "0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b": {"nonce": "0x00", "balance": "0x0de0b6b3a7640000",
                "code": "0x", "storage": {}}},
      "transaction": {"nonce": "0x00", "gasPrice": "0x0a", "gasLimit": ["0x0f4240", "0x00"],
                "to": "0x00000000000000000000000000000000000000c0", "value": ["0x00"], "data": ["0x"],
                "sender": "0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b", "secretKey": "0x01"},
      "post": {"Cancun": [{"indexes": {"data": 0, "gas": 0, "value": 0}}],
               "Prague": [{"indexes": {"data": 0, "gas": 0, "value": 0}},
                          {"indexes": {"data": 0, "gas": 1, "value": 0}}]}}})");
}

TEST(EvmTiming, each_run_of_code_begins_with_empty_storage) {
    const auto timing = time_code(counting, {}, 1'000'000, brief);
    EXPECT_EQ(timing.status, "succeeded");
    EXPECT_EQ(timing.output.back(), 1);
    EXPECT_EQ(timing.runs, 3u);
    EXPECT_GT(timing.median_ns, 0);
    EXPECT_LE(timing.least_ns, timing.median_ns);
    // 2,100 for the cold slot, 20,000 for the new value and a few words.
    EXPECT_GT(timing.gas, 22'100u);
    EXPECT_LT(timing.gas, 22'200u);
}

TEST(EvmTiming, code_that_fails_is_timed_and_says_so) {
    const auto timing = time_code(*core::from_hex("5b600056"), {}, 100'000, brief);
    EXPECT_EQ(timing.gas, 100'000u);
    EXPECT_NE(timing.status, "succeeded");
}

TEST(EvmTiming, input_reaches_the_code) {
    core::Bytes input(32);
    input[31] = 7;
    const auto timing = time_code(*core::from_hex("60003560005260206000f3"), input, 100'000, brief);
    EXPECT_EQ(timing.output, input);
}

TEST(EvmTiming, the_transaction_of_a_state_test_runs_over_its_state_with_the_newest_rules) {
    const auto test = read_state_case(fixture(), {});
    ASSERT_TRUE(test.has_value()) << test.error();
    EXPECT_EQ(test->name, "first/Prague/0");
    const auto timing = time_transaction(*test, brief);
    ASSERT_TRUE(timing.has_value()) << timing.error();
    EXPECT_EQ(timing->status, "succeeded");
    EXPECT_EQ(timing->output.back(), 42);
    EXPECT_GT(timing->gas, 21'000u + 5'000);
}

TEST(EvmTiming, a_transaction_with_blobs_gives_its_code_their_hashes) {
    Json file = fixture();
    Json& transaction = file["first"]["transaction"];
    transaction["maxFeePerGas"] = transaction["maxPriorityFeePerGas"] = "0x0a";
    transaction["maxFeePerBlobGas"] = "0x01";
    const std::string hash = "0x01" + std::string(60, '0') + "2a";
    transaction["blobVersionedHashes"] = Json::array({hash});
    // return blobhash(0)
    file["first"]["pre"]["0x00000000000000000000000000000000000000c0"]["code"] = "0x60004960005260206000f3";
    const auto test = read_state_case(file, {});
    ASSERT_TRUE(test.has_value()) << test.error();
    const auto timing = time_transaction(*test, brief);
    ASSERT_TRUE(timing.has_value()) << timing.error();
    EXPECT_EQ(core::to_hex_0x(timing->output), hash);
}

TEST(EvmTiming, the_code_that_an_authorization_names_runs_in_its_signers_account) {
    Json file = fixture();
    Json& test = file["first"];
    Json& transaction = test["transaction"];
    transaction["maxFeePerGas"] = transaction["maxPriorityFeePerGas"] = "0x0a";
    core::Authorization authorization;
    authorization.chain_id = 1;
    ASSERT_TRUE(core::from_hex_exactly("0x00000000000000000000000000000000000000c0", authorization.address));
    const crypto::PrivateKey key(core::Uint256(7).to_word());
    core::sign(authorization, key);
    transaction["authorizationList"] = Json::array({{{"chainId", "0x01"},
                                                     {"address", core::to_hex_0x(authorization.address)},
                                                     {"nonce", "0x00"},
                                                     {"v", authorization.y_parity == 0 ? "0x00" : "0x01"},
                                                     {"r", core::to_quantity(authorization.r)},
                                                     {"s", core::to_quantity(authorization.s)}}});
    const std::string signer = core::to_hex_0x(crypto::address_of(key));
    transaction["to"] = signer;
    test["pre"][signer] = {
        {"nonce", "0x00"}, {"balance", "0x00"}, {"code", "0x"}, {"storage", {{"0x00", "0x05"}}}};
    const auto read = read_state_case(file, {});
    ASSERT_TRUE(read.has_value()) << read.error();
    const auto timing = time_transaction(*read, brief);
    ASSERT_TRUE(timing.has_value()) << timing.error();
    EXPECT_EQ(timing->status, "succeeded");
    ASSERT_EQ(timing->output.size(), 32u);
    EXPECT_EQ(timing->output.back(), 6);
}

TEST(EvmTiming, a_list_that_is_no_list_is_refused) {
    for (const auto* name : {"authorizationList", "blobVersionedHashes"}) {
        Json file = fixture();
        Json& transaction = file["first"]["transaction"];
        transaction["maxFeePerGas"] = transaction["maxPriorityFeePerGas"] = "0x0a";
        transaction["maxFeePerBlobGas"] = "0x01";
        transaction[name] = "0x";
        EXPECT_FALSE(read_state_case(file, {}).has_value()) << name;
    }
}

TEST(EvmTiming, fork_and_case_are_chosen_and_what_is_not_there_is_refused) {
    EXPECT_EQ(read_state_case(fixture(), {.name = "irs", .fork = "Cancun", .index = 0})->name,
              "first/Cancun/0");
    EXPECT_FALSE(read_state_case(fixture(), {.name = "second"}).has_value());
    EXPECT_FALSE(read_state_case(fixture(), {.fork = "Osaka"}).has_value());
    EXPECT_FALSE(read_state_case(fixture(), {.fork = "Nowhere"}).has_value());
    EXPECT_FALSE(read_state_case(fixture(), {.index = 2}).has_value());
    const auto without_gas = read_state_case(fixture(), {.index = 1});
    ASSERT_TRUE(without_gas.has_value());
    EXPECT_FALSE(time_transaction(*without_gas, brief).has_value()) << "its gas limit is zero";
}

TEST(EvmTiming, any_json_is_read_or_refused) {
    for (const auto* text : {"null", "[]", "{}", "{\"a\": 1}", "{\"a\": {\"post\": 1}}",
                             "{\"a\": {\"post\": {\"Osaka\": 1}}}", "{\"a\": {\"post\": {\"Osaka\": [1]}}}"})
        EXPECT_FALSE(read_state_case(Json::parse(text), {}).has_value()) << text;
    // Each member of the fixture missing, null, or of another type.
    const auto whole = fixture().flatten();
    for (const auto& [pointer, value] : whole.items())
        for (const auto& other : {Json(), Json(5), Json("zz"), Json("0x" + std::string(65, 'f'))}) {
            auto altered = fixture();
            altered[Json::json_pointer(pointer)] = other;
            const auto test = read_state_case(altered, {});
            EXPECT_TRUE(test.has_value() || !test.error().empty());
        }
}

}  // namespace
}  // namespace sluice::cli::bench
