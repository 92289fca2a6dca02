#include "contracts/evm/tracer.hpp"

#include "tests/contracts/evm/machine_fixture.hpp"

namespace sluice::contracts {
namespace {

using namespace test;
using core::Uint256;

/// Writes down what it is told, a word per event.
class Recorder final : public evm::Tracer {
  public:
    void on_enter(const Message& message, core::Gas caller_gas, JournaledState&) override {
        events.push_back("enter " + std::to_string(message.depth));
        caller_gases.push_back(caller_gas);
    }
    void on_step(const evm::Step& step, JournaledState&) override {
        events.emplace_back(evm::opcodes[step.opcode].name);
        gases.push_back(step.gas);
        places.push_back(step.pc);
        stacks.emplace_back(step.stack.begin(), step.stack.end());
        memory_bytes = step.memory.size();
    }
    void on_exit(const Message&, const CallResult& result, JournaledState&) override {
        events.push_back("exit " + std::string(describe(result.status)));
    }
    void on_self_destruct(const core::Address&, const core::Address&, const Uint256&) override {
        events.emplace_back("gone");
    }
    std::vector<std::string> events;
    std::vector<core::Gas> gases;
    std::vector<core::Gas> caller_gases;
    std::vector<std::uint64_t> places;
    std::vector<std::vector<Uint256>> stacks;
    std::size_t memory_bytes = 0;
};

using Events = std::vector<std::string>;

class TracerTest : public MachineTest {
  protected:
    TracerTest() { tracer = &recorder; }
    Recorder recorder;
};

TEST_F(TracerTest, sees_each_instruction_before_it_runs) {
    run(code(push(5), push_bytes(2, 7), op::add, mstore(0, 1)));
    EXPECT_EQ(recorder.events, (Events{"enter 0", "PUSH1", "PUSH2", "ADD", "PUSH1", "PUSH1", "MSTORE", "STOP",
                                       "exit succeeded"}));
    EXPECT_EQ(recorder.places, (std::vector<std::uint64_t>{0, 2, 5, 6, 8, 10, 11}));
    EXPECT_EQ(recorder.gases[0], gas);
    EXPECT_EQ(recorder.gases[3], gas - 9);
    EXPECT_EQ(recorder.stacks[2], (std::vector<Uint256>{5, 7}));
    EXPECT_EQ(recorder.stacks[3], (std::vector<Uint256>{12}));
    EXPECT_EQ(recorder.memory_bytes, 32u);
}

TEST_F(TracerTest, sees_the_zeros_of_a_push_that_the_code_cuts) {
    run({op::push2, 0xab});
    EXPECT_EQ(recorder.stacks.back(), (std::vector<Uint256>{0xab00}));
    run({op::push32, 0xab});
    EXPECT_EQ(recorder.stacks.back(), (std::vector<Uint256>{Uint256(0xab) << 248}));
}

TEST_F(TracerTest, sees_messages_of_every_kind_begin_and_end) {
    install(other, {op::invalid});
    run(code(push(0), push(0), push(0), push(0), push(other), push(100), op::staticcall));
    const Events last(recorder.events.end() - 6, recorder.events.end());
    EXPECT_EQ(last, (Events{"STATICCALL", "enter 1", "", "exit invalid opcode", "STOP", "exit succeeded"}));
    EXPECT_EQ(recorder.caller_gases.back(), gas - 18 - 2'600 - 100);
}

TEST_F(TracerTest, sees_a_self_destruction) {
    run(code(push(other), op::selfdestruct));
    EXPECT_EQ(recorder.events, (Events{"enter 0", "PUSH20", "SELFDESTRUCT", "gone", "exit succeeded"}));
}

TEST_F(TracerTest, changes_nothing) {
    const core::Bytes program =
        code(loop(100, code(sstore(1, 5), apply(op::keccak256, 0, 64), op::pop)), mstore(0, 9),
             apply(op::create, 0, 0, 32), op::pop, apply(op::revert, 0, 32));
    const CallResult traced = run(program);
    tracer = nullptr;
    state.begin_transaction();
    const CallResult plain = run(program);
    EXPECT_EQ(traced.status, CallStatus::reverted);
    EXPECT_EQ(plain.status, traced.status);
    EXPECT_EQ(plain.gas_left, traced.gas_left);
    EXPECT_EQ(plain.output, traced.output);
    EXPECT_GT(recorder.events.size(), 1'400u);
}

TEST_F(TracerTest, a_million_steps_do_not_pile_up_on_the_native_stack) {
    class Silent final : public evm::Tracer {
      public:
        void on_enter(const Message&, core::Gas, JournaledState&) override {}
        void on_step(const evm::Step&, JournaledState&) override { ++steps; }
        void on_exit(const Message&, const CallResult&, JournaledState&) override {}
        void on_self_destruct(const core::Address&, const core::Address&, const Uint256&) override {}
        std::uint64_t steps = 0;
    } silent;
    tracer = &silent;
    install(self, loop(150'000, {}));
    Message message = to(self);
    message.gas = 100'000'000;
    EXPECT_EQ(send(message).status, CallStatus::succeeded);
    EXPECT_GT(silent.steps, 1'000'000u);
}

}  // namespace
}  // namespace sluice::contracts
