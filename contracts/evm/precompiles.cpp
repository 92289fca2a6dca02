#include "contracts/evm/precompiles.hpp"

#include <algorithm>
#include <array>

#include "contracts/evm/modexp_gas.hpp"
#include "crypto/blake2b.hpp"
#include "crypto/bn254.hpp"
#include "crypto/modexp.hpp"
#include "crypto/p256.hpp"

namespace sluice::contracts::evm {

namespace {

using core::Bytes;
using core::ByteView;
using core::Gas;

/// The first `Size` bytes of the input, completed with zeros.
template <std::size_t Size>
std::array<std::uint8_t, Size> padded(ByteView input) {
    std::array<std::uint8_t, Size> bytes{};
    std::copy_n(input.begin(), std::min(Size, input.size()), bytes.begin());
    return bytes;
}

template <std::size_t Offset, std::size_t Size, std::size_t All>
std::span<const std::uint8_t, Size> part(const std::array<std::uint8_t, All>& bytes) {
    return std::span<const std::uint8_t, All>(bytes).template subspan<Offset, Size>();
}

template <Gas Cost>
Gas flat_gas(ByteView, Revision) {
    return Cost;
}

template <Gas Base, Gas PerWord>
Gas word_gas(ByteView input, Revision) {
    return Base + PerWord * ((input.size() + 31) / 32);
}

/// 0x01 ECRECOVER: a signature that recovers nothing gives no output and does not fail.
bool recover_sender(ByteView input, Bytes& output) {
    output.clear();
    const auto bytes = padded<128>(input);
    const core::Uint256 v = core::Uint256::from_be(part<32, 32>(bytes));
    if (v != 27 && v != 28) return true;
    core::Signature signature;
    signature.recovery_id = static_cast<std::uint8_t>(v.low_u64() - 27);
    std::copy_n(bytes.begin() + 64, 32, signature.r.begin());
    std::copy_n(bytes.begin() + 96, 32, signature.s.begin());
    core::Hash digest;
    std::copy_n(bytes.begin(), 32, digest.begin());
    if (const auto address = crypto::recover_address(digest, signature)) {
        const core::Word word = core::word_from_address(*address);
        output.assign(word.begin(), word.end());
    }
    return true;
}

/// 0x02
bool sha256(ByteView input, Bytes& output) {
    const core::Hash digest = crypto::sha256(input);
    output.assign(digest.begin(), digest.end());
    return true;
}

/// 0x03: the digest right-aligned in a word.
bool ripemd160(ByteView input, Bytes& output) {
    const crypto::Digest160 digest = crypto::ripemd160(input);
    output.assign(32, 0);
    std::copy(digest.begin(), digest.end(), output.begin() + 12);
    return true;
}

/// 0x04
bool identity(ByteView input, Bytes& output) {
    output.assign(input.begin(), input.end());
    return true;
}

/// `count` bytes of the input from `offset` on, completed with zeros.
Bytes slice(ByteView input, std::size_t offset, std::size_t count) {
    Bytes bytes(count);
    if (offset < input.size())
        std::copy_n(input.begin() + static_cast<std::ptrdiff_t>(offset),
                    std::min(count, input.size() - offset), bytes.begin());
    return bytes;
}

/// Largest operand since Osaka (EIP-7823).
constexpr std::size_t osaka_operand_bytes_max = 1'024;

/// 0x05 MODEXP. That no operand is longer than allowed since Osaka is asked with the gas.
bool modexp(ByteView input, Bytes& output) {
    output.clear();
    const ModexpLengths lengths = modexp_lengths(input);
    // Nothing to compute, whatever the exponent's length is.
    if (lengths.base.is_zero() && lengths.modulus.is_zero()) return true;
    if (std::max({lengths.base, lengths.exponent, lengths.modulus}) > crypto::modexp_bytes_max) return false;
    const std::size_t base = lengths.base.low_u64();
    const std::size_t exponent = lengths.exponent.low_u64();
    const std::size_t modulus = lengths.modulus.low_u64();
    if (modulus == 0) return true;
    output = crypto::modexp(slice(input, 96, base), slice(input, 96 + base, exponent),
                            slice(input, 96 + base + exponent, modulus));
    return true;
}

Gas bounded_modexp_gas(ByteView input, Revision revision) {
    if (revision >= Revision::osaka) {
        const ModexpLengths lengths = modexp_lengths(input);
        if (std::max({lengths.base, lengths.exponent, lengths.modulus}) > osaka_operand_bytes_max)
            return no_gas_suffices;
    }
    return modexp_gas(input, revision);
}

/// 0x06 ECADD
bool bn254_add(ByteView input, Bytes& output) {
    const auto bytes = padded<128>(input);
    const auto sum = crypto::bn254_add(part<0, 64>(bytes), part<64, 64>(bytes));
    if (!sum) return false;
    output.assign(sum->begin(), sum->end());
    return true;
}

/// 0x07 ECMUL
bool bn254_multiply(ByteView input, Bytes& output) {
    const auto bytes = padded<96>(input);
    const auto product = crypto::bn254_multiply(part<0, 64>(bytes), part<64, 32>(bytes));
    if (!product) return false;
    output.assign(product->begin(), product->end());
    return true;
}

/// EIP-1108.
Gas pairing_gas(ByteView input, Revision) {
    return 45'000 + 34'000 * (input.size() / crypto::bn254_pair_bytes);
}

/// 0x08 ECPAIRING
bool bn254_pairing(ByteView input, Bytes& output) {
    const auto holds = crypto::bn254_pairing_check(input);
    if (!holds) return false;
    output.assign(32, 0);
    output.back() = *holds ? 1 : 0;
    return true;
}

constexpr std::size_t blake2f_input_bytes = 213;

/// EIP-152: one gas per round; an input of another length costs nothing more and is refused.
Gas blake2f_gas(ByteView input, Revision) {
    return input.size() == blake2f_input_bytes ? core::read_be32(input.data()) : 0;
}

/// 0x09 BLAKE2F
bool blake2f(ByteView input, Bytes& output) {
    if (input.size() != blake2f_input_bytes || input.back() > 1) return false;
    const auto bytes = padded<blake2f_input_bytes>(input);
    const auto state = crypto::blake2b_compress({.rounds = core::read_be32(bytes.data()),
                                                 .state = part<4, 64>(bytes),
                                                 .message = part<68, 128>(bytes),
                                                 .offset = part<196, 16>(bytes),
                                                 .last = bytes.back() == 1});
    output.assign(state.begin(), state.end());
    return true;
}

/// 0x100 P256VERIFY (EIP-7951): the word 1 for a claim that holds, otherwise no output; never fails.
bool verify_p256(ByteView input, Bytes& output) {
    output.clear();
    if (input.size() != 160) return true;
    const auto bytes = padded<160>(input);
    if (crypto::verify_p256({.digest = part<0, 32>(bytes),
                             .r = part<32, 32>(bytes),
                             .s = part<64, 32>(bytes),
                             .key_x = part<96, 32>(bytes),
                             .key_y = part<128, 32>(bytes)})) {
        output.assign(32, 0);
        output.back() = 1;
    }
    return true;
}

/// Nothing runs, so nothing has a price beyond the gas that the failed call takes.
constexpr auto excluded_gas = flat_gas<0>;

constexpr std::array rows{
    Precompile{0x01, "ECREC", Revision::istanbul, flat_gas<3'000>, recover_sender},
    Precompile{0x02, "SHA256", Revision::istanbul, word_gas<60, 12>, sha256},
    Precompile{0x03, "RIPEMD160", Revision::istanbul, word_gas<600, 120>, ripemd160},
    Precompile{0x04, "ID", Revision::istanbul, word_gas<15, 3>, identity},
    Precompile{0x05, "MODEXP", Revision::istanbul, bounded_modexp_gas, modexp},
    Precompile{0x06, "BN254_ADD", Revision::istanbul, flat_gas<150>, bn254_add},
    Precompile{0x07, "BN254_MUL", Revision::istanbul, flat_gas<6'000>, bn254_multiply},
    Precompile{0x08, "BN254_PAIRING", Revision::istanbul, pairing_gas, bn254_pairing},
    Precompile{0x09, "BLAKE2F", Revision::istanbul, blake2f_gas, blake2f},
    Precompile{0x0a, "KZG_POINT_EVALUATION", Revision::cancun, excluded_gas, nullptr},
    Precompile{0x0b, "BLS12_G1ADD", Revision::prague, excluded_gas, nullptr},
    Precompile{0x0c, "BLS12_G1MSM", Revision::prague, excluded_gas, nullptr},
    Precompile{0x0d, "BLS12_G2ADD", Revision::prague, excluded_gas, nullptr},
    Precompile{0x0e, "BLS12_G2MSM", Revision::prague, excluded_gas, nullptr},
    Precompile{0x0f, "BLS12_PAIRING_CHECK", Revision::prague, excluded_gas, nullptr},
    Precompile{0x10, "BLS12_MAP_FP_TO_G1", Revision::prague, excluded_gas, nullptr},
    Precompile{0x11, "BLS12_MAP_FP2_TO_G2", Revision::prague, excluded_gas, nullptr},
    Precompile{0x100, "P256VERIFY", Revision::osaka, flat_gas<6'900>, verify_p256},
};

}  // namespace

const Precompile* find_precompile(const core::Address& address, Revision revision) {
    // Nearly every address is told apart by its first bytes.
    if ((core::read_be64(address.data()) | core::read_be64(address.data() + 8)) != 0) return nullptr;
    const std::uint32_t number = core::read_be32(address.data() + 16);
    const std::size_t at = number == 0x100 ? rows.size() - 1 : number - 1;
    if (at >= rows.size() || rows[at].number != number) return nullptr;
    return revision >= rows[at].active_from ? &rows[at] : nullptr;
}

std::span<const Precompile> precompiles() {
    return rows;
}

core::Address address_of(const Precompile& precompile) {
    core::Address address{};
    address[18] = static_cast<std::uint8_t>(precompile.number >> 8);
    address[19] = static_cast<std::uint8_t>(precompile.number);
    return address;
}

}  // namespace sluice::contracts::evm
