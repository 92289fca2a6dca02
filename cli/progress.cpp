#include "cli/progress.hpp"

#include <unistd.h>

#include <cstdio>

#include <fmt/format.h>

namespace sluice::cli {
namespace {

constexpr std::size_t bar_width = 40;
/// Without a terminal a line is written each time this much more is done.
constexpr std::size_t percent_per_line = 5;

}  // namespace

Progress::Progress(std::string noun, std::size_t total)
    : noun_(std::move(noun)), total_(total), is_terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
    if (has_bar_) std::fputc('\n', stderr);
}

void Progress::show(std::size_t done) {
    const auto percent = total_ == 0 ? 100 : 100 * done / total_;
    if (is_terminal_) {
        const auto filled = bar_width * percent / 100;
        fmt::print(stderr, "\r[{}{}] {:3}% {} of {} {}", std::string(filled, '#'),
                   std::string(bar_width - filled, '.'), percent, done, total_, noun_);
        std::fflush(stderr);
        has_bar_ = true;
    } else if (percent >= told_percent_ + percent_per_line || done == total_) {
        told_percent_ = percent;
        fmt::print(stderr, "{} of {} {}\n", done, total_, noun_);
    }
}

}  // namespace sluice::cli
