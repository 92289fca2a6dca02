#include "crypto/bn254.hpp"

#include <algorithm>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/crypto/bytes.hpp"

namespace sluice::crypto {
namespace {

using enum Bn254Error;

constexpr std::string_view generator =
    "0000000000000000000000000000000000000000000000000000000000000001"
    "0000000000000000000000000000000000000000000000000000000000000002";
constexpr std::string_view minus_generator =
    "0000000000000000000000000000000000000000000000000000000000000001"
    "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45";
constexpr std::string_view infinity =
    "0000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view twice =
    "030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3"
    "15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4";
constexpr std::string_view thrice =
    "0769bf9ac56bea3ff40232bcb1b6bd159315d84715b8e679f2d355961915abf0"
    "2ab799bee0489429554fdb7c8d086475319e63b40b9c5b57cdf1ff3dd9fe2261";
/// The generator of G2 (EIP-197).
constexpr std::string_view generator2 =
    "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
    "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
    "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
    "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa";
constexpr std::string_view infinity2 =
    "0000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view modulus = "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47";

/// Points that are none: beside the curve, or a coordinate with the modulus added, which must not be reduced.
struct BadPoint {
    std::string_view bytes;
    Bn254Error error;
};
constexpr BadPoint bad_points[] = {
    {"0000000000000000000000000000000000000000000000000000000000000001"
     "0000000000000000000000000000000000000000000000000000000000000003",
     not_on_curve},
    {"0000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000001",
     not_on_curve},
    {"0000000000000000000000000000000000000000000000000000000000000001"
     "0000000000000000000000000000000000000000000000000000000000000000",
     not_on_curve},
    {"30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd48"
     "0000000000000000000000000000000000000000000000000000000000000002",
     coordinate_too_large},
    {"0000000000000000000000000000000000000000000000000000000000000001"
     "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd49",
     coordinate_too_large},
    {"30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47"
     "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47",
     coordinate_too_large},
    {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
     "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     coordinate_too_large},
};

Bn254Point point(std::string_view digits) {
    return from_hex<64>(digits);
}

/// Any number of pieces, one after the other.
std::vector<std::uint8_t> joined(std::initializer_list<std::string_view> pieces) {
    std::vector<std::uint8_t> bytes;
    for (const std::string_view piece : pieces) {
        const std::size_t start = bytes.size();
        bytes.resize(start + piece.size() / 2);
        require(read_hex_number(piece, std::span(bytes).subspan(start)), "a constant of a test is no hex");
    }
    return bytes;
}

struct Product {
    const char* scalar;
    std::string_view expected;
};

TEST(Bn254Add, known_sums_are_as_known) {
    EXPECT_EQ(bn254_add(point(generator), point(generator)), point(twice));
    EXPECT_EQ(bn254_add(point(generator), point(twice)), point(thrice));
    EXPECT_EQ(bn254_add(point(twice), point(generator)), point(thrice));
    EXPECT_EQ(bn254_add(point(generator), point(minus_generator)), point(infinity));
    EXPECT_EQ(bn254_add(point(thrice), point(minus_generator)), point(twice));
}

TEST(Bn254Add, infinity_adds_nothing) {
    EXPECT_EQ(bn254_add(point(infinity), point(twice)), point(twice));
    EXPECT_EQ(bn254_add(point(twice), point(infinity)), point(twice));
    EXPECT_EQ(bn254_add(point(infinity), point(infinity)), point(infinity));
}

TEST(Bn254Add, bytes_that_are_no_point_are_refused_on_either_side) {
    for (const auto& [bytes, error] : bad_points) {
        EXPECT_EQ(bn254_add(point(bytes), point(generator)), tl::unexpected(error)) << bytes;
        EXPECT_EQ(bn254_add(point(generator), point(bytes)), tl::unexpected(error)) << bytes;
        EXPECT_EQ(bn254_add(point(bytes), point(infinity)), tl::unexpected(error)) << bytes;
    }
}

TEST(Bn254Multiply, known_multiples_are_as_known) {
    for (const auto& [scalar, expected] :
         {Product{"0000000000000000000000000000000000000000000000000000000000000000", infinity},
          Product{"0000000000000000000000000000000000000000000000000000000000000001", generator},
          Product{"0000000000000000000000000000000000000000000000000000000000000002", twice},
          Product{"0000000000000000000000000000000000000000000000000000000000000003", thrice},
          Product{"0000000000000000000000000000000000000000000000000000000000000009",
                  "039730ea8dff1254c0fee9c0ea777d29a9c710b7e616683f194f18c43b43b869"
                  "073a5ffcc6fc7a28c30723d6e58ce577356982d65b833a5a5c15bf9024b43d98"},
          Product{"30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000000", minus_generator},
          Product{"30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001", infinity},
          Product{"30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000002", generator},
          Product{"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                  "2f588cffe99db877a4434b598ab28f81e0522910ea52b45f0adaa772b2d5d352"
                  "12f42fa8fd34fb1b33d8c6a718b6590198389b26fc9d8808d971f8b009777a97"}})
        EXPECT_EQ(bn254_multiply(point(generator), from_hex<32>(scalar)), point(expected)) << scalar;
}

TEST(Bn254Multiply, infinity_stays_infinity) {
    for (const std::string_view scalar : {modulus, infinity.substr(64), generator.substr(0, 64)})
        EXPECT_EQ(bn254_multiply(point(infinity), from_hex<32>(scalar)), point(infinity));
}

TEST(Bn254Multiply, bytes_that_are_no_point_are_refused_even_for_the_scalar_zero) {
    for (const auto& [bytes, error] : bad_points) {
        EXPECT_EQ(bn254_multiply(point(bytes), from_hex<32>(modulus)), tl::unexpected(error)) << bytes;
        EXPECT_EQ(bn254_multiply(point(bytes), {from_hex<32>(infinity.substr(64))}), tl::unexpected(error))
            << bytes;
    }
}

TEST(Bn254PairingCheck, of_nothing_is_true) {
    EXPECT_EQ(bn254_pairing_check({}), true);
}

TEST(Bn254PairingCheck, holds_for_products_that_are_one) {
    EXPECT_EQ(bn254_pairing_check(joined({generator, generator2, minus_generator, generator2})), true);
    EXPECT_EQ(bn254_pairing_check(
                  joined({minus_generator, generator2, twice, generator2, minus_generator, generator2})),
              true);
    EXPECT_EQ(bn254_pairing_check(joined({generator, generator2})), false);
    EXPECT_EQ(bn254_pairing_check(joined({generator, generator2, generator, generator2})), false);
}

TEST(Bn254PairingCheck, pairs_with_infinity_count_as_one) {
    EXPECT_EQ(bn254_pairing_check(joined({infinity, generator2})), true);
    EXPECT_EQ(bn254_pairing_check(joined({generator, infinity2})), true);
    EXPECT_EQ(bn254_pairing_check(joined({infinity, infinity2})), true);
    EXPECT_EQ(bn254_pairing_check(joined({infinity, generator2, generator, generator2})), false);
}

TEST(Bn254PairingCheck, input_that_is_not_whole_pairs_is_refused) {
    const std::vector<std::uint8_t> pair = joined({generator, generator2, generator, generator2});
    for (std::size_t size = 1; size < pair.size(); ++size) {
        if (size % bn254_pair_bytes == 0) continue;
        EXPECT_EQ(bn254_pairing_check(ByteView(pair).first(size)), tl::unexpected(wrong_length)) << size;
    }
}

TEST(Bn254PairingCheck, points_that_are_none_are_refused_even_beside_infinity) {
    for (const auto& [bytes, error] : bad_points) {
        EXPECT_EQ(bn254_pairing_check(joined({bytes, generator2})), tl::unexpected(error)) << bytes;
        EXPECT_EQ(bn254_pairing_check(joined({bytes, infinity2})), tl::unexpected(error)) << bytes;
        EXPECT_EQ(bn254_pairing_check(joined({generator, generator2, bytes, infinity2})),
                  tl::unexpected(error))
            << bytes;
    }
}

TEST(Bn254PairingCheck, every_coordinate_of_the_twist_must_be_below_the_modulus) {
    for (std::size_t coordinate = 0; coordinate < 4; ++coordinate) {
        std::vector<std::uint8_t> pair = joined({infinity, infinity2});
        std::ranges::copy(from_hex<32>(modulus),
                          pair.begin() + 64 + static_cast<std::ptrdiff_t>(32 * coordinate));
        EXPECT_EQ(bn254_pairing_check(pair), tl::unexpected(coordinate_too_large)) << coordinate;
    }
}

TEST(Bn254PairingCheck, a_point_of_the_twist_with_real_and_imaginary_part_exchanged_is_refused) {
    std::vector<std::uint8_t> pair = joined({infinity, generator2});
    std::swap_ranges(pair.begin() + 64, pair.begin() + 96, pair.begin() + 96);
    EXPECT_EQ(bn254_pairing_check(pair), tl::unexpected(not_on_curve));
}

struct Example {
    std::variant<bool, Bn254Error> expected;
    std::string_view pairs;
};
/// From Ethereum's state tests of EIP-197.
const Example examples[] = {
    {not_on_curve,
     "0000000000000000000000000000000000000000000000000000000000000000"
     "00ffffffff000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000"},
    {not_on_curve,
     "000000000000000000000000000000000000ffff7d7d7d7d7d7d7d7d7d7d7d7d"
     "30644e72e131a0297d7d7d7dffffffffff000000000000000000000000000000"
     "00000000000000000000000000ff7d7d7d7d7d817d7d7d7d7dffffffffffa100"
     "000000000000ffffffffffffffffffffffffffff7d7d7d7d7d7d7d7d7d7d7d7d"
     "30644e72e131a0297d7d7d7dffffffffff000000000000000000000000000000"
     "00000000000000000000000000ff7d7d7d7d7d817d7d7d7d7d827d7d7d7d7d7d"},
    {coordinate_too_large,
     "30644e72e131a029b85045ac81ec585dffffffffffffffffffffffffffffffff"
     "ffff7d7dffff7d817f827d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d"
     "7d7d767d7d7d7d7d7d797d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7f7d7d"
     "7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d8d7d7d7d7d7d7d7dffffffffffffffffff"
     "ffff01ffffffffffffffffffffff747d7d7d7d7d7d7d7d7dfd7d7d7d7d7d7d7d"
     "7d7d7d7d7d7d7d7d7d7d7dffffffffffffffffffffffff29ffffff0affffff0a"},
    {not_on_curve,
     "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001"
     "0000000000000000000000000000000000000000000000000000000000000000"
     "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
     "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
     "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
     "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"},
    {coordinate_too_large,
     "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47"
     "0000000000000000000000000000000000000000000000000000000000000000"
     "00000000ffffff000060bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
     "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
     "090689d0585ff075ec9e99ad0c693395bc4b313370b38ef355acdadcd122975b"
     "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"},
    {coordinate_too_large,
     "0000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000"
     "2d00e9ff0000000000000000ffffffffffffffffbfffffffffffffffffffa120"
     "000000000000fffffffffff7ffffffffffff0000000000000000000000000000"
     "00000000000000000000000000002d0002ff0000000000000000ffffffffffff"
     "ffffbfffffffffffffffffffa120000000000000ff007d7d7d7d7d7d7d7d7d7d"},
    {not_in_subgroup,
     "0000000000000000000000000000000000000000000000000000000000000001"
     "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45"
     "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45"
     "0000000000000000000000000000000000000000000000000000000000000002"
     "0833e47a2eaa8bbe12d33b2da1a4fa8d763f5c567fe0da6c5c9da2e246f2096f"
     "28dc125bf7443bc1826c69fe4c7bf30c26ec60882350e784c4848c822726eb43"},
    {not_in_subgroup,
     "0a96696a78e6818da746c504a8b83f7a3faea0dfee0a2c52751f3cfae5fe979b"
     "017a319dce2d1976671eddd5b909781c102e5eed5c40db00bdbd19a14397b889"
     "198e9393920daef312c20b9f1099ecefa8b45575d349b0a6f04c16d0d58af900"
     "1800deef121f1e76426a00665e5c4479674322d4f75edaddde46bd5cd992f6ed"
     "05a7a5759338c23ca603c1c4adf979e004c2f3e3c5bad6f07693c59a85d600a9"
     "22376289c558493c1d6cc413a5f07dcb54526a964e4e687b65a881aa9752faa2"},
    {not_in_subgroup,
     "111f95e1632a3624dd29bbc012e6462b7836eb9c80e281b9381e103aebe63237"
     "2b38b76d492b3af692eb99d03cd8dcfd8a8c3a6e4a161037c42f542af5564c41"
     "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
     "1a76dae6d3272396d0cbe61fced2bc532edac647851e3ac53ce1cc9c7e645a83"
     "05b993046905746641a19b500ebbbd30cf0068a845bfbee9de55b8fe57d1dee8"
     "243ef33537f73ef4ace4279d86344d93a5dc8c20c69045865c0fa3b924933879"},
    {not_in_subgroup,
     "17956b549321b92c524d191a62b90c81f08e694af4dceb00a80094e53120d39e"
     "2fd15d78815388959caa54affa2d7b2c8d52c528e6a1f6c0a50fcf0498fac7ee"
     "30644e72e131a029000000000000000000000000000000004000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000"
     "016b9e28a32ee61a7ad5bd4bad29d64fc35a8fb46b510be2067907069497ae1f"
     "0c3c07c40f41a731fe27d953f1154b4e9a8acf3ef44608817150de0df916503a"},
    {false,
     "142c9123c08a0d7f66d95f3ad637a06b95700bc525073b75610884ef45416e16"
     "10104c796f40bfeef3588e996c040d2a88c0b4b85afd2578327b99413c6fe820"
     "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
     "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
     "275dc4a288d1afb3cbb1ac09187524c7db36395df7be3b99e673b13a075a65ec"
     "1d9befcd05a5323e6da4d435f3b617cdb3af83285c2df711ef39c01571827f9d"},
    {false,
     "0000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000"
     "092a62b029973fcd9ec18db33eb4c7b6b649a2e6196561761789e39bc84f11ac"
     "0a59f2672462be814a277f495d53244691c40da85d39b210ed3e099b397a4cf9"
     "2ad603022931e8c20c927fa114866ca26b305156336511a9224d6bd88e5ba7fb"
     "2b44dd02df7f7a846f546c77f3330cc171abeea7747ec03607c4b754a0710142"
     "1f4b96b82bd3631447045f1bb66198fa6a904e48092750762efd419fb5ff52b5"
     "1fac61c1a7265d0e1a6433e9767cb51c71e9ac5a119be9894f509bf92b0fb1b4"
     "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
     "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
     "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
     "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"},
    {false,
     "104f6d8507d6a112e8fd516d70bfe3d2474539948276d36eee987be127a9e3ab"
     "199eef24146007e80386f391edc886f5ddba22b5cf131efa3b6ae71a673fc88e"
     "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
     "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
     "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
     "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"
     "2642f046ad222f094c9282816131317b8d52fc0fee64f26898232432d34fdae6"
     "05a5f2a2e8f15ba27e90f54faff78391b307b402a0ae995d1c12f92c0b574593"
     "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
     "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
     "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
     "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"},
    {true,
     "13b076f9e2ddf66bd1e9ec7509945ec37289d9ad65f210ed35e78ba2b02e7e3d"
     "2c6d9689097e79c4227b7b8519e4850be2d795f9496a70ae8607a3172208371a"
     "0774089b1be2375b269ac0cd913803af1e8e967c7a12ded9e38bbfe816cb6b2b"
     "25e481bf589a76e531e3cbaee9b47a07fb832b052a71029665a5ca89f1eb6d6b"
     "0f10223646f0d0f8f79189c456f40295fa02708a2629b8a88d7ae36caab47055"
     "2b4bf562f83ed28edf524edc1646b4c4cd538bec5d544d8071f0c73406339b2e"
     "2043a8194e50b9ff3b93d13873035fee0ccc3b4a0fda33d34ac7a4771c9b884d"
     "291b24054553ecab7eb9a6807281a895bdcf29e95d8d3a2552749b7fc0932637"
     "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
     "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
     "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
     "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"},
    {true,
     "15d6eaaa18c5737e7bd229c2900f8deddf6da9c0e20e7e905e7b7491d041eaba"
     "2ab7d1b2a259b85054253da8947c2fd38b04a4ede3bfa6e258e22f668dcb5a63"
     "092a62b029973fcd9ec18db33eb4c7b6b649a2e6196561761789e39bc84f11ac"
     "0a59f2672462be814a277f495d53244691c40da85d39b210ed3e099b397a4cf9"
     "2ad603022931e8c20c927fa114866ca26b305156336511a9224d6bd88e5ba7fb"
     "2b44dd02df7f7a846f546c77f3330cc171abeea7747ec03607c4b754a0710142"
     "1f4b96b82bd3631447045f1bb66198fa6a904e48092750762efd419fb5ff52b5"
     "1fac61c1a7265d0e1a6433e9767cb51c71e9ac5a119be9894f509bf92b0fb1b4"
     "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
     "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
     "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
     "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"},
    {true,
     "16f5d1473d8a9012df4efc624ae3b5fc3b1c1742bb73b9b62aa50c0dec9848ad"
     "1b2381a593f0a661db10b659329907fb62b4f5fd196092ef235f0775463b11f3"
     "054f9c54b1560a307e173c70fce534a2e4c7b248ec342f968a9db905fb31ba36"
     "2513859b9c3a196e357d5d4f34e17f5cb2d78f4160103ecae86cb57a3e48ef77"
     "15e96b3ad7bfbccc491029f30be0ced0654c6c2600b49bfafc70af802b305a09"
     "154bb828c71576e1809723e3bbb5d459ece5bdccb9bcdff733761fe908e1e1d5"
     "2f91cec7b5d03d4c5930875239f825c55849b352fa27b4e20581fc4a68950c75"
     "2ee478820a0dc3f22866e7c5111d6fd1f057c18b7c9c1568173916ce67555c47"
     "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
     "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
     "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
     "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"},
    {true,
     "18dd52daaa11ff5dbb97c8776924d95b1bb86bf16481ba52519674873e0279ea"
     "0b32f4758cc18142794358e62b9c29951d3cb7e705d97e4cefd8422fa340ed58"
     "04cbac0707b92f59b87024017aae6941a3d8f42c6b93c619fa85cd54a3f05963"
     "25ef128bd051c44f95f7aa6122a390666691c2ec8a328f5302605f0aaae670db"
     "14a3194db0c978125b0212d2dbcf3639650e40f8acaeff5a5c20ba700de3966f"
     "004d3f0a629eb1456685db5a1b94d4b2f8dc0a9cdc5d29cccc5b596d88ba29fe"
     "0bcf53d38a1b0732fd90b73149559e0ee767f525875ebdb26f7f123136282afa"
     "28e440620ea4064d1f0190c75e2a36003f18643507a927926130eb54ecc1004d"
     "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
     "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
     "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
     "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"},
};

TEST(Bn254PairingCheck, published_examples_are_judged_as_published) {
    for (const Example& example : examples) {
        const auto result = bn254_pairing_check(joined({example.pairs}));
        if (const auto* error = std::get_if<Bn254Error>(&example.expected)) {
            EXPECT_EQ(result, tl::unexpected(*error)) << example.pairs;
        } else {
            EXPECT_EQ(result, std::get<bool>(example.expected)) << example.pairs;
        }
    }
}

TEST(Bn254Error, every_reason_has_a_sentence_of_its_own) {
    std::vector<std::string> sentences;
    for (const Bn254Error error : {wrong_length, coordinate_too_large, not_on_curve, not_in_subgroup})
        sentences.emplace_back(describe(error));
    std::ranges::sort(sentences);
    EXPECT_EQ(std::ranges::adjacent_find(sentences), sentences.end());
    EXPECT_EQ(std::ranges::count(sentences, "unknown"), 0);
}

}  // namespace
}  // namespace sluice::crypto
