#include "ledger/verify_nodes.hpp"

#include <algorithm>
#include <map>

#include "core/merkle_decode.hpp"
#include "ledger/schema.hpp"
#include "ledger/state_cache.hpp"
#include "ledger/state_history.hpp"
#include "ledger/trie_nodes.hpp"

namespace sluice::ledger {

namespace {

using core::merkle::DecodedNode;
using core::merkle::Nibbles;
using core::merkle::NodeKind;

/// Follows stored rows down to where they end.
class NodeWalk {
  public:
    explicit NodeWalk(const TrieNodes& nodes) : nodes_(nodes) {}

    /// The number of stored nodes at and below the root. Throws DamagedTrie.
    std::uint64_t count(const core::Hash& root) {
        if (root != core::empty_trie_root) enter_hash(root);
        return stored_;
    }

  private:
    void enter_hash(core::ByteView hash) {
        const auto encoded = nodes_.load_stored(path_);
        if (!encoded) return;
        if (!std::ranges::equal(core::keccak256(*encoded), hash)) throw core::merkle::DamagedTrie{path_};
        ++stored_;
        enter(*encoded);
    }

    void enter(core::ByteView encoded) {
        const auto node = core::merkle::decode_node(encoded);
        if (!node) throw core::merkle::DamagedTrie{path_};
        if (node->kind == NodeKind::leaf) return;
        const std::size_t depth = path_.size();
        node->path.append_to(path_);
        if (node->kind == NodeKind::extension) {
            enter_child(node->children[0]);
        } else {
            enter_children(*node);
        }
        path_.resize(depth);
    }

    void enter_children(const DecodedNode& node) {
        for (std::uint8_t nibble = 0; nibble < node.children.size(); ++nibble) {
            path_.push_back(nibble);
            enter_child(node.children[nibble]);
            path_.pop_back();
        }
    }

    void enter_child(core::ByteView reference) {
        // An embedded child is part of its parent's row, and so is all below it.
        if (reference.size() == core::merkle::Reference::hash_bytes) enter_hash(reference);
    }

    const TrieNodes& nodes_;
    Nibbles path_;
    std::uint64_t stored_ = 0;
};

/// Storage roots, when the nodes were stored, of accounts that have been touched since.
std::map<core::Address, core::Hash> touched_since(const KvReader& rows, const StateHead& head) {
    std::map<core::Address, core::Hash> roots;
    for (core::Height height = head.stored_height + 1; height <= head.height; ++height)
        for (const OverwrittenAccount& account : read_reverse_diff(rows, height))
            roots.emplace(account.address,
                          account.before ? account.before->storage_root : core::empty_trie_root);
    return roots;
}

class NodeVerification {
  public:
    NodeVerification(const KvReader& rows, const StateHead& head, FaultList& faults)
        : rows_(rows), head_(head), faults_(faults), touched_(touched_since(rows, head)) {}

    void check_accounts() {
        const auto nodes = TrieNodes::of_accounts(rows_, 0);
        compare("accounts", NodeWalk(nodes).count(head_.stored_root),
                rows_below(schema::Key(schema::Row::account_node)));
    }

    /// Every account that has a row of a storage trie.
    void check_storage() {
        const schema::Key all(schema::Row::storage_node);
        const auto cursor = rows_.cursor(all);
        while (cursor->valid()) {
            core::Address address{};
            const core::ByteView key = cursor->key().subspan(1);
            if (key.size() <= address.size()) throw StorageFailure("a storage node has a malformed key");
            std::copy_n(key.begin(), address.size(), address.begin());
            faults_.guard(head_.height, [&] { check_storage_of(address); });
            // No path is longer than a key, so this lies behind all nodes of the account.
            cursor->seek(schema::storage_nodes_of(address).byte(0xff));
        }
    }

  private:
    void check_storage_of(const core::Address& address) {
        const auto touched = touched_.find(address);
        const auto record = read_account(rows_, core::keccak256(address));
        core::Hash root = record ? record->storage_root : core::empty_trie_root;
        if (touched != touched_.end()) root = touched->second;
        const auto nodes = TrieNodes::of_storage(rows_, address, 0);
        compare(core::checksum_hex(address), NodeWalk(nodes).count(root),
                rows_below(schema::storage_nodes_of(address)));
    }

    void compare(const std::string& trie, std::uint64_t reached, std::uint64_t rows) {
        if (reached != rows)
            faults_.add(head_.height,
                        std::to_string(rows - reached) + " stored nodes of " + trie + " belong to no trie");
    }

    std::uint64_t rows_below(core::ByteView prefix) const {
        std::uint64_t count = 0;
        for (auto cursor = rows_.cursor(prefix); cursor->valid(); cursor->next())
            ++count;
        return count;
    }

    const KvReader& rows_;
    const StateHead& head_;
    FaultList& faults_;
    std::map<core::Address, core::Hash> touched_;
};

}  // namespace

void verify_stored_nodes(const KvReader& rows, const StateHead& head, FaultList& faults) {
    NodeVerification nodes(rows, head, faults);
    faults.guard(head.height, [&] { nodes.check_accounts(); });
    nodes.check_storage();
}

}  // namespace sluice::ledger
