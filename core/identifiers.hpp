/// Identifiers of the payments world: BIC (ISO 9362), LEI (ISO 17442), UETR (UUID v4), currency (ISO 4217), amounts.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/result.hpp"

namespace sluice::core {

/// Always 11 upper-case characters; 8 given ones are completed with "XXX" and printed as 8.
class Bic {
  public:
    Bic() { text_.fill(' '); }
    /// 4 letters or digits, 2 letters, 2 alphanumerics, and nothing or 3 alphanumerics (ISO 9362:2022). No lower case.
    static std::optional<Bic> parse(std::string_view text);
    std::string to_string() const;
    const std::array<char, 11>& chars() const { return text_; }
    auto operator<=>(const Bic&) const = default;

  private:
    std::array<char, 11> text_{};
};

/// 20 characters with ISO 7064 mod 97-10 check digits.
class Lei {
  public:
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
    static std::optional<Uetr> parse(std::string_view text);
    /// A UETR from 16 random bytes: version and variant bits are set.
    static Uetr from_random(std::array<std::uint8_t, 16> random);
    std::string to_string() const;
    auto operator<=>(const Uetr&) const = default;
};

/// True for a structurally valid IBAN with right check digits (ISO 13616, mod 97).
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
using Minor = unsigned __int128;

enum class AmountError {
    not_a_number,        ///< other characters than digits and one '.'
    too_many_decimals,   ///< more fraction digits than the currency has
    too_large,           ///< more than 18 digits in all (ISO 20022 ActiveCurrencyAndAmount)
};
std::string_view describe(AmountError error);

/// "250", "250.0" and "250.00" are 25000 at exponent 2. No sign, no exponent, no thousands separator, no leading '.'.
Result<Minor, AmountError> parse_amount(std::string_view text, unsigned exponent);
/// With exactly `exponent` decimals.
std::string format_amount(Minor amount, unsigned exponent);
/// Signed form for balances.
std::string format_amount(__int128 amount, unsigned exponent);
std::string to_decimal(Minor amount);
std::optional<Minor> minor_from_decimal(std::string_view digits);

/// Days of the Gregorian calendar as YYYYMMDD, 0 for none.
using DateYmd = std::uint32_t;
/// "YYYY-MM-DD" of an existing day.
std::optional<DateYmd> parse_date(std::string_view text);
std::string format_date(DateYmd date);
bool is_valid_date(DateYmd date);
/// Days since 1970-01-01; the date must be valid.
std::int64_t days_from_date(DateYmd date);
DateYmd date_from_days(std::int64_t days);

}  // namespace sluice::core
