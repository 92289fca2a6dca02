/// Asking a person before money moves.
#pragma once

#include <string>

#include "cli/command.hpp"

namespace sluice::cli {

inline constexpr Argument yes_argument{"--yes", ArgumentKind::flag, "Do not ask before money moves"};

/// True with --yes, or when the person at the terminal agrees to the sentence. Without a terminal nobody can
/// agree: then it says so on standard error and is false.
bool is_confirmed(const Arguments& arguments, const std::string& what);

}  // namespace sluice::cli
