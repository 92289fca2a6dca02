#include "core/documents/json_fields.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace sluice::core::documents {

namespace {

const std::string* text_of(const Json& value) {
    return value.get_ptr<const std::string*>();
}

/// A value that `parse` makes of a string.
template <typename T, std::optional<T> (*parse)(std::string_view)>
std::optional<T> from_text(const Json& value) {
    const std::string* const text = text_of(value);
    return text == nullptr ? std::nullopt : parse(*text);
}

template <typename T>
std::optional<T> from_number(const Json& value) {
    if (!value.is_number_unsigned()) return {};
    const auto number = value.get<std::uint64_t>();
    if (number > std::numeric_limits<T>::max()) return {};
    return static_cast<T>(number);
}

std::optional<bool> from_bool(const Json& value) {
    if (!value.is_boolean()) return {};
    return value.get<bool>();
}

std::optional<std::string> any_text(std::string_view text) {
    return std::string(text);
}

std::optional<Address> prefixed_address(std::string_view text) {
    return text.starts_with("0x") ? address_from_hex(text) : std::nullopt;
}
std::optional<Hash> prefixed_hash(std::string_view text) {
    return text.starts_with("0x") ? hash_from_hex(text) : std::nullopt;
}
std::optional<Bytes> prefixed_bytes(std::string_view text) {
    return text.starts_with("0x") ? from_hex(text) : std::nullopt;
}

constexpr std::size_t hinted_bytes_max = 40;

/// Letters to add, drop or change to make one word of the other (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({changed, row[j] + 1, row[j - 1] + 1}));
        }
    }
    return row.back();
}

/// The known name that `name` was probably meant to be; empty where none is near.
std::string_view nearest(std::string_view name, std::initializer_list<std::string_view> known) {
    if (name.size() > hinted_bytes_max) return {};
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const std::string_view candidate : known) {
        const std::size_t distance = edit_distance(name, candidate);
        if (distance >= best_distance) continue;
        best = candidate;
        best_distance = distance;
    }
    return best;
}

std::string known_names(std::string_view unknown, std::initializer_list<std::string_view> known) {
    std::string names;
    for (const std::string_view name : known)
        names += (names.empty() ? "" : ", ") + std::string(name);
    const std::string_view hint = nearest(unknown, known);
    return hint.empty() ? "known here are " + names : "did you mean " + std::string(hint) + "?";
}

}  // namespace

constinit const Form<bool> bool_form{from_bool, "true or false"};
constinit const Form<std::uint64_t> number_form{from_number<std::uint64_t>,
                                                "a whole number from 0 to 2^64-1"};
constinit const Form<std::uint32_t> number32_form{from_number<std::uint32_t>,
                                                  "a whole number from 0 to 2^32-1"};
constinit const Form<std::uint8_t> number8_form{from_number<std::uint8_t>, "a whole number from 0 to 255"};
constinit const Form<std::string> text_form{from_text<std::string, any_text>, "a text"};
constinit const Form<Address> address_form{
    from_text<Address, prefixed_address>,
    "an address: 0x and 40 hex digits, with the right checksum if in mixed case"};
constinit const Form<Hash> hash_form{from_text<Hash, prefixed_hash>, "32 bytes: 0x and 64 hex digits"};
constinit const Form<Bytes> bytes_form{from_text<Bytes, prefixed_bytes>,
                                       "bytes: 0x and an even number of hex digits"};
constinit const Form<Uint256> decimal_form{from_text<Uint256, uint256_from_decimal>,
                                           "decimal digits in quotes, at most 2^256-1"};
constinit const Form<Bic> bic_form{from_text<Bic, Bic::parse>,
                                   "a BIC: 8 or 11 upper-case characters (ISO 9362)"};
constinit const Form<Uetr> uetr_form{from_text<Uetr, Uetr::parse>, "a UETR: a lower-case UUID of version 4"};
constinit const Form<CurrencyCode> currency_form{from_text<CurrencyCode, CurrencyCode::parse>,
                                                 "a currency: three upper-case letters (ISO 4217)"};
constinit const Form<DateYmd> date_form{from_text<DateYmd, parse_date>, "a day: YYYY-MM-DD"};

void FirstError::keep_wrong(std::string path, const Json& value, std::string allowed) {
    keep({.fault = DocumentFault::wrong_value,
          .path = std::move(path),
          .value = show(value),
          .allowed = std::move(allowed)});
}

ObjectFields::ObjectFields(const Json& value, std::string path, std::initializer_list<std::string_view> known,
                           FirstError& errors)
    : path_(std::move(path)), errors_(errors) {
    if (!value.is_object()) {
        errors_.keep_wrong(path_, value, "an object");
        return;
    }
    object_ = &value;
    for (const auto& field : value.items()) {
        const std::string& name = field.key();
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        errors_.keep({.fault = DocumentFault::unknown_field,
                      .path = field_path(path_, name.substr(0, 2 * hinted_bytes_max)),
                      .value = show(field.value()),
                      .allowed = known_names(name, known)});
    }
}

const Json* ObjectFields::find(std::string_view name) const {
    if (object_ == nullptr) return nullptr;
    const auto found = object_->find(name);
    return found == object_->end() ? nullptr : &*found;
}

const Json* ObjectFields::require(std::string_view name, std::string_view allowed) const {
    const Json* const value = find(name);
    if (value == nullptr && object_ != nullptr)
        errors_.keep({.fault = DocumentFault::missing_field,
                      .path = path_of(name),
                      .value = {},
                      .allowed = std::string(allowed)});
    return value;
}

}  // namespace sluice::core::documents
