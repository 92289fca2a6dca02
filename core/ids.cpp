#include "core/ids.hpp"

#include <algorithm>

namespace sluice::core {

namespace {

constexpr int hex_value(char digit) {
    return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

/// A hash written as 64 lower-case digits, at compile time.
constexpr Hash literal_hash(const char (&digits)[65]) {
    Hash hash{};
    for (std::size_t i = 0; i < hash.size(); ++i)
        hash[i] = static_cast<std::uint8_t>(hex_value(digits[2 * i]) << 4 | hex_value(digits[2 * i + 1]));
    return hash;
}

bool is_lower_case(std::string_view digits) {
    return std::none_of(digits.begin(), digits.end(), [](char c) { return c >= 'A' && c <= 'F'; });
}

bool is_upper_case(std::string_view digits) {
    return std::none_of(digits.begin(), digits.end(), [](char c) { return c >= 'a' && c <= 'f'; });
}

}  // namespace

constinit const Hash empty_code_hash =
    literal_hash("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
constinit const Hash empty_list_hash =
    literal_hash("1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347");
constinit const Hash empty_trie_root =
    literal_hash("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");

std::optional<Hash> hash_from_hex(std::string_view text) {
    Hash hash{};
    if (!from_hex_exactly(text, hash)) return std::nullopt;
    return hash;
}

std::optional<Address> address_from_hex(std::string_view text) {
    Address address{};
    if (!from_hex_exactly(text, address)) return std::nullopt;
    const std::string_view digits = text.substr(text.size() - 2 * address.size());
    if (is_lower_case(digits) || is_upper_case(digits)) return address;
    if (checksum_hex(address).substr(2) != digits) return std::nullopt;
    return address;
}

std::string checksum_hex(const Address& address) {
    std::string text = to_hex_0x(address);
    const Hash hash = keccak256(view(std::string_view(text).substr(2)));
    for (std::size_t i = 0; i < 2 * address.size(); ++i) {
        const unsigned nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
        char& digit = text[2 + i];
        if (nibble >= 8 && digit >= 'a') digit = static_cast<char>(digit - 'a' + 'A');
    }
    return text;
}

Word word_from_u64(std::uint64_t value) {
    Word word{};
    write_be64(word.data() + 24, value);
    return word;
}

Word word_from_address(const Address& address) {
    Word word{};
    std::copy(address.begin(), address.end(), word.begin() + 12);
    return word;
}

}  // namespace sluice::core
