#include "crypto/bn254_fp.hpp"

#include <gmp.h>

namespace sluice::crypto::bn254 {

static_assert(sizeof(mp_limb_t) == sizeof(std::uint64_t) && GMP_NAIL_BITS == 0);

Limbs limbs_of(std::span<const std::uint8_t, 32> bytes) {
    Limbs value{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        value[3 - i / 8] = value[3 - i / 8] << 8 | bytes[i];
    }
    return value;
}

std::optional<Fp> Fp::from_bytes(std::span<const std::uint8_t, 32> bytes) {
    const Limbs value = limbs_of(bytes);
    if (!is_below(value, modulus)) return std::nullopt;
    return from_limbs(value);
}

void Fp::write_to(std::span<std::uint8_t, 32> bytes) const {
    const Limbs value = to_limbs();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(value[3 - i / 8] >> (56 - 8 * (i % 8)));
    }
}

Fp Fp::inverse() const {
    if (is_zero()) return *this;
    // GMP gives the cofactor of its first number, which must not be the shorter one: x + p instead of x,
    // which is the same modulo p. It overwrites both.
    Limbs first = add(words_, modulus);
    Limbs second = modulus;
    std::array<mp_limb_t, 4> divisor;
    // One limb more than the second number has, as mpn_gcdext demands.
    std::array<mp_limb_t, 5> cofactor{};
    mp_size_t cofactor_size = 0;
    mpn_gcdext(divisor.data(), cofactor.data(), &cofactor_size, first.data(), 4, second.data(), 4);
    // The cofactor is smaller than p, its sign that of its size.
    const std::size_t size = static_cast<std::size_t>(cofactor_size < 0 ? -cofactor_size : cofactor_size);
    Limbs inverse{};
    for (std::size_t i = 0; i < size; ++i)
        inverse[i] = cofactor[i];
    // 1 / (x R) times R^3 / R is R / x.
    const Fp result = Fp(inverse) * Fp(montgomery.r3);
    return cofactor_size < 0 ? -result : result;
}

}  // namespace sluice::crypto::bn254
