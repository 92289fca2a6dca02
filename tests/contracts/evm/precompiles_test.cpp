#include "contracts/evm/precompiles.hpp"

#include <gtest/gtest.h>

#include "core/uint256.hpp"
#include "crypto/signature.hpp"

namespace sluice::contracts::evm {
namespace {

using core::Bytes;
using core::Gas;

const Precompile& contract(unsigned number, Revision revision = Revision::osaka) {
    core::Address address{};
    address[18] = static_cast<std::uint8_t>(number >> 8);
    address[19] = static_cast<std::uint8_t>(number);
    const Precompile* const found = find_precompile(address, revision);
    EXPECT_NE(found, nullptr);
    return *found;
}

Gas gas_of(unsigned number, const Bytes& input, Revision revision = Revision::osaka) {
    return contract(number, revision).gas(input, revision);
}

/// The output; nothing where the input is refused.
std::optional<Bytes> output_of(unsigned number, const Bytes& input) {
    Bytes output{0xff};
    if (!contract(number).execute(input, output)) return std::nullopt;
    return output;
}

Bytes word(const core::Uint256& value) {
    return core::to_bytes(value.to_word());
}

template <typename... Parts>
Bytes join(const Parts&... parts) {
    Bytes all;
    (core::append(all, parts), ...);
    return all;
}

TEST(Precompiles, each_is_found_at_its_address_from_its_revision_on) {
    for (const Precompile& row : precompiles()) {
        EXPECT_EQ(find_precompile(address_of(row), row.active_from), &row);
        if (row.active_from == Revision::istanbul) continue;
        const auto before = static_cast<Revision>(static_cast<int>(row.active_from) - 1);
        EXPECT_EQ(find_precompile(address_of(row), before), nullptr) << row.name;
    }
}

TEST(Precompiles, no_other_address_is_one) {
    for (const unsigned number : {0x00u, 0x12u, 0xffu, 0x101u, 0x200u}) {
        core::Address address{};
        address[18] = static_cast<std::uint8_t>(number >> 8);
        address[19] = static_cast<std::uint8_t>(number);
        EXPECT_FALSE(is_precompile(address, Revision::osaka)) << number;
    }
    for (std::size_t byte = 0; byte < 18; ++byte) {
        core::Address address{};
        address[19] = 1;
        address[byte] = 1;
        EXPECT_FALSE(is_precompile(address, Revision::osaka)) << byte;
    }
}

TEST(Precompiles, ecrecover_gives_the_signer_or_nothing) {
    crypto::PrivateKey key;
    key.writable_bytes()[31] = 7;
    const core::Hash digest = core::keccak256(core::view("text"));
    const core::Signature signature = crypto::sign(digest, key);
    const Bytes v = word(core::Uint256(27u + signature.recovery_id));
    const Bytes valid = join(digest, v, signature.r, signature.s);
    EXPECT_EQ(output_of(0x01, valid), core::to_bytes(core::word_from_address(crypto::address_of(key))));
    EXPECT_EQ(output_of(0x01, join(digest, word(29), signature.r, signature.s)), Bytes{});
    EXPECT_EQ(output_of(0x01, join(digest, word(core::Uint256(27) + (core::Uint256(1) << 64)), signature.r,
                                   signature.s)),
              Bytes{});
    EXPECT_EQ(output_of(0x01, {}), Bytes{});
    EXPECT_EQ(gas_of(0x01, {}), 3'000u);
}

TEST(Precompiles, hashes_of_nothing_are_the_known_ones) {
    EXPECT_EQ(core::to_hex(*output_of(0x02, {})),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(core::to_hex(*output_of(0x03, {})),
              "0000000000000000000000009c1185a5c5e9fc54612808977ee8f548b2258d31");
    EXPECT_EQ(output_of(0x04, {1, 2, 3}), (Bytes{1, 2, 3}));
    EXPECT_EQ(gas_of(0x02, Bytes(33)), 60u + 24);
    EXPECT_EQ(gas_of(0x03, Bytes(33)), 600u + 240);
    EXPECT_EQ(gas_of(0x04, Bytes(33)), 15u + 6);
}

Bytes modexp_input(const core::Uint256& base, const core::Uint256& exponent, const core::Uint256& modulus,
                   const Bytes& rest) {
    return join(word(base), word(exponent), word(modulus), rest);
}

TEST(Precompiles, modexp_is_fermats_little_theorem) {
    // EIP-198: 3 ^ (p - 1) mod p for p = 2^256 - 2^32 - 977.
    const core::Uint256 p = core::Uint256::max() - (core::Uint256(1) << 32) - core::Uint256(976);
    const Bytes input = modexp_input(1, 32, 32, join(Bytes{3}, word(p - core::Uint256(1)), word(p)));
    EXPECT_EQ(output_of(0x05, input), word(1));
    EXPECT_EQ(gas_of(0x05, input, Revision::istanbul), 13'056u);
    EXPECT_EQ(gas_of(0x05, input, Revision::berlin), 1'360u);
    EXPECT_EQ(gas_of(0x05, input, Revision::osaka), 4'080u);
}

TEST(Precompiles, modexp_has_a_least_price) {
    const Bytes tiny = modexp_input(1, 1, 1, {2, 1, 3});
    EXPECT_EQ(gas_of(0x05, tiny, Revision::istanbul), 0u);
    EXPECT_EQ(gas_of(0x05, tiny, Revision::berlin), 200u);
    EXPECT_EQ(gas_of(0x05, tiny, Revision::osaka), 500u);
    EXPECT_EQ(output_of(0x05, tiny), (Bytes{2}));
    EXPECT_EQ(output_of(0x05, {}), Bytes{});
}

TEST(Precompiles, modexp_lengths_that_nobody_can_pay_are_never_run) {
    for (const unsigned bit : {32u, 64u, 128u, 255u}) {
        const core::Uint256 huge = core::Uint256(1) << bit;
        EXPECT_EQ(gas_of(0x05, modexp_input(huge, 1, 1, {}), Revision::berlin), no_gas_suffices);
        EXPECT_EQ(gas_of(0x05, modexp_input(1, 1, huge, {}), Revision::berlin), no_gas_suffices);
    }
    EXPECT_EQ(gas_of(0x05, modexp_input(1, core::Uint256(1) << 255, 1, {}), Revision::berlin),
              no_gas_suffices);
    // Nothing to do, whatever the exponent is.
    EXPECT_EQ(gas_of(0x05, modexp_input(0, core::Uint256::max(), 0, {}), Revision::berlin), 200u);
    EXPECT_EQ(output_of(0x05, modexp_input(0, core::Uint256::max(), 0, {})), Bytes{});
}

TEST(Precompiles, modexp_operands_have_1024_bytes_at_most_since_osaka) {
    EXPECT_NE(gas_of(0x05, modexp_input(1'024, 1'024, 1'024, {})), no_gas_suffices);
    EXPECT_EQ(gas_of(0x05, modexp_input(1'025, 1, 1, {})), no_gas_suffices);
    EXPECT_EQ(gas_of(0x05, modexp_input(1, 1'025, 1, {})), no_gas_suffices);
    EXPECT_EQ(gas_of(0x05, modexp_input(1, 1, 1'025, {})), no_gas_suffices);
    EXPECT_NE(gas_of(0x05, modexp_input(1, 1, 1'025, {}), Revision::prague), no_gas_suffices);
}

TEST(Precompiles, the_curve_bn254_adds_and_multiplies_its_generator) {
    const Bytes generator = join(word(1), word(2));
    const auto twice = output_of(0x06, join(generator, generator));
    ASSERT_TRUE(twice.has_value());
    EXPECT_EQ(output_of(0x07, join(generator, word(2))), twice);
    EXPECT_EQ(output_of(0x06, {}), Bytes(64, 0));
    EXPECT_EQ(output_of(0x06, join(word(1), word(1))), std::nullopt);
    EXPECT_EQ(output_of(0x08, {}), word(1));
    EXPECT_EQ(output_of(0x08, Bytes(191, 0)), std::nullopt);
    EXPECT_EQ(gas_of(0x06, {}), 150u);
    EXPECT_EQ(gas_of(0x07, {}), 6'000u);
    EXPECT_EQ(gas_of(0x08, Bytes(384)), 45'000u + 2 * 34'000);
}

TEST(Precompiles, blake2f_takes_exactly_its_form) {
    // EIP-152, test vector 5: the hash of "abc" (RFC 7693, appendix A).
    const Bytes start = *core::from_hex(
        "48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5"
        "d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b");
    const Bytes message = join(core::view("abc"), Bytes(125));
    const Bytes input = join(Bytes{0, 0, 0, 12}, start, message, Bytes{3}, Bytes(15), Bytes{1});
    ASSERT_EQ(input.size(), 213u);
    EXPECT_EQ(core::to_hex(output_of(0x09, input).value_or(Bytes{})),
              "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
              "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    EXPECT_EQ(gas_of(0x09, input), 12u);
    Bytes wrong_flag = input;
    wrong_flag.back() = 2;
    EXPECT_EQ(output_of(0x09, wrong_flag), std::nullopt);
    EXPECT_EQ(output_of(0x09, Bytes(212)), std::nullopt);
    EXPECT_EQ(output_of(0x09, Bytes(214)), std::nullopt);
}

TEST(Precompiles, p256verify_never_fails) {
    EXPECT_EQ(output_of(0x100, {}), Bytes{});
    EXPECT_EQ(output_of(0x100, Bytes(160, 1)), Bytes{});
    EXPECT_EQ(output_of(0x100, Bytes(161)), Bytes{});
    EXPECT_EQ(gas_of(0x100, {}), 6'900u);
}

TEST(Precompiles, kzg_and_bls12_are_rows_without_work) {
    std::size_t excluded = 0;
    for (const Precompile& row : precompiles())
        excluded += row.execute == nullptr ? 1 : 0;
    EXPECT_EQ(excluded, 8u);
    EXPECT_EQ(contract(0x0a).execute, nullptr);
    EXPECT_EQ(contract(0x11).execute, nullptr);
}

}  // namespace
}  // namespace sluice::contracts::evm
