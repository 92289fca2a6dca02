#include "tests/support/network_spaces.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

namespace sluice::test_support {
namespace {

bool succeeds(const std::string& command) {
    return std::system((command + " 2>/dev/null").c_str()) == 0;
}

void must(const std::string& command) {
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

void move_to(int space) {
    if (setns(space, CLONE_NEWNET) != 0) throw std::runtime_error("setns failed");
}

/// Goes back to where the thread was.
struct Stay {
    int home = -1;
    ~Stay() {
        static_cast<void>(setns(home, CLONE_NEWNET));
        close(home);
    }
};

}  // namespace

std::optional<std::string> NetworkSpaces::obstacle() {
    if (geteuid() != 0) return "network namespaces need root";
    if (!succeeds("command -v ip >/dev/null")) return "there is no ip command (Debian package iproute2)";
    if (!succeeds("ip netns add sluice-probe")) return "this machine allows no network namespaces";
    // A bridge and a cable are as much as the kernel of a container may refuse.
    const bool may_join = succeeds("ip link add sluice-probe type bridge") &&
                          succeeds("ip link add slp0 type veth peer name slp1");
    succeeds("ip link del slp0");
    succeeds("ip link del sluice-probe");
    succeeds("ip netns del sluice-probe");
    if (!may_join) return "this machine allows no bridges between network namespaces";
    return std::nullopt;
}

NetworkSpaces::NetworkSpaces(std::size_t nodes)
    : tag_(fmt::format("sl{}", getpid() % 100'000)), nodes_(nodes) {
    try {
        for (const bool other : {false, true})
            must(fmt::format("ip link add {0} type bridge && ip link set {0} up", bridge(other)));
        for (std::size_t i = 0; i < nodes_; ++i)
            must(
                fmt::format("ip netns add {0} && ip link add {1} type veth peer name eth0 netns {0} && "
                            "ip -n {0} addr add {2}/24 dev eth0 && ip -n {0} link set eth0 up && "
                            "ip -n {0} link set lo up && ip link set {1} master {3} up",
                            space(i), cable(i), address(i), bridge(false)));
    } catch (...) {
        remove();
        throw;
    }
}

NetworkSpaces::~NetworkSpaces() {
    remove();
}

void NetworkSpaces::remove() noexcept {
    for (std::size_t i = 0; i < nodes_; ++i) {
        succeeds(fmt::format("ip link del {}", cable(i)));
        succeeds(fmt::format("ip netns del {}", space(i)));
    }
    for (const bool other : {false, true})
        succeeds(fmt::format("ip link del {}", bridge(other)));
}

std::string NetworkSpaces::space(std::size_t node) const {
    return fmt::format("{}-{}", tag_, node);
}
std::string NetworkSpaces::cable(std::size_t node) const {
    return fmt::format("{}v{}", tag_, node);
}
std::string NetworkSpaces::bridge(bool other) const {
    return tag_ + (other ? "b" : "a");
}

std::string NetworkSpaces::address(std::size_t node) {
    return fmt::format("10.77.0.{}", node + 1);
}

std::shared_ptr<void> NetworkSpaces::enter(std::size_t node) const {
    auto stay = std::make_shared<Stay>();
    stay->home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    const int there = open(("/var/run/netns/" + space(node)).c_str(), O_RDONLY | O_CLOEXEC);
    if (stay->home < 0 || there < 0) throw std::runtime_error("no namespace of node " + std::to_string(node));
    move_to(there);
    close(there);
    return stay;
}

void NetworkSpaces::split(const std::vector<std::size_t>& one_side) {
    for (std::size_t i = 0; i < nodes_; ++i) {
        const bool is_other = std::find(one_side.begin(), one_side.end(), i) != one_side.end();
        must(fmt::format("ip link set {} master {}", cable(i), bridge(is_other)));
    }
}

}  // namespace sluice::test_support
