#include "core/uint256_evm.hpp"

#include "core/uint256_division.hpp"

namespace sluice::core {

namespace {

template <std::size_t Size>
Uint256 remainder_of(const std::array<std::uint64_t, Size>& dividend, const Uint256& divisor) {
    std::array<std::uint64_t, Size> quotient{};
    return uint256_detail::divide_limbs<Size>(dividend, divisor, quotient);
}

Uint256 magnitude(const Uint256& a) {
    return is_negative(a) ? negate(a) : a;
}

}  // namespace

Uint256 add_mod(const Uint256& a, const Uint256& b, const Uint256& n) {
    if (n.is_zero()) return {};
    std::uint64_t carry = 0;
    const Uint256 sum = uint256_detail::add(a, b, carry);
    if (carry == 0) return sum % n;
    return remainder_of<5>({sum.limbs[0], sum.limbs[1], sum.limbs[2], sum.limbs[3], carry}, n);
}

Uint256 multiply_mod(const Uint256& a, const Uint256& b, const Uint256& n) {
    if (n.is_zero()) return {};
    return remainder_of(uint256_detail::full_product(a, b), n);
}

Uint256 power(const Uint256& base, const Uint256& exponent) {
    Uint256 result = 1;
    for (unsigned bit = exponent.bit_length(); bit-- > 0;) {
        result = result * result;
        if ((exponent.limbs[bit / 64] >> (bit % 64) & 1) != 0) result = result * base;
    }
    return result;
}

Uint256 signed_divide(const Uint256& a, const Uint256& b) {
    const Uint256 quotient = magnitude(a) / magnitude(b);
    return is_negative(a) != is_negative(b) ? negate(quotient) : quotient;
}

Uint256 signed_remainder(const Uint256& a, const Uint256& b) {
    const Uint256 remainder = magnitude(a) % magnitude(b);
    return is_negative(a) ? negate(remainder) : remainder;
}

}  // namespace sluice::core
