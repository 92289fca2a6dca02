#include "tests/simulation/campaign.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/simulation/verdict_codec.hpp"

namespace sluice::simulation {
namespace {

/// What the workers share: which scenario is next, and which one each of them is at.
struct Shared {
    std::atomic<std::uint64_t> next;
    std::atomic<std::uint64_t> running[64];
};
constexpr std::size_t jobs_max = 64;

void write_all(int pipe, core::ByteView bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(pipe, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) std::_Exit(3);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

/// A worker: takes numbers until there are none left, and writes each verdict as one message.
[[noreturn]] void work(const CampaignSetup& setup, Shared& shared, std::size_t place, int pipe) {
    for (auto number = shared.next++; number <= setup.to; number = shared.next++) {
        shared.running[place] = number;
        auto scenario = setup.pattern;
        scenario.number = number;
        const auto message = encode_verdict(number, setup.mode->run(scenario));
        write_all(pipe, message);
        shared.running[place] = 0;
    }
    std::fflush(nullptr);
    std::_Exit(0);
}

struct Worker {
    pid_t pid = -1;
    int pipe = -1;
    core::Bytes received;
};

Worker start_worker(const CampaignSetup& setup, Shared& shared, std::size_t place) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe for a worker");
    std::fflush(nullptr);
    const auto pid = ::fork();
    if (pid < 0) throw std::runtime_error("no process for a worker");
    if (pid == 0) {
        ::close(ends[0]);
        work(setup, shared, place, ends[1]);
    }
    ::close(ends[1]);
    return {pid, ends[0], {}};
}

/// Why a worker ended before its time.
std::string describe_end(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status))
        return fmt::format("the process ended by signal {} ({}): see its message above", WTERMSIG(status),
                           ::strsignal(WTERMSIG(status)));
    return fmt::format("the process ended with code {}", WEXITSTATUS(status));
}

/// Keeps what has come until it is its turn.
class Order {
  public:
    Order(std::uint64_t first, const std::function<bool(std::uint64_t, const Verdict&)>& take)
        : next_(first), take_(take) {}
    /// False once nobody wants more.
    bool add(std::uint64_t number, Verdict verdict) {
        waiting_.emplace(number, std::move(verdict));
        for (auto first = waiting_.begin(); first != waiting_.end() && first->first == next_;
             first = waiting_.erase(first), ++next_)
            if (!take_(first->first, first->second)) return false;
        return true;
    }

  private:
    std::uint64_t next_;
    const std::function<bool(std::uint64_t, const Verdict&)>& take_;
    std::map<std::uint64_t, Verdict> waiting_;
};

/// Reads what is there; false at the end of the pipe.
bool receive(Worker& worker) {
    std::uint8_t buffer[65536];
    const auto got = ::read(worker.pipe, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) return true;
    if (got <= 0) return false;
    worker.received.insert(worker.received.end(), buffer, buffer + got);
    return true;
}

}  // namespace

void run_campaign(const CampaignSetup& setup,
                  const std::function<bool(std::uint64_t, const Verdict&)>& take) {
    void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("no shared memory for workers");
    auto& shared = *new (memory) Shared{};
    shared.next = setup.from;
    const auto jobs = std::min({setup.jobs, jobs_max, static_cast<std::size_t>(setup.to - setup.from + 1)});
    std::vector<Worker> workers;
    for (std::size_t place = 0; place < jobs; ++place)
        workers.push_back(start_worker(setup, shared, place));
    Order order(setup.from, take);
    bool wanted = true;
    for (auto alive = jobs; alive > 0 && wanted;) {
        std::vector<pollfd> polls;
        for (const auto& worker : workers)
            polls.push_back({worker.pipe, POLLIN, 0});
        if (::poll(polls.data(), polls.size(), -1) < 0) continue;
        for (std::size_t place = 0; place < jobs && wanted; ++place) {
            auto& worker = workers[place];
            if (worker.pipe < 0 || polls[place].revents == 0) continue;
            const bool more = receive(worker);
            while (auto message = take_verdict(worker.received))
                if (!order.add(message->first, std::move(message->second))) wanted = false;
            if (more || !wanted) continue;
            ::close(std::exchange(worker.pipe, -1));
            const auto reason = describe_end(std::exchange(worker.pid, -1));
            const auto left_at = shared.running[place].exchange(0);
            if (left_at == 0) {
                --alive;
                continue;
            }
            Verdict verdict;
            verdict.failure = reason;
            if (!order.add(left_at, std::move(verdict))) wanted = false;
            worker = start_worker(setup, shared, place);
        }
    }
    for (auto& worker : workers) {
        if (worker.pid < 0) continue;
        ::kill(worker.pid, SIGKILL);
        describe_end(worker.pid);
        ::close(worker.pipe);
    }
    ::munmap(memory, sizeof(Shared));
}

Verdict run_apart(const Mode& mode, const Scenario& scenario) {
    Verdict result;
    run_campaign({&mode, scenario, scenario.number, scenario.number, 1},
                 [&](std::uint64_t, const Verdict& verdict) {
                     result = verdict;
                     return true;
                 });
    return result;
}

Scenario shrink(const Mode& mode, const Scenario& failing, const Verdict& verdict) {
    auto least = failing;
    for (const auto& fault : verdict.faults) {
        auto without = least;
        without.without.insert(fault);
        if (!run_apart(mode, without).passed()) least = without;
    }
    return least;
}

std::uint64_t peak_memory_kb() {
    rusage usage{};
    ::getrusage(RUSAGE_CHILDREN, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss);
}

}  // namespace sluice::simulation
