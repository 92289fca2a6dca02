/// Places as text: numbers with dots between them, for the cursors of answers that go on.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::node::rpc {

/// "12.0.7" as three numbers; nothing for anything else.
template <std::size_t count>
std::optional<std::array<std::uint64_t, count>> read_dotted(std::string_view text) {
    std::array<std::uint64_t, count> numbers{};
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
        const auto [next, error] = std::from_chars(at, end, numbers[i]);
        if (error != std::errc{} || next == at) return std::nullopt;
        at = next;
    }
    return at == end ? std::optional(numbers) : std::nullopt;
}

}  // namespace sluice::node::rpc
