/// One test per transcript in tests/transcripts.
#include "support/transcript.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace sluice::consensus::testing {
namespace {

std::vector<std::filesystem::path> transcripts() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(SLUICE_TRANSCRIPTS)) {
        if (entry.path().extension() == ".txt") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string name_of_file(const ::testing::TestParamInfo<std::filesystem::path>& info) {
    return info.param.stem().string();
}

class TranscriptTest : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(TranscriptTest, holds_line_by_line) {
    std::ifstream file(GetParam());
    std::stringstream text;
    text << file.rdbuf();
    const std::optional<std::string> wrong = Transcript().run(text.str());
    EXPECT_FALSE(wrong.has_value()) << GetParam().filename() << ", " << *wrong;
}

INSTANTIATE_TEST_SUITE_P(Transcripts, TranscriptTest, ::testing::ValuesIn(transcripts()), name_of_file);

TEST(Transcript, names_the_first_line_that_does_not_hold) {
    const auto wrong = Transcript().run("replicas 4\nexpect 0 broadcast COMMIT\n");
    ASSERT_TRUE(wrong.has_value());
    EXPECT_NE(wrong->find("line 2"), std::string::npos);
}

TEST(Transcript, refuses_a_command_it_does_not_know) {
    EXPECT_TRUE(Transcript().run("replicas 1\ndance 0\n").has_value());
}

}  // namespace
}  // namespace sluice::consensus::testing
