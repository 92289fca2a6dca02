/// The disk of one node: the ledger's store and the vote log's directory, with failures that are armed from
/// outside, and with the knowledge of what is durable at each moment.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>

#include "ledger/memory_store.hpp"
#include "ledger/memory_vote_directory.hpp"
#include "tests/simulation/coverage.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/trace.hpp"

namespace sluice::simulation {

/// The process is gone at this very call. Unwinds to where the simulation called the node.
struct Killed {};

/// How an armed call of the disk ends.
enum class CallFailure {
    none,
    io_error,          ///< EIO, and nothing reached the disk
    io_error_written,  ///< EIO, and all the same it is there
    no_space,          ///< ENOSPC
    killed_before,     ///< the process ends before the call
    killed_after,      ///< the process ends after it
    power_cut,         ///< the machine stops in the middle: any of the sectors may be there
};

class Disk {
  public:
    Disk(Random random, Coverage& coverage);
    ~Disk();

    ledger::MemoryStore& store() { return *store_; }
    ledger::VoteDirectory& votes();

    /// The `calls`-th call from now that changes the disk ends in `failure`.
    void arm(std::uint64_t calls, CallFailure failure);
    void disarm() { armed_in_ = 0; }
    std::uint64_t calls() const { return calls_; }
    /// True once after an armed power cut came about.
    bool take_power_cut() { return std::exchange(power_cut_, false); }

    /// Whatever was not synced is lost, in whole or in part.
    void lose_unsynced(bool torn);
    /// The vote log's newest file, altered in one bit. False if there is nothing to alter.
    bool flip_vote_bit();
    /// The vote log's newest file loses its last `frames` frames, synced or not; returns how many it lost.
    std::size_t truncate_votes(std::size_t frames);
    /// The store loses its newest synced writes.
    bool truncate_ledger(std::size_t writes) { return store_->lose_newest(writes) > 0; }
    /// A new disk.
    void replace();
    void remember();   ///< a snapshot of the machine
    bool roll_back();  ///< to the snapshot; false if there is none
    void clear_votes();

    /// The vote (type, height, view, digest: see consensus::sent_record) is durable at this moment.
    bool holds_vote(core::ByteView record) const { return durable_votes_.contains(fingerprint(record)); }
    std::uint64_t vote_bytes() const;
    std::uint64_t rotations() const { return rotations_; }

  private:
    class WatchedDirectory;
    class WatchedFile;
    /// Bytes written to a file since its last sync.
    using Pending = std::map<std::string, std::vector<core::Bytes>>;

    CallFailure next_call();
    void before(CallFailure failure);
    void after(CallFailure failure);
    void note_durable(const std::string& name, core::ByteView frames);
    void read_durable();
    std::optional<std::string> newest_votes();
    void install_hooks();

    Random random_;
    Coverage& coverage_;
    std::unique_ptr<ledger::MemoryStore> store_;
    std::unique_ptr<ledger::MemoryVoteDirectory> vote_files_;
    std::unique_ptr<WatchedDirectory> watched_;
    Pending pending_;
    std::set<std::uint64_t> durable_votes_;  ///< fingerprints of records
    std::uint64_t calls_ = 0;
    std::uint64_t rotations_ = 0;
    std::uint64_t armed_in_ = 0;
    CallFailure armed_ = CallFailure::none;
    bool power_cut_ = false;
    struct Snapshot;
    std::unique_ptr<Snapshot> snapshot_;
};

}  // namespace sluice::simulation
