#include "contracts/evm/precompiles.hpp"
#include "tests/contracts/evm/machine_fixture.hpp"
#include "tests/contracts/toy_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace test;
using core::Uint256;
using evm::Revision;

class MessageTest : public MachineTest {
  protected:
    /// Calls `other` with all gas and no data; the outcome is on the stack.
    static core::Bytes call_other(std::uint8_t opcode = op::call, std::uint64_t value = 0) {
        const bool has_value = opcode == op::call || opcode == op::callcode;
        return code(push(0), push(0), push(0), push(0), has_value ? push(value) : core::Bytes{}, push(other),
                    op::gas, opcode);
    }
    /// Calls `other` and returns the word that it returned.
    static core::Bytes ask_other(std::uint8_t opcode, std::uint64_t value = 0) {
        return code(call_other(opcode, value), op::pop, apply(op::returndatacopy, 0, 0, 32),
                    return_memory(0, 32));
    }
    void give(const core::Address& address, std::uint64_t amount) {
        state.set_balance(address, core::Uint256(amount));
    }
};

Uint256 number(const core::Address& address) {
    return Uint256::from_be(address);
}

TEST_F(MessageTest, each_kind_of_call_has_its_own_view_of_who_and_where) {
    const auto ask = [&](std::uint8_t opcode, std::uint8_t question) {
        install(other, code(question, return_top()));
        give(self, 10);
        Message message = to(self);
        message.value = 3;
        install(self, ask_other(opcode, opcode == op::staticcall ? 0 : 5));
        return word_of(send(message));
    };
    EXPECT_EQ(ask(op::call, op::caller), number(self));
    EXPECT_EQ(ask(op::call, op::address), number(other));
    EXPECT_EQ(ask(op::call, op::callvalue), Uint256(5));
    EXPECT_EQ(ask(op::callcode, op::caller), number(self));
    EXPECT_EQ(ask(op::callcode, op::address), number(self));
    EXPECT_EQ(ask(op::callcode, op::callvalue), Uint256(5));
    EXPECT_EQ(ask(op::delegatecall, op::caller), number(sender));
    EXPECT_EQ(ask(op::delegatecall, op::address), number(self));
    EXPECT_EQ(ask(op::delegatecall, op::callvalue), Uint256(3));
    EXPECT_EQ(ask(op::staticcall, op::caller), number(self));
    EXPECT_EQ(ask(op::staticcall, op::callvalue), Uint256(0));
    EXPECT_EQ(ask(op::call, op::origin), number(sender));
}

TEST_F(MessageTest, delegate_calls_write_the_callers_storage) {
    install(other, sstore(1, 42));
    EXPECT_EQ(top_after(call_other(op::delegatecall)), Uint256(1));
    EXPECT_EQ(slot(self, 1), Uint256(42));
    EXPECT_EQ(slot(other, 1), Uint256(0));
}

TEST_F(MessageTest, value_moves_with_a_call_and_comes_back_when_it_fails) {
    give(self, 10);
    install(other, {op::stop});
    EXPECT_EQ(top_after(call_other(op::call, 4)), Uint256(1));
    EXPECT_EQ(state.balance(other), Uint256(4));
    install(other, {op::invalid});
    EXPECT_EQ(top_after(call_other(op::call, 4)), Uint256(0));
    EXPECT_EQ(state.balance(other), Uint256(4));
    EXPECT_EQ(state.balance(self), Uint256(6));
    EXPECT_EQ(top_after(call_other(op::call, 7)), Uint256(0));
}

TEST_F(MessageTest, value_costs_9000_and_gives_2300_to_the_callee) {
    give(self, 1);
    install(other, code(op::gas, return_top()));
    const core::Bytes poor = code(push(0), push(0), push(0), push(0), push(1), push(other), push(0), op::call,
                                  op::pop, apply(op::returndatacopy, 0, 0, 32), return_memory(0, 32));
    EXPECT_EQ(word_of(run(poor)), Uint256(2'300 - 2));
}

TEST_F(MessageTest, a_call_that_cannot_be_paid_for_gives_its_gas_and_the_stipend_back) {
    install(other, {op::stop});
    const core::Bytes rich =
        code(push(0), push(0), push(0), push(0), push(1), push(other), push(1'000), op::call);
    EXPECT_EQ(gas_used_by(rich), 7u * 3 + 2'600 + 9'000 - 2'300);
    EXPECT_EQ(state.nonce(other), 1u);
}

TEST_F(MessageTest, a_new_account_costs_25000_only_with_value) {
    give(self, 5);
    const core::Address nobody{0x99};
    const auto call_nobody = [&](std::uint64_t value) {
        return code(push(0), push(0), push(0), push(0), push(value), push(nobody), push(0), op::call);
    };
    EXPECT_EQ(gas_used_by(call_nobody(0)), 21u + 2'600);
    EXPECT_EQ(gas_used_by(call_nobody(1)), 21u + 100 + 9'000 + 25'000 - 2'300);
    EXPECT_EQ(gas_used_by(call_nobody(1)), 21u + 100 + 9'000 - 2'300);
}

TEST_F(MessageTest, one_64th_of_the_gas_stays_behind) {
    install(other, code(op::gas, return_top()));
    install(self, ask_other(op::call));
    Message message = to(self);
    const std::uint64_t before = 100'000;
    // What the seven operands and the cold account take.
    message.gas = before + 5 * 3 + 3 + 2 + 2'600;
    EXPECT_EQ(word_of(send(message)), Uint256(before - before / 64 - 2));
}

TEST_F(MessageTest, asking_for_less_gas_gives_less) {
    install(other, code(op::gas, return_top()));
    const core::Bytes little =
        code(push(0), push(0), push(0), push(0), push(0), push(other), push(500), op::call, op::pop,
             apply(op::returndatacopy, 0, 0, 32), return_memory(0, 32));
    EXPECT_EQ(word_of(run(little)), Uint256(498));
}

TEST_F(MessageTest, accounts_are_cold_once) {
    EXPECT_EQ(gas_used_by(code(apply(op::balance, number(other)), apply(op::extcodesize, number(other)))),
              6u + 2'600 + 100);
    EXPECT_EQ(gas_used_by(apply(op::balance, 2)), 3u + 100) << "precompiled contracts are never cold";
    block.revision = Revision::istanbul;
    EXPECT_EQ(gas_used_by(apply(op::balance, number(sender))), 3u + 700);
}

TEST_F(MessageTest, other_accounts_are_seen) {
    give(other, 77);
    install(other, core::Bytes(40, 0x5b));
    EXPECT_EQ(top_after(apply(op::balance, number(other))), Uint256(77));
    EXPECT_EQ(top_after(apply(op::extcodesize, number(other))), Uint256(40));
    EXPECT_EQ(top_after(apply(op::extcodehash, number(other))), Uint256::from_word(state.code_hash(other)));
    EXPECT_EQ(top_after(apply(op::extcodehash, number({0x98}))), Uint256(0));
    EXPECT_EQ(top_after(apply(op::extcodehash, number(sender))), Uint256::from_word(core::empty_code_hash));
    EXPECT_EQ(top_after(code(apply(op::extcodecopy, number(other), 0, 38, 4), push(0), op::mload)),
              Uint256(0x5b5b) << 240);
    give(self, 5);
    EXPECT_EQ(top_after({op::selfbalance}), Uint256(5));
}

TEST_F(MessageTest, the_block_is_seen) {
    block.time_ms = 123'456;
    block.chain_id = 99;
    block.miner = other;
    block.base_fee = 8;
    block.mix_hash = core::Hash{0x12};
    block.difficulty = 5;
    block.blob_base_fee = 3;
    blob_hashes = {core::Hash{1}, core::Hash{2}};
    EXPECT_EQ(top_after({op::timestamp}), Uint256(123));
    EXPECT_EQ(top_after({op::number}), Uint256(1'000));
    EXPECT_EQ(top_after({op::chainid}), Uint256(99));
    EXPECT_EQ(top_after({op::coinbase}), number(other));
    EXPECT_EQ(top_after({op::basefee}), Uint256(8));
    EXPECT_EQ(top_after({op::gaslimit}), Uint256(30'000'000));
    EXPECT_EQ(top_after({op::gasprice}), Uint256(7));
    EXPECT_EQ(top_after({op::blobbasefee}), Uint256(3));
    EXPECT_EQ(top_after(apply(op::blobhash, 1)), Uint256(2) << 248);
    EXPECT_EQ(top_after(apply(op::blobhash, 2)), Uint256(0));
    EXPECT_EQ(top_after(apply(op::blobhash, Uint256(1) << 64)), Uint256(0));
    EXPECT_EQ(top_after({op::prevrandao}), Uint256(0x12) << 248);
    block.revision = Revision::london;
    EXPECT_EQ(top_after({op::prevrandao}), Uint256(5));
}

class CountedHashes final : public BlockHashes {
  public:
    core::Hash hash_of(core::Height height) const override { return core::word_from_u64(height + 1); }
};

TEST_F(MessageTest, the_last_256_block_hashes_are_seen) {
    const CountedHashes hashes;
    block.block_hashes = &hashes;
    EXPECT_EQ(top_after(apply(op::blockhash, 999)), Uint256(1'000));
    EXPECT_EQ(top_after(apply(op::blockhash, 744)), Uint256(745));
    EXPECT_EQ(top_after(apply(op::blockhash, 743)), Uint256(0));
    EXPECT_EQ(top_after(apply(op::blockhash, 1'000)), Uint256(0));
    EXPECT_EQ(top_after(apply(op::blockhash, Uint256(999) + (Uint256(1) << 64))), Uint256(0));
}

/// Notes how deep messages go and how much of the native stack each takes.
class DepthTracer final : public evm::Tracer {
  public:
    void on_enter(const Message& message, core::Gas, JournaledState&) override {
        const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
        if (message.depth == 0) top = here;
        if (message.depth <= call_depth_max) bytes_used = std::max<std::size_t>(bytes_used, top - here);
        deepest = std::max(deepest, message.depth);
    }
    void on_step(const evm::Step&, JournaledState&) override {}
    void on_exit(const Message&, const CallResult&, JournaledState&) override {}
    void on_self_destruct(const core::Address&, const core::Address&, const Uint256&) override {}
    std::uintptr_t top = 0;
    std::size_t bytes_used = 0;
    std::uint32_t deepest = 0;
};

#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t native_bytes_per_message = 6'000;
#else
constexpr std::size_t native_bytes_per_message = 2'000;
#endif

TEST_F(MessageTest, calls_nest_1024_deep_on_a_bounded_native_stack) {
    // Calls itself with all gas and counts in storage how often that succeeded.
    const core::Bytes recursive = code(push(0), push(0), push(0), push(0), push(0), op::address, op::gas,
                                       op::call, push(0), op::sload, op::add, push(0), op::sstore);
    DepthTracer depths;
    tracer = &depths;
    install(self, recursive);
    Message message = to(self);
    message.gas = 1'000'000'000'000'000;
    EXPECT_EQ(send(message).status, CallStatus::succeeded);
    EXPECT_EQ(slot(self, 0), Uint256(1'024));
    EXPECT_EQ(depths.deepest, call_depth_max + 1);
    EXPECT_LT(depths.bytes_used, call_depth_max * native_bytes_per_message);
    tracer = nullptr;
    EXPECT_EQ(send(message).status, CallStatus::succeeded);
    EXPECT_EQ(slot(self, 0), Uint256(2'048));
}

TEST_F(MessageTest, creations_nest_1024_deep) {
    // Init code that creates a contract with its own code.
    const core::Bytes recursive =
        code(op::codesize, push(0), push(0), op::codecopy, op::codesize, push(0), push(0), op::create);
    DepthTracer depths;
    tracer = &depths;
    Message message{.kind = CallKind::create,
                    .gas = 1'000'000'000'000'000,
                    .sender = sender,
                    .recipient = self,
                    .code_address = self,
                    .input = recursive};
    EXPECT_EQ(send(message).status, CallStatus::succeeded);
    EXPECT_EQ(depths.deepest, call_depth_max);
    EXPECT_LT(depths.bytes_used, call_depth_max * native_bytes_per_message);
}

TEST_F(MessageTest, precompiled_contracts_answer_and_charge) {
    const core::Bytes hash = code(push(32), push(0), push(3), push(29), push(2), op::gas, op::staticcall,
                                  op::pop, push(0), op::mload);
    const core::Bytes abc{'a', 'b', 'c'};
    EXPECT_EQ(top_after(code(mstore(0, 0x616263), hash)), Uint256::from_word(crypto::sha256(abc)));
    Message message = to(evm::address_of(evm::precompiles()[1]), abc);
    message.gas = 72;
    EXPECT_EQ(send(message).status, CallStatus::succeeded);
    message.gas = 71;
    EXPECT_EQ(send(message).status, CallStatus::out_of_gas);
}

TEST_F(MessageTest, excluded_precompiled_contracts_fail_and_say_so) {
    core::Address kzg{};
    kzg[19] = 0x0a;
    EXPECT_EQ(send(to(kzg)).status, CallStatus::precompile_excluded);
    EXPECT_TRUE(reached_excluded);
    EXPECT_EQ(top_after(code(push(0), push(0), push(0), push(0), push(0x0b), op::gas, op::staticcall)),
              Uint256(0));
    EXPECT_TRUE(reached_excluded);
    block.revision = Revision::shanghai;
    EXPECT_EQ(send(to(kzg)).status, CallStatus::succeeded);
    EXPECT_FALSE(reached_excluded);
}

class NativeFromBytecodeTest : public MessageTest {
  protected:
    NativeFromBytecodeTest() {
        registry = &toy_registry();
        state.set_nonce(toy_address, 1);
        state.set_code(toy_address, core::share({0xfe}));
    }
    /// Puts a call of a native method into memory and sends it; the outcome is on the stack.
    static core::Bytes call_toy(const core::Bytes& data, std::uint8_t opcode = op::call) {
        core::Bytes program;
        for (std::size_t at = 0; at < data.size(); ++at)
            program = code(program, apply(op::mstore8, at, data[at]));
        return code(program, push(0), push(0), push(data.size()), push(0),
                    opcode == op::call ? push(0) : core::Bytes{}, push(toy_address), op::gas, opcode);
    }
    static core::Bytes put() {
        return native::abi::encode_call(native::selector_of("put(uint256,uint256)"), Uint256(1), Uint256(42));
    }
    static core::Bytes get() {
        return native::abi::encode_call(native::selector_of("get(uint256)"), Uint256(1));
    }
};

TEST_F(NativeFromBytecodeTest, a_native_contract_is_called_like_any_other) {
    EXPECT_EQ(top_after(call_toy(put())), Uint256(1));
    EXPECT_EQ(state.logs().size(), 1u);
    EXPECT_EQ(top_after(code(call_toy(get(), op::staticcall), op::pop, apply(op::returndatacopy, 0, 0, 32),
                             push(0), op::mload)),
              Uint256(42));
}

TEST_F(NativeFromBytecodeTest, a_native_contract_reverts_with_its_caller) {
    EXPECT_EQ(status_of(code(call_toy(put()), apply(op::revert, 0, 0))), CallStatus::reverted);
    EXPECT_TRUE(state.logs().empty());
    EXPECT_EQ(
        top_after(code(call_toy(get()), op::pop, apply(op::returndatacopy, 0, 0, 32), push(0), op::mload)),
        Uint256(0));
}

TEST_F(NativeFromBytecodeTest, writes_of_native_contracts_are_refused_in_static_and_delegate_calls) {
    EXPECT_EQ(top_after(call_toy(put(), op::staticcall)), Uint256(0));
    EXPECT_EQ(top_after(call_toy(put(), op::delegatecall)), Uint256(0));
    EXPECT_EQ(top_after(call_toy(get(), op::delegatecall)), Uint256(0));
}

}  // namespace
}  // namespace sluice::contracts
