/// What a batch of changes costs a state trie, by size of the trie. Prints one JSON object to standard
/// output.
///
/// Keys are hashes, values have the size of an account. Each figure is the best of several batches in
/// nanoseconds per change: the machine's other work only ever adds.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

#include "core/merkle.hpp"

namespace {

using namespace sluice::core;

constexpr std::size_t batch_size = 20'000;
constexpr int batches = 5;
constexpr std::size_t value_bytes = 70;
constexpr std::size_t kept_nibbles = 4;

Hash key_of(std::uint64_t number) {
    Bytes bytes;
    append_be64(bytes, number);
    return keccak256(bytes);
}

/// Changes to the keys of the given numbers; `round` makes the values new ones.
class Batch {
  public:
    Batch(const std::vector<std::uint64_t>& numbers, std::uint64_t round) {
        for (const std::uint64_t number : numbers) {
            Bytes value(value_bytes, 0x80);
            const Hash content = key_of(number * 1'000'003 + round);
            std::copy(content.begin(), content.end(), value.begin());
            entries_.emplace_back(key_of(number), std::move(value));
        }
        std::sort(entries_.begin(), entries_.end());
        for (const auto& [key, value] : entries_)
            changes_.push_back({key, value});
    }
    std::span<const merkle::Change> changes() const { return changes_; }

  private:
    std::vector<std::pair<Hash, Bytes>> entries_;
    std::vector<merkle::Change> changes_;
};

/// Numbers spread over [0, below), each once.
std::vector<std::uint64_t> spread(std::uint64_t below, std::uint64_t offset) {
    std::vector<std::uint64_t> numbers;
    const std::size_t count = std::min<std::size_t>(batch_size, below);
    for (std::uint64_t i = 0; i < count; ++i)
        numbers.push_back((i * (below / count) + offset) % below);
    return numbers;
}

std::vector<std::uint64_t> from(std::uint64_t first) {
    std::vector<std::uint64_t> numbers(batch_size);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = first + i;
    return numbers;
}

class MapSource final : public merkle::NodeSource {
  public:
    std::optional<Bytes> load(std::span<const std::uint8_t> path) const override {
        const auto found = nodes_.find(merkle::Nibbles(path.begin(), path.end()));
        if (found == nodes_.end()) return std::nullopt;
        return found->second;
    }
    void take(const merkle::StoredNode& node) {
        if (node.encoded.empty()) {
            nodes_.erase(node.path);
        } else {
            nodes_[node.path] = node.encoded;
        }
    }

  private:
    std::map<merkle::Nibbles, Bytes> nodes_;
};

/// Processor time of this thread: other programs do not count.
double thread_time_ns() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

template <typename Work>
double nanoseconds(Work work) {
    const double start = thread_time_ns();
    work();
    return thread_time_ns() - start;
}

struct Costs {
    double update = 1e300;
    double insert = 1e300;
    double visit_unstored = 1e300;
    double mark_stored = 1e300;
    double update_evicted = 1e300;
    std::size_t memory_bytes = 0;
};

void keep_least(double& least, double total, std::size_t changes) {
    least = std::min(least, total / static_cast<double>(changes));
}

merkle::Trie filled(std::uint64_t leaves) {
    merkle::Trie trie;
    for (std::uint64_t first = 0; first < leaves; first += batch_size) {
        std::vector<std::uint64_t> numbers = from(first);
        numbers.resize(std::min<std::size_t>(numbers.size(), leaves - first));
        trie = trie.with(Batch(numbers, 0).changes(), merkle::no_source());
    }
    return trie;
}

void measure_in_memory(std::uint64_t leaves, merkle::Trie trie, Costs& costs) {
    for (int round = 1; round <= batches; ++round) {
        const Batch updates(spread(leaves, static_cast<std::uint64_t>(round)),
                            static_cast<std::uint64_t>(round));
        const std::size_t count = updates.changes().size();
        trie = trie.marked_stored(64);
        keep_least(costs.update,
                   nanoseconds([&] { trie = trie.with(updates.changes(), merkle::no_source()); }), count);
        std::size_t bytes = 0;
        keep_least(
            costs.visit_unstored, nanoseconds([&] {
                trie.for_each_unstored([&](const merkle::StoredNode& node) { bytes += node.encoded.size(); });
            }),
            count);
        const Batch inserts(from(leaves + static_cast<std::uint64_t>(round) * batch_size), 0);
        merkle::Trie grown;
        keep_least(costs.insert,
                   nanoseconds([&] { grown = trie.with(inserts.changes(), merkle::no_source()); }),
                   batch_size);
    }
}

void measure_evicted(std::uint64_t leaves, merkle::Trie trie, Costs& costs) {
    MapSource source;
    const auto take = [&](const merkle::StoredNode& node) { source.take(node); };
    trie.for_each_unstored(take);
    trie = trie.marked_stored(kept_nibbles);
    for (int round = 1; round <= batches; ++round) {
        const Batch updates(spread(leaves, static_cast<std::uint64_t>(round)),
                            static_cast<std::uint64_t>(round));
        const std::size_t count = updates.changes().size();
        keep_least(costs.update_evicted, nanoseconds([&] { trie = trie.with(updates.changes(), source); }),
                   count);
        trie.for_each_unstored(take);
        keep_least(costs.mark_stored, nanoseconds([&] { trie = trie.marked_stored(kept_nibbles); }), count);
    }
}

void report(std::uint64_t leaves, const Costs& costs, bool is_last) {
    std::printf(
        "    {\"leaves\": %llu, \"update_ns\": %.0f, \"insert_ns\": %.0f, \"visit_unstored_ns\": %.0f, "
        "\"mark_stored_ns\": %.0f, \"update_evicted_ns\": %.0f, \"memory_bytes_per_leaf\": %.0f}%s\n",
        static_cast<unsigned long long>(leaves), costs.update, costs.insert, costs.visit_unstored,
        costs.mark_stored, costs.update_evicted,
        static_cast<double>(costs.memory_bytes) / static_cast<double>(leaves), is_last ? "" : ",");
}

}  // namespace

int main() {
    const std::vector<std::uint64_t> sizes{20'000, 100'000, 500'000};
    std::printf("{\n  \"name\": \"merkle\", \"batch\": %zu, \"unit\": \"ns per change\",\n  \"tries\": [\n",
                batch_size);
    for (const std::uint64_t leaves : sizes) {
        Costs costs;
        const merkle::Trie trie = filled(leaves);
        costs.memory_bytes = trie.memory_bytes();
        measure_in_memory(leaves, trie, costs);
        measure_evicted(leaves, trie, costs);
        report(leaves, costs, leaves == sizes.back());
    }
    std::printf("  ]\n}\n");
    return 0;
}
