#include "core/uint256_evm.hpp"
#include "tests/contracts/evm/machine_fixture.hpp"

namespace sluice::contracts {
namespace {

using namespace test;
using core::Uint256;

const Uint256 max = Uint256::max();
const Uint256 least = Uint256(1) << 255;  // -2^255
const Uint256 minus_one = max;

class WordsTest : public MachineTest {
  protected:
    template <typename... Operands>
    Uint256 result(std::uint8_t opcode, const Operands&... operands) {
        return top_after(apply(opcode, operands...));
    }
};

TEST_F(WordsTest, the_topmost_word_is_the_first_operand) {
    EXPECT_EQ(result(op::sub, 5, 3), Uint256(2));
    EXPECT_EQ(result(op::div, 7, 2), Uint256(3));
    EXPECT_EQ(result(op::mod, 7, 4), Uint256(3));
    EXPECT_EQ(result(op::exp, 3, 4), Uint256(81));
    EXPECT_EQ(result(op::lt, 1, 2), Uint256(1));
    EXPECT_EQ(result(op::gt, 1, 2), Uint256(0));
    EXPECT_EQ(result(op::shl, 4, 1), Uint256(16));
    EXPECT_EQ(result(op::addmod, 5, 6, 7), Uint256(4));
    EXPECT_EQ(result(op::mulmod, 5, 6, 7), Uint256(2));
}

TEST_F(WordsTest, sums_and_products_wrap) {
    EXPECT_EQ(result(op::add, max, 1), Uint256(0));
    EXPECT_EQ(result(op::sub, 0, 1), max);
    EXPECT_EQ(result(op::mul, max, max), Uint256(1));
    EXPECT_EQ(result(op::mul, Uint256(1) << 128, Uint256(1) << 128), Uint256(0));
}

TEST_F(WordsTest, division_by_zero_gives_zero) {
    for (const std::uint8_t opcode : {op::div, op::sdiv, op::mod, op::smod})
        EXPECT_EQ(result(opcode, max, 0), Uint256(0)) << int{opcode};
    EXPECT_EQ(result(op::addmod, max, max, 0), Uint256(0));
    EXPECT_EQ(result(op::mulmod, max, max, 0), Uint256(0));
}

TEST_F(WordsTest, the_least_number_divided_by_minus_one_is_itself) {
    EXPECT_EQ(result(op::sdiv, least, minus_one), least);
    EXPECT_EQ(result(op::smod, least, minus_one), Uint256(0));
}

TEST_F(WordsTest, signed_remainders_have_the_sign_of_the_dividend) {
    const Uint256 minus_8 = core::negate(8);
    const Uint256 minus_3 = core::negate(3);
    EXPECT_EQ(result(op::smod, minus_8, 3), core::negate(2));
    EXPECT_EQ(result(op::smod, 8, minus_3), Uint256(2));
    EXPECT_EQ(result(op::smod, minus_8, minus_3), core::negate(2));
    EXPECT_EQ(result(op::sdiv, minus_8, 3), core::negate(2));
    EXPECT_EQ(result(op::sdiv, 8, minus_3), core::negate(2));
    EXPECT_EQ(result(op::sdiv, minus_8, minus_3), Uint256(2));
}

TEST_F(WordsTest, modular_operations_do_not_wrap_before_the_remainder) {
    EXPECT_EQ(result(op::addmod, max, max, max), Uint256(0));
    EXPECT_EQ(result(op::addmod, max, 1, max), Uint256(1));
    EXPECT_EQ(result(op::addmod, max, max, max - Uint256(1)), Uint256(2));
    EXPECT_EQ(result(op::mulmod, max, max, max), Uint256(0));
    EXPECT_EQ(result(op::mulmod, max, max, max - Uint256(1)), Uint256(1));
    EXPECT_EQ(result(op::mulmod, max, max, least), Uint256(1));
}

TEST_F(WordsTest, powers_wrap_and_cost_by_the_exponents_bytes) {
    EXPECT_EQ(result(op::exp, 0, 0), Uint256(1));
    EXPECT_EQ(result(op::exp, 2, 255), least);
    EXPECT_EQ(result(op::exp, 2, 256), Uint256(0));
    EXPECT_EQ(result(op::exp, 3, max), Uint256(3) * Uint256(0) + core::power(3, max));
    EXPECT_EQ(gas_used_by(apply(op::exp, 2, 0)), 6u + 10u);
    EXPECT_EQ(gas_used_by(apply(op::exp, 2, 255)), 6u + 10u + 50u);
    EXPECT_EQ(gas_used_by(apply(op::exp, 2, 256)), 6u + 10u + 100u);
    EXPECT_EQ(gas_used_by(apply(op::exp, 2, max)), 6u + 10u + 32u * 50u);
}

TEST_F(WordsTest, comparisons_know_signs) {
    EXPECT_EQ(result(op::slt, minus_one, 0), Uint256(1));
    EXPECT_EQ(result(op::sgt, minus_one, 0), Uint256(0));
    EXPECT_EQ(result(op::lt, minus_one, 0), Uint256(0));
    EXPECT_EQ(result(op::slt, least, max >> 1), Uint256(1));
    EXPECT_EQ(result(op::sgt, max >> 1, least), Uint256(1));
    EXPECT_EQ(result(op::slt, 5, 5), Uint256(0));
    EXPECT_EQ(result(op::eq, max, max), Uint256(1));
    EXPECT_EQ(result(op::eq, max, least), Uint256(0));
    EXPECT_EQ(result(op::iszero, least), Uint256(0));
    EXPECT_EQ(result(op::iszero, 0), Uint256(1));
}

TEST_F(WordsTest, comparisons_look_at_every_limb) {
    for (unsigned bit : {0u, 63u, 64u, 127u, 128u, 191u, 192u, 255u}) {
        const Uint256 value = Uint256(1) << bit;
        EXPECT_EQ(result(op::iszero, value), Uint256(0)) << bit;
        EXPECT_EQ(result(op::eq, value, 0), Uint256(0)) << bit;
        EXPECT_EQ(result(op::lt, 0, value), Uint256(1)) << bit;
        EXPECT_EQ(result(op::gt, value, value - Uint256(1)), Uint256(1)) << bit;
    }
}

TEST_F(WordsTest, shifts_of_256_and_more_leave_the_sign_only) {
    for (const Uint256& bits : {Uint256(256), Uint256(257), Uint256(1) << 64, Uint256(1) << 255, max}) {
        EXPECT_EQ(result(op::shl, bits, max), Uint256(0));
        EXPECT_EQ(result(op::shr, bits, max), Uint256(0));
        EXPECT_EQ(result(op::sar, bits, least), max);
        EXPECT_EQ(result(op::sar, bits, least - Uint256(1)), Uint256(0));
    }
    EXPECT_EQ(result(op::shr, 255, max), Uint256(1));
    EXPECT_EQ(result(op::shl, 255, max), least);
    EXPECT_EQ(result(op::sar, 255, least), max);
    EXPECT_EQ(result(op::sar, 0, least), least);
}

/// Bytes 1 to 32, most significant first.
Uint256 counted_bytes() {
    core::Word word;
    for (std::size_t i = 0; i < 32; ++i)
        word[i] = static_cast<std::uint8_t>(i + 1);
    return Uint256::from_word(word);
}

TEST_F(WordsTest, byte_picks_at_every_index) {
    for (std::uint64_t index = 0; index < 32; ++index)
        EXPECT_EQ(result(op::byte, index, counted_bytes()), Uint256(index + 1)) << index;
    for (const Uint256& index : {Uint256(32), Uint256(33), Uint256(1) << 64, Uint256(1) << 192, max})
        EXPECT_EQ(result(op::byte, index, counted_bytes()), Uint256(0));
}

TEST_F(WordsTest, signextend_extends_at_every_index) {
    for (unsigned index = 0; index < 31; ++index) {
        const unsigned bits = 8 * (index + 1);
        const Uint256 low = max >> (256 - bits);
        const Uint256 sign = Uint256(1) << (bits - 1);
        // What stands above the extended byte is replaced, whatever it was.
        EXPECT_EQ(result(op::signextend, index, sign), ~(low >> 1)) << index;
        EXPECT_EQ(result(op::signextend, index, max ^ sign), low >> 1) << index;
    }
    for (const Uint256& index : {Uint256(31), Uint256(32), Uint256(1) << 64, Uint256(1) << 255, max})
        EXPECT_EQ(result(op::signextend, index, counted_bytes()), counted_bytes());
}

TEST_F(WordsTest, leading_zeros_are_counted_since_osaka) {
    EXPECT_EQ(result(op::clz, 0), Uint256(256));
    for (unsigned bit = 0; bit < 256; ++bit)
        ASSERT_EQ(result(op::clz, Uint256(1) << bit), Uint256(255 - bit));
    EXPECT_EQ(result(op::clz, max), Uint256(0));
    block.revision = evm::Revision::prague;
    EXPECT_EQ(status_of(apply(op::clz, 1)), CallStatus::undefined_instruction);
}

TEST_F(WordsTest, bits_are_combined_in_every_limb) {
    const Uint256 a = counted_bytes();
    const Uint256 b = ~counted_bytes() ^ (counted_bytes() << 3);
    EXPECT_EQ(result(op::and_, a, b), a & b);
    EXPECT_EQ(result(op::or_, a, b), a | b);
    EXPECT_EQ(result(op::xor_, a, b), a ^ b);
    EXPECT_EQ(result(op::not_, a), ~a);
}

TEST_F(WordsTest, every_push_reads_its_bytes) {
    for (std::size_t bytes = 1; bytes <= 32; ++bytes) {
        const Uint256 value = counted_bytes() >> static_cast<unsigned>(256 - 8 * bytes);
        EXPECT_EQ(top_after(push_bytes(bytes, value)), value) << bytes;
    }
    EXPECT_EQ(top_after(code(op::push0)), Uint256(0));
}

TEST_F(WordsTest, every_dup_and_swap_reaches_its_depth) {
    core::Bytes sixteen;
    for (unsigned i = 17; i > 0; --i)
        sixteen = code(sixteen, push(100 + i));
    for (unsigned n = 1; n <= 16; ++n) {
        EXPECT_EQ(top_after(code(sixteen, duplicate(n))), Uint256(100 + n)) << n;
        EXPECT_EQ(top_after(code(sixteen, exchange(n))), Uint256(101 + n)) << n;
        EXPECT_EQ(top_after(code(sixteen, exchange(n), duplicate(n + 1 > 16 ? 16 : n + 1))),
                  Uint256(n == 16 ? 116 : 101))
            << n;
    }
}

}  // namespace
}  // namespace sluice::contracts
