#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>

#include "cli/command.hpp"
#include "cli/files.hpp"
#include "cli/secret_input.hpp"
#include "cli/wallet.hpp"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

class KeyCommands : public ::testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(::testing::TempDir()) / ("sluice-keys-" + std::to_string(::getpid()));
        fs::create_directories(folder_);
        ASSERT_TRUE(write_file(folder_ / "password", "correct horse\n", FileMode::secret));
    }
    void TearDown() override { fs::remove_all(folder_); }

    static ExitCode run(std::string_view path, const std::map<std::string, std::string>& given) {
        Arguments arguments;
        for (const auto& [name, value] : given)
            arguments.set(name, {value});
        for (const auto& command : key_commands())
            if (command.path == path) return command.run(arguments);
        ADD_FAILURE() << "no command " << path;
        return ExitCode::usage;
    }
    std::string at(const std::string& name) const { return (folder_ / name).string(); }

    fs::path folder_;
};

TEST_F(KeyCommands, a_key_comes_out_as_it_went_in) {
    const std::string key = "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
    ASSERT_TRUE(write_file(at("in.hex"), key + "\n", FileMode::secret));
    ASSERT_EQ(run("key import", {{"--out", at("k.json")},
                                 {"--password-file", at("password")},
                                 {"--private-key-file", at("in.hex")}}),
              ExitCode::done);
    struct stat info {};
    ASSERT_EQ(::stat(at("k.json").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777u, 0600u);
    EXPECT_EQ(run("key export",
                  {{"FILE", at("k.json")}, {"--out", at("out.hex")}, {"--password-file", at("password")}}),
              ExitCode::usage);
    EXPECT_FALSE(fs::exists(at("out.hex")));
    ASSERT_EQ(run("key export", {{"FILE", at("k.json")},
                                 {"--out", at("out.hex")},
                                 {"--password-file", at("password")},
                                 {"--yes", "true"}}),
              ExitCode::done);
    EXPECT_EQ(*read_file(at("out.hex")), key + "\n");
    ASSERT_EQ(::stat(at("out.hex").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777u, 0600u);
}

TEST_F(KeyCommands, a_file_is_never_overwritten) {
    ASSERT_TRUE(write_file(at("k.json"), "precious", FileMode::secret));
    EXPECT_EQ(run("key new", {{"--out", at("k.json")}, {"--password-file", at("password")}}),
              ExitCode::refused);
    EXPECT_EQ(*read_file(at("k.json")), "precious");
}

TEST_F(KeyCommands, what_is_no_key_is_refused) {
    for (const auto* text :
         {"12", "zz", "0000000000000000000000000000000000000000000000000000000000000000"}) {
        ASSERT_TRUE(write_file(at("in.hex"), text, FileMode::secret));
        EXPECT_EQ(run("key import", {{"--out", at("k.json")},
                                     {"--password-file", at("password")},
                                     {"--private-key-file", at("in.hex")}}),
                  ExitCode::refused);
        EXPECT_FALSE(fs::exists(at("k.json")));
    }
}

TEST_F(KeyCommands, an_empty_password_is_refused) {
    ASSERT_TRUE(write_file(at("empty"), "\n", FileMode::secret));
    EXPECT_FALSE(read_secret(at("empty"), "Password", SecretUse::opening));
    EXPECT_EQ(run("key new", {{"--out", at("k.json")}, {"--password-file", at("empty")}}), ExitCode::refused);
}

}  // namespace
}  // namespace sluice::cli
