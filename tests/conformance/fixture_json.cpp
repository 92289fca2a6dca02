#include "tests/conformance/fixture_json.hpp"

#include <fstream>

namespace sluice::conformance {

namespace {

[[noreturn]] void refuse(const std::string& what, const Json& value) {
    throw FixtureError(what + ": " + value.dump().substr(0, 80));
}

/// Digits without "0x" and without leading zeros.
std::string_view digits_of(std::string_view text) {
    if (text.starts_with("0x")) text.remove_prefix(2);
    const std::size_t first = text.find_first_not_of('0');
    return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

}  // namespace

Json read_fixture(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw FixtureError("cannot be read");
    std::string text(static_cast<std::size_t>(std::filesystem::file_size(path)), '\0');
    if (!file.read(text.data(), static_cast<std::streamsize>(text.size())))
        throw FixtureError("cannot be read");
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) throw FixtureError("is not a JSON object");
    return json;
}

const Json& member(const Json& object, const char* name) {
    const Json* found = find_member(object, name);
    if (found == nullptr) throw FixtureError(std::string("has no member \"") + name + "\"");
    return *found;
}

const Json* find_member(const Json& object, const char* name) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

const std::string& text_of(const Json& value) {
    if (!value.is_string()) refuse("a text was expected", value);
    return value.get_ref<const std::string&>();
}

core::Bytes bytes_of(const Json& value) {
    auto bytes = core::from_hex(text_of(value));
    if (!bytes) refuse("hexadecimal bytes were expected", value);
    return std::move(*bytes);
}

core::Uint256 number_of(const Json& value) {
    const std::string& text = text_of(value);
    if (!text.starts_with("0x")) {
        const auto number = core::uint256_from_decimal(text);
        if (!number) refuse("a number was expected", value);
        return *number;
    }
    const std::string_view digits = digits_of(text);
    if (digits.empty()) return {};
    const auto number = core::uint256_from_hex("0x" + std::string(digits));
    if (!number) refuse("a number of at most 256 bits was expected", value);
    return *number;
}

std::uint64_t u64_of(const Json& value) {
    const core::Uint256 number = number_of(value);
    if (!number.fits_u64()) refuse("a number of at most 64 bits was expected", value);
    return number.low_u64();
}

core::Address address_of(const Json& value) {
    core::Address address;
    if (!core::from_hex_exactly(text_of(value), address)) refuse("an address was expected", value);
    return address;
}

core::Word word_of(const Json& value) {
    return number_of(value).to_word();
}

core::Hash hash_of(const Json& value) {
    core::Hash hash;
    if (!core::from_hex_exactly(text_of(value), hash)) refuse("a hash was expected", value);
    return hash;
}

core::Uint256 number_or(const Json& object, const char* name, const core::Uint256& otherwise) {
    const Json* found = find_member(object, name);
    return found == nullptr ? otherwise : number_of(*found);
}

}  // namespace sluice::conformance
