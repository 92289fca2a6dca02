// Real processes on disks that fail: system calls that strace makes fail or kill, and files that are damaged.
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include <fmt/format.h>

#include "cli/devnet_processes.hpp"
#include "tests/cluster/traffic.hpp"

namespace sluice::cluster {
namespace {

using namespace std::chrono_literals;
using test_support::RunningDevnet;
namespace fs = std::filesystem;

/// strace at a running process and all its threads, changing what fdatasync does. Ends with the object.
class Injection {
  public:
    Injection(long process, const std::string& fault) : tracer_(fork()) {
        if (tracer_ != 0) return;
        const auto pid = std::to_string(process);
        const auto inject = "inject=fdatasync:" + fault;
        execlp("strace", "strace", "-f", "-qq", "-p", pid.c_str(), "-e", "trace=fdatasync", "-e",
               inject.c_str(), "-o", "/dev/null", nullptr);
        _exit(127);
    }
    ~Injection() {
        // Its end lets the process go; asked to end, it may wait for threads that are dying.
        kill(tracer_, SIGKILL);
        waitpid(tracer_, nullptr, 0);
    }
    Injection(const Injection&) = delete;
    Injection& operator=(const Injection&) = delete;

    static bool is_possible() {
        return std::system(
                   "strace -qq -o /dev/null -e trace=fdatasync -e inject=fdatasync:error=EIO true "
                   "2>/dev/null") == 0;
    }
    /// Threads are traced from here on.
    static bool holds(long process) {
        std::ifstream status(fmt::format("/proc/{}/status", process));
        for (std::string word; status >> word;)
            if (word == "TracerPid:") return status >> word && word != "0";
        return false;
    }

  private:
    pid_t tracer_;
};

class StorageFault : public ::testing::Test {
  protected:
    StorageFault() { network.issue_to_all(first_balance); }

    /// Payments until node 3 is gone, at each of its first syncs in turn; then it starts and agrees.
    void fail_at_each_of(std::initializer_list<int> syncs, const std::string& fault) {
        auto key = network.maker(0);
        std::uint64_t number = 0;
        for (const int sync : syncs) {
            const auto process = network.node(3).pid;
            {
                const Injection injection(process, fmt::format("{}:when={}", fault, sync));
                ASSERT_TRUE(cli::wait_until(10s, [&] { return Injection::holds(process); }));
                ASSERT_TRUE(cli::wait_until(40s,
                                            [&] {
                                                EXPECT_EQ(pay(network, 0, key, 0, ++number, 20s), "Final")
                                                    << "three go on";
                                                return !network.is_running(3);
                                            }))
                    << "the node still runs although its sync " << sync << " failed";
            }
            network.start(3);
            ASSERT_TRUE(network.wait_for_agreement(network.height(0), 30s)) << "after sync " << sync;
        }
        // Its votes are needed now: it is a validator like before.
        network.kill(2);
        EXPECT_EQ(pay(network, 0, key, 0, ++number, 30s), "Final");
        network.start(2);
        ASSERT_TRUE(network.wait_for_agreement(1, 30s));
        EXPECT_EQ(total_balance(network, 3), 4 * first_balance);
    }

    RunningDevnet network{{.validators = 4, .base_port = 19345}};
};

TEST_F(StorageFault, a_node_whose_sync_fails_stops_at_once_and_comes_back_without_contradicting_itself) {
    if (!Injection::is_possible()) GTEST_SKIP() << "strace cannot be used here (Debian package strace)";
    fail_at_each_of({1, 2, 3, 4, 7, 12}, "error=EIO");
    EXPECT_NE(cli::log_tail(network.node(3), 400).find("storage_failed"), std::string::npos)
        << "the log says what failed: " << cli::log_tail(network.node(3), 20);
}

TEST_F(StorageFault, a_node_killed_in_a_sync_comes_back_without_contradicting_itself) {
    if (!Injection::is_possible()) GTEST_SKIP() << "strace cannot be used here (Debian package strace)";
    fail_at_each_of({1, 2, 3, 5, 9, 14}, "signal=SIGKILL");
}

std::vector<fs::path> files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && entry.file_size() > 0 && entry.path().filename() != "LOG")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

/// Flips a bit, or cuts the file.
std::string damage(const fs::path& file, std::mt19937& random) {
    const auto size = fs::file_size(file);
    const auto at = random() % size;
    if (random() % 2 == 0) {
        fs::resize_file(file, at);
        return fmt::format("{} cut from {} to {} bytes", file.filename().string(), size, at);
    }
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(stream.get() ^ 1 << random() % 8);
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(byte);
    return fmt::format("{} with a bit flipped at {} of {}", file.filename().string(), at, size);
}

/// Each block of the node is that of the others, or an error; never another one.
void expect_no_other_block(const RunningDevnet& network, std::size_t node, std::uint64_t height,
                           const std::string& what) {
    for (std::uint64_t at = 1; at <= height; ++at) {
        const cli::Json params{fmt::format("0x{:x}", at), true};
        const auto right = network.call(0, "eth_getBlockByNumber", params);
        const auto here = network.call(node, "eth_getBlockByNumber", params);
        ASSERT_TRUE(right.has_value());
        if (here && here->is_object()) {
            EXPECT_EQ(*here, *right) << what << ", height " << at;
        }
    }
}

TEST_F(StorageFault, damaged_files_are_refused_or_mended_and_never_served) {
    auto key = network.maker(0);
    std::uint64_t number = 0;
    for (; number < 12; ++number)
        ASSERT_EQ(pay(network, 0, key, 0, number), "Final");
    ASSERT_TRUE(network.wait_for_agreement(network.height(0), 10s));
    network.kill(3);
    const auto data = network.node(3).data_dir;
    auto whole = data;
    whole += ".whole";
    fs::copy(data, whole, fs::copy_options::recursive);
    std::mt19937 random(20022);
    int refused = 0;
    for (int round = 0; round < 24; ++round) {
        fs::remove_all(data);
        fs::copy(whole, data, fs::copy_options::recursive);
        const auto files = files_below(data);
        const auto what = damage(files[random() % files.size()], random);
        network.start(3);
        const bool answers =
            cli::wait_until(15s, [&] { return !network.is_running(3) || network.status(3).is_object(); });
        EXPECT_TRUE(answers) << what;
        if (!network.is_running(3)) {
            ++refused;
            const auto log = cli::log_tail(network.node(3), 3);
            EXPECT_FALSE(log.empty()) << what;
            continue;
        }
        ASSERT_EQ(pay(network, 0, key, 0, ++number), "Final");
        // A node that finds the damage later stops then; one that does not find any agrees.
        EXPECT_TRUE(cli::wait_until(20s, [&] {
            return !network.is_running(3) || network.wait_for_agreement(network.height(0), 1s);
        })) << what;
        if (network.is_running(3)) expect_no_other_block(network, 3, network.height(0), what);
        network.kill(3);
    }
    EXPECT_GT(refused, 0);
    RecordProperty("refused", refused);
    fs::remove_all(data);
    fs::rename(whole, data);
    network.start(3);
    EXPECT_TRUE(network.wait_for_agreement(network.height(0), 30s));
    EXPECT_EQ(total_balance(network, 3), 4 * first_balance);
}

}  // namespace
}  // namespace sluice::cluster
