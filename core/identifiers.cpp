#include "core/identifiers.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace sluice::core {

namespace {

// The C library's character classes depend on the locale; these do not.
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
constexpr bool is_alphanumeric(char c) {
    return is_digit(c) || is_upper(c);
}

bool all(std::string_view text, bool (*accepts)(char)) {
    return std::all_of(text.begin(), text.end(), accepts);
}

/// ISO 7064 mod 97: letters count as the two-digit numbers 10 to 35. `so_far` continues an earlier text.
unsigned mod_97(std::string_view text, unsigned so_far = 0) {
    for (const char c : text) {
        const unsigned value =
            is_digit(c) ? static_cast<unsigned>(c - '0') : static_cast<unsigned>(c - 'A') + 10;
        so_far = (so_far * (value < 10 ? 10 : 100) + value) % 97;
    }
    return so_far;
}

/// Check digits of mod 97-10 run from 02 to 98; 00, 01 and 99 would pass the sum but are never issued.
bool are_check_digits(std::string_view text) {
    if (!all(text, is_digit)) return false;
    return text != "00" && text != "01" && text != "99";
}

constexpr char hex_digits[] = "0123456789abcdef";

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

constexpr bool is_uetr_dash(std::size_t position) {
    return position == 8 || position == 13 || position == 18 || position == 23;
}

/// 18 digits, as ActiveCurrencyAndAmount allows.
constexpr std::size_t amount_digits_max = 18;

std::string_view without_leading_zeros(std::string_view digits) {
    return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

std::string_view without_trailing_zeros(std::string_view digits) {
    const std::size_t last = digits.find_last_not_of('0');
    return digits.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

Minor add_digits(Minor value, std::string_view digits) {
    for (const char c : digits)
        value = value * 10 + static_cast<unsigned>(c - '0');
    return value;
}

}  // namespace

std::optional<Bic> Bic::parse(std::string_view text) {
    if (text.size() != 8 && text.size() != 11) return {};
    if (!all(text, is_alphanumeric) || !all(text.substr(4, 2), is_upper)) return {};
    Bic bic;
    bic.text_.fill('X');
    std::copy(text.begin(), text.end(), bic.text_.begin());
    return bic;
}

std::string Bic::to_string() const {
    const std::string_view text(text_.data(), text_.size());
    if (is_empty()) return {};
    const bool is_head_office = text.find_first_not_of('X', 8) == std::string_view::npos;
    return std::string(is_head_office ? text.substr(0, 8) : text);
}

std::optional<Lei> Lei::parse(std::string_view text) {
    if (text.size() != 20 || !all(text, is_alphanumeric)) return {};
    if (!are_check_digits(text.substr(18)) || mod_97(text) != 1) return {};
    Lei lei;
    std::copy(text.begin(), text.end(), lei.text_.begin());
    return lei;
}

std::optional<Uetr> Uetr::parse(std::string_view text) {
    if (text.size() != 36) return {};
    Uetr uetr;
    std::size_t nibble = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_uetr_dash(i)) {
            if (text[i] != '-') return {};
            continue;
        }
        const int value = hex_value(text[i]);
        if (value < 0) return {};
        std::uint8_t& byte = uetr.bytes[nibble++ / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | value);
    }
    if (uetr.bytes[6] >> 4 != 4 || uetr.bytes[8] >> 6 != 2) return {};
    return uetr;
}

Uetr Uetr::from_random(std::array<std::uint8_t, 16> random) {
    Uetr uetr{random};
    uetr.bytes[6] = static_cast<std::uint8_t>(0x40 | (random[6] & 0x0f));
    uetr.bytes[8] = static_cast<std::uint8_t>(0x80 | (random[8] & 0x3f));
    return uetr;
}

std::string Uetr::to_string() const {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += hex_digits[bytes[i] >> 4];
        text += hex_digits[bytes[i] & 15];
    }
    return text;
}

bool is_valid_iban(std::string_view text) {
    if (text.size() < 15 || text.size() > 34 || !all(text, is_alphanumeric)) return false;
    if (!all(text.substr(0, 2), is_upper) || !are_check_digits(text.substr(2, 2))) return false;
    return mod_97(text.substr(0, 4), mod_97(text.substr(4))) == 1;
}

std::optional<CurrencyCode> CurrencyCode::parse(std::string_view text) {
    if (text.size() != 3 || !all(text, is_upper)) return {};
    CurrencyCode code;
    std::copy(text.begin(), text.end(), code.text_.begin());
    return code;
}

std::string_view describe(AmountError error) {
    switch (error) {
        case AmountError::not_a_number:
            return "an amount is digits, and where it has decimals one '.' between digits";
        case AmountError::too_many_decimals:
            return "the amount has more decimals than its currency";
        case AmountError::too_large:
            return "the amount has more than 18 digits";
    }
    return "unknown amount error";
}

Result<Minor, AmountError> parse_amount(std::string_view text, unsigned exponent) {
    CHECK(exponent <= exponent_max);
    const std::size_t point = text.find('.');
    const bool has_fraction = point != std::string_view::npos;
    const std::string_view whole = text.substr(0, point);
    const std::string_view fraction = has_fraction ? text.substr(point + 1) : std::string_view{};
    if (whole.empty() || !all(whole, is_digit)) return fail(AmountError::not_a_number);
    if (has_fraction && (fraction.empty() || !all(fraction, is_digit)))
        return fail(AmountError::not_a_number);
    if (fraction.size() > exponent) return fail(AmountError::too_many_decimals);
    const std::string_view counted = without_leading_zeros(whole);
    if (counted.size() + without_trailing_zeros(fraction).size() > amount_digits_max)
        return fail(AmountError::too_large);
    Minor amount = add_digits(add_digits(0, counted), fraction);
    for (std::size_t i = fraction.size(); i < exponent; ++i)
        amount *= 10;
    return amount;
}

std::string to_decimal(Minor amount) {
    std::string reversed;
    do {
        reversed += static_cast<char>('0' + static_cast<unsigned>(amount % 10));
        amount /= 10;
    } while (amount != 0);
    return {reversed.rbegin(), reversed.rend()};
}

std::string format_amount(Minor amount, unsigned exponent) {
    CHECK(exponent <= exponent_max);
    std::string text = to_decimal(amount);
    if (exponent == 0) return text;
    if (text.size() <= exponent) text.insert(0, exponent + 1 - text.size(), '0');
    text.insert(text.size() - exponent, 1, '.');
    return text;
}

std::string format_signed_amount(SignedMinor amount, unsigned exponent) {
    if (amount >= 0) return format_amount(static_cast<Minor>(amount), exponent);
    // Negated as unsigned: the lowest value has no positive counterpart of its own type.
    return '-' + format_amount(Minor{0} - static_cast<Minor>(amount), exponent);
}

std::optional<Minor> minor_from_decimal(std::string_view digits) {
    constexpr Minor highest = ~Minor{0};
    if (digits.empty() || !all(digits, is_digit)) return {};
    Minor value = 0;
    for (const char c : digits) {
        const auto digit = static_cast<unsigned>(c - '0');
        if (value > (highest - digit) / 10) return {};
        value = value * 10 + digit;
    }
    return value;
}

}  // namespace sluice::core
