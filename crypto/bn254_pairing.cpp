#include "crypto/bn254_pairing.hpp"

#include <vector>

namespace sluice::crypto::bn254 {
namespace {

/// b of the twist, three times: as the doubling wants it.
constexpr Fp2 three_twist_b = xi.conjugate() * (Fp(9) * power(Fp(82), subtract(modulus, Limbs{2}).limbs));

/// A line through points of the twist, to be read at a point P of G1: at_one * y(P) + at_w * x(P) w + at_vw v
/// w.
struct Line {
    Fp2 at_one;
    Fp2 at_w;
    Fp2 at_vw;
};

/// The running multiple of a Q: (x / z, y / z).
struct Multiple {
    Fp2 x;
    Fp2 y;
    Fp2 z = Fp2::one();
};

// A point (x, y) of the twist is (x w^2, y w^3) on the curve over Fp12. A line of slope s through it on the
// twist has slope s w there and at P the value y(P) - s x(P) w + (s x - y) w^3, with w^3 = v w. It may be
// multiplied by anything in Fp2: the final exponentiation maps that to one.

/// Doubles `t` and gives the tangent, multiplied by -2yz (Costello, Lange and Naehrig, "Faster Pairing
/// Computations on Curves with High-Degree Twists", in the form of Aranha and others, "Faster Explicit
/// Formulas for Computing Pairings over Ordinary Curves").
Line double_step(Multiple& t) {
    const Fp2 a = (t.x * t.y).half();
    const Fp2 b = t.y.squared();
    const Fp2 c = t.z.squared();
    const Fp2 e = three_twist_b * c;
    const Fp2 f = e.doubled() + e;
    const Fp2 g = (b + f).half();
    const Fp2 h = (t.y + t.z).squared() - b - c;
    const Fp2 x2 = t.x.squared();
    const Fp2 e2 = e.squared();
    t = {a * (b - f), g.squared() - e2.doubled() - e2, b * h};
    return {-h, x2.doubled() + x2, e - b};
}

/// Adds `q` to `t` and gives the line through both, multiplied by x - x(q) z. The multiple is never q or -q
/// here.
Line add_step(Multiple& t, const G2& q) {
    const Fp2 rise = t.y - q.y * t.z;
    const Fp2 run = t.x - q.x * t.z;
    const Fp2 run2 = run.squared();
    const Fp2 run3 = run2 * run;
    const Fp2 v = t.x * run2;
    const Fp2 x = rise.squared() * t.z + run3 - v.doubled();
    t = {run * x, rise * (v - x) - run3 * t.y, t.z * run3};
    return {run, -rise, rise * q.x - run * q.y};
}

/// One pair on its way through the loop.
struct Runner {
    Fp px;
    Fp py;
    G2 q;
    Multiple t;

    explicit Runner(const Pair& pair)
        : px(pair.p.x), py(pair.p.y), q(pair.q), t{.x = pair.q.x, .y = pair.q.y} {}

    Fp12 times(const Fp12& f, const Line& line) const {
        return f.times_line(line.at_one * py, line.at_w * px, line.at_vw);
    }
};

/// 6u + 2, of 65 bits, in digits -1, 0 and 1.
constexpr SignedDigits loop_digits = [] {
    const Wide count = Wide{curve_parameter} * 6 + 2;
    return signed_digits(Limbs{static_cast<std::uint64_t>(count), static_cast<std::uint64_t>(count >> 64)},
                         2);
}();

constexpr SignedDigits parameter_digits = signed_digits(Limbs{curve_parameter}, 2);

/// value ^ u in the cyclotomic subgroup, where an inverse costs nothing.
Fp12 power_of_u(const Fp12& value) {
    const Fp12 inverse = value.conjugate();
    Fp12 result = value;
    for (std::size_t i = parameter_digits.size - 1; i-- > 0;) {
        result = result.cyclotomic_squared();
        if (parameter_digits.digits[i] > 0) result = result * value;
        if (parameter_digits.digits[i] < 0) result = result * inverse;
    }
    return result;
}

}  // namespace

Fp12 miller_product(std::span<const Pair> pairs) {
    std::vector<Runner> runners;
    runners.reserve(pairs.size());
    for (const Pair& pair : pairs)
        if (!pair.p.infinity && !pair.q.infinity) runners.emplace_back(pair);

    Fp12 f = Fp12::one();
    for (std::size_t i = loop_digits.size - 1; i-- > 0;) {
        f = f.squared();
        const int digit = loop_digits.digits[i];
        for (Runner& runner : runners) {
            f = runner.times(f, double_step(runner.t));
            if (digit != 0) f = runner.times(f, add_step(runner.t, digit > 0 ? runner.q : -runner.q));
        }
    }
    // The two lines that make the ate pairing optimal: on to pQ, then to -p^2 Q.
    for (Runner& runner : runners) {
        const G2 first = frobenius(runner.q);
        f = runner.times(f, add_step(runner.t, first));
        f = runner.times(f, add_step(runner.t, -frobenius(first)));
    }
    return f;
}

Fp12 final_exponentiation(const Fp12& value) {
    // The easy part, p^12 - 1 = (p^6 - 1)(p^2 + 1)(p^4 - p^2 + 1) without its last factor, ends in the
    // cyclotomic subgroup.
    const Fp12 unitary = value.conjugate() * value.inverse();
    const Fp12 r = unitary.frobenius().frobenius() * unitary;

    // The hard part, (p^4 - p^2 + 1)/n * 2u (6u^2 + 3u + 1), is c + b + 1 + (c - 2u) p + c p^2 + (c - 2u - 1)
    // p^3 with b = 6u^2 and c = 12u^3 + 6u^2 + 6u (Fuentes-Castañeda, Knapp and Rodríguez-Henríquez, "Faster
    // Hashing to G2"). Names say the exponent of r.
    const Fp12 two_u = power_of_u(r).cyclotomic_squared();
    const Fp12 six_u = two_u.cyclotomic_squared() * two_u;
    const Fp12 b = power_of_u(six_u);
    const Fp12 c = power_of_u(b.cyclotomic_squared()) * b * six_u;
    const Fp12 c_less = c * two_u.conjugate();
    const Fp12 high = (c_less * r.conjugate()).frobenius();
    return c * b * r * (c_less * (c * high).frobenius()).frobenius();
}

}  // namespace sluice::crypto::bn254
