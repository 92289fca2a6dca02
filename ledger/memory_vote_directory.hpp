/// The vote log's disk in memory, with crashes, torn writes and errors: for simulation and tests.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "ledger/vote_file.hpp"

namespace sluice::ledger {

/// One thread. Handed-out files stay usable until `crash`, after which they must be opened again.
class MemoryVoteDirectory final : public VoteDirectory {
  public:
    MemoryVoteDirectory();
    ~MemoryVoteDirectory() override;

    std::vector<std::string> list() const override;
    std::unique_ptr<VoteFile> create(const std::string& name) override;
    std::unique_ptr<VoteFile> open(const std::string& name) override;
    void remove(const std::string& name) override;
    void sync() override;

    /// The calls that change the disk, in the words of the fault hook.
    enum class Call { create, write, sync_file, remove, sync_directory };
    enum class Fate {
        done,
        fail,
        fail_done
    };  ///< `fail_done`: it happened, and StorageFailure is thrown all the same
    /// Asked before every call that changes the disk; nothing set means that all succeed.
    void set_hook(std::function<Fate(Call)> hook);

    /// Power cut. `keep_sector(i)` decides for the i-th 512-byte sector written since the last sync of its
    /// file whether it survived; unsynced creations and removals survive where `keep_name` says so.
    void crash(const std::function<bool(std::size_t)>& keep_sector, bool keep_name);
    /// Power cut that loses everything unsynced.
    void crash();

    /// The bytes on disk as a process sees them now.
    core::Bytes contents(const std::string& name) const;
    /// Overwrites a file behind the log's back (bit rot, truncation, an operator's copy).
    void replace(const std::string& name, core::Bytes bytes);

    struct Disk;

  private:
    std::shared_ptr<Disk> disk_;
};

}  // namespace sluice::ledger
