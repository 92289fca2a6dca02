#include "tests/contracts/evm/machine_fixture.hpp"

namespace sluice::contracts {
namespace {

using namespace test;
using core::Uint256;

class EvmMemoryTest : public MachineTest {
  protected:
    /// Numbers that are small only to one who looks at the low bits.
    static std::vector<Uint256> hugely() {
        return {Uint256(1) << 32,  Uint256(1) << 63, Uint256(1) << 64, Uint256(1) << 128,  Uint256(1) << 192,
                Uint256(1) << 255, Uint256::max(),   Uint256(~0ull),   Uint256(~0ull - 31)};
    }
};

TEST_F(EvmMemoryTest, words_are_big_endian_at_any_offset) {
    EXPECT_EQ(top_after(code(mstore(5, 0x1234), push(6), op::mload)), Uint256(0x123400));
    EXPECT_EQ(top_after(code(apply(op::mstore8, 31, 0x1ff), push(0), op::mload)), Uint256(0xff));
}

TEST_F(EvmMemoryTest, memory_grows_by_words_and_is_paid_once) {
    EXPECT_EQ(top_after(code(op::msize)), Uint256(0));
    EXPECT_EQ(top_after(code(apply(op::mload, 0), op::msize)), Uint256(32));
    EXPECT_EQ(top_after(code(apply(op::mload, 1), op::msize)), Uint256(64));
    EXPECT_EQ(top_after(code(apply(op::mstore8, 96, 1), op::msize)), Uint256(128));
    EXPECT_EQ(gas_used_by(code(apply(op::mload, 0))), 3u + 3 + 3);
    EXPECT_EQ(gas_used_by(code(apply(op::mload, 0), apply(op::mload, 0))), 9u + 6);
    // 1,024 words: 3 * 1,024 + 1,024 * 1,024 / 512.
    EXPECT_EQ(gas_used_by(code(apply(op::mload, 32 * 1'023))), 6u + 3'072 + 2'048);
}

TEST_F(EvmMemoryTest, sizes_and_offsets_with_only_high_bits_run_out_of_gas) {
    for (const Uint256& huge : hugely()) {
        EXPECT_EQ(status_of(apply(op::mload, huge)), CallStatus::out_of_gas);
        EXPECT_EQ(status_of(apply(op::mstore, huge, 1)), CallStatus::out_of_gas);
        EXPECT_EQ(status_of(apply(op::mstore8, huge, 1)), CallStatus::out_of_gas);
        for (const std::uint8_t opcode : {op::keccak256, op::return_, op::revert, op::log0}) {
            EXPECT_EQ(status_of(apply(opcode, huge, 1)), CallStatus::out_of_gas);
            EXPECT_EQ(status_of(apply(opcode, 0, huge)), CallStatus::out_of_gas);
            EXPECT_EQ(status_of(apply(opcode, huge, huge)), CallStatus::out_of_gas);
        }
        for (const std::uint8_t opcode : {op::calldatacopy, op::codecopy, op::mcopy}) {
            EXPECT_EQ(status_of(apply(opcode, huge, 0, 1)), CallStatus::out_of_gas);
            EXPECT_EQ(status_of(apply(opcode, 0, 0, huge)), CallStatus::out_of_gas);
        }
        EXPECT_EQ(status_of(apply(op::mcopy, 0, huge, 1)), CallStatus::out_of_gas);
        EXPECT_EQ(status_of(apply(op::extcodecopy, 0, huge, 0, 1)), CallStatus::out_of_gas);
        EXPECT_EQ(status_of(apply(op::extcodecopy, 0, 0, 0, huge)), CallStatus::out_of_gas);
        EXPECT_EQ(status_of(apply(op::create, 0, huge, 1)), CallStatus::out_of_gas);
        EXPECT_EQ(status_of(apply(op::create, 0, 0, huge)), CallStatus::out_of_gas);
        EXPECT_EQ(status_of(apply(op::call, 0, 4, 0, huge, 1, 0, 0)), CallStatus::out_of_gas);
        EXPECT_EQ(status_of(apply(op::call, 0, 4, 0, 0, huge, 0, 0)), CallStatus::out_of_gas);
        EXPECT_EQ(status_of(apply(op::call, 0, 4, 0, 0, 0, huge, 1)), CallStatus::out_of_gas);
        EXPECT_EQ(status_of(apply(op::staticcall, 0, 4, 0, 0, 0, huge)), CallStatus::out_of_gas);
    }
}

TEST_F(EvmMemoryTest, a_region_of_no_bytes_may_lie_anywhere) {
    for (const Uint256& huge : hugely()) {
        EXPECT_EQ(status_of(apply(op::return_, huge, 0)), CallStatus::succeeded);
        EXPECT_EQ(status_of(apply(op::keccak256, huge, 0)), CallStatus::succeeded);
        EXPECT_EQ(status_of(apply(op::calldatacopy, huge, huge, 0)), CallStatus::succeeded);
        EXPECT_EQ(status_of(apply(op::mcopy, huge, huge, 0)), CallStatus::succeeded);
        EXPECT_EQ(status_of(apply(op::call, 0, 4, 0, huge, 0, huge, 0)), CallStatus::succeeded);
        EXPECT_EQ(top_after(code(apply(op::log0, huge, 0), op::msize)), Uint256(0));
    }
}

TEST_F(EvmMemoryTest, two_to_the_40_bytes_cost_the_gas_and_no_memory) {
    const CallResult result = run(apply(op::mload, Uint256(1) << 40));
    EXPECT_EQ(result.status, CallStatus::out_of_gas);
    EXPECT_EQ(result.gas_left, 0u);
}

TEST_F(EvmMemoryTest, a_later_call_finds_its_memory_zero) {
    EXPECT_EQ(run(mstore(0, Uint256::max())).status, CallStatus::succeeded);
    EXPECT_EQ(top_after(code(push(0), op::mload)), Uint256(0));
}

TEST_F(EvmMemoryTest, calldata_is_zero_beyond_its_end) {
    const core::Bytes input{1, 2, 3};
    EXPECT_EQ(top_after(code(push(0), op::calldataload), input), Uint256(0x010203) << 232);
    EXPECT_EQ(top_after(code(push(2), op::calldataload), input), Uint256(3) << 248);
    EXPECT_EQ(top_after(code(push(3), op::calldataload), input), Uint256(0));
    for (const Uint256& huge : hugely())
        EXPECT_EQ(top_after(code(push(huge), op::calldataload), input), Uint256(0));
    EXPECT_EQ(top_after(code(op::calldatasize), input), Uint256(3));
    const core::Bytes exact(32, 0x11);
    EXPECT_EQ(top_after(code(push(0), op::calldataload), exact), Uint256::from_be(exact));
}

TEST_F(EvmMemoryTest, copies_pad_with_zeros) {
    const core::Bytes input{1, 2, 3};
    const auto copied = [&](const Uint256& from) {
        return top_after(
            code(mstore(0, Uint256::max()), apply(op::calldatacopy, 0, from, 32), push(0), op::mload), input);
    };
    EXPECT_EQ(copied(1), Uint256(0x0203) << 240);
    EXPECT_EQ(copied(3), Uint256(0));
    for (const Uint256& huge : hugely())
        EXPECT_EQ(copied(huge), Uint256(0));
}

TEST_F(EvmMemoryTest, code_is_copied_as_it_stands) {
    const core::Bytes program = code(apply(op::codecopy, 0, 0, 32), push(0), op::mload, return_top());
    core::Word expected{};
    std::copy(program.begin(), program.end(), expected.begin());
    EXPECT_EQ(word_of(run(program)), Uint256::from_word(expected));
    EXPECT_EQ(top_after(code(op::codesize)), Uint256(1 + return_top().size()));
}

TEST_F(EvmMemoryTest, mcopy_moves_overlapping_regions_both_ways) {
    const core::Bytes filled = code(mstore(0, 0x1111), mstore(32, 0x2222));
    EXPECT_EQ(top_after(code(filled, apply(op::mcopy, 1, 0, 63), push(32), op::mload)),
              (Uint256(0x2222) >> 8) + (Uint256(0x11) << 248));
    EXPECT_EQ(top_after(code(filled, apply(op::mcopy, 0, 1, 63), push(0), op::mload)), Uint256(0x111100));
    EXPECT_EQ(top_after(code(apply(op::mcopy, 0, 64, 1), op::msize)), Uint256(96));
    EXPECT_EQ(top_after(code(apply(op::mcopy, 64, 0, 1), op::msize)), Uint256(96));
}

TEST_F(EvmMemoryTest, hashing_costs_by_the_word) {
    EXPECT_EQ(top_after(apply(op::keccak256, 0, 0)), Uint256::from_word(core::empty_code_hash));
    EXPECT_EQ(gas_used_by(apply(op::keccak256, 0, 0)), 6u + 30);
    EXPECT_EQ(gas_used_by(apply(op::keccak256, 0, 33)), 6u + 30 + 12 + 6);
    const core::Bytes zeros(33, 0);
    EXPECT_EQ(top_after(apply(op::keccak256, 0, 33)), Uint256::from_word(core::keccak256(zeros)));
}

TEST_F(EvmMemoryTest, return_data_is_that_of_the_last_call_and_has_an_end) {
    install(other, code(mstore(0, 0xabcd), return_memory(0, 32)));
    const core::Bytes ask =
        code(push(0), push(0), push(0), push(0), push(0), push(other), op::gas, op::call, op::pop);
    EXPECT_EQ(top_after(code(op::returndatasize)), Uint256(0));
    EXPECT_EQ(top_after(code(ask, op::returndatasize)), Uint256(32));
    EXPECT_EQ(top_after(code(ask, apply(op::returndatacopy, 0, 30, 2), push(0), op::mload)), Uint256(0xabcd)
                                                                                                 << 240);
    EXPECT_EQ(status_of(code(ask, apply(op::returndatacopy, 0, 32, 0))), CallStatus::succeeded);
    EXPECT_EQ(status_of(code(ask, apply(op::returndatacopy, 0, 32, 1))),
              CallStatus::return_data_out_of_bounds);
    EXPECT_EQ(status_of(code(ask, apply(op::returndatacopy, 0, 33, 0))),
              CallStatus::return_data_out_of_bounds);
    for (const Uint256& huge : hugely()) {
        EXPECT_EQ(status_of(code(ask, apply(op::returndatacopy, 0, huge, 0))),
                  CallStatus::return_data_out_of_bounds);
        EXPECT_EQ(status_of(code(ask, apply(op::returndatacopy, 0, 1, huge))),
                  CallStatus::return_data_out_of_bounds);
    }
    EXPECT_EQ(status_of(apply(op::returndatacopy, 0, 0, 0)), CallStatus::succeeded);
}

TEST_F(EvmMemoryTest, a_call_writes_no_more_than_it_was_given_room_for) {
    install(other, code(mstore(0, Uint256::max()), return_memory(0, 32)));
    const auto after_call = [&](std::uint64_t room) {
        return code(push(room), push(0), push(0), push(0), push(0), push(other), op::gas, op::call, op::pop,
                    push(0), op::mload);
    };
    EXPECT_EQ(top_after(after_call(4)), Uint256(0xffffffff) << 224);
    EXPECT_EQ(top_after(after_call(32)), Uint256::max());
    EXPECT_EQ(top_after(code(after_call(64), op::pop, push(32), op::mload)), Uint256(0));
}

}  // namespace
}  // namespace sluice::contracts
