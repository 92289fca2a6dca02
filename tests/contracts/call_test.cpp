#include "contracts/call.hpp"

#include <gtest/gtest.h>

#include "tests/contracts/toy_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

constexpr core::Gas put_gas =
    cost::entry + cost::mapping_slot + cost::slot_read + cost::slot_write + cost::log(2, 32);

class CallTest : public testing::Test {
  protected:
    CallTest() { state.begin_transaction(); }

    Message to_toy(core::Bytes input) {
        input_ = std::move(input);
        return {.kind = CallKind::call,
                .is_static = false,
                .depth = 0,
                .gas = 100'000,
                .sender = ToyChain::rich(),
                .recipient = toy_address,
                .code_address = toy_address,
                .value = {},
                .input = input_};
    }
    Message put_message() {
        return to_toy(
            abi::encode_call(selector_of("put(uint256,uint256)"), core::Uint256(1), core::Uint256(42)));
    }

    ToyChain chain;
    BlockContext block = chain.next_context();
    JournaledState state{chain.state};
    evm::Machine machine;
    Execution execution{.state = state,
                        .block = block,
                        .registry = toy_registry(),
                        .machine = machine,
                        .origin = ToyChain::member(9),
                        .gas_price = {}};

  private:
    core::Bytes input_;
};

TEST_F(CallTest, a_native_method_writes_logs_and_returns) {
    const CallResult result = call(execution, put_message());
    ASSERT_EQ(result.status, CallStatus::succeeded);
    EXPECT_EQ(result.gas_left, 100'000 - put_gas);
    EXPECT_EQ(result.output, abi::encode(core::Uint256(0)));
    EXPECT_EQ(state.storage(toy_address, toy_slot(1)), core::word_from_u64(42));
    ASSERT_EQ(state.logs().size(), 1u);
    EXPECT_EQ(state.logs()[0].address, toy_address);
    EXPECT_EQ(state.logs()[0].topics,
              (std::vector<core::Word>{topic_of("Put(uint256,uint256)"), core::word_from_u64(1)}));
    EXPECT_EQ(state.logs()[0].data, abi::encode(core::Uint256(42)));
}

TEST_F(CallTest, a_refusal_undoes_writes_and_logs_and_gives_gas_back) {
    const CallResult result =
        call(execution, to_toy(abi::encode_call(selector_of("putThenRefuse(uint256,uint256)"),
                                                core::Uint256(1), core::Uint256(42))));
    EXPECT_EQ(result.status, CallStatus::reverted);
    EXPECT_EQ(result.gas_left, 100'000 - put_gas);
    EXPECT_EQ(abi::decode_refused(result.output), abi::iso_code("AM05"));
    EXPECT_EQ(state.storage(toy_address, toy_slot(1)), core::Word{});
    EXPECT_TRUE(state.logs().empty());
}

TEST_F(CallTest, a_revert_with_text_is_an_error_string) {
    const CallResult result =
        call(execution, to_toy(abi::encode_call(selector_of("fail(string)"), std::string_view("not today"))));
    EXPECT_EQ(result.status, CallStatus::reverted);
    EXPECT_EQ(abi::decode_error(result.output), "not today");
}

TEST_F(CallTest, unknown_selectors_short_input_and_bad_arguments_revert_without_data) {
    core::Bytes bad_arguments = abi::encode_call(selector_of("put(uint256,uint256)"), core::Uint256(1));
    for (const core::Bytes& input :
         {core::Bytes{}, core::Bytes{1, 2, 3}, core::Bytes{1, 2, 3, 4}, bad_arguments}) {
        const CallResult result = call(execution, to_toy(input));
        EXPECT_EQ(result.status, CallStatus::reverted);
        EXPECT_TRUE(result.output.empty());
        EXPECT_GT(result.gas_left, 0u);
    }
}

TEST_F(CallTest, the_price_is_paid_before_the_work) {
    Message message = put_message();
    message.gas = put_gas;
    EXPECT_EQ(call(execution, message).gas_left, 0u);
    message.gas = put_gas - 1;
    const CallResult result = call(execution, message);
    EXPECT_EQ(result.status, CallStatus::out_of_gas);
    EXPECT_EQ(result.gas_left, 0u);
    message.gas = cost::entry - 1;
    EXPECT_EQ(call(execution, message).status, CallStatus::out_of_gas);
}

TEST_F(CallTest, gas_may_depend_on_the_arguments) {
    const CallResult result =
        call(execution, to_toy(abi::encode_call(selector_of("spend(uint64)"), std::uint64_t{1'234})));
    EXPECT_EQ(result.gas_left, 100'000 - cost::entry - 1'234);
}

TEST_F(CallTest, methods_know_caller_and_origin) {
    const CallResult result = call(execution, to_toy(abi::encode_call(selector_of("who()"))));
    EXPECT_EQ(result.output, abi::encode(ToyChain::rich(), ToyChain::member(9)));
}

TEST_F(CallTest, a_static_call_may_look_but_not_write) {
    Message look = to_toy(abi::encode_call(selector_of("get(uint256)"), core::Uint256(1)));
    look.kind = CallKind::static_call;
    look.is_static = true;
    EXPECT_EQ(call(execution, look).status, CallStatus::succeeded);
    Message write = put_message();
    write.kind = CallKind::static_call;
    write.is_static = true;
    const CallResult result = call(execution, write);
    EXPECT_EQ(result.status, CallStatus::static_violation);
    EXPECT_EQ(result.gas_left, 0u);
}

TEST_F(CallTest, a_static_call_with_value_is_a_violation) {
    Message message = to_toy({});
    message.is_static = true;
    message.value = core::Uint256(1);
    EXPECT_EQ(call(execution, message).status, CallStatus::static_violation);
}

TEST_F(CallTest, native_contracts_take_no_coin) {
    Message message = put_message();
    message.value = core::Uint256(1);
    EXPECT_EQ(call(execution, message).status, CallStatus::reverted);
    EXPECT_TRUE(state.balance(toy_address).is_zero());
}

TEST_F(CallTest, native_contracts_cannot_run_over_foreign_storage) {
    for (const CallKind kind : {CallKind::delegate_call, CallKind::call_code}) {
        Message message = put_message();
        message.kind = kind;
        message.recipient = ToyChain::member(5);
        const CallResult result = call(execution, message);
        EXPECT_EQ(result.status, CallStatus::wrong_call_kind);
        EXPECT_EQ(result.gas_left, 0u);
    }
}

TEST_F(CallTest, value_moves_to_an_account_without_code) {
    Message message = to_toy({});
    message.recipient = message.code_address = ToyChain::member(7);
    message.value = core::Uint256(1'000);
    const CallResult result = call(execution, message);
    EXPECT_TRUE(result.succeeded());
    EXPECT_EQ(result.gas_left, 100'000u);
    EXPECT_EQ(state.balance(ToyChain::member(7)), core::Uint256(1'000));
}

TEST_F(CallTest, more_value_than_there_is_fails_without_using_gas) {
    Message message = to_toy({});
    message.sender = ToyChain::member(7);
    message.recipient = message.code_address = ToyChain::member(8);
    message.value = core::Uint256(1);
    const CallResult result = call(execution, message);
    EXPECT_EQ(result.status, CallStatus::insufficient_balance);
    EXPECT_EQ(result.gas_left, 100'000u);
}

TEST_F(CallTest, messages_nest_1024_deep_and_no_deeper) {
    Message message = put_message();
    message.depth = call_depth_max;
    EXPECT_TRUE(call(execution, message).succeeded());
    message.depth = call_depth_max + 1;
    const CallResult result = call(execution, message);
    EXPECT_EQ(result.status, CallStatus::depth_exceeded);
    EXPECT_EQ(result.gas_left, 100'000u);
}

TEST_F(CallTest, a_family_of_contracts_knows_its_own_address) {
    Message message = to_toy(abi::encode_call(selector_of("symbol()")));
    message.recipient = message.code_address = facade_address({'E', 'U', 'R'});
    EXPECT_EQ(call(execution, message).output, abi::encode(std::array<char, 3>{'E', 'U', 'R'}));
    // Of the family, but never installed: nobody is there.
    message.recipient = message.code_address = facade_address({'U', 'S', 'D'});
    const CallResult result = call(execution, message);
    EXPECT_TRUE(result.succeeded());
    EXPECT_TRUE(result.output.empty());
    EXPECT_EQ(result.gas_left, message.gas);
}

TEST_F(CallTest, a_contract_answers_from_its_height_on) {
    block.height = 9;
    EXPECT_EQ(callee_at(state, later_address, block, toy_registry()), CalleeKind::bytecode);
    block.height = 10;
    EXPECT_EQ(callee_at(state, later_address, block, toy_registry()), CalleeKind::native);
}

TEST(CalleeAt, tells_precompiles_from_their_neighbours) {
    MemoryState view;
    const auto kind_of = [&](unsigned number) {
        core::Address address{};
        address[18] = static_cast<std::uint8_t>(number >> 8);
        address[19] = static_cast<std::uint8_t>(number);
        return callee_at(view, address, 1, toy_registry());
    };
    EXPECT_EQ(kind_of(0), CalleeKind::nobody);
    EXPECT_EQ(kind_of(0x01), CalleeKind::precompile);
    EXPECT_EQ(kind_of(0x11), CalleeKind::precompile);
    EXPECT_EQ(kind_of(0x12), CalleeKind::nobody);
    EXPECT_EQ(kind_of(0x100), CalleeKind::precompile);
    EXPECT_EQ(kind_of(0x101), CalleeKind::nobody);
}

TEST(CalleeAt, the_invalid_byte_at_any_other_address_is_bytecode) {
    MemoryState view;
    view.put_code(ToyChain::member(3), {native_code_byte});
    EXPECT_EQ(callee_at(view, ToyChain::member(3), 1, toy_registry()), CalleeKind::bytecode);
}

TEST(FindMethod, selectors_of_one_contract_differ) {
    for (const NativeContract* contract : toy_registry().contracts)
        for (const Method& method : contract->methods)
            EXPECT_EQ(find_method(*contract, method.selector), &method);
}

}  // namespace
}  // namespace sluice::contracts
