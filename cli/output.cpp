#include "cli/output.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "core/identifiers.hpp"

namespace sluice::cli {
namespace {

bool is_number(std::string_view cell) {
    return !cell.empty() && (cell[0] == '-' || (cell[0] >= '0' && cell[0] <= '9')) &&
           cell.rfind("0x", 0) != 0 && cell.find_first_not_of("0123456789.-, ") == std::string_view::npos;
}

/// Length in characters: UTF-8 continuation bytes do not count.
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string padded(std::string_view cell, std::size_t width, bool right) {
    const std::string blanks(width - std::min(width, width_of(cell)), ' ');
    return right ? blanks + std::string(cell) : std::string(cell) + blanks;
}

}  // namespace

std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& cell : header)
        widths.push_back(width_of(cell));
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i]));
    const auto line = [&](const std::vector<std::string>& cells, bool is_header) {
        std::string text;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const bool right = !is_header ? is_number(cells[i]) : !rows.empty() && is_number(rows.front()[i]);
            text += (i == 0 ? "" : "  ") + padded(cells[i], widths[i], right);
        }
        text.erase(text.find_last_not_of(' ') + 1);
        return text + "\n";
    };
    std::string text = line(header, true);
    for (const auto& row : rows)
        text += line(row, false);
    text.pop_back();  // the last line ends where the caller ends it
    return text;
}

void print_json(const Json& value) {
    const auto text = value.dump(2) + "\n";
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void print_line(std::string_view line) {
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

ExitCode fail(ExitCode code, std::string_view message, bool as_json) {
    if (as_json)
        print_json({{"error", message}, {"exitCode", static_cast<int>(code)}});
    else
        fmt::print(stderr, "sluice: {}\n", message);
    return code;
}

std::string format_time(std::uint64_t unix_ms) {
    const auto days = static_cast<std::int64_t>(unix_ms / 86'400'000);
    const auto of_day = unix_ms % 86'400'000;
    return fmt::format("{} {:02}:{:02}:{:02}.{:03} UTC", core::format_date(core::date_from_days(days)),
                       of_day / 3'600'000, of_day / 60'000 % 60, of_day / 1000 % 60, of_day % 1000);
}

}  // namespace sluice::cli
