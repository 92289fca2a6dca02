/// Cases that take longer than all others together, and are run only when asked for.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace sluice::conformance {

/// Four billion rounds of BLAKE2F in one call.
inline constexpr std::array<std::string_view, 1> slow_names{"CALLBlake2f_MaxRounds"};

inline bool is_slow(const std::string& name) {
    return std::any_of(slow_names.begin(), slow_names.end(),
                       [&](std::string_view slow) { return name.find(slow) != std::string::npos; });
}

}  // namespace sluice::conformance
