#include "crypto/modexp.hpp"

#include <gmp.h>

#include "crypto/precondition.hpp"

namespace sluice::crypto {
namespace {

/// A natural number of GMP that frees itself.
class Natural {
  public:
    Natural() { mpz_init(value_); }
    explicit Natural(ByteView big_endian) : Natural() {
        mpz_import(value_, big_endian.size(), 1, 1, 0, 0, big_endian.data());
    }
    ~Natural() { mpz_clear(value_); }
    Natural(const Natural&) = delete;
    Natural& operator=(const Natural&) = delete;

    mpz_ptr get() { return value_; }
    mpz_srcptr get() const { return value_; }
    bool is_zero() const { return mpz_sgn(value_) == 0; }

    /// Writes the number to the end of `bytes`, which are zeros and at least as many as the number has.
    void write_to_end_of(std::span<std::uint8_t> bytes) const {
        if (is_zero()) return;
        const std::size_t size = mpz_sizeinbase(value_, 256);
        mpz_export(bytes.last(size).data(), nullptr, 1, 1, 0, 0, value_);
    }

  private:
    mpz_t value_;
};

}  // namespace

std::vector<std::uint8_t> modexp(ByteView base, ByteView exponent, ByteView modulus) {
    require(base.size() <= modexp_bytes_max && exponent.size() <= modexp_bytes_max &&
                modulus.size() <= modexp_bytes_max,
            "modexp was given numbers that are too long");
    std::vector<std::uint8_t> result(modulus.size());
    const Natural m(modulus);
    // GMP divides by it, and a division by zero is a signal.
    if (m.is_zero()) return result;
    Natural power;
    mpz_powm(power.get(), Natural(base).get(), Natural(exponent).get(), m.get());
    power.write_to_end_of(result);
    return result;
}

}  // namespace sluice::crypto
