/// The key-value store in memory, with a disk that can fail: for simulation and tests.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "ledger/kv_store.hpp"

namespace sluice::ledger {

/// What becomes of a write.
enum class WriteFate {
    done,            ///< as asked
    fail_unwritten,  ///< StorageFailure, and nothing of it is on disk
    fail_written,    ///< StorageFailure, and all of it is on disk (an EIO from fdatasync leaves this open)
};

/// One thread. Snapshots and cursors may outlive changes, crashes and the store.
class MemoryStore final : public KvStore {
  public:
    MemoryStore();
    ~MemoryStore() override;

    std::optional<core::Bytes> get(core::ByteView key) const override;
    std::unique_ptr<KvCursor> cursor(core::ByteView prefix) const override;
    void write(const WriteBatch& batch, bool sync) override;
    KvSnapshot snapshot() const override;
    KvFigures figures() const override;

    /// Asked before every write; nothing set means that all writes succeed.
    using WriteHook = std::function<WriteFate(const WriteBatch& batch, bool sync)>;
    void set_write_hook(WriteHook hook) { hook_ = std::move(hook); }

    /// Power cut: of the writes after the last synced one the first `unsynced_kept` survive (a log keeps a
    /// prefix).
    void crash(std::size_t unsynced_kept);
    /// Writes that a crash may lose now.
    std::size_t unsynced_writes() const;
    /// The disk loses its newest writes, synced or not, down to what it remembers (`undo_depth`); returns how
    /// many. This is what a truncated LevelDB log looks like.
    std::size_t lose_newest(std::size_t writes);
    /// From now on every read that meets `key` throws StorageFailure, as a failed block checksum does.
    void damage(core::ByteView key);
    /// Drops a row without a trace, as a lost table file does.
    void lose(core::ByteView key);
    /// Everything on disk now; `restore` puts it back (a virtual machine's snapshot).
    std::map<core::Bytes, core::Bytes> image() const;
    void restore(const std::map<core::Bytes, core::Bytes>& image);

    /// Newest writes that `lose_newest` can take back.
    static constexpr std::size_t undo_depth = 64;

    struct Table;  ///< versions of all rows; shared with snapshots and cursors

  private:
    /// The rows that one write changed, as they were before it.
    using Undo = std::vector<std::pair<core::Bytes, std::optional<core::Bytes>>>;
    void apply(const WriteBatch& batch, bool sync);
    void take_back_newest();

    std::shared_ptr<Table> table_;
    std::deque<Undo> undo_;     ///< oldest first
    std::size_t unsynced_ = 0;  ///< of them, the newest
    WriteHook hook_;
};

}  // namespace sluice::ledger
