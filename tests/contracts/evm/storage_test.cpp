#include "tests/contracts/evm/machine_fixture.hpp"

namespace sluice::contracts {
namespace {

using namespace test;
using core::Uint256;
using evm::Revision;

class EvmStorageTest : public MachineTest {
  protected:
    /// Gas of the writes alone and the refund, for a slot that held `original` before the transaction.
    struct Price {
        core::Gas gas;
        std::int64_t refund;
        bool operator==(const Price&) const = default;
    };
    Price price(Revision revision, std::uint64_t original, const std::vector<std::uint64_t>& writes) {
        MemoryState before;
        before.put(self, {.nonce = 1, .balance = {}, .code_hash = core::empty_code_hash});
        before.put_slot(self, core::word_from_u64(0), core::word_from_u64(original));
        core::Bytes program;
        for (const std::uint64_t value : writes)
            program = code(program, sstore(0, value));
        before.put_code(self, program);
        JournaledState fresh(before);
        fresh.begin_transaction();
        block.revision = revision;
        Execution running{.state = fresh, .block = block, .registry = *registry, .machine = machine};
        const CallResult result = call(running, to(self));
        EXPECT_EQ(result.status, CallStatus::succeeded);
        return {gas - result.gas_left - 6 * writes.size(), fresh.refund()};
    }
};

/// EIP-2200, "Test Cases".
TEST_F(EvmStorageTest, writes_cost_what_eip_2200_says) {
    const Revision istanbul = Revision::istanbul;
    EXPECT_EQ(price(istanbul, 0, {0, 0}), (Price{1'600, 0}));
    EXPECT_EQ(price(istanbul, 0, {0, 1}), (Price{20'800, 0}));
    EXPECT_EQ(price(istanbul, 0, {1, 0}), (Price{20'800, 19'200}));
    EXPECT_EQ(price(istanbul, 0, {1, 2}), (Price{20'800, 0}));
    EXPECT_EQ(price(istanbul, 0, {1, 1}), (Price{20'800, 0}));
    EXPECT_EQ(price(istanbul, 1, {0, 0}), (Price{5'800, 15'000}));
    EXPECT_EQ(price(istanbul, 1, {0, 1}), (Price{5'800, 4'200}));
    EXPECT_EQ(price(istanbul, 1, {0, 2}), (Price{5'800, 0}));
    EXPECT_EQ(price(istanbul, 1, {2, 0}), (Price{5'800, 15'000}));
    EXPECT_EQ(price(istanbul, 1, {2, 3}), (Price{5'800, 0}));
    EXPECT_EQ(price(istanbul, 1, {2, 1}), (Price{5'800, 4'200}));
    EXPECT_EQ(price(istanbul, 1, {2, 2}), (Price{5'800, 0}));
    EXPECT_EQ(price(istanbul, 1, {1, 0}), (Price{5'800, 15'000}));
    EXPECT_EQ(price(istanbul, 0, {1, 0, 1}), (Price{40'800, 19'200}));
    EXPECT_EQ(price(istanbul, 1, {0, 1, 0}), (Price{10'800, 19'200}));
}

/// EIP-3529, "Test Cases": the slot is cold at first.
TEST_F(EvmStorageTest, writes_cost_what_eip_3529_says) {
    const Revision osaka = Revision::osaka;
    EXPECT_EQ(price(osaka, 0, {0, 0}), (Price{2'300, 0}));
    EXPECT_EQ(price(osaka, 0, {0, 1}), (Price{22'200, 0}));
    EXPECT_EQ(price(osaka, 0, {1, 0}), (Price{22'200, 19'900}));
    EXPECT_EQ(price(osaka, 0, {1, 2}), (Price{22'200, 0}));
    EXPECT_EQ(price(osaka, 1, {0, 0}), (Price{5'100, 4'800}));
    EXPECT_EQ(price(osaka, 1, {0, 1}), (Price{5'100, 2'800}));
    EXPECT_EQ(price(osaka, 1, {0, 2}), (Price{5'100, 0}));
    EXPECT_EQ(price(osaka, 1, {2, 1}), (Price{5'100, 2'800}));
    EXPECT_EQ(price(osaka, 1, {1, 0}), (Price{5'100, 4'800}));
    EXPECT_EQ(price(osaka, 0, {1, 0, 1}), (Price{42'200, 19'900}));
    EXPECT_EQ(price(osaka, 1, {0, 1, 0}), (Price{8'000, 7'600}));
}

TEST_F(EvmStorageTest, clearing_a_slot_gave_15000_until_berlin) {
    EXPECT_EQ(price(Revision::berlin, 1, {0}), (Price{5'000, 15'000}));
    EXPECT_EQ(price(Revision::london, 1, {0}), (Price{5'000, 4'800}));
}

TEST_F(EvmStorageTest, a_write_with_no_more_than_the_stipend_fails) {
    install(self, sstore(0, 0));
    Message message = to(self);
    message.gas = 6 + 2'300;
    EXPECT_EQ(send(message).status, CallStatus::out_of_gas);
    message.gas = 6 + 2'301;
    EXPECT_EQ(send(message).status, CallStatus::succeeded);
}

TEST_F(EvmStorageTest, the_first_read_of_a_slot_is_cold_and_the_second_warm) {
    EXPECT_EQ(gas_used_by(code(apply(op::sload, 7), apply(op::sload, 7))), 3u + 2'100 + 3 + 100);
    block.revision = Revision::istanbul;
    EXPECT_EQ(gas_used_by(apply(op::sload, 7)), 3u + 800);
}

TEST_F(EvmStorageTest, what_was_written_is_read) {
    EXPECT_EQ(top_after(code(sstore(Uint256::max(), 5), apply(op::sload, Uint256::max()))), Uint256(5));
    EXPECT_EQ(top_after(apply(op::sload, 1)), Uint256(0));
}

TEST_F(EvmStorageTest, transient_storage_lasts_for_the_transaction) {
    const core::Bytes write = apply(op::tstore, 1, 99);
    EXPECT_EQ(gas_used_by(write), 6u + 100);
    EXPECT_EQ(top_after(apply(op::tload, 1)), Uint256(99));
    EXPECT_EQ(status_of(code(apply(op::tstore, 1, 5), apply(op::revert, 0, 0))), CallStatus::reverted);
    EXPECT_EQ(top_after(apply(op::tload, 1)), Uint256(99));
    state.finish_transaction();
    state.begin_transaction();
    EXPECT_EQ(top_after(apply(op::tload, 1)), Uint256(0));
}

TEST_F(EvmStorageTest, nothing_is_written_in_a_static_call) {
    const std::vector<core::Bytes> writes{
        sstore(0, 1),
        sstore(0, 0),
        apply(op::tstore, 0, 1),
        apply(op::log0, 0, 0),
        apply(op::log0 + 1, 0, 0, 1),
        apply(op::log0 + 2, 0, 0, 1, 2),
        apply(op::log0 + 3, 0, 0, 1, 2, 3),
        apply(op::log4, 0, 0, 1, 2, 3, 4),
        apply(op::create, 0, 0, 0),
        apply(op::create2, 0, 0, 0, 0),
        apply(op::selfdestruct, 1),
        code(push(0), push(0), push(0), push(0), push(1), push(other), push(9'000), op::call),
    };
    for (const core::Bytes& write : writes) {
        const CallResult result = run_static(write);
        EXPECT_EQ(result.status, CallStatus::static_violation) << int{write.back()};
        EXPECT_EQ(result.gas_left, 0u);
    }
    // Without value a call may be made, and CALLCODE moves nothing.
    EXPECT_EQ(
        run_static(code(push(0), push(0), push(0), push(0), push(0), push(other), op::gas, op::call)).status,
        CallStatus::succeeded);
}

TEST_F(EvmStorageTest, a_static_call_stays_static_further_down) {
    install(other, sstore(0, 1));
    const core::Bytes call_other =
        code(push(0), push(0), push(0), push(0), push(0), push(other), op::gas, op::call);
    EXPECT_EQ(word_of(run_static(code(call_other, return_top()))), Uint256(0));
    EXPECT_EQ(top_after(call_other), Uint256(1));
}

TEST_F(EvmStorageTest, logs_carry_topics_in_order_and_their_data) {
    EXPECT_EQ(run(code(mstore(0, 0xbeef), apply(op::log0 + 3, 30, 2, 11, 12, 13))).status,
              CallStatus::succeeded);
    ASSERT_EQ(state.logs().size(), 1u);
    const core::Log& log = state.logs().front();
    EXPECT_EQ(log.address, self);
    EXPECT_EQ(log.data, (core::Bytes{0xbe, 0xef}));
    EXPECT_EQ(log.topics, (std::vector<core::Word>{core::word_from_u64(11), core::word_from_u64(12),
                                                   core::word_from_u64(13)}));
    EXPECT_EQ(gas_used_by(apply(op::log0 + 2, 0, 10, 1, 2)), 12u + 375 * 3 + 3 + 80);
}

TEST_F(EvmStorageTest, failed_calls_leave_no_log) {
    EXPECT_EQ(status_of(code(apply(op::log0, 0, 0), op::invalid)), CallStatus::undefined_instruction);
    EXPECT_TRUE(state.logs().empty());
}

class SelfDestructTest : public MachineTest {
  protected:
    void give(const core::Address& address, std::uint64_t amount) {
        state.set_balance(address, core::Uint256(amount));
    }
};

TEST_F(SelfDestructTest, since_cancun_it_only_moves_the_balance) {
    install(self, code(push(other), op::selfdestruct));
    give(self, 50);
    EXPECT_EQ(send(to(self)).status, CallStatus::succeeded);
    state.finish_transaction();
    EXPECT_EQ(state.balance(other), Uint256(50));
    EXPECT_TRUE(state.exists(self));
    EXPECT_NE(state.code_hash(self), core::empty_code_hash);
}

TEST_F(SelfDestructTest, since_cancun_a_balance_sent_to_itself_stays) {
    install(self, code(op::address, op::selfdestruct));
    give(self, 50);
    EXPECT_EQ(send(to(self)).status, CallStatus::succeeded);
    EXPECT_EQ(state.balance(self), Uint256(50));
}

TEST_F(SelfDestructTest, a_contract_of_the_same_transaction_goes) {
    state.create_account(self);
    install(self, code(push(other), op::selfdestruct));
    give(self, 50);
    EXPECT_EQ(send(to(self)).status, CallStatus::succeeded);
    state.finish_transaction();
    EXPECT_FALSE(state.exists(self));
    EXPECT_EQ(state.balance(other), Uint256(50));
}

TEST_F(SelfDestructTest, before_cancun_every_contract_goes_and_burns_what_it_sends_itself) {
    block.revision = Revision::shanghai;
    install(self, code(op::address, op::selfdestruct));
    give(self, 50);
    EXPECT_EQ(send(to(self)).status, CallStatus::succeeded);
    EXPECT_TRUE(state.balance(self).is_zero());
    state.finish_transaction();
    EXPECT_FALSE(state.exists(self));
}

TEST_F(SelfDestructTest, it_was_refunded_once_before_london) {
    block.revision = Revision::berlin;
    install(self, code(push(other), op::selfdestruct));
    send(to(self));
    EXPECT_EQ(state.refund(), 24'000);
    send(to(self));
    EXPECT_EQ(state.refund(), 24'000);
    state.begin_transaction();
    block.revision = Revision::london;
    send(to(self));
    EXPECT_EQ(state.refund(), 0);
}

TEST_F(SelfDestructTest, it_pays_for_a_cold_beneficiary_and_for_a_new_account) {
    install(self, code(push(other), op::selfdestruct));
    EXPECT_EQ(gas - send(to(self)).gas_left, 3u + 5'000 + 2'600);
    EXPECT_EQ(gas - send(to(self)).gas_left, 3u + 5'000);
    give(self, 1);
    EXPECT_EQ(gas - send(to(self)).gas_left, 3u + 5'000 + 25'000);
}

}  // namespace
}  // namespace sluice::contracts
