/// Where trie nodes come from that are not in memory: the upper levels are stored, the lower ones are derived
/// from the flat rows below them, which lie together because their keys are hashes.
#pragma once

#include <map>
#include <vector>

#include "core/merkle.hpp"
#include "ledger/kv_store.hpp"

namespace sluice::ledger {

/// Leaves of a trie by key, as they were at an earlier height; an empty one was not there.
using LeafOverlay = std::map<core::Hash, core::Bytes>;

/// Nodes of the account trie or of one account's storage trie. One thread; the rows and the overlay must
/// outlive it.
///
/// Derived nodes are those of the trie over the flat rows. For a trie of an earlier height, `overlay` holds
/// the leaves that have changed since.
class TrieNodes final : public core::merkle::NodeSource {
  public:
    static TrieNodes of_accounts(const KvReader& rows, std::size_t stored_levels,
                                 const LeafOverlay* overlay = nullptr);
    static TrieNodes of_storage(const KvReader& rows, const core::Address& address, std::size_t stored_levels,
                                const LeafOverlay* overlay = nullptr);

    std::optional<core::Bytes> load(std::span<const std::uint8_t> path) const override;
    /// The stored row, whatever the level.
    std::optional<core::Bytes> load_stored(std::span<const std::uint8_t> path) const;

  private:
    using Leaf = std::pair<core::Hash, core::Bytes>;
    using LeafVisitor = std::function<void(const core::Hash& key, core::ByteView leaf)>;

    TrieNodes(const KvReader& rows, std::optional<core::Address> address, std::size_t stored_levels,
              const LeafOverlay* overlay);
    std::optional<core::Bytes> derive(std::span<const std::uint8_t> path) const;
    void for_each_leaf(std::span<const std::uint8_t> path, const LeafVisitor& visit) const;
    void for_each_row(std::span<const std::uint8_t> path, const LeafVisitor& visit) const;
    core::Bytes leaf_of(core::ByteView row) const;

    const KvReader* rows_;
    std::optional<core::Address> address_;  ///< nothing: the account trie
    std::size_t stored_levels_;
    const LeafOverlay* overlay_;
    core::Bytes row_prefix_;  ///< of the flat rows
    /// The leaves last read, all that begin with `recent_path_`: an update asks for node after node of one
    /// subtree.
    mutable std::optional<core::merkle::Nibbles> recent_path_;
    mutable std::vector<Leaf> recent_;
};

}  // namespace sluice::ledger
