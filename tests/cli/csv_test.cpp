#include "cli/batch/csv.hpp"

#include <gtest/gtest.h>

namespace sluice::cli::batch {
namespace {

std::vector<std::vector<std::string>> cells_of(std::string_view text) {
    std::vector<std::vector<std::string>> cells;
    const auto rows = read_csv(text);
    if (!rows) return {{"error: " + rows.error()}};
    for (const auto& row : *rows)
        cells.push_back(row.cells);
    return cells;
}

using Cells = std::vector<std::vector<std::string>>;

TEST(Csv, parts_cells_at_commas_and_rows_at_line_ends) {
    EXPECT_EQ(cells_of("a,b\r\n1, 2 \n"), (Cells{{"a", "b"}, {"1", "2"}}));
    EXPECT_EQ(cells_of("a,\n,b"), (Cells{{"a", ""}, {"", "b"}}));
}

TEST(Csv, takes_semicolons_where_the_first_line_has_them) {
    EXPECT_EQ(cells_of("a;b\n1,5;2"), (Cells{{"a", "b"}, {"1,5", "2"}}));
}

TEST(Csv, quoted_cells_may_hold_separators_quotes_and_line_ends) {
    EXPECT_EQ(cells_of("\"a,b\",\"say \"\"hi\"\"\",\"x\ny\"\nz,,"),
              (Cells{{"a,b", "say \"hi\"", "x\ny"}, {"z", "", ""}}));
}

TEST(Csv, skips_empty_lines_and_a_byte_order_mark) {
    EXPECT_EQ(cells_of("\xef\xbb\xbf"
                       "a\n\n\nb\n"),
              (Cells{{"a"}, {"b"}}));
    EXPECT_TRUE(cells_of("").empty());
}

TEST(Csv, rows_know_their_line_behind_cells_of_many_lines) {
    const auto rows = read_csv("a\n\"1\n2\"\n\nb\n");
    ASSERT_TRUE(rows.has_value());
    ASSERT_EQ(rows->size(), 3u);
    EXPECT_EQ((*rows)[1].line, 2u);
    EXPECT_EQ((*rows)[2].line, 5u);
}

TEST(Csv, quotes_that_do_not_fit_are_an_error_with_the_line) {
    EXPECT_EQ(cells_of("a\n\"b"), (Cells{{"error: line 2: a quote is not closed"}}));
    EXPECT_EQ(cells_of("\"a\"b"), (Cells{{"error: line 1: text stands behind a closing quote"}}));
}

}  // namespace
}  // namespace sluice::cli::batch
