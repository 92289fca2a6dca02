/// The files under the vote log, as a port: real files in production, a faulty disk in simulation.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "ledger/storage_failure.hpp"

namespace sluice::ledger {

/// One file, written by position. One thread. All calls throw StorageFailure when the machine fails.
class VoteFile {
  public:
    virtual ~VoteFile() = default;
    virtual core::Bytes read_all() const = 0;
    /// Writes `bytes` at `offset`; the file grows where needed. Not durable before `sync`.
    virtual void write_at(std::uint64_t offset, core::ByteView bytes) = 0;
    /// Everything written is durable once this returns (fdatasync).
    virtual void sync() = 0;
};

/// The directory that holds the vote log's files and nothing else of that name pattern.
class VoteDirectory {
  public:
    virtual ~VoteDirectory() = default;
    /// Names of all files in it, sorted.
    virtual std::vector<std::string> list() const = 0;
    /// A new, empty file; one that exists is emptied.
    virtual std::unique_ptr<VoteFile> create(const std::string& name) = 0;
    /// A file that exists.
    virtual std::unique_ptr<VoteFile> open(const std::string& name) = 0;
    virtual void remove(const std::string& name) = 0;
    /// Makes creations and removals durable.
    virtual void sync() = 0;
};

/// Real files. The directory must exist.
std::unique_ptr<VoteDirectory> open_vote_directory(const std::filesystem::path& directory);

}  // namespace sluice::ledger
