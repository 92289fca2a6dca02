// What every key-value store promises: the one in memory and the one on LevelDB.
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "ledger/leveldb_store.hpp"
#include "ledger/memory_store.hpp"
#include "tests/ledger/temporary_directory.hpp"

namespace sluice::ledger {
namespace {

using core::Bytes;

Bytes bytes(std::string_view text) {
    return core::to_bytes(core::view(text));
}

void put(KvStore& store, std::string_view key, std::string_view value) {
    WriteBatch batch;
    batch.put(core::view(key), core::view(value));
    store.write(batch, true);
}
void remove(KvStore& store, std::string_view key) {
    WriteBatch batch;
    batch.remove(core::view(key));
    store.write(batch, true);
}
std::string text_of(KvCursor& cursor) {
    std::string text;
    for (; cursor.valid(); cursor.next())
        text += std::string(core::text_view(cursor.key())) + "=" +
                std::string(core::text_view(cursor.value())) + " ";
    return text;
}
std::string rows(const KvReader& reader, std::string_view prefix) {
    return text_of(*reader.cursor(core::view(prefix)));
}

struct Form {
    const char* name;
    bool on_disk;
};

class StoreContract : public testing::TestWithParam<Form> {
  protected:
    void SetUp() override {
        if (!GetParam().on_disk) {
            store_ = std::make_unique<MemoryStore>();
            return;
        }
        auto created = create_leveldb(directory_.path() / "db");
        ASSERT_TRUE(created.has_value()) << created.error().detail;
        store_ = std::move(*created);
    }
    KvStore& store() { return *store_; }

    test::TemporaryDirectory directory_;
    std::unique_ptr<KvStore> store_;
};

TEST_P(StoreContract, what_was_put_is_read_until_it_is_removed) {
    EXPECT_EQ(store().get(core::view("a")), std::nullopt);
    put(store(), "a", "1");
    EXPECT_EQ(store().get(core::view("a")), bytes("1"));
    put(store(), "a", "2");
    EXPECT_EQ(store().get(core::view("a")), bytes("2"));
    remove(store(), "a");
    EXPECT_EQ(store().get(core::view("a")), std::nullopt);
    remove(store(), "a");
}

TEST_P(StoreContract, an_empty_value_is_a_value) {
    put(store(), "a", "");
    EXPECT_EQ(store().get(core::view("a")), Bytes{});
    EXPECT_EQ(rows(store(), ""), "a= ");
}

TEST_P(StoreContract, a_batch_applies_in_order) {
    WriteBatch batch;
    batch.put(core::view("a"), core::view("1"));
    batch.remove(core::view("a"));
    batch.put(core::view("b"), core::view("1"));
    batch.put(core::view("b"), core::view("2"));
    store().write(batch, true);
    EXPECT_EQ(rows(store(), ""), "b=2 ");
}

TEST_P(StoreContract, a_cursor_walks_its_prefix_in_byte_order) {
    for (const char* key : {"b2", "a", "b", "b1", "c", "b\xff"})
        put(store(), key, "x");
    EXPECT_EQ(rows(store(), "b"), "b=x b1=x b2=x b\xff=x ");
    EXPECT_EQ(rows(store(), "b1"), "b1=x ");
    EXPECT_EQ(rows(store(), "d"), "");
}

TEST_P(StoreContract, a_cursor_seeks_within_its_prefix_only) {
    for (const char* key : {"a9", "b1", "b3", "c1"})
        put(store(), key, "x");
    const auto cursor = store().cursor(core::view("b"));
    cursor->seek(core::view("b2"));
    EXPECT_EQ(text_of(*cursor), "b3=x ");
    cursor->seek(core::view("a"));
    EXPECT_EQ(text_of(*cursor), "b1=x b3=x ");
    cursor->seek(core::view("b4"));
    EXPECT_FALSE(cursor->valid());
}

TEST_P(StoreContract, a_snapshot_never_changes) {
    put(store(), "a", "1");
    put(store(), "b", "1");
    const KvSnapshot before = store().snapshot();
    put(store(), "a", "2");
    remove(store(), "b");
    put(store(), "c", "1");
    EXPECT_EQ(rows(*before, ""), "a=1 b=1 ");
    EXPECT_EQ(before->get(core::view("a")), bytes("1"));
    EXPECT_EQ(before->get(core::view("c")), std::nullopt);
    EXPECT_EQ(rows(store(), ""), "a=2 c=1 ");
}

TEST_P(StoreContract, a_cursor_does_not_see_later_writes) {
    put(store(), "a", "1");
    put(store(), "b", "1");
    const auto cursor = store().cursor(core::view(""));
    put(store(), "aa", "2");
    remove(store(), "b");
    EXPECT_EQ(text_of(*cursor), "a=1 b=1 ");
}

TEST_P(StoreContract, large_values_come_back_whole) {
    const Bytes large(5'000'000, 0xab);
    WriteBatch batch;
    batch.put(core::view("large"), large);
    store().write(batch, true);
    EXPECT_EQ(store().get(core::view("large")), large);
    EXPECT_GT(store().figures().memory_bytes + store().figures().disk_bytes, 0u);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, testing::Values(Form{"memory", false}, Form{"leveldb", true}),
                         [](const auto& form) { return form.param.name; });

TEST(WriteBatch, counts_and_joins_its_changes) {
    WriteBatch first;
    first.put(core::view("a"), core::view("1"));
    WriteBatch second;
    second.remove(core::view("b"));
    first.append(second);
    EXPECT_EQ(first.changes(), 2u);
    std::string seen;
    first.for_each([&](core::ByteView key, std::optional<core::ByteView> value) {
        seen += std::string(core::text_view(key)) + (value ? "+" : "-");
    });
    EXPECT_EQ(seen, "a+b-");
    first.clear();
    EXPECT_EQ(first.changes(), 0u);
    EXPECT_EQ(first.size_bytes(), 0u);
}

}  // namespace
}  // namespace sluice::ledger
