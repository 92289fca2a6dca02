#include <set>

#include "tests/contracts/evm/machine_fixture.hpp"

namespace sluice::contracts {
namespace {

using namespace test;
using core::Uint256;
using evm::Opcode;
using evm::opcodes;
using evm::Revision;

class ControlTest : public MachineTest {
  protected:
    static std::vector<Opcode> defined(Revision revision = Revision::osaka) {
        std::vector<Opcode> rows;
        for (const Opcode& row : opcodes)
            if (evm::is_defined(row, revision)) rows.push_back(row);
        return rows;
    }
};

TEST_F(ControlTest, code_that_runs_off_its_end_stops) {
    EXPECT_EQ(status_of(code(push(1), push(2), op::add)), CallStatus::succeeded);
    EXPECT_EQ(status_of({op::push32}), CallStatus::succeeded);
    EXPECT_EQ(status_of({op::push1 + 4, 1, 2}), CallStatus::succeeded);
}

TEST_F(ControlTest, every_instruction_refuses_a_stack_that_is_too_low) {
    for (const Opcode& row : defined())
        for (unsigned words = 0; words < row.pops; ++words)
            EXPECT_EQ(status_of(code(repeat(words, push(0)), row.code)), CallStatus::stack_underflow)
                << row.name << " " << words;
}

TEST_F(ControlTest, every_instruction_that_grows_the_stack_refuses_the_1025th_word) {
    for (const Opcode& row : defined()) {
        const core::Bytes full = repeat(1'024, push(0));
        const CallStatus status = status_of(code(full, row.code));
        if (row.pushes > row.pops)
            EXPECT_EQ(status, CallStatus::stack_overflow) << row.name;
        else
            EXPECT_NE(status, CallStatus::stack_overflow) << row.name;
        if (row.pushes > row.pops) {
            EXPECT_NE(status_of(code(repeat(1'023, push(0)), row.code)), CallStatus::stack_overflow)
                << row.name;
        }
    }
}

TEST_F(ControlTest, instructions_are_undefined_before_their_revision) {
    for (unsigned code_byte = 0; code_byte < 256; ++code_byte) {
        const Opcode& row = opcodes[code_byte];
        for (std::size_t at = 0; at < evm::revision_count; ++at) {
            block.revision = static_cast<Revision>(at);
            const CallStatus status = status_of(
                code(repeat(16, push(0)), repeat(2, push(0)), static_cast<std::uint8_t>(code_byte)));
            EXPECT_EQ(status == CallStatus::undefined_instruction, !evm::is_defined(row, block.revision))
                << code_byte << " " << evm::name_of(block.revision);
        }
    }
}

TEST_F(ControlTest, there_are_149_instructions_in_osaka_and_invalid_is_none_of_them) {
    std::set<std::string_view> names;
    for (const Opcode& row : defined())
        names.insert(row.name);
    EXPECT_EQ(names.size(), defined().size());
    EXPECT_EQ(defined().size(), 149u);
    EXPECT_EQ(status_of({op::invalid}), CallStatus::undefined_instruction);
}

TEST_F(ControlTest, each_instruction_needs_its_gas_to_the_last_unit) {
    for (const Opcode& row : defined()) {
        // Those have prices beyond the row's, or cannot jump to 0.
        const bool grows_memory = row.code == op::mload || row.code == op::mstore || row.code == op::mstore8;
        if (row.gas == 0 || row.gas >= 375 || row.code == op::jump || grows_memory) continue;
        install(self, code(repeat(row.pops, push(0)), row.code));
        Message message = to(self);
        message.gas = 3u * row.pops + row.gas;
        EXPECT_EQ(send(message).status, CallStatus::succeeded) << row.name;
        message.gas -= 1;
        EXPECT_EQ(send(message).status, CallStatus::out_of_gas) << row.name;
    }
}

TEST_F(ControlTest, jumps_go_to_jumpdests_only) {
    EXPECT_EQ(status_of(code(push(3), op::jump, op::jumpdest)), CallStatus::succeeded);
    EXPECT_EQ(status_of(code(push(4), op::jump, op::jumpdest, op::stop)), CallStatus::invalid_jump);
    EXPECT_EQ(status_of(code(push(100), op::jump, op::jumpdest)), CallStatus::invalid_jump);
    // The byte 0x5b inside the data of a PUSH is no instruction.
    EXPECT_EQ(status_of(code(push(4), op::jump, push(0x5b), op::stop)), CallStatus::invalid_jump);
    EXPECT_EQ(status_of(code(push(5), op::jump, push(0x5b), op::jumpdest)), CallStatus::succeeded);
}

TEST_F(ControlTest, jump_destinations_have_256_bits) {
    for (const unsigned bit : {32u, 64u, 128u, 192u, 255u}) {
        const core::Bytes far = push_bytes(32, Uint256(34) + (Uint256(1) << bit));
        EXPECT_EQ(status_of(code(far, op::jump, op::jumpdest)), CallStatus::invalid_jump) << bit;
    }
    EXPECT_EQ(status_of(code(push_bytes(32, 34), op::jump, op::jumpdest)), CallStatus::succeeded);
}

TEST_F(ControlTest, a_conditional_jump_that_is_not_taken_may_point_anywhere) {
    EXPECT_EQ(status_of(code(push(0), push(99), op::jumpi)), CallStatus::succeeded);
    for (const unsigned bit : {0u, 64u, 128u, 255u})
        EXPECT_EQ(status_of(code(push(Uint256(1) << bit), push(99), op::jumpi)), CallStatus::invalid_jump);
}

TEST_F(ControlTest, destinations_are_found_in_every_place_of_long_code) {
    // Positions around the borders of the words of the bitmap.
    for (const std::size_t at : {63u, 64u, 65u, 127u, 128u, 500u, 24'000u}) {
        const core::Bytes head = code(push_bytes(2, at), op::jump);
        const core::Bytes filled =
            code(head, repeat(at - head.size(), {op::invalid}), op::jumpdest, op::stop);
        EXPECT_EQ(status_of(filled), CallStatus::succeeded) << at;
        core::Bytes without = filled;
        without[at] = op::pop;
        EXPECT_EQ(status_of(without), CallStatus::invalid_jump) << at;
    }
}

TEST_F(ControlTest, pc_and_gas_say_where_and_how_much) {
    EXPECT_EQ(top_after(code(push(0), op::pop, op::pc)), Uint256(3));
    EXPECT_EQ(top_after(code(op::gas)), Uint256(gas - 2));
    EXPECT_EQ(top_after(code(push(0), op::gas)), Uint256(gas - 3 - 2));
}

TEST_F(ControlTest, ten_million_instructions_run_in_one_call) {
    install(self, code(loop(1'000'000, {}), push(42), return_top()));
    Message message = to(self);
    message.gas = 1'000'000'000;
    EXPECT_EQ(word_of(send(message)), Uint256(42));
}

TEST_F(ControlTest, a_loop_without_end_costs_the_gas_and_nothing_else) {
    const CallResult result = run(code(op::jumpdest, sstore(1, 1), push(0), op::jump));
    EXPECT_EQ(result.status, CallStatus::out_of_gas);
    EXPECT_EQ(result.gas_left, 0u);
    EXPECT_TRUE(slot(self, 1).is_zero());
}

TEST_F(ControlTest, revert_gives_back_gas_and_data_and_undoes) {
    const CallResult result = run(code(sstore(1, 1), mstore(0, 77), apply(op::revert, 0, 32)));
    EXPECT_EQ(result.status, CallStatus::reverted);
    EXPECT_EQ(Uint256::from_be(result.output), Uint256(77));
    EXPECT_GT(result.gas_left, gas / 2);
    EXPECT_TRUE(slot(self, 1).is_zero());
}

TEST_F(ControlTest, gas_beyond_the_signed_range_is_kept) {
    install(self, code(op::gas, return_top()));
    Message message = to(self);
    message.gas = ~core::Gas{0};
    const CallResult result = send(message);
    EXPECT_EQ(result.status, CallStatus::succeeded);
    EXPECT_EQ(message.gas - result.gas_left, 2u + 3 + 3 + 3 + 3 + 3);
}

}  // namespace
}  // namespace sluice::contracts
