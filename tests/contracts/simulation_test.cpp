#include "contracts/simulation.hpp"

#include <gtest/gtest.h>

#include "tests/contracts/toy_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;
using core::Uint256;

constexpr core::Gas cap = 10'000'000;

class SimulationTest : public testing::Test {
  protected:
    template <typename... Ts>
    static CallRequest request(const Selector& selector, const Ts&... arguments) {
        CallRequest result;
        result.from = ToyChain::rich();
        result.to = toy_address;
        result.data = abi::encode_call(selector, arguments...);
        return result;
    }
    CallOutcome simulate(const CallRequest& asked, core::Gas gas_cap = cap) {
        return simulate_call(chain.state, block, asked, gas_cap, toy_registry());
    }
    core::Result<core::Gas, CallOutcome> estimate(const CallRequest& asked) {
        return estimate_gas(chain.state, block, asked, cap, toy_registry());
    }
    ToyChain chain;
    BlockContext block = chain.next_context();
};

TEST_F(SimulationTest, a_call_returns_output_logs_and_gas_as_a_block_would) {
    const CallRequest asked = request(selector_of("put(uint256,uint256)"), Uint256(1), Uint256(2));
    const CallOutcome outcome = simulate(asked);
    EXPECT_TRUE(outcome.succeeded());
    EXPECT_EQ(outcome.output, abi::encode(Uint256(0)));
    EXPECT_EQ(outcome.logs.size(), 1u);
    const ExecutionResult executed = chain.append({make({.data = asked.data})});
    EXPECT_EQ(outcome.gas_used, executed.gas_used);
}

TEST_F(SimulationTest, a_call_leaves_no_trace) {
    simulate(request(selector_of("put(uint256,uint256)"), Uint256(1), Uint256(2)));
    EXPECT_EQ(chain.state.storage(toy_address, toy_slot(1)), core::Word{});
    EXPECT_EQ(simulate(request(selector_of("get(uint256)"), Uint256(1))).output, abi::encode(Uint256(0)));
}

TEST_F(SimulationTest, a_revert_carries_its_data) {
    const CallOutcome outcome = simulate(request(selector_of("fail(string)"), std::string_view("no")));
    EXPECT_FALSE(outcome.succeeded());
    EXPECT_EQ(outcome.status, CallStatus::reverted);
    EXPECT_EQ(abi::decode_error(outcome.output), "no");
}

TEST_F(SimulationTest, anybody_may_call_without_funds_for_gas_and_without_nonce) {
    CallRequest asked = request(selector_of("who()"));
    asked.from = core::Address{};
    asked.gas_price = ~Uint256(0);
    EXPECT_TRUE(simulate(asked).succeeded());
}

TEST_F(SimulationTest, a_call_in_the_name_of_a_contract_is_allowed) {
    CallRequest asked = request(selector_of("who()"));
    asked.from = toy_governance;
    EXPECT_EQ(simulate(asked).output, abi::encode(toy_governance, toy_governance));
}

TEST_F(SimulationTest, value_must_be_there) {
    CallRequest asked;
    asked.from = ToyChain::member(9);
    asked.to = ToyChain::member(8);
    asked.value = Uint256(1);
    EXPECT_EQ(simulate(asked).refusal, Refusal::insufficient_funds);
}

TEST_F(SimulationTest, the_cap_bounds_the_work_whatever_was_asked) {
    CallRequest asked = request(selector_of("spend(uint64)"), std::uint64_t{500'000});
    asked.gas = 100'000'000;
    EXPECT_TRUE(simulate(asked).succeeded());
    EXPECT_EQ(simulate(asked, 400'000).status, CallStatus::out_of_gas);
    asked.gas = 10'000;
    EXPECT_EQ(simulate(asked).refusal, Refusal::gas_below_intrinsic);
    asked.gas = 100'000;
    EXPECT_EQ(simulate(asked).status, CallStatus::out_of_gas);
}

TEST_F(SimulationTest, a_creation_runs_its_code) {
    CallRequest creation;
    creation.from = ToyChain::rich();
    creation.data = {0x5f, 0x5f, 0xf3};  // PUSH0 PUSH0 RETURN
    EXPECT_TRUE(simulate(creation).succeeded());
    ASSERT_TRUE(estimate(creation).has_value());
    EXPECT_EQ(*estimate(creation), 21'000u + 32'000 + 3 * 16 + 2 + 2 + 2);
    creation.data = {0x5f, 0x5f, 0xfd};  // PUSH0 PUSH0 REVERT
    EXPECT_EQ(simulate(creation).status, CallStatus::reverted);
}

TEST_F(SimulationTest, an_estimate_suffices_and_one_less_does_not) {
    for (const CallRequest& asked :
         {request(selector_of("put(uint256,uint256)"), Uint256(1), Uint256(2)), request(selector_of("who()")),
          request(selector_of("spend(uint64)"), std::uint64_t{777'777})}) {
        const auto gas = estimate(asked);
        ASSERT_TRUE(gas.has_value());
        CallRequest exact = asked;
        exact.gas = *gas;
        EXPECT_TRUE(simulate(exact).succeeded());
        exact.gas = *gas - 1;
        EXPECT_FALSE(simulate(exact).succeeded());
    }
}

TEST_F(SimulationTest, an_estimate_of_a_plain_transfer_is_21000) {
    CallRequest asked;
    asked.from = ToyChain::rich();
    asked.to = ToyChain::member(8);
    asked.value = Uint256(1);
    const auto gas = estimate(asked);
    ASSERT_TRUE(gas.has_value());
    EXPECT_EQ(*gas, 21'000u);
}

TEST_F(SimulationTest, an_estimate_covers_the_floor_of_calldata) {
    CallRequest asked;
    asked.from = ToyChain::rich();
    asked.to = ToyChain::member(8);
    asked.data = core::Bytes(100, 1);
    const auto gas = estimate(asked);
    ASSERT_TRUE(gas.has_value());
    EXPECT_EQ(*gas, 21'000u + 4'000);
}

TEST_F(SimulationTest, an_estimate_of_a_failing_call_says_why) {
    const auto reverted_call = estimate(request(selector_of("fail(string)"), std::string_view("no")));
    ASSERT_FALSE(reverted_call.has_value());
    EXPECT_EQ(abi::decode_error(reverted_call.error().output), "no");
    const auto starved = estimate(request(selector_of("spend(uint64)"), ~std::uint64_t{0} / 2));
    ASSERT_FALSE(starved.has_value());
    EXPECT_EQ(starved.error().status, CallStatus::out_of_gas);
}

}  // namespace
}  // namespace sluice::contracts
