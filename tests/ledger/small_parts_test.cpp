// Checksums, locks, caches.
#include <gtest/gtest.h>

#include <random>

#include "ledger/crc32c.hpp"
#include "ledger/directory_lock.hpp"
#include "ledger/fixed_cache.hpp"
#include "ledger/schema.hpp"
#include "ledger/storage_failure.hpp"
#include "tests/ledger/temporary_directory.hpp"

namespace sluice::ledger {
namespace {

TEST(Crc32c, gives_the_values_of_rfc_3720) {
    EXPECT_EQ(crc32c(core::view("123456789")), 0xe3069283u);
    EXPECT_EQ(crc32c(core::Bytes(32, 0)), 0x8a9136aau);
    EXPECT_EQ(crc32c(core::Bytes(32, 0xff)), 0x62a8ab43u);
    EXPECT_EQ(crc32c({}), 0u);
}

TEST(DirectoryLock, is_held_by_one_at_a_time) {
    const test::TemporaryDirectory directory;
    {
        auto first = DirectoryLock::take(directory.path());
        ASSERT_TRUE(first.has_value());
        EXPECT_FALSE(DirectoryLock::take(directory.path()).has_value());
        const DirectoryLock moved = std::move(*first);
        EXPECT_FALSE(DirectoryLock::take(directory.path()).has_value());
    }
    EXPECT_TRUE(DirectoryLock::take(directory.path()).has_value());
}

TEST(DirectoryLock, fails_loudly_where_there_is_no_directory) {
    const test::TemporaryDirectory directory;
    EXPECT_THROW(DirectoryLock::take(directory.path() / "absent"), StorageFailure);
}

struct Id {
    core::Bytes bytes;
    bool operator==(const Id&) const = default;
    std::uint64_t spread() const { return ledger::spread(bytes); }
};
Id id(std::uint32_t value) {
    Id result;
    core::append_be32(result.bytes, value);
    return result;
}

TEST(FixedCache, finds_what_was_put_last) {
    FixedCache<Id, int> cache(1 << 20);
    EXPECT_EQ(cache.find(id(1)), nullptr);
    cache.put(id(1), 10);
    cache.put(id(1), 11);
    ASSERT_NE(cache.find(id(1)), nullptr);
    EXPECT_EQ(*cache.find(id(1)), 11);
}

TEST(FixedCache, never_takes_more_memory_than_it_may) {
    constexpr std::size_t bytes_max = 1 << 20;
    FixedCache<Id, int> cache(bytes_max);
    EXPECT_EQ(cache.memory_bytes(), 0u);
    for (std::uint32_t i = 0; i < 100'000; ++i)
        cache.put(id(i), static_cast<int>(i));
    EXPECT_LE(cache.memory_bytes(), bytes_max);
    EXPECT_GT(cache.memory_bytes(), bytes_max / 4);
}

TEST(FixedCache, never_gives_the_value_of_another_key) {
    FixedCache<Id, std::uint32_t> cache(100'000);
    std::mt19937 random(1);
    std::size_t found = 0;
    for (int i = 0; i < 100'000; ++i) {
        const std::uint32_t key = random() % 5000;
        if (const std::uint32_t* value = cache.find(id(key))) {
            ASSERT_EQ(*value, key);
            ++found;
        } else {
            cache.put(id(key), key);
        }
    }
    EXPECT_GT(found, 1000u);
}

TEST(FixedCache, keeps_what_is_used_often) {
    FixedCache<Id, int> cache(100'000);
    cache.put(id(0), 1);
    for (std::uint32_t i = 1; i < 10'000; ++i) {
        cache.put(id(i), 2);
        ASSERT_NE(cache.find(id(0)), nullptr) << i;
    }
}

TEST(FixedCache, forgets_what_it_is_told_to) {
    FixedCache<Id, int> cache(1 << 20);
    for (std::uint32_t i = 0; i < 100; ++i)
        cache.put(id(i), 1);
    cache.forget_if([](const Id& key) { return key.bytes.back() % 2 == 0; });
    for (std::uint32_t i = 0; i < 100; ++i)
        EXPECT_EQ(cache.find(id(i)) != nullptr, i % 2 == 1) << i;
}

TEST(Schema, every_row_has_a_prefix_of_its_own) {
    std::set<schema::Row> rows;
    std::set<std::string_view> names;
    for (const schema::RowForm& form : schema::table) {
        EXPECT_TRUE(rows.insert(form.row).second) << form.name;
        EXPECT_TRUE(names.insert(form.name).second) << form.name;
    }
}

TEST(Schema, keys_of_heights_are_ordered_as_the_heights) {
    const auto key_of = [](core::Height height) { return core::to_bytes(schema::header_key(height)); };
    EXPECT_LT(key_of(1), key_of(2));
    EXPECT_LT(key_of(255), key_of(256));
    EXPECT_LT(key_of(0xffff'ffff), key_of(0x1'0000'0000));
    EXPECT_GT(core::to_bytes(schema::validators_key(1)), core::to_bytes(schema::validators_key(2)));
}

TEST(Schema, paths_of_different_length_have_different_keys) {
    const std::vector<std::uint8_t> odd{1, 2, 3};
    const std::vector<std::uint8_t> even{1, 2, 3, 0};
    EXPECT_NE(core::to_bytes(schema::account_node_key(odd)), core::to_bytes(schema::account_node_key(even)));
    EXPECT_EQ(core::to_hex(schema::account_node_key(odd)), "4e031230");
}

}  // namespace
}  // namespace sluice::ledger
