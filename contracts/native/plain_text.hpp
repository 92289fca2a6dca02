/// Texts that people read from the ledger: names and reasons.
#pragma once

#include <cstddef>
#include <string_view>

namespace sluice::contracts::native {

/// Longest reason that an act may give, in bytes of UTF-8.
inline constexpr std::size_t reason_text_bytes_max = 256;

/// True for UTF-8 (RFC 3629: shortest form, no surrogates) without control characters (C0, DEL, C1): a text
/// that changes neither a terminal nor a log when it is printed. Empty is plain.
bool is_plain_text(std::string_view text);
/// A plain text of at most `reason_text_bytes_max` bytes.
inline bool is_reason_text(std::string_view text) {
    return text.size() <= reason_text_bytes_max && is_plain_text(text);
}

}  // namespace sluice::contracts::native
