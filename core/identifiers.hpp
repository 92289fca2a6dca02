/// Identifiers of the payments world: BIC (ISO 9362), LEI (ISO 17442), UETR (UUID v4), currency (ISO 4217),
/// amounts.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/calendar.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"

namespace sluice::core {

/// Always 11 upper-case characters; 8 given ones are completed with "XXX" and printed as 8.
class Bic {
  public:
    /// No BIC: eleven spaces.
    Bic() { text_.fill(' '); }
    /// 4 letters or digits, 2 letters, 2 alphanumerics, and nothing or 3 alphanumerics (ISO 9362:2022). No
    /// lower case.
    static std::optional<Bic> parse(std::string_view text);
    /// 8 characters for the head office (branch XXX), otherwise 11.
    std::string to_string() const;
    /// True for a default-made one.
    bool is_empty() const { return text_[0] == ' '; }
    const std::array<char, 11>& chars() const { return text_; }
    auto operator<=>(const Bic&) const = default;

  private:
    std::array<char, 11> text_{};
};

/// 20 characters with ISO 7064 mod 97-10 check digits.
class Lei {
  public:
    /// 18 upper-case letters or digits and two fitting check digits.
    static std::optional<Lei> parse(std::string_view text);
    std::string to_string() const { return {text_.begin(), text_.end()}; }
    const std::array<char, 20>& chars() const { return text_; }
    auto operator<=>(const Lei&) const = default;

  private:
    std::array<char, 20> text_{};
};

/// A lower-case UUID of version 4 (RFC 4122 variant), as the 16 bytes it names.
struct Uetr {
    std::array<std::uint8_t, 16> bytes{};
    /// 36 characters, 8-4-4-4-12 lower-case hex digits, version 4, RFC variant.
    static std::optional<Uetr> parse(std::string_view text);
    /// A UETR from 16 random bytes: version and variant bits are set.
    static Uetr from_random(std::array<std::uint8_t, 16> random);
    std::string to_string() const;
    auto operator<=>(const Uetr&) const = default;
};

/// True for 15 to 34 characters in electronic form (no spaces, no lower case): country letters, check digits
/// that fit (ISO 13616, mod 97), and letters or digits. Lengths of single countries are not looked at.
bool is_valid_iban(std::string_view text);

/// Three upper-case letters.
class CurrencyCode {
  public:
    CurrencyCode() = default;
    static std::optional<CurrencyCode> parse(std::string_view text);
    std::string to_string() const { return {text_.begin(), text_.end()}; }
    const std::array<char, 3>& chars() const { return text_; }
    auto operator<=>(const CurrencyCode&) const = default;

  private:
    std::array<char, 3> text_{'X', 'X', 'X'};
};

/// Money in minor units of its currency (cents for EUR). Never negative, never floating.
__extension__ typedef unsigned __int128 Minor;
/// A balance or a difference in minor units.
__extension__ typedef __int128 SignedMinor;

/// Most decimals that a currency may have (ISO 20022 allows five fraction digits).
inline constexpr unsigned exponent_max = 5;

enum class AmountError {
    not_a_number,       ///< other characters than digits and one '.' between digits
    too_many_decimals,  ///< more fraction digits than the currency has
    too_large,  ///< more than 18 digits, not counting zeros in front and zeros at the end of the fraction
};
std::string_view describe(AmountError error);

/// "250", "250.0" and "250.00" are 25000 at exponent 2. No sign, no exponent, no thousands separator, a digit
/// on both sides of the '.'. At most 18 digits (ISO 20022 ActiveCurrencyAndAmount; counted as XML Schema's
/// totalDigits does). `exponent` is at most `exponent_max`.
Result<Minor, AmountError> parse_amount(std::string_view text, unsigned exponent);
/// With exactly `exponent` decimals, and no '.' where that is 0: 25000 is "250.00" at exponent 2.
std::string format_amount(Minor amount, unsigned exponent);
/// The same for balances, with a '-' in front of negative ones.
std::string format_signed_amount(SignedMinor amount, unsigned exponent);
std::string to_decimal(Minor amount);
/// Decimal digits only; nothing on other characters, on no digit, and above 2^128-1.
std::optional<Minor> minor_from_decimal(std::string_view digits);

}  // namespace sluice::core
