/// What people and machines read: tables, sentences, JSON; errors on standard error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/command.hpp"

namespace sluice::cli {

using Json = nlohmann::ordered_json;

/// Columns as wide as their widest cell; numbers (cells that begin with a digit or '-') are aligned right.
std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

/// One JSON value and a newline on standard output.
void print_json(const Json& value);
void print_line(std::string_view line);

/// Says what failed: a sentence on standard error, or with `as_json` {"error": …} on standard output. Returns
/// `code`.
ExitCode fail(ExitCode code, std::string_view message, bool as_json);

/// "2026-11-22 14:03:07.123 UTC"
std::string format_time(std::uint64_t unix_ms);

}  // namespace sluice::cli
