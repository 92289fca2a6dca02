#include "cli/devnet_processes.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <thread>

#include <fmt/format.h>

#include "cli/files.hpp"

extern char** environ;

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

/// sluiced lies beside this program.
fs::path sluiced_program() {
    std::error_code error;
    const auto self = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::path("sluiced") : self.parent_path() / "sluiced";
}

/// A child process with its output in `log`, in a session of its own so that it outlives this one.
core::Result<pid_t, std::string> spawn(const std::vector<std::string>& words, const fs::path& log) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    std::vector<std::string> copies = words;
    std::vector<char*> arguments;
    for (auto& word : copies)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t pid = 0;
    const int error = posix_spawn(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0) return core::fail(fmt::format("cannot start {}: {}", words[0], std::strerror(error)));
    return pid;
}

core::Result<void, std::string> initialise(const DevnetNode& node) {
    const auto program = sluiced_program();
    const auto pid =
        spawn({program.string(), "init", "--config", node.config.string()}, node.folder() / "sluiced.log");
    if (!pid) return core::fail(pid.error());
    int status = 0;
    waitpid(*pid, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return core::fail(fmt::format("{} could not be initialised:\n{}", node.name, log_tail(node, 5)));
}

}  // namespace

bool is_running(const DevnetNode& node) {
    if (node.pid <= 0 || ::kill(static_cast<pid_t>(node.pid), 0) != 0) return false;
    // A reused process id belongs to somebody else: the command line tells.
    std::ifstream stream(fmt::format("/proc/{}/cmdline", node.pid), std::ios::binary);
    std::string words((std::istreambuf_iterator<char>(stream)), {});
    return words.find(node.config.string()) != std::string::npos;
}

core::Result<void, std::string> start_node(DevnetNode& node) {
    if (is_running(node)) return {};
    if (!fs::exists(node.data_dir / "votes"))
        if (auto made = initialise(node); !made) return made;
    const auto pid =
        spawn({sluiced_program().string(), "--config", node.config.string()}, node.folder() / "sluiced.log");
    if (!pid) return core::fail(pid.error());
    node.pid = *pid;
    return {};
}

core::Result<void, std::string> signal_node(const DevnetNode& node, NodeSignal signal) {
    constexpr std::array numbers{SIGTERM, SIGKILL, SIGSTOP, SIGCONT};
    if (!is_running(node)) return core::fail(fmt::format("{} is not running", node.name));
    if (::kill(static_cast<pid_t>(node.pid), numbers[static_cast<std::size_t>(signal)]) == 0) return {};
    return core::fail(
        fmt::format("cannot signal {} (process {}): {}", node.name, node.pid, std::strerror(errno)));
}

bool wait_until(std::chrono::milliseconds limit, const std::function<bool()>& is_true) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!is_true()) {
        if (std::chrono::steady_clock::now() >= end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

bool wait_for_end(const DevnetNode& node, std::chrono::milliseconds limit) {
    return wait_until(limit, [&] {
        // A child of this very process must be reaped before it is gone.
        waitpid(static_cast<pid_t>(node.pid), nullptr, WNOHANG);
        return !is_running(node);
    });
}

core::Result<void, std::string> check_port_free(std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return core::fail(std::string("cannot open a socket"));
    const int on = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool bound = ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                       ::listen(descriptor, 1) == 0;
    ::close(descriptor);
    if (bound) return {};
    return core::fail(
        fmt::format("port {} of 127.0.0.1 is in use; choose other ports with --base-port", port));
}

std::string log_tail(const DevnetNode& node, std::size_t lines) {
    const auto text = read_file(node.folder() / "sluiced.log", 1u << 30);
    if (!text) return text.error();
    std::size_t from = text->size();
    for (std::size_t i = 0; i <= lines && from != std::string::npos && from > 0; ++i)
        from = text->rfind('\n', from - 1);
    return from == std::string::npos ? *text : text->substr(from == 0 ? 0 : from + 1);
}

}  // namespace sluice::cli
