#include "tests/node/rpc/rpc_fixture.hpp"

#include "contracts/creation.hpp"
#include "contracts/native/registry.hpp"
#include "contracts/native/settlement_results.hpp"
#include "core/authorization.hpp"
#include "core/calendar.hpp"
#include "core/merkle.hpp"
#include "tests/contracts/evm/bytecode.hpp"

namespace sluice::node::rpc::test {
namespace {

namespace native = contracts::native;
namespace op = contracts::evm::op;
using contracts::test::code;
using contracts::test::push;
using contracts::test::return_top;
using contracts::test::sstore;
using sluice::test::address_of;

class ContractMethods : public RpcTest {
  protected:
    static Json call_object(const native::ContractCall& call, const char* data_name = "input") {
        return {{"to", hex(call.to)}, {data_name, hex(call.data)}};
    }
    native::ContractCall position() const {
        return native::calls::position(chain.bank(0).chars(), {'E', 'U', 'R'});
    }
    /// Deploys `runtime`; `before` runs once at its creation.
    core::Address deploy(const core::Bytes& runtime, const core::Bytes& before = {}) {
        core::Bytes init = contracts::test::deploying(runtime);
        init[4] += static_cast<std::uint8_t>(before.size());  // where the runtime begins
        const auto creation = chain.make({.to = std::nullopt, .data = code(before, init)});
        append({creation});
        return contracts::creation_address(creation->sender, creation->transaction.nonce);
    }
    static core::Bytes bytes(const Json& text) { return core::from_hex(text.get<std::string>()).value(); }
};

TEST_F(ContractMethods, balance_code_and_storage_are_those_of_the_state) {
    EXPECT_EQ(result("eth_getBalance", {hex(address_of("dev")), "latest"}), "0xd3c21bcecceda1000000");
    EXPECT_EQ(result("eth_getBalance", {hex(address_of("nobody"))}), "0x0");
    EXPECT_EQ(result("eth_getCode", {hex(native::payments_address), "latest"}), "0xfe");
    EXPECT_EQ(result("eth_getCode", {hex(address_of("dev"))}), "0x");
    EXPECT_EQ(result("eth_getStorageAt", {hex(native::payments_address), "0x0", "latest"})
                  .get<std::string>()
                  .size(),
              66u);
}

TEST_F(ContractMethods, state_is_read_as_of_the_block) {
    const auto address = hex(address_of("somebody"));
    append({chain.transfer("somebody", 5)});
    append({chain.transfer("somebody", 5)});
    EXPECT_EQ(result("eth_getBalance", {address, "0x1"}), "0x0");
    EXPECT_EQ(result("eth_getBalance", {address, "0x2"}), "0x5");
    EXPECT_EQ(result("eth_getBalance", {address, "pending"}), "0xa");
    const Json hash = result("eth_getBlockByNumber", {"0x2"})["hash"];
    EXPECT_EQ(result("eth_getBalance", {address, {{"blockHash", hash}}}), "0x5");
    EXPECT_EQ(result("eth_getBalance", {address, {{"blockNumber", "0x2"}}}), "0x5");
    EXPECT_EQ(error("eth_getBalance", {address, "0x9"})["message"], "header not found");
    EXPECT_EQ(error("eth_getBalance", {address, hex(core::Hash{})})["message"], "header not found");
}

TEST_F(ContractMethods, a_call_gives_the_return_data) {
    const auto call = position();
    const auto decoded = native::results::position(bytes(result("eth_call", {call_object(call), "latest"})));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->balance, 1'000'000);
    // Clients send `data`, `input`, or both; and members of their own.
    Json both = call_object(call);
    both["data"] = both["input"];
    both["hardfork"] = "prague";
    both["chainId"] = "0x4e36";
    EXPECT_EQ(result("eth_call", {both, "pending"}), result("eth_call", {call_object(call, "data")}));
    both["data"] = "0x00";
    EXPECT_EQ(error("eth_call", {both})["code"], -32602);
}

TEST_F(ContractMethods, a_call_without_code_returns_nothing) {
    EXPECT_EQ(result("eth_call", {{{"to", hex(address_of("nobody"))}}, "latest"}), "0x");
}

TEST_F(ContractMethods, a_revert_is_code_3_with_its_reason_and_data) {
    const auto call = native::calls::submit(chain.instruction({.amount = 5}));
    Json object = call_object(call);
    object["from"] = hex(address_of("stranger"));
    const Json error = this->error("eth_call", {object, "latest"});
    EXPECT_EQ(error["code"], 3);
    EXPECT_EQ(error["message"], "execution reverted: AG01: the signer may not do this");
    EXPECT_EQ(error["data"], hex(native::abi::encode_refused({'A', 'G', '0', '1'})));
    // An estimate fails with the same words.
    EXPECT_EQ(this->error("eth_estimateGas", {object}), error);
}

TEST_F(ContractMethods, an_estimate_is_enough_and_no_more) {
    const auto call = native::calls::submit(chain.instruction({.amount = 5}));
    Json object = call_object(call);
    object["from"] = hex(address_of("maker-0"));
    const auto gas =
        std::stoull(result("eth_estimateGas", {object, "pending"}).get<std::string>(), nullptr, 16);
    const auto with_gas = [&](std::uint64_t limit) {
        return chain.make({.sender = "maker-0", .to = call.to, .data = call.data, .gas_limit = limit});
    };
    const auto block = append({with_gas(gas)});
    EXPECT_TRUE(block.block->receipts[0].succeeded);
    object["gas"] = quantity(gas - 1);
    EXPECT_EQ(error("eth_call", {object, "0x1"})["code"], -32000);
    EXPECT_EQ(result("eth_estimateGas",
                     {{{"from", hex(address_of("dev"))}, {"to", hex(address_of("x"))}, {"value", "0x1"}}}),
              "0x5208");
}

TEST_F(ContractMethods, what_exceeds_the_allowance_says_so) {
    Json object = call_object(position());
    object["gas"] = "0x5300";
    const auto message = error("eth_estimateGas", {object})["message"].get<std::string>();
    EXPECT_TRUE(message.starts_with("gas required exceeds allowance") ||
                message.starts_with("intrinsic gas too low"))
        << message;
}

TEST_F(ContractMethods, funds_of_a_caller_are_checked_and_can_be_pretended) {
    const Json object{{"from", hex(address_of("poor"))}, {"to", hex(address_of("x"))}, {"value", "0x5"}};
    EXPECT_EQ(error("eth_call", {object, "latest"})["message"], "insufficient funds for gas * price + value");
    const Json overrides{{hex(address_of("poor")), {{"balance", "0x5"}}}};
    EXPECT_EQ(result("eth_call", {object, "latest", overrides}), "0x");
    EXPECT_EQ(result("eth_estimateGas", {object, "latest", overrides}), "0x5208");
}

TEST_F(ContractMethods, overrides_replace_slots_or_the_whole_storage) {
    const core::Bytes two_slots = code(push(5), op::sload, push(6), op::sload, op::sub, return_top());
    const auto contract = hex(deploy(two_slots, code(sstore(5, 3), sstore(6, 9))));
    const auto slot = [](std::uint64_t number) { return hex(core::word_from_u64(number)); };
    const auto difference = [&](const Json& account) {
        return result("eth_call", {{{"to", contract}}, "latest", {{contract, account}}});
    };
    EXPECT_EQ(difference(Json::object()), slot(6));
    EXPECT_EQ(difference({{"stateDiff", Json::object()}}), slot(6));
    EXPECT_EQ(difference({{"stateDiff", {{slot(5), slot(2)}}}}), slot(7));
    EXPECT_EQ(difference({{"state", {{slot(6), slot(1)}}}}), slot(1));
    EXPECT_EQ(difference({{"state", Json::object()}}), slot(0));
    const Json both{{contract, {{"stateDiff", Json::object()}, {"state", Json::object()}}}};
    EXPECT_EQ(error("eth_call", {{{"to", contract}}, "latest", both})["code"], -32602);
}

/// Every native contract and a precompiled one.
std::vector<core::Address> parts_of_the_node() {
    std::vector<core::Address> addresses;
    for (const auto* contract : native::settlement_registry().contracts)
        addresses.push_back(contract->address);
    addresses.push_back(core::Address{});
    addresses.back().back() = 1;
    return addresses;
}

TEST_F(ContractMethods, code_and_storage_of_native_contracts_cannot_be_pretended) {
    const Json slots{{hex(core::Word{0x10}), hex(core::word_from_u64(5))}};
    const Json call = call_object(native::calls::currencies());
    for (const auto& address : parts_of_the_node())
        for (const Json& account : {Json{{"stateDiff", slots}}, Json{{"state", slots}},
                                    Json{{"state", Json::object()}}, Json{{"code", "0xfe"}}}) {
            const Json overrides{{hex(address), account}};
            EXPECT_EQ(error("eth_call", {call, "latest", overrides}),
                      (Json{{"code", -32602},
                            {"message", "invalid argument 2: " + hex(address) +
                                            ": code and storage of native and precompiled contracts cannot "
                                            "be replaced, only balance and nonce"}}));
            EXPECT_EQ(error("eth_estimateGas", {call, "latest", overrides})["code"], -32602);
            EXPECT_EQ(error("debug_traceCall", {call, "latest", {{"stateOverrides", overrides}}})["code"],
                      -32602);
        }
}

TEST_F(ContractMethods, balance_and_nonce_of_native_contracts_can_be_pretended) {
    const Json call = call_object(native::calls::currencies());
    for (const auto& address : parts_of_the_node())
        EXPECT_EQ(
            result("eth_call", {call, "latest", {{hex(address), {{"balance", "0x5"}, {"nonce", "0x5"}}}}}),
            result("eth_call", {call}));
}

TEST_F(ContractMethods, the_block_of_a_call_can_be_pretended) {
    const auto day = [&](const Json& block) {
        const Json object = call_object(native::calls::business_day({'E', 'U', 'R'}));
        return native::results::business_day(bytes(result("eth_call", {object, "latest", nullptr, block})))
            ->value_date;
    };
    EXPECT_EQ(day(nullptr), core::date_at(chain.time_ms(), 0));
    EXPECT_EQ(day({{"time", "0x5e0be100"}}), 20'200'101u);
}

TEST_F(ContractMethods, a_pretended_height_sees_only_hashes_of_blocks_that_exist) {
    const auto contract = deploy(code(push(0), op::calldataload, op::blockhash, return_top()));
    for (int i = 0; i < 3; ++i)
        append({});
    const core::Height head = node.snapshot()->height();
    const auto hash_seen = [&](core::Height asked, const Json& block) {
        const Json call{{"to", hex(contract)}, {"data", hex(core::word_from_u64(asked))}};
        return result("eth_call", {call, "latest", nullptr, block});
    };
    const auto hash_at = [&](core::Height height) { return hex(*node.snapshot()->hash_at(height)); };
    EXPECT_EQ(hash_seen(head - 1, nullptr), hash_at(head - 1));
    const Json later{{"number", quantity(head + 100)}};
    EXPECT_EQ(hash_seen(head - 1, later), hash_at(head - 1));
    EXPECT_EQ(hash_seen(head, later), hash_at(head));
    for (core::Height height = head + 1; height < head + 100; height += 49)
        EXPECT_EQ(hash_seen(height, later), hex(core::Hash{})) << height;
    // Far enough for the ring to have come round: its slots are those of blocks that exist.
    const Json round_later{{"number", quantity(head + 8'191)}};
    EXPECT_EQ(hash_seen(head + 8'190, round_later), hex(core::Hash{}));
}

TEST_F(ContractMethods, authorizations_of_a_call_are_carried_out) {
    const auto contract = deploy(code(op::address, return_top()));
    const auto key = sluice::test::key_of("signer");
    const auto signer = address_of("signer");
    core::Authorization authorization;
    authorization.address = contract;
    core::sign(authorization, key);
    Json call{{"to", hex(signer)}};
    const Json without = result("eth_estimateGas", {call});
    call["authorizationList"] = Json::array({{{"chainId", "0x0"},
                                              {"address", hex(contract)},
                                              {"nonce", "0x0"},
                                              {"yParity", quantity(authorization.y_parity)},
                                              {"r", core::to_quantity(authorization.r)},
                                              {"s", core::to_quantity(authorization.s)}}});
    EXPECT_EQ(result("eth_call", {call}), hex(core::Uint256::from_be(signer).to_word()));
    EXPECT_EQ(without, quantity(21'000));
    const auto gas = std::stoull(result("eth_estimateGas", {call}).get<std::string>(), nullptr, 16);
    EXPECT_GT(gas, 21'000u + 25'000u);
    // The delegate is warm from the start, as the transaction's recipient delegates to it.
    EXPECT_EQ(result("eth_createAccessList", {call})["accessList"], Json::array());

    Json creation = call;
    creation.erase("to");
    EXPECT_EQ(error("eth_call", {creation})["code"], -32602);
    call["authorizationList"][0]["yParity"] = "0x2";
    EXPECT_EQ(error("eth_call", {call})["message"],
              "invalid argument 0: authorizationList: [0]: yParity: expected 0x0 or 0x1");
    call["authorizationList"] = Json::array();
    EXPECT_EQ(error("eth_call", {call})["code"], -32602);
}

TEST_F(ContractMethods, calls_that_take_too_long_are_given_up) {
    const Json call = call_object(position());
    services->call_time_max = std::chrono::milliseconds(0);
    for (const char* method : {"eth_call", "eth_estimateGas", "eth_createAccessList"})
        EXPECT_EQ(error(method, {call}),
                  (Json{{"code", -32005}, {"message", "the call took longer than 0 s"}}));
    services->call_time_max = limits::call_time_max;
    EXPECT_EQ(result("eth_estimateGas", {call}).get<std::string>().substr(0, 2), "0x");
}

TEST_F(ContractMethods, pretended_code_is_no_longer_than_that_of_a_contract) {
    const auto pretending = [](std::size_t bytes) -> Json {
        return {{hex(address_of("x")), {{"code", hex(core::Bytes(bytes, op::jumpdest))}}}};
    };
    const Json call{{"to", hex(address_of("x"))}};
    EXPECT_EQ(result("eth_call", {call, "latest", pretending(24'576)}), "0x");
    EXPECT_EQ(error("eth_call", {call, "latest", pretending(24'577)})["message"],
              "invalid argument 2: " + hex(address_of("x")) + ": code: over the 24576 bytes of a contract");
}

TEST_F(ContractMethods, no_pretended_block_stops_a_native_contract) {
    const auto writer = native::calls::submit(chain.instruction({.amount = 5}));
    const Json maker{
        {"from", hex(address_of("maker-0"))}, {"to", hex(writer.to)}, {"data", hex(writer.data)}};
    const auto latest_second = core::time_ms_max / 1000;
    for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}})
        for (const std::uint64_t time : {std::uint64_t{0}, std::uint64_t{1}, latest_second}) {
            const Json block{{"number", quantity(number)}, {"time", quantity(time)}};
            answer("eth_call", {maker, "latest", nullptr, block});
            for (const auto* contract : native::settlement_registry().contracts)
                for (const auto& method : contract->methods) {
                    core::Bytes data(method.selector.begin(), method.selector.end());
                    data.resize(data.size() + 8 * 32);
                    const Json call{{"to", hex(contract->address)}, {"data", hex(data)}};
                    const Json answered = answer("eth_call", {call, "latest", nullptr, block});
                    EXPECT_TRUE(answered.contains("result") || answered["error"]["code"] == 3) << answered;
                }
        }
    EXPECT_EQ(
        error("eth_call", {maker, "latest", nullptr, {{"time", quantity(latest_second + 1)}}})["message"],
        "invalid argument 3: time: after the year 9999");
}

TEST_F(ContractMethods, unknown_members_of_overrides_are_refused) {
    const Json call = call_object(position());
    const auto message = [&](const Json& state, const Json& block) {
        return error("eth_call", {call, "latest", state, block})["message"];
    };
    const auto somebody = hex(address_of("somebody"));
    EXPECT_EQ(message({{somebody, {{"movePrecompileToAddress", somebody}}}}, nullptr),
              "invalid argument 2: " + somebody + ": movePrecompileToAddress cannot be overridden");
    EXPECT_EQ(message(nullptr, {{"blobBaseFee", "0x1"}}),
              "invalid argument 3: blobBaseFee cannot be overridden");
}

TEST_F(ContractMethods, gas_below_the_floor_of_the_data_is_said_apart_from_intrinsic_gas) {
    Json call{
        {"to", hex(address_of("somebody"))}, {"data", hex(core::Bytes(100, 1))}, {"gas", quantity(22'700)}};
    EXPECT_EQ(error("eth_call", {call})["message"], "insufficient gas for floor data gas cost");
    call["gas"] = quantity(21'100);
    EXPECT_EQ(error("eth_call", {call})["message"], "intrinsic gas too low");
}

TEST_F(ContractMethods, pending_calls_see_the_present_time) {
    const auto next_day_ms = core::UnixMs{24} * 3600 * 1000;
    const Json object = call_object(native::calls::business_day({'E', 'U', 'R'}));
    const auto day_at = [&](const char* tag) {
        return native::results::business_day(bytes(result("eth_call", {object, tag})))->value_date;
    };
    EXPECT_EQ(day_at("latest"), day_at("pending"));
    node.advance(std::chrono::milliseconds(next_day_ms));
    EXPECT_LT(day_at("latest"), day_at("pending"));
}

TEST_F(ContractMethods, proofs_hold_under_the_state_root) {
    const auto key = core::word_from_u64(0);
    const Json proof = result("eth_getProof", {hex(native::governance_address), {"0x0"}, "latest"});
    const auto nodes = [](const Json& list) {
        std::vector<core::Bytes> out;
        for (const Json& encoded : list)
            out.push_back(bytes(encoded));
        return out;
    };
    const auto account_key = core::keccak256(native::governance_address);
    const auto account = core::merkle::verify_proof(node.snapshot()->head().state_root, account_key,
                                                    nodes(proof["accountProof"]));
    ASSERT_TRUE(account && *account);
    const auto storage_hash = core::hash_from_hex(proof["storageHash"].get<std::string>()).value();
    const auto slot_key = core::keccak256(key);
    const auto slot =
        core::merkle::verify_proof(storage_hash, slot_key, nodes(proof["storageProof"][0]["proof"]));
    ASSERT_TRUE(slot);
    EXPECT_EQ(slot->has_value(), proof["storageProof"][0]["value"] != "0x0");
    EXPECT_EQ(proof["nonce"], "0x1");

    const Json absent = result("eth_getProof", {hex(address_of("nobody")), Json::array(), "0x1"});
    const auto nobody = core::keccak256(address_of("nobody"));
    EXPECT_FALSE(
        core::merkle::verify_proof(node.snapshot()->head().state_root, nobody, nodes(absent["accountProof"]))
            .value());
    EXPECT_EQ(absent["codeHash"], hex(core::empty_code_hash));
    EXPECT_EQ(absent["storageHash"], hex(core::empty_trie_root));
    EXPECT_EQ(error("eth_getProof", {hex(address_of("nobody")), Json::array(), "0x7"})["message"],
              "header not found");
}

class ShortMemory : public RpcTest {
  protected:
    static sluice::test::TestChainOptions options() {
        sluice::test::TestChainOptions options;
        options.ledger.state.history_blocks = 4;
        options.ledger.state.proof_blocks = 2;
        options.ledger.state.flush_blocks = 2;
        return options;
    }
    ShortMemory() : RpcTest(options()) {}
};

TEST_F(ShortMemory, state_that_is_gone_names_the_oldest_that_is_not) {
    for (int i = 0; i < 10; ++i)
        append({});
    const Json error = this->error("eth_getBalance", {hex(address_of("dev")), "0x1"});
    EXPECT_EQ(error["code"], -32000);
    EXPECT_EQ(error["message"],
              "state of block 1 is not available: the oldest state kept here is that of block " +
                  std::to_string(node.snapshot()->oldest_state()));
    EXPECT_EQ(result("eth_getBalance", {hex(address_of("dev")), quantity(node.snapshot()->oldest_state())}),
              result("eth_getBalance", {hex(address_of("dev"))}));
    EXPECT_EQ(this->error("eth_getProof", {hex(address_of("dev")), Json::array(), "0x1"})["code"], -32000);
}

}  // namespace
}  // namespace sluice::node::rpc::test
