#include "contracts/simulation.hpp"

#include <gtest/gtest.h>

#include "tests/contracts/evm/bytecode.hpp"
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

/// Wants to stop after some questions, and counts them.
class Impatience final : public evm::StopRequest {
  public:
    explicit Impatience(std::uint64_t patience) : patience_(patience) {}
    bool should_stop() override { return ++asked > patience_; }
    std::uint64_t asked = 0;

  private:
    std::uint64_t patience_;
};

/// Calls of bytecode at one address.
class StopTest : public SimulationTest {
  protected:
    static constexpr core::Address contract{0xc0, 0xde};

    CallOutcome run(const core::Bytes& bytecode, Impatience& stop) {
        install(bytecode);
        return simulate_call(chain.state, block, asked(), {cap, &stop}, toy_registry());
    }
    void install(const core::Bytes& bytecode) {
        chain.state.put(contract, {.nonce = 1, .balance = {}});
        chain.state.put_code(contract, bytecode);
    }
    static CallRequest asked() {
        CallRequest request;
        request.from = ToyChain::rich();
        request.to = contract;
        return request;
    }
};

TEST_F(StopTest, code_that_jumps_for_ever_is_given_up_before_its_gas_is) {
    const core::Bytes by_two_instructions = code(op::jumpdest, push(0), op::jump);
    const core::Bytes by_a_condition = code(op::jumpdest, push(1), push(0), op::jumpi);
    const core::Bytes by_a_fused_jump = code(op::jumpdest, push_bytes(2, 0), op::jump);
    for (const core::Bytes& endless : {by_two_instructions, by_a_condition, by_a_fused_jump}) {
        Impatience stop(1'000);
        EXPECT_EQ(run(endless, stop).status, CallStatus::stopped);
        EXPECT_EQ(stop.asked, 1'001u);
    }
}

TEST_F(StopTest, messages_inside_each_other_are_given_up_all_together) {
    // Calls itself, and goes on whatever became of the call.
    Impatience stop(100);
    run(code(op::jumpdest, push(0), push(0), push(0), push(0), push(0), push(contract), op::gas, op::call,
             op::pop, push(0), op::jump),
        stop);
    // Each of the messages that are open asks once more.
    EXPECT_LE(stop.asked, 250u);
}

TEST_F(StopTest, a_patient_caller_sees_what_anybody_sees) {
    const core::Bytes loops = code(loop(500, code(push(0), op::sload, push(1), op::add, push(0), op::sstore)),
                                   push(0), op::sload, return_top());
    Impatience stop(~std::uint64_t{0});
    const CallOutcome watched = run(loops, stop);
    const CallOutcome alone = simulate_call(chain.state, block, asked(), cap, toy_registry());
    EXPECT_TRUE(watched.succeeded());
    EXPECT_EQ(core::Uint256::from_be(watched.output), core::Uint256(500));
    EXPECT_EQ(watched.output, alone.output);
    EXPECT_EQ(watched.gas_used, alone.gas_used);
    EXPECT_GE(stop.asked, 500u);
}

TEST_F(StopTest, the_runs_of_an_estimate_share_one_patience) {
    // Needs far more gas than it uses, so that bisection runs it again and again.
    install(code(push_bytes(4, 5'000'000), op::gas, op::gt, push_bytes(2, 12), op::jumpi, op::invalid,
                 op::jumpdest, op::stop));
    Impatience patient(~std::uint64_t{0});
    ASSERT_TRUE(estimate_gas(chain.state, block, asked(), {cap, &patient}, toy_registry()).has_value());
    Impatience stop(patient.asked / 2);
    static_cast<void>(estimate_gas(chain.state, block, asked(), {cap, &stop}, toy_registry()));
    EXPECT_GT(stop.asked, patient.asked / 2);
    EXPECT_LT(stop.asked, patient.asked);
}

}  // namespace
}  // namespace sluice::contracts
