#include "cli/conformance/amount_scale.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace sluice::cli::conformance {
namespace {

constexpr std::array<std::string_view, 9> amount_members{
    "amount",  "balance",         "start",         "credit",         "banks",
    "closing", "closing_partial", "settled_value", "sum_of_balances"};

/// 18 digits, as one payment may have: more decimals cannot be made whole.
constexpr std::size_t decimals_max = 17;

bool is_amount_member(std::string_view name) {
    return std::find(amount_members.begin(), amount_members.end(), name) != amount_members.end();
}

/// "1.50" as its digits before and behind the point, without zeros at the end; nothing for "1e-7".
struct Decimal {
    std::string whole, fraction;
};
std::optional<Decimal> decimal_of(const Json& number) {
    const auto text = number.dump();
    if (text.find_first_of("eE") != std::string::npos) return std::nullopt;
    const auto point = std::min(text.find('.'), text.size());
    Decimal decimal{text.substr(0, point), point < text.size() ? text.substr(point + 1) : std::string()};
    decimal.fraction.erase(decimal.fraction.find_last_not_of('0') + 1);
    return decimal;
}

/// Calls `visit` with every number that is an amount. False as soon as one call says so.
template <typename Value, typename Visit>
bool visit_amounts(Value& json, bool is_amount, const Visit& visit) {
    if (json.is_number()) return !is_amount || visit(json);
    if (json.is_array()) {
        for (auto& element : json)
            if (!visit_amounts(element, is_amount, visit)) return false;
    } else if (json.is_object()) {
        for (auto member = json.begin(); member != json.end(); ++member)
            if (!visit_amounts(member.value(), is_amount || is_amount_member(member.key()), visit))
                return false;
    }
    return true;
}

bool multiply(Json& number, std::size_t decimals) {
    const auto decimal = decimal_of(number);
    if (!decimal || decimal->fraction.size() > decimals) return false;
    auto digits = decimal->whole + decimal->fraction;
    digits.append(decimals - decimal->fraction.size(), '0');
    std::int64_t scaled = 0;
    const auto [stopped, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), scaled);
    if (fault != std::errc{} || stopped != digits.data() + digits.size()) return false;
    number = scaled;
    return true;
}

}  // namespace

core::Result<Json, std::string> with_whole_amounts(const Json& json) {
    std::size_t decimals = 0;
    std::string refused;
    const bool is_readable = visit_amounts(json, false, [&](const Json& number) {
        const auto decimal = decimal_of(number);
        refused = number.dump();
        if (!decimal || decimal->fraction.size() > decimals_max) return false;
        decimals = std::max(decimals, decimal->fraction.size());
        return true;
    });
    Json scaled = json;
    const bool is_done = is_readable && (decimals == 0 || visit_amounts(scaled, false, [&](Json& number) {
                                             refused = number.dump();
                                             return multiply(number, decimals);
                                         }));
    if (!is_done)
        return core::fail(fmt::format("{}: amounts are decimal numbers of at most 18 digits", refused));
    return scaled;
}

}  // namespace sluice::cli::conformance
