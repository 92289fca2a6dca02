/// Asking a person before money moves.
#pragma once

#include <string>

#include "cli/command.hpp"

namespace sluice::cli {

inline constexpr Argument yes_argument{"--yes", ArgumentKind::flag, "Do not ask before money moves"};

/// True with --yes, without a terminal, or when the person at it agrees to the sentence.
bool is_confirmed(const Arguments& arguments, const std::string& what);

}  // namespace sluice::cli
