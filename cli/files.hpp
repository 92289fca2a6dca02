/// Files of the wallet: read whole, written atomically, secrets readable by their owner alone.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/result.hpp"

namespace sluice::cli {

/// The error is a sentence with the path.
core::Result<std::string, std::string> read_file(const std::filesystem::path& file,
                                                 std::size_t bytes_max = 16u << 20);

enum class FileMode { ordinary, secret };  ///< 0644 or 0600

/// Writes beside the target, syncs, renames: the file is whole or as it was.
core::Result<void, std::string> write_file(const std::filesystem::path& file, std::string_view text,
                                           FileMode mode);

/// Makes a folder and its parents; secret ones are 0700.
core::Result<void, std::string> make_folder(const std::filesystem::path& folder, FileMode mode);

/// An exclusive lock on a file, held for the object's life; waits for others. For nonces and devnet folders.
class FileLock {
  public:
    static core::Result<FileLock, std::string> take(const std::filesystem::path& file);
    FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

  private:
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

}  // namespace sluice::cli
