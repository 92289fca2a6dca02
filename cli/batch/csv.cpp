#include "cli/batch/csv.hpp"

#include <fmt/format.h>

namespace sluice::cli::batch {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {
        if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
        const auto first = text_.substr(0, text_.find('\n'));
        if (first.find(',') == std::string_view::npos && first.find(';') != std::string_view::npos)
            separator_ = ';';
    }

    core::Result<std::vector<CsvRow>, std::string> read() {
        std::vector<CsvRow> rows;
        while (at_ < text_.size()) {
            CsvRow row{line_, {}};
            for (bool more = true; more;) {
                auto cell = read_cell();
                if (!cell) return core::fail(fmt::format("line {}: {}", row.line, cell.error()));
                row.cells.push_back(std::move(*cell));
                more = at_ < text_.size() && text_[at_] == separator_;
                if (more) ++at_;
            }
            end_line();
            if (row.cells.size() > 1 || !row.cells.front().empty()) rows.push_back(std::move(row));
        }
        return rows;
    }

  private:
    bool is_cell_end() const {
        return at_ == text_.size() || text_[at_] == separator_ || text_[at_] == '\n' ||
               text_.substr(at_).starts_with("\r\n");
    }
    void end_line() {
        if (at_ < text_.size() && text_[at_] == '\r') ++at_;
        if (at_ < text_.size()) ++at_;
        ++line_;
    }

    core::Result<std::string, std::string> read_cell() {
        if (at_ < text_.size() && text_[at_] == '"') return read_quoted();
        const auto begin = at_;
        while (!is_cell_end())
            ++at_;
        return trimmed(text_.substr(begin, at_ - begin));
    }

    core::Result<std::string, std::string> read_quoted() {
        std::string cell;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\n') ++line_;
            if (text_[at_] != '"') {
                cell += text_[at_];
            } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
                cell += text_[++at_];
            } else {
                ++at_;
                if (is_cell_end()) return cell;
                return core::fail(std::string("text stands behind a closing quote"));
            }
        }
        return core::fail(std::string("a quote is not closed"));
    }

    static std::string trimmed(std::string_view cell) {
        const auto first = cell.find_first_not_of(" \t\r");
        if (first == std::string_view::npos) return {};
        return std::string(cell.substr(first, cell.find_last_not_of(" \t\r") - first + 1));
    }

    std::string_view text_;
    char separator_ = ',';
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

}  // namespace

core::Result<std::vector<CsvRow>, std::string> read_csv(std::string_view text) {
    return Reader(text).read();
}

}  // namespace sluice::cli::batch
