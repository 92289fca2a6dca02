/// One process per data directory.
#pragma once

#include <filesystem>
#include <optional>

namespace sluice::ledger {

/// Holds an exclusive flock on `<directory>/LOCK` for its life. The kernel releases it when the process ends,
/// however.
class DirectoryLock {
  public:
    /// Nothing when another process has it. Throws StorageFailure when the directory cannot be written.
    static std::optional<DirectoryLock> take(const std::filesystem::path& directory);

    DirectoryLock(DirectoryLock&& other) noexcept;
    DirectoryLock& operator=(DirectoryLock&& other) noexcept;
    ~DirectoryLock();

  private:
    explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

}  // namespace sluice::ledger
