#include "ledger/vote_log.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "ledger/memory_vote_directory.hpp"
#include "ledger/vote_frame.hpp"
#include "tests/ledger/temporary_directory.hpp"

namespace sluice::ledger {
namespace {

VoteRecord record(core::Height height, std::size_t payload_bytes = 40) {
    VoteRecord vote{static_cast<std::uint8_t>(1 + height % 5), height, height / 3, {}};
    for (std::size_t i = 0; i < payload_bytes; ++i)
        vote.payload.push_back(static_cast<std::uint8_t>(1 + (height * 31 + i) % 255));
    return vote;
}
HighWaterMark mark(core::Height height) {
    HighWaterMark made{height, {}};
    made.hash.fill(static_cast<std::uint8_t>(height));
    return made;
}
void append(VoteLog& log, const VoteRecord& vote) {
    log.append(std::span(&vote, 1));
}

const VoteLogOptions small{.rotate_bytes = 4096, .preallocate_bytes = 8192};

TEST(VoteLog, gives_back_what_was_appended) {
    MemoryVoteDirectory directory;
    std::vector<VoteRecord> expected;
    {
        auto log = VoteLog::create(directory, mark(3));
        ASSERT_TRUE(log.has_value());
        for (core::Height height = 4; height < 10; ++height) {
            append(*log, record(height));
            expected.push_back(record(height));
        }
        const std::vector<VoteRecord> two{record(10), record(11, 100'000)};
        log->append(two);
        expected.insert(expected.end(), two.begin(), two.end());
    }
    const auto opened = VoteLog::open(directory);
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(opened->contents.records(), expected);
    EXPECT_EQ(opened->contents.mark, mark(3));
    EXPECT_FALSE(opened->contents.torn_tail);
    EXPECT_EQ(opened->contents.frames.size(), 8u);  // the first one, which create wrote, is empty
}

TEST(VoteLog, goes_on_after_a_restart) {
    MemoryVoteDirectory directory;
    ASSERT_TRUE(VoteLog::create(directory, mark(0)).has_value());
    for (core::Height height = 1; height < 20; ++height) {
        auto opened = VoteLog::open(directory);
        ASSERT_TRUE(opened.has_value());
        ASSERT_EQ(opened->contents.records().size(), height - 1);
        EXPECT_EQ(opened->log.next_sequence(), height);
        append(opened->log, record(height));
    }
}

TEST(VoteLog, is_made_by_create_alone) {
    MemoryVoteDirectory directory;
    EXPECT_EQ(VoteLog::open(directory).error().reason, VoteLogError::missing);
    EXPECT_TRUE(directory.list().empty());
    ASSERT_TRUE(VoteLog::create(directory, mark(0)).has_value());
    EXPECT_EQ(VoteLog::create(directory, mark(0)).error().reason, VoteLogError::already_exists);
}

TEST(VoteLog, is_made_with_its_first_records_at_once) {
    MemoryVoteDirectory directory;
    const std::vector<VoteRecord> first{record(10), record(11)};
    ASSERT_TRUE(VoteLog::create(directory, mark(9), first).has_value());
    const auto contents = read_vote_log(directory);
    ASSERT_TRUE(contents.has_value());
    EXPECT_EQ(contents->records(), first);
    EXPECT_EQ(contents->mark, mark(9));
    EXPECT_EQ(contents->frames.size(), 1u);
}

TEST(VoteLog, nothing_to_append_writes_nothing) {
    MemoryVoteDirectory directory;
    auto log = VoteLog::create(directory, mark(0));
    const auto size = log->size_bytes();
    log->append({});
    EXPECT_EQ(log->size_bytes(), size);
}

TEST(VoteLog, a_mark_reaches_the_disk_with_the_next_frame) {
    MemoryVoteDirectory directory;
    auto log = VoteLog::create(directory, mark(0));
    append(*log, record(1));
    log->commit(mark(1), {});
    EXPECT_EQ(log->mark(), mark(1));
    EXPECT_EQ(read_vote_log(directory)->mark, mark(0));
    append(*log, record(2));
    EXPECT_EQ(read_vote_log(directory)->mark, mark(1));
}

TEST(VoteLog, begins_a_new_file_once_the_old_one_is_full) {
    MemoryVoteDirectory directory;
    auto log = VoteLog::create(directory, mark(0), {}, small);
    core::Height height = 1;
    const std::string first_file = directory.list().front();
    while (directory.list().front() == first_file) {
        ASSERT_LT(height, 20u);
        append(*log, record(height));
        const std::vector<VoteRecord> kept{record(1000 + height)};
        log->commit(mark(height), kept);
        ++height;
    }
    EXPECT_EQ(directory.list().size(), 1u);
    append(*log, record(height));
    const auto contents = read_vote_log(directory);
    ASSERT_TRUE(contents.has_value());
    EXPECT_EQ(contents->generation, 2u);
    EXPECT_EQ(contents->mark, mark(height - 1));
    const std::vector<VoteRecord> expected{record(1000 + height - 1), record(height)};
    EXPECT_EQ(contents->records(), expected);
    EXPECT_EQ(contents->frames.front().sequence, height);  // sequences go on across files
}

TEST(VoteLog, dumping_changes_nothing) {
    MemoryVoteDirectory directory;
    auto log = VoteLog::create(directory, mark(0));
    append(*log, record(1));
    const std::string name = directory.list().front();
    core::Bytes torn = directory.contents(name);
    torn.resize(log->size_bytes() - 1);
    directory.replace(name, torn);
    EXPECT_TRUE(read_vote_log(directory).has_value());
    EXPECT_EQ(directory.contents(name), torn);
}

TEST(VoteLog, other_files_in_its_directory_are_left_alone) {
    MemoryVoteDirectory directory;
    for (const char* name : {"LOCK", "votes.1", "votes.0000000000000000000x", "notes"})
        directory.create(name);
    EXPECT_EQ(VoteLog::open(directory).error().reason, VoteLogError::missing);
    ASSERT_TRUE(VoteLog::create(directory, mark(0)).has_value());
    EXPECT_EQ(directory.list().size(), 5u);
}

/// A log with frames of one and of several sectors, and where each frame begins and ends.
struct Written {
    MemoryVoteDirectory directory;
    std::string name;
    core::Bytes bytes;
    std::vector<std::uint64_t> ends{0};
    std::vector<VoteRecord> records;
};
std::unique_ptr<Written> written(std::size_t frames = 6) {
    auto made = std::make_unique<Written>();
    auto log = VoteLog::create(made->directory, mark(0), {}, {.preallocate_bytes = 8192});
    made->ends.push_back(log->size_bytes());
    for (std::size_t i = 0; i < frames; ++i) {
        made->records.push_back(record(i + 1, i % 3 == 1 ? 1500 : 60 + i));
        append(*log, made->records.back());
        made->ends.push_back(log->size_bytes());
    }
    made->name = made->directory.list().front();
    made->bytes = made->directory.contents(made->name);
    return made;
}

TEST(VoteLogDamage, a_file_cut_anywhere_in_its_last_frames_opens_with_the_whole_ones) {
    const auto log = written();
    const std::size_t frames = log->ends.size() - 1;
    for (std::uint64_t size = log->ends[frames - 3]; size < log->ends[frames]; ++size) {
        core::Bytes cut = log->bytes;
        cut.resize(size);
        log->directory.replace(log->name, cut);
        auto opened = VoteLog::open(log->directory, small);
        ASSERT_TRUE(opened.has_value()) << "cut to " << size << ": " << opened.error().detail;
        const auto kept = opened->contents.records();
        // A frame of which only padding is missing is whole.
        std::size_t whole = 0;
        while (whole < log->records.size() && kept.size() > whole)
            ++whole;
        ASSERT_GE(kept.size(), log->records.size() - 3);
        for (std::size_t i = 0; i < whole; ++i)
            ASSERT_EQ(kept[i], log->records[i]);
        for (std::size_t i = 0; i + 1 < frames; ++i)
            if (log->ends[i + 2] <= size) {
                ASSERT_GT(kept.size(), i) << "cut to " << size;
            }
        append(opened->log, record(77));
        const auto again = VoteLog::open(log->directory, small);
        ASSERT_TRUE(again.has_value()) << "cut to " << size << ": " << again.error().detail;
        ASSERT_EQ(again->contents.records().size(), kept.size() + 1);
        ASSERT_EQ(again->contents.records().back(), record(77));
    }
}

TEST(VoteLogDamage, any_flipped_byte_before_the_last_frame_is_refused) {
    const auto log = written();
    const std::uint64_t last = log->ends[log->ends.size() - 2];
    for (std::uint64_t at = 0; at < last; ++at) {
        core::Bytes damaged = log->bytes;
        damaged[at] ^= static_cast<std::uint8_t>(1u << at % 8);
        log->directory.replace(log->name, damaged);
        const auto opened = VoteLog::open(log->directory, small);
        ASSERT_FALSE(opened.has_value()) << "byte " << at;
        ASSERT_EQ(opened.error().reason, VoteLogError::damaged) << "byte " << at;
        ASSERT_NE(opened.error().detail.find(log->name), std::string::npos);
    }
}

TEST(VoteLogDamage, a_flipped_byte_of_the_last_frame_is_no_torn_write) {
    const auto log = written();
    for (std::uint64_t at = log->ends[log->ends.size() - 2]; at < log->ends.back(); ++at) {
        core::Bytes damaged = log->bytes;
        damaged[at] ^= static_cast<std::uint8_t>(1u << at % 8);
        log->directory.replace(log->name, damaged);
        ASSERT_EQ(VoteLog::open(log->directory, small).error().reason, VoteLogError::damaged)
            << "byte " << at;
    }
}

TEST(VoteLogDamage, a_missing_frame_in_the_middle_is_refused) {
    const auto log = written();
    core::Bytes damaged = log->bytes;
    std::fill(damaged.begin() + static_cast<std::ptrdiff_t>(log->ends[2]),
              damaged.begin() + static_cast<std::ptrdiff_t>(log->ends[3]), std::uint8_t{0});
    log->directory.replace(log->name, damaged);
    EXPECT_EQ(VoteLog::open(log->directory, small).error().reason, VoteLogError::damaged);
}

TEST(VoteLogDamage, frames_in_another_order_are_refused) {
    const auto log = written();
    core::Bytes damaged = log->bytes;
    // Two frames of one sector each change places; every checksum still holds.
    const auto first = damaged.begin() + static_cast<std::ptrdiff_t>(log->ends[3]);
    ASSERT_EQ(log->ends[4] - log->ends[3], sector_bytes);
    ASSERT_EQ(log->ends[2] - log->ends[1], sector_bytes);
    std::swap_ranges(first, first + sector_bytes,
                     damaged.begin() + static_cast<std::ptrdiff_t>(log->ends[1]));
    log->directory.replace(log->name, damaged);
    EXPECT_EQ(VoteLog::open(log->directory, small).error().reason, VoteLogError::damaged);
}

TEST(VoteLogDamage, a_file_of_another_generation_is_refused) {
    const auto log = written();
    log->directory.replace("votes.00000000000000000009", log->bytes);
    EXPECT_EQ(VoteLog::open(log->directory, small).error().reason, VoteLogError::damaged);
}

TEST(VoteLogDamage, random_bytes_never_open_and_never_crash) {
    MemoryVoteDirectory directory;
    std::uint64_t state = 1;
    for (int round = 0; round < 300; ++round) {
        core::Bytes bytes(static_cast<std::size_t>(1 + round * 7));
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>((state = state * 6364136223846793005u + 1) >> 33);
        directory.replace("votes.00000000000000000001", bytes);
        EXPECT_FALSE(VoteLog::open(directory).has_value());
    }
}

/// Every subset of a write's sectors may have reached the disk when the power went.
TEST(VoteLogCrash, no_torn_write_ever_loses_an_acknowledged_record_or_stops_the_start) {
    for (unsigned kept_sectors = 0; kept_sectors < 32; ++kept_sectors) {
        MemoryVoteDirectory directory;
        auto log = VoteLog::create(directory, mark(0));
        append(*log, record(1));
        append(*log, record(2, 1200));
        directory.set_hook([](MemoryVoteDirectory::Call call) {
            return call == MemoryVoteDirectory::Call::sync_file ? MemoryVoteDirectory::Fate::fail
                                                                : MemoryVoteDirectory::Fate::done;
        });
        EXPECT_THROW(append(*log, record(3, 2200)), StorageFailure);
        directory.set_hook(nullptr);
        directory.crash([&](std::size_t i) { return (kept_sectors >> i & 1) != 0; }, false);

        auto opened = VoteLog::open(directory);
        ASSERT_TRUE(opened.has_value()) << kept_sectors << ": " << opened.error().detail;
        const auto records = opened->contents.records();
        ASSERT_EQ(records.size(), kept_sectors == 31 ? 3u : 2u) << kept_sectors;
        EXPECT_EQ(opened->contents.torn_tail, kept_sectors != 0 && kept_sectors != 31);
        // A shorter frame over the torn one leaves no remains that look like damage.
        append(opened->log, record(4));
        directory.crash();
        const auto again = VoteLog::open(directory);
        ASSERT_TRUE(again.has_value()) << kept_sectors << ": " << again.error().detail;
        EXPECT_EQ(again->contents.records().size(), records.size() + 1);
        EXPECT_EQ(again->contents.records().back(), record(4));
    }
}

/// Fails or crashes the k-th call on the disk, for every k of a life with rotations.
TEST(VoteLogCrash, after_a_crash_at_any_call_all_acknowledged_records_above_the_mark_are_there) {
    using Fate = MemoryVoteDirectory::Fate;
    for (const bool done : {false, true}) {
        for (const bool keep : {false, true}) {
            bool reached_end = false;
            for (int failing = 0; !reached_end; ++failing) {
                MemoryVoteDirectory directory;
                auto created = VoteLog::create(directory, mark(0), {}, small);
                core::Height acknowledged = 0;
                core::Height committed = 0;
                int calls = 0;
                directory.set_hook([&](MemoryVoteDirectory::Call) {
                    if (calls++ != failing) return Fate::done;
                    return done ? Fate::fail_done : Fate::fail;
                });
                try {
                    for (core::Height height = 1; height <= 30; ++height) {
                        append(*created, record(height, 700));
                        acknowledged = height;
                        created->commit(mark(height), {});
                        committed = height;
                    }
                    reached_end = true;
                } catch (const StorageFailure&) {
                }
                directory.set_hook(nullptr);
                directory.crash([&](std::size_t) { return keep; }, keep);
                const auto opened = VoteLog::open(directory, small);
                ASSERT_TRUE(opened.has_value()) << failing << ": " << opened.error().detail;
                // Marks reach the disk with the next frame, so at most one commit behind what was appended.
                EXPECT_GE(opened->contents.mark.height + 1, acknowledged);
                EXPECT_LE(opened->contents.mark.height, acknowledged);
                if (acknowledged > committed) {
                    const auto records = opened->contents.records();
                    const bool bound =
                        std::find(records.begin(), records.end(), record(acknowledged, 700)) != records.end();
                    EXPECT_TRUE(bound || opened->contents.mark.height == acknowledged) << failing;
                }
                EXPECT_EQ(directory.list().size(), 1u);
            }
        }
    }
}

TEST(VoteLogCrash, what_a_killed_process_had_not_synced_is_durable_once_the_log_is_open_again) {
    MemoryVoteDirectory directory;
    {
        auto log = VoteLog::create(directory, {}, {}, small);
        ASSERT_TRUE(log.has_value());
        directory.set_hook([](MemoryVoteDirectory::Call call) {
            return call == MemoryVoteDirectory::Call::sync_file ? MemoryVoteDirectory::Fate::fail
                                                                : MemoryVoteDirectory::Fate::done;
        });
        EXPECT_THROW(log->append(std::vector{record(1)}), StorageFailure);
    }
    directory.set_hook(nullptr);
    const auto seen = VoteLog::open(directory, small);
    ASSERT_TRUE(seen.has_value());
    ASSERT_EQ(seen->contents.records().size(), 1u);

    directory.crash();
    const auto after_power_cut = VoteLog::open(directory, small);
    ASSERT_TRUE(after_power_cut.has_value());
    EXPECT_EQ(after_power_cut->contents.records().size(), 1u);
}

TEST(VoteLogCrash, a_rotation_that_was_cut_leaves_the_old_file_in_force) {
    MemoryVoteDirectory directory;
    auto log = VoteLog::create(directory, mark(0));
    append(*log, record(1));
    directory.replace("votes.00000000000000000002", core::Bytes(8192));
    auto opened = VoteLog::open(directory);
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(opened->contents.generation, 1u);
    EXPECT_EQ(opened->contents.records().size(), 1u);
    EXPECT_EQ(directory.list().size(), 1u);
}

TEST(VoteLogCrash, an_old_file_that_came_back_is_ignored) {
    MemoryVoteDirectory directory;
    auto log = VoteLog::create(directory, mark(0), {}, {.rotate_bytes = 0});
    append(*log, record(1));
    const std::string old_name = directory.list().front();
    const core::Bytes old = directory.contents(old_name);
    log->commit(mark(1), {});
    append(*log, record(2));
    directory.replace(old_name, old);
    auto opened = VoteLog::open(directory);
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(opened->contents.generation, 2u);
    EXPECT_EQ(opened->contents.records(), std::vector{record(2)});
    EXPECT_EQ(directory.list().size(), 1u);
}

TEST(VoteLogCrash, a_creation_that_was_cut_can_be_repeated) {
    MemoryVoteDirectory directory;
    directory.replace("votes.00000000000000000001", {});
    EXPECT_EQ(VoteLog::open(directory).error().reason, VoteLogError::missing);
    ASSERT_TRUE(VoteLog::create(directory, mark(0)).has_value());
    EXPECT_TRUE(VoteLog::open(directory).has_value());
}

TEST(VoteLogFiles, live_on_a_real_disk) {
    const test::TemporaryDirectory place;
    const auto directory = open_vote_directory(place.path());
    {
        auto log = VoteLog::create(*directory, mark(0), {}, small);
        ASSERT_TRUE(log.has_value());
        for (core::Height height = 1; height <= 30; ++height) {
            append(*log, record(height, 700));
            log->commit(mark(height), {});
        }
        append(*log, record(31, 300'000));
    }
    const auto opened = VoteLog::open(*directory, small);
    ASSERT_TRUE(opened.has_value()) << opened.error().detail;
    EXPECT_EQ(opened->contents.mark, mark(30));
    EXPECT_EQ(opened->contents.records().back(), record(31, 300'000));
    EXPECT_EQ(directory->list().size(), 1u);
    const auto permissions = std::filesystem::status(place.path() / directory->list().front()).permissions();
    EXPECT_EQ(permissions & std::filesystem::perms(0077), std::filesystem::perms::none);
}

TEST(VoteLogFiles, errors_of_the_system_are_storage_failures) {
    const test::TemporaryDirectory place;
    const auto directory = open_vote_directory(place.path());
    EXPECT_THROW(directory->open("absent"), StorageFailure);
    EXPECT_THROW(open_vote_directory(place.path() / "absent")->list(), StorageFailure);
    EXPECT_THROW(open_vote_directory(place.path() / "absent")->create("x"), StorageFailure);
    std::filesystem::create_symlink("/dev/null", place.path() / "link");
    EXPECT_THROW(directory->create("link"), StorageFailure);
}

}  // namespace
}  // namespace sluice::ledger
