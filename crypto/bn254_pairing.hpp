/// The optimal ate pairing of BN254 (Vercauteren, "Optimal Pairings"). Not constant in time.
#pragma once

#include <span>

#include "crypto/bn254_fp12.hpp"
#include "crypto/bn254_groups.hpp"

namespace sluice::crypto::bn254 {

/// Arguments of one pairing. Both are in their groups: `read_g1` and `read_g2` saw to it.
struct Pair {
    G1 p;
    G2 q;
};

/// The product of the Miller functions f(Q, P) of all pairs; pairs with infinity count as one. The squarings
/// are shared by all pairs. Allocates a few hundred bytes per pair.
Fp12 miller_product(std::span<const Pair> pairs);

/// The product of Miller functions raised to (p^12 - 1)/n * 2u (6u^2 + 3u + 1): the product of the pairings.
/// The factor after (p^12 - 1)/n is prime to n, so the pairing is another one than the plain ate pairing, but
/// equally bilinear and one for the same arguments. Precondition: not zero, as Miller functions are not.
Fp12 final_exponentiation(const Fp12& value);

}  // namespace sluice::crypto::bn254
