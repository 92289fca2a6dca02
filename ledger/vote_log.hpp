/// The vote log: what this validator has voted, durable before it is sent. Losing a vote means being able to
/// vote twice, so the log is a checksummed, hash-chained, preallocated file of its own
/// (docs/formats/vote-log.md).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "ledger/vote_file.hpp"

namespace sluice::ledger {

/// One vote or message, opaque to the log except for what a person wants to see in a dump.
struct VoteRecord {
    std::uint8_t kind = 0;
    core::Height height = 0;
    core::View view = 0;
    core::Bytes payload;
    bool operator==(const VoteRecord&) const = default;
};

/// A height that the ledger had made durable when the log was written. A ledger whose head is behind it has
/// lost acknowledged data (LevelDB cannot notice a truncated log by itself).
struct HighWaterMark {
    core::Height height = 0;
    core::Hash hash{};
    bool operator==(const HighWaterMark&) const = default;
};

/// What one `append` wrote.
struct VoteFrame {
    std::uint64_t sequence = 0;  ///< counts frames over the whole life of the log, without gaps
    HighWaterMark mark;
    std::vector<VoteRecord> records;
};

/// Everything that a log holds, oldest first.
struct VoteLogContents {
    std::uint64_t generation = 0;  ///< of the file; grows with each rotation
    HighWaterMark mark;            ///< the newest
    std::vector<VoteFrame> frames;
    bool torn_tail = false;  ///< the last write was cut by a crash, was never acknowledged, and is left out

    std::vector<VoteRecord> records() const;
};

enum class VoteLogError {
    missing,         ///< there is no log; only `VoteLog::create` makes one
    already_exists,  ///< `create` found one
    damaged,         ///< more than a torn last write: do not vote
};

struct VoteLogFailure {
    VoteLogError reason{};
    std::string detail;  ///< file, offset and what is wrong there
};

struct VoteLogOptions {
    /// `commit` starts a new file once the present one holds more than this.
    std::size_t rotate_bytes = 4u << 20;
    /// Zeros written ahead, so that a sync need not touch the file's metadata. A multiple of the sector.
    std::size_t preallocate_bytes = 256u << 10;
};

/// Reads a log without changing anything: `sluiced dump-votes`.
core::Result<VoteLogContents, VoteLogFailure> read_vote_log(VoteDirectory& directory);

/// The log, open for writing. One thread. The directory must be locked by its owner (DirectoryLock) and
/// outlive it. Every write that fails throws StorageFailure; the log must not be used afterwards.
class VoteLog {
  public:
    struct Opened;
    /// Reads the log and goes on behind its last whole frame. A torn last write is overwritten.
    static core::Result<Opened, VoteLogFailure> open(VoteDirectory& directory,
                                                     const VoteLogOptions& options = {});
    /// A new log whose first frame holds `records` (`sluiced init`, and `sluiced rejoin`). Refuses a
    /// directory that holds a log, whole or damaged.
    static core::Result<VoteLog, VoteLogFailure> create(VoteDirectory& directory, const HighWaterMark& mark,
                                                        std::span<const VoteRecord> records = {},
                                                        const VoteLogOptions& options = {});

    VoteLog(VoteLog&&) noexcept;
    VoteLog& operator=(VoteLog&&) noexcept;
    ~VoteLog();

    /// Makes `records` durable together: one write, one fdatasync. When it returns they may be sent.
    void append(std::span<const VoteRecord> records);

    /// The ledger has made `mark` durable. The mark goes to disk with the next frame. When the file has grown
    /// past `rotate_bytes` a new one is begun that starts with `kept` (the records that still bind this
    /// validator above mark.height), and the old one is removed. Otherwise `kept` is already in the file and
    /// not written again.
    void commit(const HighWaterMark& mark, std::span<const VoteRecord> kept);

    const HighWaterMark& mark() const;
    std::uint64_t next_sequence() const;
    /// Bytes in use of the present file.
    std::uint64_t size_bytes() const;

  private:
    struct State;
    explicit VoteLog(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

struct VoteLog::Opened {
    VoteLog log;
    VoteLogContents contents;
};

}  // namespace sluice::ledger
