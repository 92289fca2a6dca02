#include "ledger/memory_store.hpp"

#include <algorithm>
#include <set>

#include "core/check.hpp"

namespace sluice::ledger {

namespace {

struct BytesLess {
    using is_transparent = void;
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
        return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
    }
};

struct Version {
    std::uint64_t sequence = 0;
    std::optional<core::Bytes> value;
};

bool begins_with(core::ByteView bytes, core::ByteView prefix) {
    return bytes.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

}  // namespace

struct MemoryStore::Table {
    std::map<core::Bytes, std::vector<Version>, BytesLess> rows;
    std::uint64_t sequence = 0;
    std::map<std::uint64_t, std::size_t> readers;  ///< snapshots and cursors by the sequence they see
    std::deque<std::pair<std::uint64_t, core::Bytes>>
        outdated;  ///< rows with a version that waits for its readers
    std::set<core::Bytes, BytesLess> damaged;

    const std::optional<core::Bytes>* find(const std::vector<Version>& versions, std::uint64_t at) const {
        for (auto version = versions.rbegin(); version != versions.rend(); ++version)
            if (version->sequence <= at) return &version->value;
        return nullptr;
    }

    void check_whole(core::ByteView key) const {
        if (damaged.contains(key)) throw StorageFailure("checksum mismatch at key " + core::to_hex(key));
    }

    void set(core::ByteView key, std::optional<core::Bytes> value) {
        auto row = rows.find(key);
        if (row == rows.end()) {
            if (!value) return;
            row = rows.emplace(core::to_bytes(key), std::vector<Version>{}).first;
        }
        row->second.push_back({sequence, std::move(value)});
        outdated.emplace_back(sequence, row->first);
    }

    std::uint64_t oldest_reader() const { return readers.empty() ? sequence : readers.begin()->first; }

    /// Forgets versions that nobody can see any more.
    void sweep() {
        const std::uint64_t oldest = oldest_reader();
        for (; !outdated.empty() && outdated.front().first <= oldest; outdated.pop_front()) {
            const auto row = rows.find(outdated.front().second);
            if (row == rows.end()) continue;
            auto& versions = row->second;
            while (versions.size() > 1 && versions[1].sequence <= oldest)
                versions.erase(versions.begin());
            if (versions.size() == 1 && !versions[0].value && versions[0].sequence <= oldest) rows.erase(row);
        }
    }
};

namespace {

/// Keeps the versions of one sequence alive.
class Reading {
  public:
    explicit Reading(std::shared_ptr<MemoryStore::Table> table, std::uint64_t sequence)
        : table_(std::move(table)), sequence_(sequence) {
        ++table_->readers[sequence_];
    }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    ~Reading() {
        const auto reader = table_->readers.find(sequence_);
        if (--reader->second == 0) table_->readers.erase(reader);
    }
    MemoryStore::Table& table() const { return *table_; }
    const std::shared_ptr<MemoryStore::Table>& shared_table() const { return table_; }
    std::uint64_t sequence() const { return sequence_; }

  private:
    std::shared_ptr<MemoryStore::Table> table_;
    std::uint64_t sequence_;
};

class MemoryCursor final : public KvCursor {
  public:
    MemoryCursor(std::shared_ptr<MemoryStore::Table> table, std::uint64_t sequence, core::ByteView prefix)
        : reading_(std::move(table), sequence), prefix_(core::to_bytes(prefix)) {
        seek(prefix);
    }
    bool valid() const override { return valid_; }
    core::ByteView key() const override {
        CHECK(valid_);
        return key_;
    }
    core::ByteView value() const override {
        CHECK(valid_);
        return value_;
    }
    void next() override {
        CHECK(valid_);
        settle(reading_.table().rows.upper_bound(key_));
    }
    void seek(core::ByteView key) override {
        const bool before =
            std::lexicographical_compare(key.begin(), key.end(), prefix_.begin(), prefix_.end());
        settle(reading_.table().rows.lower_bound(before ? core::ByteView(prefix_) : key));
    }

  private:
    template <typename Row>
    void settle(Row row) {
        const auto& table = reading_.table();
        for (; row != table.rows.end() && begins_with(row->first, prefix_); ++row) {
            const auto* value = table.find(row->second, reading_.sequence());
            if (value == nullptr || !*value) continue;
            table.check_whole(row->first);
            key_ = row->first;
            value_ = **value;
            valid_ = true;
            return;
        }
        valid_ = false;
    }

    Reading reading_;
    core::Bytes prefix_;
    core::Bytes key_;
    core::Bytes value_;
    bool valid_ = false;
};

class MemorySnapshot final : public KvReader {
  public:
    MemorySnapshot(std::shared_ptr<MemoryStore::Table> table, std::uint64_t sequence)
        : reading_(std::move(table), sequence) {}
    std::optional<core::Bytes> get(core::ByteView key) const override {
        const auto& table = reading_.table();
        const auto row = table.rows.find(key);
        if (row == table.rows.end()) return std::nullopt;
        table.check_whole(key);
        const auto* value = table.find(row->second, reading_.sequence());
        return value == nullptr ? std::nullopt : *value;
    }
    std::unique_ptr<KvCursor> cursor(core::ByteView prefix) const override {
        return std::make_unique<MemoryCursor>(reading_.shared_table(), reading_.sequence(), prefix);
    }

  private:
    Reading reading_;
};

}  // namespace

MemoryStore::MemoryStore() : table_(std::make_shared<Table>()) {}
MemoryStore::~MemoryStore() = default;

std::optional<core::Bytes> MemoryStore::get(core::ByteView key) const {
    return MemorySnapshot(table_, table_->sequence).get(key);
}

std::unique_ptr<KvCursor> MemoryStore::cursor(core::ByteView prefix) const {
    return std::make_unique<MemoryCursor>(table_, table_->sequence, prefix);
}

KvSnapshot MemoryStore::snapshot() const {
    return std::make_shared<MemorySnapshot>(table_, table_->sequence);
}

KvFigures MemoryStore::figures() const {
    KvFigures figures;
    for (const auto& [key, versions] : table_->rows)
        for (const Version& version : versions)
            figures.memory_bytes += key.size() + (version.value ? version.value->size() : 0);
    return figures;
}

void MemoryStore::write(const WriteBatch& batch, bool sync) {
    const WriteFate fate = hook_ ? hook_(batch, sync) : WriteFate::done;
    if (fate == WriteFate::fail_unwritten) throw StorageFailure("write failed: no space left on device");
    apply(batch, sync);
    if (fate == WriteFate::fail_written) throw StorageFailure("sync failed: input/output error");
}

void MemoryStore::apply(const WriteBatch& batch, bool sync) {
    Undo undo;
    batch.for_each([&](core::ByteView key, std::optional<core::ByteView> value) {
        table_->damaged.erase(core::to_bytes(key));
        undo.emplace_back(core::to_bytes(key), get(key));
        ++table_->sequence;
        table_->set(key, value ? std::optional(core::to_bytes(*value)) : std::nullopt);
    });
    table_->sweep();
    undo_.push_back(std::move(undo));
    unsynced_ = sync ? 0 : unsynced_ + 1;
    while (undo_.size() > std::max(undo_depth, unsynced_))
        undo_.pop_front();
}

void MemoryStore::take_back_newest() {
    Undo& undo = undo_.back();
    for (auto row = undo.rbegin(); row != undo.rend(); ++row) {
        ++table_->sequence;
        table_->set(row->first, std::move(row->second));
    }
    undo_.pop_back();
    if (unsynced_ > 0) --unsynced_;
}

void MemoryStore::crash(std::size_t unsynced_kept) {
    while (unsynced_ > unsynced_kept)
        take_back_newest();
    unsynced_ = 0;
}

std::size_t MemoryStore::unsynced_writes() const {
    return unsynced_;
}

std::size_t MemoryStore::lose_newest(std::size_t writes) {
    const std::size_t lost = std::min(writes, undo_.size());
    for (std::size_t i = 0; i < lost; ++i)
        take_back_newest();
    return lost;
}

void MemoryStore::damage(core::ByteView key) {
    table_->damaged.insert(core::to_bytes(key));
}

void MemoryStore::lose(core::ByteView key) {
    ++table_->sequence;
    table_->set(key, std::nullopt);
}

std::map<core::Bytes, core::Bytes> MemoryStore::image() const {
    std::map<core::Bytes, core::Bytes> image;
    for (const auto& [key, versions] : table_->rows)
        if (versions.back().value) image.emplace(key, *versions.back().value);
    return image;
}

void MemoryStore::restore(const std::map<core::Bytes, core::Bytes>& image) {
    const auto old = this->image();
    ++table_->sequence;
    for (const auto& [key, value] : old)
        if (!image.contains(key)) table_->set(key, std::nullopt);
    for (const auto& [key, value] : image)
        table_->set(key, value);
    table_->damaged.clear();
    undo_.clear();
    unsynced_ = 0;
}

}  // namespace sluice::ledger
