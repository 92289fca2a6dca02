#include "cli/conformance/switch_memory.hpp"

#include <stdlib.h>

#include <gtest/gtest.h>

#include "cli/files.hpp"

namespace sluice::cli::conformance {
namespace {

class SwitchMemoryTest : public testing::Test {
  protected:
    SwitchMemoryTest() {
        char name[] = "/tmp/sluice-switch-XXXXXX";
        folder = mkdtemp(name);
    }
    ~SwitchMemoryTest() override { std::filesystem::remove_all(folder); }
    std::filesystem::path file() const { return folder / "key.conformance"; }

    std::filesystem::path folder;
};

TEST_F(SwitchMemoryTest, a_run_that_was_cut_off_leaves_behind_what_the_switch_was) {
    for (const bool was_on : {true, false}) {
        ASSERT_TRUE(SwitchMemory(file()).remember(was_on).has_value());
        const auto found = SwitchMemory(file()).recall();
        ASSERT_TRUE(found.has_value());
        EXPECT_EQ(*found, std::optional<bool>(was_on));
    }
}

TEST_F(SwitchMemoryTest, a_run_that_ended_leaves_nothing_behind) {
    ASSERT_TRUE(SwitchMemory(file()).remember(true).has_value());
    ASSERT_TRUE(SwitchMemory(file()).forget().has_value());
    const auto found = SwitchMemory(file()).recall();
    ASSERT_TRUE(found.has_value());
    EXPECT_FALSE(found->has_value());
    EXPECT_TRUE(SwitchMemory(file()).forget().has_value());
}

TEST_F(SwitchMemoryTest, a_damaged_file_is_no_answer) {
    ASSERT_TRUE(write_file(file(), "perhaps", FileMode::ordinary).has_value());
    EXPECT_FALSE(SwitchMemory(file()).recall().has_value());
}

}  // namespace
}  // namespace sluice::cli::conformance
