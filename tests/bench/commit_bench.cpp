/// What making a block durable costs, by the size of the state: preparing the state, the synced batch, going
/// on. Prints one JSON object to standard output.
///
/// A payment here is 3 new slots, 2 account slots shared by all payments, a row in the index of transactions,
/// a body of 700 bytes and a receipt of 1 KiB: what a settlement leaves behind, without executing or
/// verifying anything.
///
/// usage: commit_bench [directory] [payments per block] [blocks] [slots to begin with]
#include <linux/perf_event.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "core/state_root.hpp"
#include "ledger/ledger.hpp"
#include "ledger/leveldb_store.hpp"

namespace {

using namespace sluice;
using Clock = std::chrono::steady_clock;

constexpr std::size_t body_bytes = 700;
constexpr std::size_t receipt_bytes = 700;  ///< of log data; with bloom and framing about 1 KiB
constexpr std::uint64_t shared_slots = 128;
constexpr std::size_t fill_per_block = 20'000;

struct Setting {
    std::filesystem::path directory;
    std::size_t payments = 400;
    std::size_t blocks = 500;
    std::uint64_t slots_before = 1'000'000;
};

core::Address contract(std::uint8_t last) {
    core::Address address{};
    address[18] = 0x5e;
    address[19] = last;
    return address;
}

/// Makes what a block of payments brings. Everything here is outside the measured time.
class Workload {
  public:
    core::StateDiff genesis() const {
        core::StateDiff diff;
        for (const std::uint8_t last : {2, 3})
            diff.accounts.push_back(
                {contract(last), core::Account{1, {}, core::empty_code_hash}, false, {}, nullptr});
        return diff;
    }

    core::StateDiff state_of(std::size_t new_slots, std::size_t payments) {
        std::map<core::Word, core::Word> shared;
        for (std::size_t i = 0; i < 2 * payments; ++i)
            shared[core::word_from_u64(random_() % shared_slots)] = core::word_from_u64(random_());
        std::map<core::Word, core::Word> fresh;
        while (fresh.size() < new_slots)
            fresh[core::keccak256(core::word_from_u64(next_slot_++))] = random_word();
        core::StateDiff diff = genesis();
        for (const auto& [key, value] : shared)
            diff.accounts[0].slots.push_back({key, value});
        for (const auto& [key, value] : fresh)
            diff.accounts[1].slots.push_back({key, value});
        return diff;
    }

    ledger::BlockRecord block_on(const core::Header& parent, ledger::PreparedState state,
                                 std::size_t payments, const core::ValidatorSet& validators) {
        core::Block block;
        block.header.height = parent.height + 1;
        block.header.parent_hash = core::hash_of(parent);
        block.header.state_root = state.state_root();
        std::vector<core::Hash> hashes;
        std::vector<core::Receipt> receipts;
        for (std::size_t i = 0; i < payments; ++i) {
            auto transaction = std::make_shared<core::RecoveredTransaction>();
            transaction->transaction.type = core::TransactionType::dynamic_fee;
            transaction->encoded = core::share(body());
            transaction->hash = core::keccak256(*transaction->encoded);
            hashes.push_back(transaction->hash);
            block.transactions.push_back(transaction);
            receipts.push_back(receipt());
        }
        const core::Hash hash = core::hash_of(block.header);
        return {block.header,
                hash,
                core::share(core::encode(block)),
                std::move(hashes),
                {block.header.height, 0, hash, {}},
                std::move(receipts),
                std::move(state),
                validators,
                {}};
    }

  private:
    core::Word random_word() {
        core::Word word{};
        for (auto& byte : word)
            byte = static_cast<std::uint8_t>(random_());
        word[0] |= 1;
        return word;
    }
    core::Bytes body() {
        core::Bytes bytes(body_bytes);
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>(random_());
        bytes[0] = 2;
        return bytes;
    }
    core::Receipt receipt() {
        core::Receipt made;
        made.logs.push_back({contract(3), {random_word(), random_word()}, core::Bytes(receipt_bytes, 7)});
        return made;
    }

    std::mt19937_64 random_{1};
    std::uint64_t next_slot_ = 0;
};

double cpu_ms(int who) {
    rusage usage{};
    getrusage(who, &usage);
    const auto ms = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

/// Instructions of the calling thread in user mode: a figure that a busy machine cannot blur. Always 0 where
/// the kernel does not offer it.
class InstructionCounter {
  public:
    InstructionCounter() {
        perf_event_attr wanted{};
        wanted.type = PERF_TYPE_HARDWARE;
        wanted.size = sizeof wanted;
        wanted.config = PERF_COUNT_HW_INSTRUCTIONS;
        wanted.exclude_kernel = 1;
        descriptor_ = static_cast<int>(syscall(SYS_perf_event_open, &wanted, 0, -1, -1, 0));
    }
    InstructionCounter(const InstructionCounter&) = delete;
    InstructionCounter& operator=(const InstructionCounter&) = delete;
    ~InstructionCounter() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    std::uint64_t count() const {
        std::uint64_t value = 0;
        return descriptor_ >= 0 && read(descriptor_, &value, sizeof value) == sizeof value ? value : 0;
    }

  private:
    int descriptor_ = -1;
};

/// One part's durations, and what the calling thread spent in all of them.
struct Spans {
    std::vector<double> ms;
    double thread_ms = 0;
    double instructions = 0;
    template <typename Work>
    void measure(const InstructionCounter& counter, Work work) {
        const double cpu_before = cpu_ms(RUSAGE_THREAD);
        const std::uint64_t instructions_before = counter.count();
        const auto from = Clock::now();
        work();
        ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - from).count());
        instructions += static_cast<double>(counter.count() - instructions_before);
        thread_ms += cpu_ms(RUSAGE_THREAD) - cpu_before;
    }
    double total() const {
        double sum = 0;
        for (const double one : ms)
            sum += one;
        return sum;
    }
    double quantile(double share) {
        std::sort(ms.begin(), ms.end());
        return ms[std::min(ms.size() - 1, static_cast<std::size_t>(share * static_cast<double>(ms.size())))];
    }
};

/// Resident memory now, in MiB.
double resident_mib() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        double kib = 0;
        if (word == "VmRSS:" && status >> kib) return kib / 1024;
    }
    return 0;
}

class Bench {
  public:
    explicit Bench(const Setting& setting) : setting_(setting) {
        auto store = ledger::create_leveldb(setting.directory / "db");
        if (!store) throw std::runtime_error(store.error().detail);
        store_ = std::move(*store);
        ledger::GenesisRecord genesis{{}, workload_.genesis(), validators_, {}};
        genesis.header.state_root = core::state_root_of(genesis.state);
        auto created = ledger::Ledger::create(*store_, genesis);
        if (!created) throw std::runtime_error(created.error().detail);
        opened_.emplace(std::move(*created));
    }

    void fill() {
        for (std::uint64_t filled = 0; filled < setting_.slots_before; filled += fill_per_block)
            step(workload_.state_of(fill_per_block, 0), 0);
        prepare_ = append_ = advance_ = all_ = Spans{};
    }

    void run() {
        const double process_before = cpu_ms(RUSAGE_SELF);
        const double thread_before = cpu_ms(RUSAGE_THREAD);
        for (std::size_t block = 0; block < setting_.blocks; ++block)
            step(workload_.state_of(3 * setting_.payments, setting_.payments), setting_.payments);
        const double thread = cpu_ms(RUSAGE_THREAD) - thread_before;
        report(cpu_ms(RUSAGE_SELF) - process_before - thread);
    }

  private:
    void step(const core::StateDiff& diff, std::size_t payments) {
        std::optional<ledger::PreparedState> prepared;
        prepare_.measure(counter_, [&] { prepared = opened_->state.prepare(diff); });
        const ledger::BlockRecord record =
            workload_.block_on(opened_->ledger.snapshot()->head(), *prepared, payments, validators_);
        append_.measure(counter_, [&] { opened_->ledger.append(record); });
        advance_.measure(counter_, [&] { opened_->state.advance(*prepared); });
        all_.ms.push_back(prepare_.ms.back() + append_.ms.back() + advance_.ms.back());
    }

    void print_part(const char* name, const Spans& part) const {
        const double count = static_cast<double>(setting_.payments * setting_.blocks);
        std::printf(" \"%s\": {\"wall_us\": %.2f, \"cpu_us\": %.2f, \"instructions\": %.0f},\n", name,
                    part.total() * 1000 / count, part.thread_ms * 1000 / count, part.instructions / count);
    }

    /// All parts are per payment. `compaction_ms`: processor time of LevelDB's own thread.
    void report(double compaction_ms) {
        const double count = static_cast<double>(setting_.payments * setting_.blocks);
        std::printf("{\"payments_per_block\": %zu, \"blocks\": %zu, \"slots_before\": %llu,\n",
                    setting_.payments, setting_.blocks,
                    static_cast<unsigned long long>(setting_.slots_before));
        print_part("prepare", prepare_);
        print_part("append", append_);
        print_part("advance", advance_);
        std::printf(" \"compaction_cpu_us\": %.2f,\n", compaction_ms * 1000 / count);
        std::printf(" \"payments_per_second\": %.0f, \"batches_per_second\": %.0f,\n",
                    count * 1000 / all_.total(), static_cast<double>(setting_.blocks) * 1000 / all_.total());
        std::printf(" \"block_ms\": {\"p50\": %.2f, \"p99\": %.2f, \"max\": %.2f},\n", all_.quantile(0.5),
                    all_.quantile(0.99), all_.quantile(1));
        std::printf(" \"append_ms\": {\"p50\": %.2f, \"p99\": %.2f, \"max\": %.2f},\n", append_.quantile(0.5),
                    append_.quantile(0.99), append_.quantile(1));
        std::printf(
            " \"resident_mib\": %.0f, \"state_mib\": %.0f, \"database_mib\": %.0f, \"disk_mib\": %.0f}\n",
            resident_mib(), in_mib(opened_->state.memory_bytes()), in_mib(store_->figures().memory_bytes),
            in_mib(store_->figures().disk_bytes));
    }
    static double in_mib(std::uint64_t bytes) { return static_cast<double>(bytes) / 1048576; }

    Setting setting_;
    Workload workload_;
    core::ValidatorSet validators_ = *core::ValidatorSet::make({core::Address{1}});
    std::unique_ptr<ledger::KvStore> store_;
    std::optional<ledger::Ledger::Opened> opened_;
    InstructionCounter counter_;
    Spans prepare_;
    Spans append_;
    Spans advance_;
    Spans all_;
};

}  // namespace

int main(int argc, char** argv) {
    Setting setting;
    setting.directory = argc > 1 ? argv[1] : std::filesystem::temp_directory_path() / "sluice-commit-bench";
    if (argc > 2) setting.payments = std::strtoull(argv[2], nullptr, 10);
    if (argc > 3) setting.blocks = std::strtoull(argv[3], nullptr, 10);
    if (argc > 4) setting.slots_before = std::strtoull(argv[4], nullptr, 10);
    std::filesystem::remove_all(setting.directory / "db");
    std::filesystem::create_directories(setting.directory);
    {
        Bench bench(setting);
        bench.fill();
        bench.run();
    }
    std::filesystem::remove_all(setting.directory / "db");
}
