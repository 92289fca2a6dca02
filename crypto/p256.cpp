#include "crypto/p256.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>

#include "crypto/precondition.hpp"

namespace sluice::crypto {
namespace {

using Number = std::span<const std::uint8_t, 32>;

/// The order of the group and the modulus of the field (SEC 2, section 2.4.2).
constexpr std::array<std::uint8_t, 32> order_bytes{
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
constexpr std::array<std::uint8_t, 32> field_bytes{
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

struct Free {
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(BN_CTX* scratch) const { BN_CTX_free(scratch); }
    void operator()(EC_POINT* point) const { EC_POINT_free(point); }
};
using Integer = std::unique_ptr<BIGNUM, Free>;
using Scratch = std::unique_ptr<BN_CTX, Free>;
using Point = std::unique_ptr<EC_POINT, Free>;

/// OpenSSL keeps a list of errors per thread; a key that is no point must leave nothing on it for others to
/// find.
class ErrorsLeftAsFound {
  public:
    ErrorsLeftAsFound() { ERR_set_mark(); }
    ~ErrorsLeftAsFound() { ERR_pop_to_mark(); }
    ErrorsLeftAsFound(const ErrorsLeftAsFound&) = delete;
    ErrorsLeftAsFound& operator=(const ErrorsLeftAsFound&) = delete;
};

/// The one group: made at first use, afterwards only read, so that all threads share it.
const EC_GROUP* group() {
    static const EC_GROUP* const made = [] {
        const EC_GROUP* curve = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
        require(curve != nullptr, "OpenSSL does not know P-256");
        return curve;
    }();
    return made;
}

Integer integer(Number big_endian) {
    Integer number(BN_bin2bn(big_endian.data(), static_cast<int>(big_endian.size()), nullptr));
    require(number != nullptr, "no memory for a number");
    return number;
}

Integer integer() {
    Integer number(BN_new());
    require(number != nullptr, "no memory for a number");
    return number;
}

bool is_below(Number number, Number bound) {
    return std::ranges::lexicographical_compare(number, bound);
}

/// In [1, n-1].
bool is_scalar(Number number) {
    return is_below(number, order_bytes) &&
           std::ranges::any_of(number, [](std::uint8_t b) { return b != 0; });
}

/// The key as a point, or nothing if it lies on no curve. (0, 0) does not satisfy the equation.
Point key_point(const P256Claim& claim, BN_CTX* scratch) {
    if (!is_below(claim.key_x, field_bytes) || !is_below(claim.key_y, field_bytes)) return nullptr;
    Point key(EC_POINT_new(group()));
    require(key != nullptr, "no memory for a point");
    const Integer x = integer(claim.key_x);
    const Integer y = integer(claim.key_y);
    if (EC_POINT_set_affine_coordinates(group(), key.get(), x.get(), y.get(), scratch) != 1) return nullptr;
    return key;
}

/// digest/s · G + r/s · key: the point whose x must be r.
Point nonce_point(const P256Claim& claim, const EC_POINT* key, BN_CTX* scratch) {
    const BIGNUM* order = EC_GROUP_get0_order(group());
    const Integer inverse = integer(claim.s);
    const Integer u1 = integer();
    const Integer u2 = integer();
    Point sum(EC_POINT_new(group()));
    require(sum != nullptr && BN_mod_inverse(inverse.get(), inverse.get(), order, scratch) != nullptr &&
                BN_mod_mul(u1.get(), integer(claim.digest).get(), inverse.get(), order, scratch) == 1 &&
                BN_mod_mul(u2.get(), integer(claim.r).get(), inverse.get(), order, scratch) == 1 &&
                EC_POINT_mul(group(), sum.get(), u1.get(), key, u2.get(), scratch) == 1,
            "OpenSSL could not compute on P-256");
    return sum;
}

}  // namespace

bool verify_p256(const P256Claim& claim) {
    if (!is_scalar(claim.r) || !is_scalar(claim.s)) return false;
    const ErrorsLeftAsFound errors;
    const Scratch scratch(BN_CTX_new());
    require(scratch != nullptr, "no memory for numbers");
    const Point key = key_point(claim, scratch.get());
    if (!key) return false;
    const Point nonce = nonce_point(claim, key.get(), scratch.get());
    if (EC_POINT_is_at_infinity(group(), nonce.get()) == 1) return false;

    const Integer x = integer();
    require(EC_POINT_get_affine_coordinates(group(), nonce.get(), x.get(), nullptr, scratch.get()) == 1,
            "a finite point has no coordinates");
    // x lies below p, which is greater than n: an x from n on stands for x - n.
    require(BN_nnmod(x.get(), x.get(), EC_GROUP_get0_order(group()), scratch.get()) == 1,
            "OpenSSL could not reduce a number");
    return BN_cmp(x.get(), integer(claim.r).get()) == 0;
}

}  // namespace sluice::crypto
