#include "ledger/memory_store.hpp"

#include <gtest/gtest.h>

namespace sluice::ledger {
namespace {

void write(MemoryStore& store, std::string_view key, std::string_view value, bool sync) {
    WriteBatch batch;
    batch.put(core::view(key), core::view(value));
    store.write(batch, sync);
}
std::string read(const KvReader& store, std::string_view key) {
    const auto value = store.get(core::view(key));
    return value ? std::string(core::text_view(*value)) : "none";
}

TEST(MemoryStore, a_crash_keeps_a_prefix_of_the_unsynced_writes) {
    for (std::size_t kept = 0; kept <= 3; ++kept) {
        MemoryStore store;
        write(store, "a", "synced", true);
        write(store, "a", "1", false);
        write(store, "b", "2", false);
        write(store, "a", "3", false);
        EXPECT_EQ(store.unsynced_writes(), 3u);
        store.crash(kept);
        EXPECT_EQ(read(store, "a"), kept == 3 ? "3" : kept >= 1 ? "1" : "synced");
        EXPECT_EQ(read(store, "b"), kept >= 2 ? "2" : "none");
        EXPECT_EQ(store.unsynced_writes(), 0u);
    }
}

TEST(MemoryStore, a_synced_write_makes_all_before_it_durable) {
    MemoryStore store;
    write(store, "a", "1", false);
    write(store, "b", "2", true);
    store.crash(0);
    EXPECT_EQ(read(store, "a"), "1");
}

TEST(MemoryStore, a_failed_write_is_on_disk_or_not_as_the_hook_says) {
    for (const WriteFate fate : {WriteFate::fail_unwritten, WriteFate::fail_written}) {
        MemoryStore store;
        store.set_write_hook([&](const WriteBatch& batch, bool sync) {
            EXPECT_EQ(batch.changes(), 1u);
            EXPECT_TRUE(sync);
            return fate;
        });
        EXPECT_THROW(write(store, "a", "1", true), StorageFailure);
        EXPECT_EQ(read(store, "a"), fate == WriteFate::fail_written ? "1" : "none");
    }
}

TEST(MemoryStore, the_newest_synced_writes_can_be_lost) {
    MemoryStore store;
    for (const char* value : {"1", "2", "3"})
        write(store, "a", value, true);
    EXPECT_EQ(store.lose_newest(2), 2u);
    EXPECT_EQ(read(store, "a"), "1");
    EXPECT_EQ(store.lose_newest(5), 1u);
    EXPECT_EQ(read(store, "a"), "none");
}

TEST(MemoryStore, losing_is_limited_to_what_is_remembered) {
    MemoryStore store;
    for (std::size_t i = 0; i < MemoryStore::undo_depth + 10; ++i)
        write(store, "a", std::to_string(i), true);
    EXPECT_EQ(store.lose_newest(1000), MemoryStore::undo_depth);
    EXPECT_EQ(read(store, "a"), "9");
}

TEST(MemoryStore, a_damaged_row_cannot_be_read_until_it_is_written_again) {
    MemoryStore store;
    write(store, "a", "1", true);
    write(store, "b", "1", true);
    store.damage(core::view("a"));
    EXPECT_THROW(read(store, "a"), StorageFailure);
    EXPECT_THROW(read(*store.snapshot(), "a"), StorageFailure);
    EXPECT_THROW(store.cursor(core::view("")), StorageFailure);
    EXPECT_EQ(read(store, "b"), "1");
    write(store, "a", "2", true);
    EXPECT_EQ(read(store, "a"), "2");
}

TEST(MemoryStore, a_lost_row_leaves_no_trace) {
    MemoryStore store;
    write(store, "a", "1", true);
    store.lose(core::view("a"));
    EXPECT_EQ(read(store, "a"), "none");
}

TEST(MemoryStore, an_image_brings_back_everything) {
    MemoryStore store;
    write(store, "a", "1", true);
    write(store, "b", "1", true);
    const auto image = store.image();
    write(store, "a", "2", true);
    write(store, "c", "2", true);
    store.restore(image);
    EXPECT_EQ(store.image(), image);
    EXPECT_EQ(read(store, "c"), "none");
}

TEST(MemoryStore, versions_go_with_their_last_reader) {
    MemoryStore store;
    write(store, "a", std::string(1000, 'x'), true);
    auto snapshot = store.snapshot();
    for (int i = 0; i < 5; ++i)
        write(store, "a", std::string(1000, 'y'), true);
    EXPECT_EQ(read(*snapshot, "a"), std::string(1000, 'x'));
    snapshot.reset();
    write(store, "b", "1", true);
    EXPECT_LT(store.figures().memory_bytes, 1100u);
}

TEST(MemoryStore, removed_rows_are_forgotten) {
    MemoryStore store;
    write(store, "a", "1", true);
    WriteBatch batch;
    batch.remove(core::view("a"));
    store.write(batch, true);
    write(store, "b", "", true);
    EXPECT_EQ(store.figures().memory_bytes, 1u);
}

}  // namespace
}  // namespace sluice::ledger
