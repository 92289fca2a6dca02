/// How far a long command has come: a bar on a terminal, plain lines elsewhere.
#pragma once

#include <cstddef>
#include <string>

namespace sluice::cli {

/// Writes to standard error, so that results on standard output stay whole. One thread.
class Progress {
  public:
    /// `noun` names what is counted: "payments".
    Progress(std::string noun, std::size_t total);
    /// Ends the bar's line.
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void show(std::size_t done);

  private:
    const std::string noun_;
    const std::size_t total_;
    const bool is_terminal_;
    std::size_t told_percent_ = 0;
    bool has_bar_ = false;
};

}  // namespace sluice::cli
