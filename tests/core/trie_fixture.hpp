/// What the tests of tries share: a store in a map, contents, and batches of changes.
#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "core/merkle.hpp"
#include "tests/core/reference_trie.hpp"

namespace sluice::core::merkle {

/// A path-keyed store that does what a trie says.
class MapStore final : public NodeSource {
  public:
    std::optional<Bytes> load(std::span<const std::uint8_t> path) const override {
        ++loads;
        const auto found = nodes.find(Nibbles(path.begin(), path.end()));
        if (found == nodes.end()) return std::nullopt;
        return found->second;
    }
    /// Applies what differs; says how many nodes that were.
    std::size_t store(const Trie& trie) {
        std::map<Nibbles, Bytes> seen;
        trie.for_each_unstored([&](const StoredNode& node) {
            EXPECT_TRUE(seen.emplace(node.path, node.encoded).second) << "path reported twice";
        });
        for (const auto& [path, encoded] : seen) {
            if (encoded.empty()) {
                EXPECT_EQ(nodes.erase(path), 1u)
                    << "removal of a node that was never stored: " << to_hex(path);
            } else {
                nodes[path] = encoded;
            }
        }
        return seen.size();
    }

    std::map<Nibbles, Bytes> nodes;
    mutable std::size_t loads = 0;
};

/// Sorted changes that own their bytes; an empty value deletes.
class ChangeSet {
  public:
    ChangeSet() = default;
    ChangeSet(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs) {
        for (const auto& [key, value] : pairs)
            entries_[to_bytes(view(key))] = to_bytes(view(value));
    }
    explicit ChangeSet(test::Contents entries) : entries_(std::move(entries)) {}
    void set(Bytes key, Bytes value) { entries_[std::move(key)] = std::move(value); }

    std::vector<Change> changes() const {
        std::vector<Change> list;
        for (const auto& [key, value] : entries_)
            list.push_back({key, value});
        return list;
    }
    void apply_to(test::Contents& contents) const {
        for (const auto& [key, value] : entries_) {
            if (value.empty()) {
                contents.erase(key);
            } else {
                contents[key] = value;
            }
        }
    }
    const test::Contents& entries() const { return entries_; }

  private:
    test::Contents entries_;
};

inline Trie applied(const Trie& trie, const ChangeSet& set, const NodeSource& source = no_source()) {
    return trie.with(set.changes(), source);
}

}  // namespace sluice::core::merkle
