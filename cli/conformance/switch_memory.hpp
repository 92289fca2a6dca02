/// What the switch of liquidity saving was before a run turned it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/result.hpp"

namespace sluice::cli::conformance {

/// Kept in a file from before the switch is turned until it is turned back: a run that is cut off in between
/// leaves it behind, and the next run sets the switch right. Errors are sentences.
class SwitchMemory {
  public:
    explicit SwitchMemory(std::filesystem::path file) : file_(std::move(file)) {}

    core::Result<void, std::string> remember(bool was_on) const;
    /// Nothing if no run was cut off.
    core::Result<std::optional<bool>, std::string> recall() const;
    core::Result<void, std::string> forget() const;

  private:
    std::filesystem::path file_;
};

}  // namespace sluice::cli::conformance
