/// Long division by up to four limbs (Knuth, TAOCP 4.3.1, algorithm D) and the full product it reduces.
/// For uint256.cpp and uint256_evm.cpp only.
#pragma once

#include "core/uint256.hpp"

namespace sluice::core::uint256_detail {

/// a * b without loss.
constexpr std::array<std::uint64_t, 8> full_product(const Uint256& a, const Uint256& b) {
    std::array<std::uint64_t, 8> product{};
    for (std::size_t i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < 4; ++j)
            product[i + j] = multiply_add(a.limbs[i], b.limbs[j], product[i + j], carry);
        product[i + 4] = carry;
    }
    return product;
}

/// (high:low) / divisor where high < divisor; `high` becomes the remainder.
inline std::uint64_t divide_two_limbs(std::uint64_t& high, std::uint64_t low, std::uint64_t divisor) {
#if defined(__x86_64__)
    // One instruction instead of a call to the compiler's general 128-bit division.
    std::uint64_t quotient = 0;
    __asm__("divq %4" : "=a"(quotient), "=d"(high) : "0"(low), "1"(high), "r"(divisor) : "cc");
    return quotient;
#else
    const Uint128 dividend = static_cast<Uint128>(high) << 64 | low;
    high = static_cast<std::uint64_t>(dividend % divisor);
    return static_cast<std::uint64_t>(dividend / divisor);
#endif
}

/// Subtracts divisor * digit from the limbs that begin at `at`; true if that went below zero.
template <std::size_t Size>
bool subtract_multiple(std::array<std::uint64_t, Size>& limbs, std::size_t at,
                       const std::array<std::uint64_t, 4>& divisor, std::size_t divisor_limbs,
                       std::uint64_t digit) {
    std::uint64_t carry = 0;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < divisor_limbs; ++i) {
        const std::uint64_t part = multiply_add(divisor[i], digit, 0, carry);
        limbs[at + i] = subtract_limb(limbs[at + i], part, borrow);
    }
    limbs[at + divisor_limbs] = subtract_limb(limbs[at + divisor_limbs], carry, borrow);
    return borrow != 0;
}

/// Adds the divisor back once.
template <std::size_t Size>
void add_back(std::array<std::uint64_t, Size>& limbs, std::size_t at,
              const std::array<std::uint64_t, 4>& divisor, std::size_t divisor_limbs) {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < divisor_limbs; ++i)
        limbs[at + i] = add_limb(limbs[at + i], divisor[i], carry);
    limbs[at + divisor_limbs] += carry;
}

/// Step D3: the quotient digit for the limbs below `top`, at most one too large. `d1`, `d2` are the divisor's
/// highest limbs.
template <std::size_t Size>
std::uint64_t estimate_digit(const std::array<std::uint64_t, Size>& limbs, std::size_t top, std::uint64_t d1,
                             std::uint64_t d2) {
    std::uint64_t rest = limbs[top];
    std::uint64_t digit = ~0ull;
    if (rest >= d1) {
        // The estimate would not fit a limb; b - 1 with remainder limbs[top - 1] + d1 stands for it.
        const Uint128 wide_rest = static_cast<Uint128>(limbs[top - 1]) + d1;
        if ((wide_rest >> 64) != 0) return digit;
        rest = static_cast<std::uint64_t>(wide_rest);
    } else {
        digit = divide_two_limbs(rest, limbs[top - 1], d1);
    }
    while (static_cast<Uint128>(digit) * d2 > (static_cast<Uint128>(rest) << 64 | limbs[top - 2])) {
        --digit;
        rest += d1;
        if (rest < d1) break;
    }
    return digit;
}

/// Limbs without leading zeros.
template <std::size_t Size>
std::size_t significant_limbs(const std::array<std::uint64_t, Size>& limbs) {
    std::size_t count = Size;
    while (count > 0 && limbs[count - 1] == 0)
        --count;
    return count;
}

/// Divides `dividend` by a divisor that is not zero; returns the remainder.
template <std::size_t Size>
Uint256 divide_limbs(const std::array<std::uint64_t, Size>& dividend, const Uint256& divisor,
                     std::array<std::uint64_t, Size>& quotient) {
    const std::size_t divisor_limbs = significant_limbs(divisor.limbs);
    const std::size_t dividend_limbs = significant_limbs(dividend);
    if (divisor_limbs == 1) {
        std::uint64_t rest = 0;
        for (std::size_t i = dividend_limbs; i-- > 0;)
            quotient[i] = divide_two_limbs(rest, dividend[i], divisor.limbs[0]);
        return rest;
    }
    // Step D1: shift until the divisor's highest bit is set, so that estimates are off by two at most.
    const unsigned shift = static_cast<unsigned>(std::countl_zero(divisor.limbs[divisor_limbs - 1]));
    const std::array<std::uint64_t, 4> scaled = (divisor << shift).limbs;
    std::array<std::uint64_t, Size + 1> limbs{};
    for (std::size_t i = 0; i < Size; ++i) {
        limbs[i] |= dividend[i] << shift;
        if (shift != 0) limbs[i + 1] = dividend[i] >> (64 - shift);
    }
    for (std::size_t at = dividend_limbs + 1; at-- > divisor_limbs;) {
        const std::size_t low = at - divisor_limbs;
        std::uint64_t digit = estimate_digit(limbs, at, scaled[divisor_limbs - 1], scaled[divisor_limbs - 2]);
        if (subtract_multiple(limbs, low, scaled, divisor_limbs, digit)) {
            --digit;
            add_back(limbs, low, scaled, divisor_limbs);
        }
        quotient[low] = digit;
    }
    Uint256 remainder;
    for (std::size_t i = 0; i < divisor_limbs; ++i)
        remainder.limbs[i] = limbs[i];
    return remainder >> shift;
}

}  // namespace sluice::core::uint256_detail
