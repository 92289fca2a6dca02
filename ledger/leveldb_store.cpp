#include "ledger/leveldb_store.hpp"

#include <fcntl.h>
#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/env.h>
#include <leveldb/filter_policy.h>
#include <leveldb/write_batch.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/check.hpp"

namespace sluice::ledger {

namespace {

leveldb::Slice slice(core::ByteView bytes) {
    // LevelDB hands the pointer to memcmp, which wants one even for no bytes.
    if (bytes.empty()) return {};
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
core::ByteView view_of(const leveldb::Slice& bytes) {
    return core::view({bytes.data(), bytes.size()});
}

leveldb::Status system_error(const std::string& path) {
    return leveldb::Status::IOError(path, std::strerror(errno));
}

/// Reads with pread. LevelDB's own form maps the file: an unreadable or shortened file would then kill the
/// process by SIGBUS instead of giving a status, and the whole database would count as this process's memory.
class PositionedFile final : public leveldb::RandomAccessFile {
  public:
    PositionedFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
    ~PositionedFile() override { ::close(descriptor_); }

    leveldb::Status Read(std::uint64_t offset, std::size_t count, leveldb::Slice* result,
                         char* scratch) const override {
        std::size_t done = 0;
        while (done < count) {
            const ssize_t got =
                ::pread(descriptor_, scratch + done, count - done, static_cast<off_t>(offset + done));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return system_error(path_);
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        *result = leveldb::Slice(scratch, done);
        return leveldb::Status::OK();
    }

  private:
    std::string path_;
    int descriptor_;
};

/// The operating system as LevelDB sees it: positioned reads, and directories synced after every change of
/// names (LevelDB syncs a directory only when it writes a MANIFEST, so a new log could vanish in a power
/// cut).
class DurableEnvironment final : public leveldb::EnvWrapper {
  public:
    DurableEnvironment() : leveldb::EnvWrapper(leveldb::Env::Default()) {}

    leveldb::Status NewRandomAccessFile(const std::string& path,
                                        leveldb::RandomAccessFile** result) override {
        *result = nullptr;
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0 && errno == ENOENT) return leveldb::Status::NotFound(path, std::strerror(errno));
        if (descriptor < 0) return system_error(path);
        *result = std::make_unique<PositionedFile>(path, descriptor).release();
        return leveldb::Status::OK();
    }

    leveldb::Status NewWritableFile(const std::string& path, leveldb::WritableFile** result) override {
        const leveldb::Status status = target()->NewWritableFile(path, result);
        if (!status.ok()) return status;
        const leveldb::Status synced = sync_directory_of(path);
        if (!synced.ok()) {
            const std::unique_ptr<leveldb::WritableFile> unwanted(*result);
            *result = nullptr;
        }
        return synced;
    }

    leveldb::Status RenameFile(const std::string& from, const std::string& to) override {
        const leveldb::Status status = target()->RenameFile(from, to);
        return status.ok() ? sync_directory_of(to) : status;
    }

  private:
    static leveldb::Status sync_directory_of(const std::string& path) {
        const std::string directory = std::filesystem::path(path).parent_path().string();
        const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor < 0) return system_error(directory);
        const int failed = ::fsync(descriptor);
        const leveldb::Status status = failed ? system_error(directory) : leveldb::Status::OK();
        ::close(descriptor);
        return status;
    }
};

/// LevelDB with what it borrows; the order of members is the order in which they may die.
struct Database {
    std::unique_ptr<DurableEnvironment> environment;
    std::unique_ptr<leveldb::Cache> cache;
    std::unique_ptr<const leveldb::FilterPolicy> filter;
    std::unique_ptr<leveldb::DB> db;
};

void require_ok(const leveldb::Status& status, const char* what) {
    if (!status.ok())
        throw StorageFailure(std::string("database: cannot ") + what + ": " + status.ToString());
}

class LevelDbCursor final : public KvCursor {
  public:
    LevelDbCursor(std::unique_ptr<leveldb::Iterator> iterator, core::ByteView prefix)
        : prefix_(core::text_view(prefix)), iterator_(std::move(iterator)) {
        seek(prefix);
    }
    bool valid() const override { return valid_; }
    core::ByteView key() const override {
        CHECK(valid_);
        return view_of(iterator_->key());
    }
    core::ByteView value() const override {
        CHECK(valid_);
        return view_of(iterator_->value());
    }
    void next() override {
        CHECK(valid_);
        iterator_->Next();
        settle();
    }
    void seek(core::ByteView key) override {
        const leveldb::Slice wanted = slice(key);
        iterator_->Seek(wanted.compare(prefix_) < 0 ? leveldb::Slice(prefix_) : wanted);
        settle();
    }

  private:
    /// LevelDB steps over a damaged block and stays valid; only the status tells.
    void settle() {
        require_ok(iterator_->status(), "iterate");
        valid_ = iterator_->Valid() && iterator_->key().starts_with(prefix_);
    }
    std::string prefix_;
    std::unique_ptr<leveldb::Iterator> iterator_;
    bool valid_ = false;
};

std::optional<core::Bytes> read_row(const Database& database, const leveldb::ReadOptions& options,
                                    core::ByteView key) {
    std::string value;
    const leveldb::Status status = database.db->Get(options, slice(key), &value);
    if (status.IsNotFound()) return std::nullopt;
    require_ok(status, "read");
    return core::to_bytes(core::view(value));
}

leveldb::ReadOptions read_options(const leveldb::Snapshot* snapshot) {
    leveldb::ReadOptions options;
    options.verify_checksums = true;
    options.snapshot = snapshot;
    return options;
}

std::unique_ptr<KvCursor> make_cursor(const Database& database, const leveldb::ReadOptions& options,
                                      core::ByteView prefix) {
    return std::make_unique<LevelDbCursor>(
        std::unique_ptr<leveldb::Iterator>(database.db->NewIterator(options)), prefix);
}

class LevelDbSnapshot final : public KvReader {
  public:
    explicit LevelDbSnapshot(std::shared_ptr<const Database> database)
        : database_(std::move(database)), snapshot_(database_->db->GetSnapshot()) {}
    LevelDbSnapshot(const LevelDbSnapshot&) = delete;
    LevelDbSnapshot& operator=(const LevelDbSnapshot&) = delete;
    ~LevelDbSnapshot() override { database_->db->ReleaseSnapshot(snapshot_); }

    std::optional<core::Bytes> get(core::ByteView key) const override {
        return read_row(*database_, read_options(snapshot_), key);
    }
    std::unique_ptr<KvCursor> cursor(core::ByteView prefix) const override {
        return make_cursor(*database_, read_options(snapshot_), prefix);
    }

  private:
    std::shared_ptr<const Database> database_;
    const leveldb::Snapshot* snapshot_;
};

class LevelDbStore final : public KvStore {
  public:
    explicit LevelDbStore(std::shared_ptr<const Database> database) : database_(std::move(database)) {}

    std::optional<core::Bytes> get(core::ByteView key) const override {
        return read_row(*database_, read_options(nullptr), key);
    }
    std::unique_ptr<KvCursor> cursor(core::ByteView prefix) const override {
        return make_cursor(*database_, read_options(nullptr), prefix);
    }
    void write(const WriteBatch& batch, bool sync) override {
        leveldb::WriteBatch rows;
        batch.for_each([&](core::ByteView key, std::optional<core::ByteView> value) {
            if (value) {
                rows.Put(slice(key), slice(*value));
            } else {
                rows.Delete(slice(key));
            }
        });
        leveldb::WriteOptions options;
        options.sync = sync;
        require_ok(database_->db->Write(options, &rows), "write");
    }
    KvSnapshot snapshot() const override { return std::make_shared<LevelDbSnapshot>(database_); }
    KvFigures figures() const override {
        KvFigures figures;
        const std::string last(1, '\xff');
        const leveldb::Range everything(leveldb::Slice(), last);
        database_->db->GetApproximateSizes(&everything, 1, &figures.disk_bytes);
        std::string memory;
        if (database_->db->GetProperty("leveldb.approximate-memory-usage", &memory))
            figures.memory_bytes = std::stoull(memory);
        return figures;
    }

  private:
    std::shared_ptr<const Database> database_;
};

LevelDbFailure failure_of(const leveldb::Status& status) {
    const std::string text = status.ToString();
    // LevelDB has no code of its own for a held lock: it is an I/O error that names the LOCK file.
    if (status.IsIOError() && text.find("lock") != std::string::npos) return {LevelDbError::locked, text};
    if (status.IsIOError()) return {LevelDbError::io, text};
    return {LevelDbError::damaged, text};
}

core::Result<std::unique_ptr<KvStore>, LevelDbFailure> open_database(const std::filesystem::path& directory,
                                                                     const LevelDbOptions& chosen,
                                                                     bool create) {
    auto database = std::make_shared<Database>();
    database->environment = std::make_unique<DurableEnvironment>();
    database->cache.reset(leveldb::NewLRUCache(chosen.cache_bytes));
    database->filter.reset(leveldb::NewBloomFilterPolicy(10));

    leveldb::Options options;
    options.create_if_missing = create;
    options.error_if_exists = create;
    options.paranoid_checks = true;
    options.reuse_logs = false;  // appending behind a torn record can corrupt the log (LevelDB issue 1287)
    options.env = database->environment.get();
    options.block_cache = database->cache.get();
    options.filter_policy = database->filter.get();
    options.write_buffer_size = chosen.write_buffer_bytes;
    options.max_file_size = chosen.table_bytes;
    options.max_open_files = chosen.open_files;
    options.compression = leveldb::kNoCompression;  // most of it is hashes and signatures

    leveldb::DB* opened = nullptr;
    const leveldb::Status status = leveldb::DB::Open(options, directory.string(), &opened);
    if (!status.ok()) return core::fail(failure_of(status));
    database->db.reset(opened);
    return std::make_unique<LevelDbStore>(std::move(database));
}

/// Any file that only a database leaves behind: CURRENT may be lost while tables are still there.
bool holds_database_files(const std::filesystem::path& directory) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
        const std::string name = entry.path().filename().string();
        if (name == "CURRENT" || name.starts_with("MANIFEST-") || name.ends_with(".ldb")) return true;
    }
    return false;
}

}  // namespace

core::Result<std::unique_ptr<KvStore>, LevelDbFailure> open_leveldb(const std::filesystem::path& directory,
                                                                    const LevelDbOptions& options) {
    if (!holds_database_files(directory))
        return core::fail(LevelDbFailure{LevelDbError::missing, "no database in " + directory.string()});
    if (!std::filesystem::exists(directory / "CURRENT"))
        return core::fail(
            LevelDbFailure{LevelDbError::damaged, "CURRENT is missing in " + directory.string()});
    return open_database(directory, options, false);
}

core::Result<std::unique_ptr<KvStore>, LevelDbFailure> create_leveldb(const std::filesystem::path& directory,
                                                                      const LevelDbOptions& options) {
    if (holds_database_files(directory))
        return core::fail(
            LevelDbFailure{LevelDbError::already_exists, "a database is in " + directory.string()});
    return open_database(directory, options, true);
}

}  // namespace sluice::ledger
