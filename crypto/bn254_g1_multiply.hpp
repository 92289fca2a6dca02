/// Multiplication in G1 by two half-size numbers instead of a whole one (Gallant, Lambert and Vanstone,
/// "Faster Point Multiplication on Elliptic Curves with Efficient Endomorphisms"). Not constant in time.
#pragma once

#include "crypto/bn254_groups.hpp"

namespace sluice::crypto::bn254 {

/// A whole number by sign and amount.
struct SignedNumber {
    Limbs amount{};
    bool negative = false;
};

/// scalar = first + second * lambda modulo n.
struct SplitScalar {
    SignedNumber first;
    SignedNumber second;
};

/// lambda = 36u^3 + 18u^2 + 6u + 1, a third root of unity modulo n.
extern const Limbs third_root_of_order;

/// Both amounts are below 2^130, whatever the scalar.
SplitScalar split(const Limbs& scalar);

/// lambda * point: (beta x, y), beta being a third root of unity in Fp.
G1 times_lambda(const G1& point);

/// scalar * point, like `multiply` in about two thirds of its time.
JacobianPoint<Fp> multiply_g1(const G1& point, const Limbs& scalar);

}  // namespace sluice::crypto::bn254
