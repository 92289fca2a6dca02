/// Numbers of 256 bits, and the two primes of BN254. Not constant in time: for public values only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace sluice::crypto::bn254 {

/// A number of 256 bits, the least significant 64 first.
using Limbs = std::array<std::uint64_t, 4>;

/// p, over which the curve is defined, and n, the order of its groups (EIP-196, "Definition of the groups").
inline constexpr Limbs modulus{0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d,
                               0x30644e72e131a029};
inline constexpr Limbs order{0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029};

__extension__ using Wide = unsigned __int128;

/// A big-endian number.
Limbs limbs_of(std::span<const std::uint8_t, 32> bytes);

/// a < b.
constexpr bool is_below(const Limbs& a, const Limbs& b) {
    for (std::size_t i = a.size(); i-- > 0;)
        if (a[i] != b[i]) return a[i] < b[i];
    return false;
}

// Chains of carries are written in assembly too: gcc 12 makes three times the instructions of them. Constants
// are computed by the C++ below it, and other machines compute everything by it.

/// a - b modulo 2^256, and all ones if b was greater, else zero.
struct Difference {
    Limbs limbs{};
    std::uint64_t borrow_mask = 0;
};
[[gnu::always_inline]] constexpr Difference subtract(const Limbs& a, const Limbs& b) {
    Difference result{a};
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        Limbs& d = result.limbs;
        asm("subq %[b0], %[d0]\n\t"
            "sbbq %[b1], %[d1]\n\t"
            "sbbq %[b2], %[d2]\n\t"
            "sbbq %[b3], %[d3]\n\t"
            "sbbq %[mask], %[mask]"
            : [d0] "+&r"(d[0]), [d1] "+&r"(d[1]), [d2] "+&r"(d[2]), [d3] "+&r"(d[3]),
              [mask] "+&r"(result.borrow_mask)
            : [b0] "rm"(b[0]), [b1] "rm"(b[1]), [b2] "rm"(b[2]), [b3] "rm"(b[3])
            : "cc");
        return result;
    }
#endif
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const Wide limb = Wide{a[i]} - b[i] - borrow;
        result.limbs[i] = static_cast<std::uint64_t>(limb);
        borrow = static_cast<std::uint64_t>(limb >> 64) & 1;
    }
    result.borrow_mask = -borrow;
    return result;
}

/// a + b, which must stay below 2^256.
[[gnu::always_inline]] constexpr Limbs add(const Limbs& a, const Limbs& b) {
    Limbs sum = a;
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        asm("addq %[b0], %[s0]\n\t"
            "adcq %[b1], %[s1]\n\t"
            "adcq %[b2], %[s2]\n\t"
            "adcq %[b3], %[s3]"
            : [s0] "+&r"(sum[0]), [s1] "+&r"(sum[1]), [s2] "+&r"(sum[2]), [s3] "+&r"(sum[3])
            : [b0] "rm"(b[0]), [b1] "rm"(b[1]), [b2] "rm"(b[2]), [b3] "rm"(b[3])
            : "cc");
        return sum;
    }
#endif
    Wide carry = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        carry += Wide{a[i]} + b[i];
        sum[i] = static_cast<std::uint64_t>(carry);
        carry >>= 64;
    }
    return sum;
}

/// The modulus where the mask is all ones, zero where it is zero.
constexpr Limbs masked_modulus(std::uint64_t mask) {
    return {modulus[0] & mask, modulus[1] & mask, modulus[2] & mask, modulus[3] & mask};
}

/// a, or a - p if that is not negative: what it takes to bring a number below 2p below p.
[[gnu::always_inline]] constexpr Limbs reduced_once(const Limbs& a) {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        Limbs r = a;
        asm("subq %[p0], %[r0]\n\t"
            "sbbq %[p1], %[r1]\n\t"
            "sbbq %[p2], %[r2]\n\t"
            "sbbq %[p3], %[r3]\n\t"
            "cmovcq %[a0], %[r0]\n\t"
            "cmovcq %[a1], %[r1]\n\t"
            "cmovcq %[a2], %[r2]\n\t"
            "cmovcq %[a3], %[r3]"
            : [r0] "+&r"(r[0]), [r1] "+&r"(r[1]), [r2] "+&r"(r[2]), [r3] "+&r"(r[3])
            : [p0] "m"(modulus[0]), [p1] "m"(modulus[1]), [p2] "m"(modulus[2]), [p3] "m"(modulus[3]),
              [a0] "rm"(a[0]), [a1] "rm"(a[1]), [a2] "rm"(a[2]), [a3] "rm"(a[3])
            : "cc");
        return r;
    }
#endif
    const Difference less = subtract(a, modulus);
    return add(less.limbs, masked_modulus(less.borrow_mask));
}

}  // namespace sluice::crypto::bn254
