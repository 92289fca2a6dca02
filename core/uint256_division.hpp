/// Division by up to four limbs, with a reciprocal in place of a division per digit (Möller and Granlund,
/// "Improved division by invariant integers", 2011; Knuth, TAOCP 4.3.1, algorithm D), and the full product
/// that it reduces. For uint256.cpp and uint256_evm.cpp only.
#pragma once

#include <cstddef>

#include "core/uint256.hpp"

namespace sluice::core::uint256_detail {

/// a * b without loss, into eight limbs.
inline void full_product(const Uint256& a, const Uint256& b, std::uint64_t* product) {
    std::uint64_t carry = 0;
    product[0] = multiply_add(a.limbs[0], b.limbs[0], 0, carry);
    product[1] = multiply_add(a.limbs[0], b.limbs[1], 0, carry);
    product[2] = multiply_add(a.limbs[0], b.limbs[2], 0, carry);
    product[3] = multiply_add(a.limbs[0], b.limbs[3], 0, carry);
    product[4] = carry;
    for (std::size_t row = 1; row < 4; ++row) {
        const std::uint64_t factor = a.limbs.data()[row];
        std::uint64_t* const sums = product + row;
        carry = 0;
        sums[0] = multiply_add(factor, b.limbs[0], sums[0], carry);
        sums[1] = multiply_add(factor, b.limbs[1], sums[1], carry);
        sums[2] = multiply_add(factor, b.limbs[2], sums[2], carry);
        sums[3] = multiply_add(factor, b.limbs[3], sums[3], carry);
        sums[4] = carry;
    }
}

constexpr std::uint64_t high_limb(Uint128 value) {
    return static_cast<std::uint64_t>(value >> 64);
}
constexpr std::uint64_t low_limb(Uint128 value) {
    return static_cast<std::uint64_t>(value);
}
constexpr Uint128 two_limbs(std::uint64_t high, std::uint64_t low) {
    return static_cast<Uint128>(high) << 64 | low;
}

/// (high:low) / divisor where high < divisor; `high` becomes the remainder.
inline std::uint64_t divide_two_limbs(std::uint64_t& high, std::uint64_t low, std::uint64_t divisor) {
#if defined(__x86_64__)
    // One instruction instead of a call to the compiler's general 128-bit division.
    std::uint64_t quotient = 0;
    __asm__("divq %4" : "=a"(quotient), "=d"(high) : "0"(low), "1"(high), "r"(divisor) : "cc");
    return quotient;
#else
    const Uint128 dividend = two_limbs(high, low);
    high = low_limb(dividend % divisor);
    return low_limb(dividend / divisor);
#endif
}

/// floor((2^128 - 1) / divisor) - 2^64 for a divisor whose highest bit is set.
inline std::uint64_t reciprocal_of(std::uint64_t divisor) {
    std::uint64_t rest = ~divisor;
    return divide_two_limbs(rest, ~0ull, divisor);
}

/// floor((2^192 - 1) / divisor) - 2^64 for a divisor whose highest bit is set (algorithm 6).
inline std::uint64_t reciprocal_of(Uint128 divisor) {
    const std::uint64_t d1 = high_limb(divisor);
    const std::uint64_t d0 = low_limb(divisor);
    std::uint64_t v = reciprocal_of(d1);
    std::uint64_t p = d1 * v + d0;
    if (p < d0) {
        --v;
        if (p >= d1) {
            --v;
            p -= d1;
        }
        p -= d1;
    }
    const Uint128 t = static_cast<Uint128>(v) * d0;
    p += high_limb(t);
    if (p < high_limb(t)) {
        --v;
        if (two_limbs(p, low_limb(t)) >= divisor) --v;
    }
    return v;
}

/// The same as `divide_two_limbs` for a divisor whose highest bit is set, by its reciprocal (algorithm 4).
inline std::uint64_t divide_by_reciprocal(std::uint64_t& high, std::uint64_t low, std::uint64_t divisor,
                                          std::uint64_t reciprocal) {
    const Uint128 estimate = static_cast<Uint128>(reciprocal) * high + two_limbs(high, low);
    std::uint64_t quotient = high_limb(estimate) + 1;
    std::uint64_t rest = low - quotient * divisor;
    if (rest > low_limb(estimate)) {
        --quotient;
        rest += divisor;
    }
    if (rest >= divisor) [[unlikely]] {
        ++quotient;
        rest -= divisor;
    }
    high = rest;
    return quotient;
}

/// (rest:low) / divisor, three limbs by two, where rest < divisor; `rest` becomes the remainder (algorithm
/// 5).
inline std::uint64_t divide_by_reciprocal(Uint128& rest, std::uint64_t low, Uint128 divisor,
                                          std::uint64_t reciprocal) {
    const Uint128 estimate = static_cast<Uint128>(reciprocal) * high_limb(rest) + rest;
    std::uint64_t quotient = high_limb(estimate);
    const std::uint64_t r1 = low_limb(rest) - quotient * high_limb(divisor);
    Uint128 r = two_limbs(r1, low) - static_cast<Uint128>(low_limb(divisor)) * quotient - divisor;
    ++quotient;
    if (high_limb(r) >= low_limb(estimate)) {
        --quotient;
        r += divisor;
    }
    if (r >= divisor) [[unlikely]] {
        ++quotient;
        r -= divisor;
    }
    rest = r;
    return quotient;
}

/// limbs[0..Count) -= divisor[0..Count) * digit; what is missing at limbs[Count].
template <std::size_t Count>
std::uint64_t subtract_multiple(std::uint64_t* limbs, const std::uint64_t* divisor, std::uint64_t digit) {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < Count; ++i) {
        const std::uint64_t part = multiply_add(divisor[i], digit, 0, carry);
        const std::uint64_t before = limbs[i];
        limbs[i] = before - part;
        carry += before < part ? 1 : 0;
    }
    return carry;
}

/// limbs[0..Count) += divisor[0..Count); the carry out.
template <std::size_t Count>
std::uint64_t add_back(std::uint64_t* limbs, const std::uint64_t* divisor) {
    unsigned char carry = 0;
    for (std::size_t i = 0; i < Count; ++i)
        limbs[i] = add_step(limbs[i], divisor[i], carry);
    return carry;
}

/// One quotient digit of a division by `Count` limbs, three or four, of which limbs[0..Count] loses as much
/// (step D3 to D6). `top` are the divisor's two highest limbs.
template <std::size_t Count>
std::uint64_t take_digit(std::uint64_t* limbs, const std::uint64_t* divisor, Uint128 top,
                         std::uint64_t reciprocal) {
    Uint128 rest = two_limbs(limbs[Count], limbs[Count - 1]);
    if (rest == top) [[unlikely]] {
        // The digit would not fit a limb; the largest one is right.
        limbs[Count] -= subtract_multiple<Count>(limbs, divisor, ~0ull);
        return ~0ull;
    }
    std::uint64_t digit = divide_by_reciprocal(rest, limbs[Count - 2], top, reciprocal);
    const std::uint64_t missing = subtract_multiple<Count - 2>(limbs, divisor, digit);
    limbs[Count - 2] = low_limb(rest - missing);
    limbs[Count - 1] = high_limb(rest - missing);
    if (rest < missing) [[unlikely]] {
        --digit;
        limbs[Count - 1] += high_limb(top) + add_back<Count - 1>(limbs, divisor);
    }
    return digit;
}

/// All digits of a division by `Count` limbs, from the highest down.
template <std::size_t Count>
void take_digits(std::uint64_t* limbs, std::size_t size, const std::uint64_t* divisor,
                 std::uint64_t* quotient) {
    const Uint128 top = two_limbs(divisor[Count - 1], divisor[Count - 2]);
    const std::uint64_t reciprocal = reciprocal_of(top);
    for (std::size_t i = size - Count + 1; i-- > 0;)
        quotient[i] = take_digit<Count>(limbs + i, divisor, top, reciprocal);
}

/// Limbs without leading zeros.
inline std::size_t significant_limbs(const std::uint64_t* limbs, std::size_t size) {
    while (size > 0 && limbs[size - 1] == 0)
        --size;
    return size;
}

/// to[0..count) = from[0..count) << shift, for a shift below 64; what leaves the highest limb. The two may be
/// the same.
inline std::uint64_t shift_left_small(std::uint64_t* to, const std::uint64_t* from, std::size_t count,
                                      unsigned shift) {
    const unsigned back = 63 - shift;
    const std::uint64_t out = from[count - 1] >> 1 >> back;
    for (std::size_t i = count - 1; i > 0; --i)
        to[i] = from[i] << shift | from[i - 1] >> 1 >> back;
    to[0] = from[0] << shift;
    return out;
}

/// to[0..count) = from[0..count) >> shift, for a shift below 64.
inline void shift_right_small(std::uint64_t* to, const std::uint64_t* from, std::size_t count,
                              unsigned shift) {
    const unsigned back = 63 - shift;
    for (std::size_t i = 0; i + 1 < count; ++i)
        to[i] = from[i] >> shift | from[i + 1] << 1 << back;
    to[count - 1] = from[count - 1] >> shift;
}

/// Divides `size` significant limbs (at most `Size`) by `count` significant ones (1 to 4, not more than
/// `size`). `quotient` takes size - count + 1 limbs, `remainder` count limbs; limbs above are not written.
template <std::size_t Size>
void divide_limbs(const std::uint64_t* dividend, std::size_t size, const std::uint64_t* divisor,
                  std::size_t count, std::uint64_t* quotient, std::uint64_t* remainder) {
    // Step D1: shift until the divisor's highest bit is set.
    const unsigned shift = static_cast<unsigned>(std::countl_zero(divisor[count - 1]));
    std::uint64_t d[4];
    std::uint64_t limbs[Size + 1];
    shift_left_small(d, divisor, count, shift);
    limbs[size] = shift_left_small(limbs, dividend, size, shift);
    // The highest digit is zero more often than not: it need not be computed.
    if (limbs[size] == 0 && limbs[size - 1] < d[count - 1]) {
        --size;
        quotient[size + 1 - count] = 0;
    }

    if (count == 1) {
        const std::uint64_t reciprocal = reciprocal_of(d[0]);
        std::uint64_t rest = limbs[size];
        for (std::size_t i = size; i-- > 0;)
            quotient[i] = divide_by_reciprocal(rest, limbs[i], d[0], reciprocal);
        remainder[0] = rest >> shift;
        return;
    }
    if (count == 2) {
        const Uint128 both = two_limbs(d[1], d[0]);
        const std::uint64_t reciprocal = reciprocal_of(both);
        Uint128 rest = two_limbs(limbs[size], limbs[size - 1]);
        for (std::size_t i = size - 1; i-- > 0;)
            quotient[i] = divide_by_reciprocal(rest, limbs[i], both, reciprocal);
        rest >>= shift;
        remainder[0] = low_limb(rest);
        remainder[1] = high_limb(rest);
        return;
    }
    if (count == 3)
        take_digits<3>(limbs, size, d, quotient);
    else
        take_digits<4>(limbs, size, d, quotient);
    shift_right_small(remainder, limbs, count, shift);
}

/// The remainder of `Size` limbs by a divisor that is not zero.
template <std::size_t Size>
Uint256 remainder_of(const std::uint64_t* dividend, const Uint256& divisor) {
    const std::size_t size = significant_limbs(dividend, Size);
    const std::size_t count = significant_limbs(divisor.limbs.data(), 4);
    if (size < count) return {dividend[0], dividend[1], dividend[2], 0};
    Uint256 remainder;
    std::uint64_t quotient[Size];
    divide_limbs<Size>(dividend, size, divisor.limbs.data(), count, quotient, remainder.limbs.data());
    return remainder;
}

}  // namespace sluice::core::uint256_detail
