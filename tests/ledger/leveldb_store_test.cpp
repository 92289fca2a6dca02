#include "ledger/leveldb_store.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/ledger/temporary_directory.hpp"

namespace sluice::ledger {
namespace {

namespace fs = std::filesystem;

core::Bytes read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
void write_file(const fs::path& path, const core::Bytes& bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}
std::vector<fs::path> files_in(const fs::path& directory, const std::string& extension) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(directory))
        if (entry.path().extension() == extension) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

constexpr int rows = 2000;
core::Bytes key(int i) {
    core::Bytes bytes;
    core::append_be32(bytes, static_cast<std::uint32_t>(i));
    return bytes;
}
core::Bytes value(int i) {
    return core::Bytes(100, static_cast<std::uint8_t>(i * 7));
}

class LevelDbStore : public testing::Test {
  protected:
    fs::path path() const { return directory_.path() / "db"; }

    /// Small buffers, so that tables are written and not only the log.
    std::unique_ptr<KvStore> create_filled() {
        auto store = create_leveldb(path(), {.write_buffer_bytes = 64 << 10, .table_bytes = 64 << 10});
        EXPECT_TRUE(store.has_value());
        for (int i = 0; i < rows; i += 10) {
            WriteBatch batch;
            for (int j = i; j < i + 10; ++j)
                batch.put(key(j), value(j));
            (*store)->write(batch, false);
        }
        return std::move(*store);
    }

    enum class Outcome { right, refused, wrong };
    /// What a reader of the whole database meets.
    Outcome read_everything() {
        auto store = open_leveldb(path());
        if (!store) return Outcome::refused;
        try {
            for (int i = 0; i < rows; ++i)
                if ((*store)->get(key(i)) != value(i)) return Outcome::wrong;
            int i = 0;
            for (auto cursor = (*store)->cursor({}); cursor->valid(); cursor->next(), ++i)
                if (!std::ranges::equal(cursor->key(), key(i)) ||
                    !std::ranges::equal(cursor->value(), value(i)))
                    return Outcome::wrong;
            return i == rows ? Outcome::right : Outcome::wrong;
        } catch (const StorageFailure&) {
            return Outcome::refused;
        }
    }

    test::TemporaryDirectory directory_;
};

TEST_F(LevelDbStore, keeps_its_rows_over_a_restart) {
    create_filled();
    const auto store = open_leveldb(path());
    ASSERT_TRUE(store.has_value());
    for (int i = 0; i < rows; ++i)
        ASSERT_EQ((*store)->get(key(i)), value(i));
}

TEST_F(LevelDbStore, only_create_makes_a_database) {
    EXPECT_EQ(open_leveldb(path()).error().reason, LevelDbError::missing);
    fs::create_directory(path());
    EXPECT_EQ(open_leveldb(path()).error().reason, LevelDbError::missing);
    EXPECT_TRUE(fs::is_empty(path()));
    create_filled();
    EXPECT_EQ(create_leveldb(path()).error().reason, LevelDbError::already_exists);
}

TEST_F(LevelDbStore, is_open_once) {
    const auto store = create_filled();
    EXPECT_EQ(open_leveldb(path()).error().reason, LevelDbError::locked);
}

TEST_F(LevelDbStore, snapshots_may_outlive_the_store) {
    auto store = create_filled();
    const KvSnapshot snapshot = store->snapshot();
    store.reset();
    EXPECT_EQ(snapshot->get(key(5)), value(5));
}

TEST_F(LevelDbStore, refuses_a_database_without_CURRENT) {
    create_filled();
    fs::remove(path() / "CURRENT");
    EXPECT_EQ(open_leveldb(path()).error().reason, LevelDbError::damaged);
}

TEST_F(LevelDbStore, refuses_a_database_without_a_table) {
    create_filled();
    const auto tables = files_in(path(), ".ldb");
    ASSERT_GT(tables.size(), 1u);
    fs::remove(tables[1]);
    EXPECT_EQ(open_leveldb(path()).error().reason, LevelDbError::damaged);
}

TEST_F(LevelDbStore, a_flipped_byte_of_a_table_never_gives_a_wrong_row) {
    create_filled();
    const auto tables = files_in(path(), ".ldb");
    ASSERT_FALSE(tables.empty());
    const core::Bytes whole = read_file(tables[0]);
    int refused = 0;
    int flips = 0;
    for (std::size_t at = 0; at < whole.size(); at += 1511, ++flips) {
        core::Bytes damaged = whole;
        damaged[at] ^= 0x10;
        write_file(tables[0], damaged);
        const Outcome outcome = read_everything();
        EXPECT_NE(outcome, Outcome::wrong) << "byte " << at << " of " << whole.size();
        refused += outcome == Outcome::refused;
    }
    EXPECT_GT(refused, flips * 8 / 10);  // a broken filter block is done without
}

TEST_F(LevelDbStore, a_flipped_byte_of_the_log_is_refused) {
    create_filled();
    const auto logs = files_in(path(), ".log");
    ASSERT_FALSE(logs.empty());
    const fs::path copy = directory_.path() / "copy";
    fs::copy(path(), copy);
    const core::Bytes whole = read_file(logs.back());
    ASSERT_GT(whole.size(), 2500u);
    for (std::size_t at = 0; at + 1200 < whole.size(); at += 1009) {
        fs::remove_all(path());
        fs::copy(copy, path());
        core::Bytes damaged = whole;
        damaged[at] ^= 0x10;
        write_file(logs.back(), damaged);
        EXPECT_EQ(read_everything(), Outcome::refused) << "byte " << at << " of " << whole.size();
    }
}

TEST_F(LevelDbStore, a_shortened_table_is_an_error_and_no_signal) {
    auto store = create_filled();
    const auto tables = files_in(path(), ".ldb");
    ASSERT_FALSE(tables.empty());
    for (const fs::path& table : tables)
        fs::resize_file(table, 100);
    int failures = 0;
    for (int i = 0; i < rows; ++i) {
        try {
            static_cast<void>(store->get(key(i)));
        } catch (const StorageFailure&) {
            ++failures;
        }
    }
    EXPECT_GT(failures, 0);
}

}  // namespace
}  // namespace sluice::ledger
