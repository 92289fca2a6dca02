/// Comma-separated text (RFC 4180).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace sluice::cli::batch {

struct CsvRow {
    std::size_t line = 0;  ///< where it begins, from 1
    std::vector<std::string> cells;
};

/// Rows that are not empty. Cells may be quoted; lines end with LF or CRLF; a byte order mark in front is
/// skipped. Where the first line has semicolons and no commas, semicolons part the cells. The error is a
/// sentence.
core::Result<std::vector<CsvRow>, std::string> read_csv(std::string_view text);

}  // namespace sluice::cli::batch
