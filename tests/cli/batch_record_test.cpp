#include <stdlib.h>

#include <gtest/gtest.h>

#include "cli/batch/batch_run.hpp"
#include "cli/files.hpp"

namespace sluice::cli::batch {
namespace {

class BatchRecordTest : public testing::Test {
  protected:
    BatchRecordTest() {
        char name[] = "/tmp/sluice-batch-XXXXXX";
        folder = mkdtemp(name);
    }
    ~BatchRecordTest() override { std::filesystem::remove_all(folder); }
    std::filesystem::path file() const { return folder / "batches" / "one.json"; }

    std::filesystem::path folder;
    const core::Uetr uetr = *core::Uetr::parse("8a562c67-ca16-48ba-b074-65581be6f001");
    const core::CurrencyCode euro = *core::CurrencyCode::parse("EUR");
};

TEST_F(BatchRecordTest, a_file_that_is_not_there_is_an_empty_record) {
    const auto record = BatchRecord::open(file(), "0xaa");
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(record->value_date(euro), 0u);
    EXPECT_EQ(record->find(uetr), nullptr);
}

TEST_F(BatchRecordTest, what_was_saved_is_there_in_the_next_run) {
    auto record = BatchRecord::open(file(), "0xaa");
    record->set_value_date(euro, 20261123);
    record->set(uetr, {"Pending", "Queued", "AM04", "0x12", true});
    ASSERT_TRUE(record->save().has_value());
    const auto again = BatchRecord::open(file(), "0xaa");
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->value_date(euro), 20261123u);
    ASSERT_NE(again->find(uetr), nullptr);
    EXPECT_EQ(again->find(uetr)->why, "Queued");
    EXPECT_EQ(again->find(uetr)->reason, "AM04");
    EXPECT_EQ(again->find(uetr)->transaction, "0x12");
    EXPECT_TRUE(again->find(uetr)->is_repeated);
}

TEST_F(BatchRecordTest, a_damaged_file_stops_the_run_instead_of_being_forgotten) {
    ASSERT_TRUE(make_folder(file().parent_path(), FileMode::ordinary).has_value());
    for (const auto* text : {"", "{", "[]", R"({"valueDates":{},"payments":{}})",
                             R"({"genesisHash":"0xaa","valueDates":{"EUR":"x"},"payments":{}})"}) {
        ASSERT_TRUE(write_file(file(), text, FileMode::ordinary).has_value());
        EXPECT_FALSE(BatchRecord::open(file(), "0xaa").has_value()) << text;
    }
}

TEST_F(BatchRecordTest, a_record_of_another_chain_is_refused) {
    auto record = BatchRecord::open(file(), "0xaa");
    record->set(uetr, {"Final", "Settled", "", "0x12", false});
    ASSERT_TRUE(record->save().has_value());
    const auto other = BatchRecord::open(file(), "0xbb");
    ASSERT_FALSE(other.has_value());
    EXPECT_NE(other.error().find("another chain"), std::string::npos);
    EXPECT_TRUE(BatchRecord::open(file(), "0xaa").has_value());
}

}  // namespace
}  // namespace sluice::cli::batch
