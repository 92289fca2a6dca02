#include "crypto/bn254.hpp"

#include <vector>

#include "crypto/bn254_g1_multiply.hpp"
#include "crypto/bn254_groups.hpp"
#include "crypto/bn254_pairing.hpp"

namespace sluice::crypto {

const char* describe(Bn254Error error) {
    switch (error) {
        case Bn254Error::wrong_length:
            return "the input is not a whole number of pairs";
        case Bn254Error::coordinate_too_large:
            return "a coordinate is not below the modulus of the field";
        case Bn254Error::not_on_curve:
            return "a point does not lie on the curve";
        case Bn254Error::not_in_subgroup:
            return "a point of the twisted curve is not of order n";
    }
    return "unknown";
}

tl::expected<Bn254Point, Bn254Error> bn254_add(Bn254PointView a, Bn254PointView b) {
    const auto first = bn254::read_g1(a);
    if (!first) return tl::unexpected(first.error());
    const auto second = bn254::read_g1(b);
    if (!second) return tl::unexpected(second.error());
    return bn254::write(bn254::add(*first, *second));
}

tl::expected<Bn254Point, Bn254Error> bn254_multiply(Bn254PointView point,
                                                    std::span<const std::uint8_t, 32> scalar) {
    const auto read = bn254::read_g1(point);
    if (!read) return tl::unexpected(read.error());
    return bn254::write(bn254::multiply_g1(*read, bn254::limbs_of(scalar)).to_affine());
}

tl::expected<bool, Bn254Error> bn254_pairing_check(ByteView pairs) {
    if (pairs.size() % bn254_pair_bytes != 0) return tl::unexpected(Bn254Error::wrong_length);
    std::vector<bn254::Pair> read;
    read.reserve(pairs.size() / bn254_pair_bytes);
    for (; !pairs.empty(); pairs = pairs.subspan(bn254_pair_bytes)) {
        const auto p = bn254::read_g1(pairs.first<64>());
        if (!p) return tl::unexpected(p.error());
        const auto q = bn254::read_g2(pairs.subspan<64, 128>());
        if (!q) return tl::unexpected(q.error());
        read.push_back({*p, *q});
    }
    return bn254::final_exponentiation(bn254::miller_product(read)) == bn254::Fp12::one();
}

}  // namespace sluice::crypto
