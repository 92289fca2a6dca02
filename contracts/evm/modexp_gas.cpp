#include "contracts/evm/modexp_gas.hpp"

#include <algorithm>

#include "contracts/evm/precompiles.hpp"

namespace sluice::contracts::evm {

namespace {

using core::Uint128;

constexpr std::size_t header_bytes = 96;
/// Lengths from here up are priced as "never"; below, no product leaves 128 bits.
constexpr std::uint64_t operand_bytes_priced = std::uint64_t{1} << 32;
constexpr std::uint64_t exponent_bytes_priced = std::uint64_t{1} << 48;

core::Uint256 word_at(core::ByteView input, std::uint64_t offset) {
    core::Word word{};
    for (std::size_t i = 0; i < word.size() && offset + i < input.size(); ++i)
        word[i] = input[offset + i];
    return core::Uint256::from_word(word);
}

/// How the three sets of rules weigh operands and exponents.
struct Tariff {
    Uint128 (*complexity)(std::uint64_t bytes);
    std::uint64_t per_exponent_byte;  ///< beyond the first 32
    std::uint64_t divisor;
    core::Gas least;
};

Uint128 complexity_eip198(std::uint64_t bytes) {
    const Uint128 x = bytes;
    if (bytes <= 64) return x * x;
    if (bytes <= 1024) return x * x / 4 + 96 * x - 3'072;
    return x * x / 16 + 480 * x - 199'680;
}

Uint128 complexity_eip2565(std::uint64_t bytes) {
    const Uint128 words = (bytes + 7) / 8;
    return words * words;
}

Uint128 complexity_eip7883(std::uint64_t bytes) {
    return bytes <= 32 ? 16 : 2 * complexity_eip2565(bytes);
}

Tariff tariff_of(Revision revision) {
    if (revision >= Revision::osaka) return {complexity_eip7883, 16, 1, 500};
    if (revision >= Revision::berlin) return {complexity_eip2565, 8, 3, 200};
    return {complexity_eip198, 8, 20, 0};
}

/// Squarings that the exponent asks for, from its length and its first 32 bytes.
Uint128 iterations(core::ByteView input, const ModexpLengths& lengths, const Tariff& tariff) {
    const std::uint64_t length = lengths.exponent.low_u64();
    core::Uint256 head = word_at(input, header_bytes + lengths.base.low_u64());
    if (length < 32) head = head >> static_cast<unsigned>(256 - 8 * length);
    const unsigned bits = head.bit_length();
    Uint128 count = bits == 0 ? 0 : bits - 1;
    if (length > 32) count += Uint128{tariff.per_exponent_byte} * (length - 32);
    return std::max<Uint128>(count, 1);
}

}  // namespace

ModexpLengths modexp_lengths(core::ByteView input) {
    return {word_at(input, 0), word_at(input, 32), word_at(input, 64)};
}

core::Gas modexp_gas(core::ByteView input, Revision revision) {
    const ModexpLengths lengths = modexp_lengths(input);
    const Tariff tariff = tariff_of(revision);
    const core::Uint256 longest = std::max(lengths.base, lengths.modulus);
    if (longest >= operand_bytes_priced) return no_gas_suffices;
    const Uint128 complexity = tariff.complexity(longest.low_u64());
    if (complexity == 0) return tariff.least;
    if (lengths.exponent >= exponent_bytes_priced) return no_gas_suffices;
    const Uint128 gas = complexity * iterations(input, lengths, tariff) / tariff.divisor;
    if (gas >= no_gas_suffices) return no_gas_suffices;
    return std::max(static_cast<core::Gas>(gas), tariff.least);
}

}  // namespace sluice::contracts::evm
