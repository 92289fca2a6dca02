#include "core/uint256.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/uint256_division.hpp"

namespace sluice::core {

Uint256 Uint256::from_be(ByteView big_endian) {
    CHECK(big_endian.size() <= 32);
    Word word{};
    std::copy(big_endian.begin(), big_endian.end(),
              word.end() - static_cast<std::ptrdiff_t>(big_endian.size()));
    return from_word(word);
}

Bytes Uint256::to_be_trimmed() const {
    const Word word = to_word();
    const std::size_t zeros = 32 - (bit_length() + 7) / 8;
    return Bytes(word.begin() + static_cast<std::ptrdiff_t>(zeros), word.end());
}

namespace {

/// For a dividend that is not below the divisor, which is not zero.
void divide_into(std::uint64_t* quotient, std::uint64_t* remainder, const Uint256& dividend,
                 const Uint256& divisor) {
    using namespace uint256_detail;
    divide_limbs<4>(dividend.limbs.data(), significant_limbs(dividend.limbs.data(), 4), divisor.limbs.data(),
                    significant_limbs(divisor.limbs.data(), 4), quotient, remainder);
}

}  // namespace

QuotientRemainder divide(const Uint256& dividend, const Uint256& divisor) {
    QuotientRemainder result;
    if (divisor.is_zero()) return result;
    if (dividend < divisor)
        result.remainder = dividend;
    else
        divide_into(result.quotient.limbs.data(), result.remainder.limbs.data(), dividend, divisor);
    return result;
}

Uint256 operator/(const Uint256& a, const Uint256& b) {
    Uint256 quotient;
    if (a < b || b.is_zero()) return quotient;
    std::uint64_t remainder[4];
    divide_into(quotient.limbs.data(), remainder, a, b);
    return quotient;
}

Uint256 operator%(const Uint256& a, const Uint256& b) {
    if (a < b) return a;
    Uint256 remainder;
    if (b.is_zero()) return remainder;
    std::uint64_t quotient[4];
    divide_into(quotient, remainder.limbs.data(), a, b);
    return remainder;
}

std::optional<Uint256> checked_mul(const Uint256& a, const Uint256& b) {
    std::uint64_t product[8];
    uint256_detail::full_product(a, b, product);
    if ((product[4] | product[5] | product[6] | product[7]) != 0) return std::nullopt;
    return Uint256{product[0], product[1], product[2], product[3]};
}

std::optional<Uint256> uint256_from_decimal(std::string_view text) {
    if (text.empty()) return std::nullopt;
    Uint256 value;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') return std::nullopt;
        const std::optional<Uint256> scaled = checked_mul(value, 10);
        if (!scaled) return std::nullopt;
        const std::optional<Uint256> sum = checked_add(*scaled, static_cast<std::uint64_t>(digit - '0'));
        if (!sum) return std::nullopt;
        value = *sum;
    }
    return value;
}

std::optional<Uint256> uint256_from_hex(std::string_view text) {
    if (!text.starts_with("0x")) return std::nullopt;
    text.remove_prefix(2);
    if (text.empty() || text.size() > 64) return std::nullopt;
    std::string digits(64 - text.size(), '0');
    digits += text;
    Word word{};
    if (!from_hex_exactly(digits, word)) return std::nullopt;
    return Uint256::from_word(word);
}

std::string to_decimal(const Uint256& value) {
    // 19 digits are the most that one limb holds.
    constexpr std::uint64_t chunk = 10'000'000'000'000'000'000ull;
    if (value.fits_u64()) return std::to_string(value.limbs[0]);
    const QuotientRemainder parts = divide(value, chunk);
    const std::string low = std::to_string(parts.remainder.limbs[0]);
    return to_decimal(parts.quotient) + std::string(19 - low.size(), '0') + low;
}

std::string to_quantity(const Uint256& value) {
    std::string digits = to_hex(value.to_word());
    const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
    return "0x" + digits.substr(first);
}

}  // namespace sluice::core
