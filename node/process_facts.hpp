/// What the operating system says of this process and its disk.
#pragma once

#include <cstdint>
#include <filesystem>

namespace sluice::node {

/// Resident memory in bytes; 0 where /proc does not say.
std::uint64_t resident_bytes();

/// Bytes that an ordinary user may still write on the file system of `path`; 0 if unknown.
std::uint64_t disk_free_bytes(const std::filesystem::path& path);

/// Protects the process's memory: no core dumps, no reading by other processes of the user.
void forbid_memory_dumps();
/// As many files and connections as the system allows this process at most; by default it gives 1,024, fewer
/// than connections and database files may be.
void allow_open_files();

}  // namespace sluice::node
