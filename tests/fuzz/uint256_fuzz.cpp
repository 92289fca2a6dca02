/// Fuzz target: every operation of the 256-bit integer against GMP.
#include <gmp.h>

#include <algorithm>

#include "core/uint256_evm.hpp"

namespace {

using sluice::core::Uint256;

void check(bool fact) {
    if (!fact) __builtin_trap();
}

/// A number of GMP, with the arithmetic that the comparison needs.
class Oracle {
  public:
    Oracle() { mpz_init(value_); }
    explicit Oracle(const Uint256& from) {
        mpz_init(value_);
        mpz_import(value_, 4, -1, 8, 0, 0, from.limbs.data());
    }
    Oracle(const Oracle& other) { mpz_init_set(value_, other.value_); }
    Oracle& operator=(const Oracle&) = delete;
    ~Oracle() { mpz_clear(value_); }

    static Oracle two_to(unsigned bits) {
        Oracle result;
        mpz_setbit(result.value_, bits);
        return result;
    }
    /// As a signed number of 256 bits.
    static Oracle of_signed(const Uint256& from) {
        const Oracle plain(from);
        return sluice::core::is_negative(from) ? plain.combined(mpz_sub, two_to(256)) : plain;
    }
    using Function = void (*)(mpz_ptr, mpz_srcptr, mpz_srcptr);
    Oracle combined(Function function, const Oracle& other) const {
        Oracle result;
        function(result.value_, value_, other.value_);
        return result;
    }
    bool is_zero() const { return mpz_sgn(value_) == 0; }
    bool is_below(const Oracle& other) const { return mpz_cmp(value_, other.value_) < 0; }
    /// Modulo 2^256, which two's complement is as well.
    Uint256 wrapped() const {
        const Oracle reduced = combined(mpz_mod, two_to(256));
        Uint256 result;
        mpz_export(result.limbs.data(), nullptr, -1, 8, 0, 0, reduced.value_);
        return result;
    }

  private:
    mpz_t value_;
};

void check_sums(const Uint256& a, const Uint256& b) {
    const Oracle x(a);
    const Oracle y(b);
    check(a + b == x.combined(mpz_add, y).wrapped());
    check(a - b == x.combined(mpz_sub, y).wrapped());
    check(a * b == x.combined(mpz_mul, y).wrapped());
    check((a < b) == x.is_below(y));
    check((a >= b) == !x.is_below(y));
    check((a == b) == (!x.is_below(y) && !y.is_below(x)));
    check((a & b) == x.combined(mpz_and, y).wrapped());
    check((a | b) == x.combined(mpz_ior, y).wrapped());
    check((a ^ b) == x.combined(mpz_xor, y).wrapped());
    check(sluice::core::signed_less(a, b) == Oracle::of_signed(a).is_below(Oracle::of_signed(b)));
}

void check_quotients(const Uint256& a, const Uint256& b) {
    if (b.is_zero()) {
        check((a / b).is_zero() && (a % b).is_zero());
        check(sluice::core::signed_divide(a, b).is_zero() && sluice::core::signed_remainder(a, b).is_zero());
        return;
    }
    const Oracle x(a);
    const Oracle y(b);
    check(a / b == x.combined(mpz_tdiv_q, y).wrapped());
    check(a % b == x.combined(mpz_tdiv_r, y).wrapped());
    const auto both = sluice::core::divide(a, b);
    check(both.quotient == a / b && both.remainder == a % b);
    const Oracle signed_x = Oracle::of_signed(a);
    const Oracle signed_y = Oracle::of_signed(b);
    check(sluice::core::signed_divide(a, b) == signed_x.combined(mpz_tdiv_q, signed_y).wrapped());
    check(sluice::core::signed_remainder(a, b) == signed_x.combined(mpz_tdiv_r, signed_y).wrapped());
}

void check_modular(const Uint256& a, const Uint256& b, const Uint256& n) {
    if (n.is_zero()) {
        check(sluice::core::add_mod(a, b, n).is_zero() && sluice::core::multiply_mod(a, b, n).is_zero());
        return;
    }
    const Oracle x(a);
    const Oracle y(b);
    const Oracle modulus(n);
    check(sluice::core::add_mod(a, b, n) == x.combined(mpz_add, y).combined(mpz_mod, modulus).wrapped());
    check(sluice::core::multiply_mod(a, b, n) == x.combined(mpz_mul, y).combined(mpz_mod, modulus).wrapped());
}

void check_powers_and_shifts(const Uint256& a, const Uint256& b) {
    Uint256 power = 1;
    const auto exponent = b.low_u64() % 600;
    for (std::uint64_t i = 0; i < exponent; ++i)
        power = power * a;
    check(sluice::core::power(a, exponent) == power);

    const auto bits = static_cast<unsigned>(b.low_u64() % 300);
    const Oracle factor = Oracle::two_to(bits);
    check((a << bits) == Oracle(a).combined(mpz_mul, factor).wrapped());
    check((a >> bits) == Oracle(a).combined(mpz_fdiv_q, factor).wrapped());
    check(sluice::core::shift_right_signed(a, bits) ==
          Oracle::of_signed(a).combined(mpz_fdiv_q, factor).wrapped());
}

/// 32 bytes of the input as a number; a byte before them cuts it to a length, or makes ones of it, since
/// numbers at the borders of limbs are what goes wrong.
Uint256 take(const std::uint8_t*& data, std::size_t& size) {
    sluice::core::Word word{};
    const std::uint8_t shape = size > 0 ? data[0] : std::uint8_t{0};
    const std::size_t count = std::min<std::size_t>(32, size > 0 ? size - 1 : 0);
    if (count > 0) std::copy_n(data + 1, count, word.begin());
    data += std::min<std::size_t>(size, count + 1);
    size -= std::min<std::size_t>(size, count + 1);
    Uint256 number = Uint256::from_word(word) >> (shape & 0xf8u);
    if ((shape & 1) != 0) number = ~number;
    if ((shape & 2) != 0) number = number | (Uint256::max() << (shape & 0xf8u));
    return number;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Uint256 a = take(data, size);
    const Uint256 b = take(data, size);
    const Uint256 c = take(data, size);
    check_sums(a, b);
    check_quotients(a, b);
    check_quotients(a * c + b, c);
    check_modular(a, b, c);
    check_modular(b, c, a);
    check_powers_and_shifts(a, b);
    return 0;
}
