#include "core/uint256_evm.hpp"

#include "core/uint256_division.hpp"

namespace sluice::core {

namespace {

Uint256 magnitude(const Uint256& a) {
    return is_negative(a) ? negate(a) : a;
}

}  // namespace

Uint256 add_mod(const Uint256& a, const Uint256& b, const Uint256& n) {
    if (n.is_zero()) return {};
    bool carry = false;
    if (a < n && b < n) {
        const Uint256 sum = uint256_detail::add(a, b, carry);
        return carry || sum >= n ? sum - n : sum;
    }
    const Uint256 sum = uint256_detail::add(a, b, carry);
    if (!carry) return sum % n;
    const std::uint64_t wide[5] = {sum.limbs[0], sum.limbs[1], sum.limbs[2], sum.limbs[3], 1};
    return uint256_detail::remainder_of<5>(wide, n);
}

Uint256 multiply_mod(const Uint256& a, const Uint256& b, const Uint256& n) {
    if (n.is_zero()) return {};
    std::uint64_t product[8];
    uint256_detail::full_product(a, b, product);
    return uint256_detail::remainder_of<8>(product, n);
}

Uint256 power(const Uint256& base, const Uint256& exponent) {
    if (base == Uint256(2)) return shift_left(1, exponent);
    Uint256 result = 1;
    for (unsigned bit = exponent.bit_length(); bit-- > 0;) {
        result = result * result;
        if ((exponent.limbs.data()[bit / 64] >> (bit % 64) & 1) != 0) result = result * base;
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
