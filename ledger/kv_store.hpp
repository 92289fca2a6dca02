/// The ordered key-value store under the ledger, as a port: LevelDB in production, memory in simulation.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "core/bytes.hpp"
#include "ledger/storage_failure.hpp"

namespace sluice::ledger {

/// Walks keys in byte order, within one prefix. Sees the store as it was when the cursor was made.
/// One thread at a time. Reading `key` or `value` of an invalid cursor is a CHECK failure.
class KvCursor {
  public:
    virtual ~KvCursor() = default;
    /// False at the end of the prefix. Throws StorageFailure where the store is damaged.
    virtual bool valid() const = 0;
    /// Views that live until the next call of `seek` or `next`.
    virtual core::ByteView key() const = 0;
    virtual core::ByteView value() const = 0;
    virtual void next() = 0;
    /// To the first key of the prefix that is not below `key`.
    virtual void seek(core::ByteView key) = 0;
};

/// Reads. Every call may come from any thread and throws StorageFailure on damaged data.
class KvReader {
  public:
    virtual ~KvReader() = default;
    virtual std::optional<core::Bytes> get(core::ByteView key) const = 0;
    /// Stands at the first key that begins with `prefix`.
    virtual std::unique_ptr<KvCursor> cursor(core::ByteView prefix) const = 0;
};

/// The store as it was at one moment; never changes. Must not outlive the store.
using KvSnapshot = std::shared_ptr<const KvReader>;

/// Changes that reach the disk together or not at all, applied in the order given. A value, one thread.
class WriteBatch {
  public:
    void put(core::ByteView key, core::ByteView value);
    /// Removing a key that does not exist is allowed.
    void remove(core::ByteView key);
    /// Adds all changes of `other` behind these.
    void append(const WriteBatch& other);
    void clear();

    std::size_t changes() const { return changes_; }
    /// Bytes of all keys and values with their framing.
    std::size_t size_bytes() const { return ops_.size(); }
    /// Calls back for every change in order; no value means removal.
    void for_each(
        const std::function<void(core::ByteView key, std::optional<core::ByteView> value)>& visit) const;

  private:
    core::Bytes ops_;  ///< per change: kind, key length, key, and for a put value length and value
    std::size_t changes_ = 0;
};

/// What a store can say of itself, for metrics.
struct KvFigures {
    std::uint64_t disk_bytes = 0;    ///< approximate
    std::uint64_t memory_bytes = 0;  ///< approximate: caches and write buffers
};

/// The store itself. Reads from any thread, writes from one.
class KvStore : public KvReader {
  public:
    /// Applies the batch atomically. With `sync` it survives a power cut once this returns.
    /// Throws StorageFailure; afterwards the fate of the batch is unknown until the store is opened again.
    virtual void write(const WriteBatch& batch, bool sync) = 0;
    virtual KvSnapshot snapshot() const = 0;
    virtual KvFigures figures() const = 0;
};

}  // namespace sluice::ledger
