/// Fuzz target: the curve of the precompiled contracts 0x06 to 0x08. G1 against OpenSSL's arithmetic on the
/// same curve, the pairing against its own bilinearity, and any bytes at all as points.
#include <openssl/bn.h>
#include <openssl/ec.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "crypto/bn254.hpp"

namespace {

using namespace sluice::crypto;
using Scalar = std::array<std::uint8_t, 32>;

void check(bool fact) {
    if (!fact) __builtin_trap();
}

/// y^2 = x^3 + 3 in OpenSSL.
class Oracle {
  public:
    Oracle() {
        BIGNUM* p = nullptr;
        BN_dec2bn(&p, "21888242871839275222246405745257275088696311157297823662689037894645226208583");
        BIGNUM* a = BN_new();
        BIGNUM* b = BN_new();
        BN_zero(a);
        BN_set_word(b, 3);
        group_ = EC_GROUP_new_curve_GFp(p, a, b, context_);
        check(group_ != nullptr);
        BN_free(p);
        BN_free(a);
        BN_free(b);
    }
    Oracle(const Oracle&) = delete;
    Oracle& operator=(const Oracle&) = delete;
    ~Oracle() {
        EC_GROUP_free(group_);
        BN_CTX_free(context_);
    }

    Bn254Point sum(const Bn254Point& a, const Bn254Point& b) const {
        const Point left = read(a);
        const Point right = read(b);
        check(EC_POINT_add(group_, left.get(), left.get(), right.get(), context_) == 1);
        return write(left);
    }
    Bn254Point product(const Bn254Point& point, const Scalar& scalar) const {
        const Point factor = read(point);
        BIGNUM* number = BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), nullptr);
        check(EC_POINT_mul(group_, factor.get(), nullptr, factor.get(), number, context_) == 1);
        BN_free(number);
        return write(factor);
    }

  private:
    struct FreePoint {
        void operator()(EC_POINT* point) const { EC_POINT_free(point); }
    };
    using Point = std::unique_ptr<EC_POINT, FreePoint>;

    Point read(const Bn254Point& bytes) const {
        Point point(EC_POINT_new(group_));
        if (std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; })) {
            check(EC_POINT_set_to_infinity(group_, point.get()) == 1);
            return point;
        }
        BIGNUM* x = BN_bin2bn(bytes.data(), 32, nullptr);
        BIGNUM* y = BN_bin2bn(bytes.data() + 32, 32, nullptr);
        check(EC_POINT_set_affine_coordinates(group_, point.get(), x, y, context_) == 1);
        BN_free(x);
        BN_free(y);
        return point;
    }
    Bn254Point write(const Point& point) const {
        Bn254Point bytes{};
        if (EC_POINT_is_at_infinity(group_, point.get()) == 1) return bytes;
        BIGNUM* x = BN_new();
        BIGNUM* y = BN_new();
        check(EC_POINT_get_affine_coordinates(group_, point.get(), x, y, context_) == 1);
        check(BN_bn2binpad(x, bytes.data(), 32) == 32 && BN_bn2binpad(y, bytes.data() + 32, 32) == 32);
        BN_free(x);
        BN_free(y);
        return bytes;
    }

    BN_CTX* context_ = BN_CTX_new();
    EC_GROUP* group_ = nullptr;
};

constexpr Bn254Point generator = [] {
    Bn254Point point{};
    point[31] = 1;
    point[63] = 2;
    return point;
}();

/// The generator of G2 that EIP-197 names.
std::array<std::uint8_t, 128> generator2() {
    const char* coordinates[] = {
        "11559732032986387107991004021392285783925812861821192530917403151452391805634",
        "10857046999023057135944570762232829481370756359578518086990519993285655852781",
        "4082367875863433681332203403145435568316851327593401208105741076214120093531",
        "8495653923123431417604973247489272438418190587263600148770280649306958101930"};
    std::array<std::uint8_t, 128> bytes{};
    for (int i = 0; i < 4; ++i) {
        BIGNUM* number = nullptr;
        BN_dec2bn(&number, coordinates[i]);
        check(BN_bn2binpad(number, bytes.data() + 32 * i, 32) == 32);
        BN_free(number);
    }
    return bytes;
}

Scalar scalar_of(const std::uint8_t* data, std::size_t size, std::size_t from) {
    Scalar scalar{};
    for (std::size_t i = 0; i < scalar.size() && from + i < size; ++i)
        scalar[i] = data[from + i];
    return scalar;
}

Bn254Point times(const Bn254Point& point, const Scalar& scalar) {
    const auto product = bn254_multiply(point, scalar);
    check(product.has_value());
    return *product;
}

Bn254Point plus(const Bn254Point& a, const Bn254Point& b) {
    const auto sum = bn254_add(a, b);
    check(sum.has_value());
    return *sum;
}

/// The scalar that takes a point to its opposite: the group's order less one.
Scalar minus_one() {
    BIGNUM* order = nullptr;
    BN_dec2bn(&order, "21888242871839275222246405745257275088548364400416034343698204186575808495616");
    Scalar scalar{};
    check(BN_bn2binpad(order, scalar.data(), 32) == 32);
    BN_free(order);
    return scalar;
}

void check_pairing(const Bn254Point& a, const Bn254Point& b, const Bn254Point& sum) {
    // e(a, Q) e(b, Q) e(-(a + b), Q) is one, and e(a, Q) alone is not, unless a is infinity.
    static const auto q = generator2();
    static const Scalar opposite = minus_one();
    std::vector<std::uint8_t> pairs;
    for (const Bn254Point& point : {a, b, times(sum, opposite)}) {
        pairs.insert(pairs.end(), point.begin(), point.end());
        pairs.insert(pairs.end(), q.begin(), q.end());
    }
    const auto whole = bn254_pairing_check(pairs);
    check(whole.has_value() && *whole);
    const auto alone = bn254_pairing_check(std::span(pairs).first(bn254_pair_bytes));
    check(alone.has_value() && *alone == (a == Bn254Point{}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Oracle oracle;
    (void)bn254_pairing_check({data, size});
    if (size >= 64) {
        Bn254Point any{};
        std::copy_n(data, any.size(), any.begin());
        (void)bn254_add(any, generator);
    }
    if (size == 0) return 0;
    const Scalar left = scalar_of(data, size, 1);
    const Scalar right = scalar_of(data, size, 33);
    const Bn254Point a = times(generator, left);
    const Bn254Point b = (data[0] & 1) != 0 ? times(a, right) : times(generator, right);
    check(a == oracle.product(generator, left));
    check(b == oracle.product((data[0] & 1) != 0 ? a : generator, right));
    const Bn254Point sum = plus(a, b);
    check(sum == oracle.sum(a, b) && sum == plus(b, a));
    // A pairing takes a millisecond: every sixteenth input.
    if ((data[0] & 0xf0) == 0) check_pairing(a, b, sum);
    return 0;
}
