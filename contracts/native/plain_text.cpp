#include "contracts/native/plain_text.hpp"

#include <cstdint>

namespace sluice::contracts::native {

namespace {

/// A form of a character in UTF-8: what its first byte looks like, and the least character that may take it.
struct Form {
    std::uint8_t mask = 0;
    std::uint8_t mark = 0;
    std::size_t bytes = 0;
    std::uint32_t least = 0;
};
constexpr Form forms[] = {
    {0x80, 0x00, 1, 0}, {0xe0, 0xc0, 2, 0x80}, {0xf0, 0xe0, 3, 0x800}, {0xf8, 0xf0, 4, 0x10000}};

bool is_plain(std::uint32_t character) {
    const bool is_control = character < 0x20 || (character >= 0x7f && character < 0xa0);
    const bool is_surrogate = character >= 0xd800 && character < 0xe000;
    return !is_control && !is_surrogate && character <= 0x10ffff;
}

/// Bytes of the plain character that `text` begins with; 0 if it begins with none.
std::size_t plain_character_bytes(std::string_view text) {
    const auto byte_at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    for (const Form& form : forms) {
        if ((byte_at(0) & form.mask) != form.mark) continue;
        if (text.size() < form.bytes) return 0;
        std::uint32_t character = byte_at(0) & static_cast<std::uint8_t>(~form.mask);
        for (std::size_t i = 1; i < form.bytes; ++i) {
            if ((byte_at(i) & 0xc0) != 0x80) return 0;
            character = character << 6 | (byte_at(i) & 0x3fu);
        }
        return character >= form.least && is_plain(character) ? form.bytes : 0;
    }
    return 0;
}

}  // namespace

bool is_plain_text(std::string_view text) {
    while (!text.empty()) {
        const std::size_t bytes = plain_character_bytes(text);
        if (bytes == 0) return false;
        text.remove_prefix(bytes);
    }
    return true;
}

}  // namespace sluice::contracts::native
