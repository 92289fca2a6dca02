#include "ledger/verify_nodes.hpp"

#include <algorithm>
#include <map>

#include "core/merkle_decode.hpp"
#include "core/rlp.hpp"
#include "ledger/schema.hpp"
#include "ledger/state_cache.hpp"
#include "ledger/state_history.hpp"
#include "ledger/state_trie.hpp"

namespace sluice::ledger {

namespace {

using core::merkle::DecodedNode;
using core::merkle::Nibbles;
using core::merkle::NodeKind;
using core::merkle::NodeSource;
using core::merkle::Reference;

/// Called with a leaf's whole key and its value.
using LeafVisitor = std::function<void(const core::Hash& key, core::ByteView value)>;

class NodeWalk {
  public:
    NodeWalk(const NodeSource& source, LeafVisitor visit) : source_(source), visit_(std::move(visit)) {}

    /// Nodes that have a row of their own. Throws DamagedTrie.
    std::uint64_t count_below(const core::Hash& root) {
        if (root == core::empty_trie_root) return 0;
        enter_stored(Reference::of_hash(root));
        return stored_;
    }

  private:
    void enter_stored(const Reference& reference) {
        const core::Bytes encoded = core::merkle::load_encoded(source_, path_, reference);
        ++stored_;
        enter(encoded);
    }

    void enter(core::ByteView encoded) {
        const auto node = core::merkle::decode_node(encoded);
        if (!node) throw core::merkle::DamagedTrie{path_};
        const std::size_t depth = path_.size();
        node->path.append_to(path_);
        if (node->kind == NodeKind::leaf) {
            visit_leaf(*node);
        } else if (node->kind == NodeKind::extension) {
            enter_child(node->children[0]);
        } else {
            enter_children(*node);
        }
        path_.resize(depth);
    }

    void enter_children(const DecodedNode& node) {
        for (std::uint8_t nibble = 0; nibble < node.children.size(); ++nibble) {
            if (node.children[nibble].empty()) continue;
            path_.push_back(nibble);
            enter_child(node.children[nibble]);
            path_.pop_back();
        }
    }

    void enter_child(core::ByteView reference) {
        if (reference.size() < Reference::hash_bytes) return enter(reference);
        core::Hash hash{};
        std::copy(reference.begin(), reference.end(), hash.begin());
        enter_stored(Reference::of_hash(hash));
    }

    void visit_leaf(const DecodedNode& node) {
        core::Hash key{};
        if (path_.size() != 2 * key.size()) throw core::merkle::DamagedTrie{path_};
        for (std::size_t i = 0; i < key.size(); ++i)
            key[i] = static_cast<std::uint8_t>(path_[2 * i] << 4 | path_[2 * i + 1]);
        visit_(key, node.value);
    }

    const NodeSource& source_;
    LeafVisitor visit_;
    Nibbles path_;
    std::uint64_t stored_ = 0;
};

/// Addresses of accounts that were deleted after the nodes were stored: their rows are gone.
std::map<core::Hash, core::Address> deleted_since(const KvReader& rows, const StateHead& head) {
    std::map<core::Hash, core::Address> addresses;
    for (core::Height height = head.stored_height + 1; height <= head.height; ++height)
        for (const OverwrittenAccount& account : read_reverse_diff(rows, height))
            addresses.emplace(core::keccak256(account.address), account.address);
    return addresses;
}

/// The third item of an account's leaf.
core::Hash storage_root_in(core::ByteView leaf) {
    core::rlp::ListReader reader(leaf);
    reader.u64();
    reader.uint256();
    return reader.hash();
}

std::uint64_t count_rows(const KvReader& rows, schema::Row row) {
    std::uint64_t count = 0;
    for (auto cursor = rows.cursor(schema::Key(row)); cursor->valid(); cursor->next())
        ++count;
    return count;
}

}  // namespace

void verify_stored_nodes(const KvReader& rows, const StateHead& head, FaultList& faults) {
    const auto deleted = deleted_since(rows, head);
    std::uint64_t storage_nodes = 0;
    const auto check_storage = [&](const core::Hash& address_hash, core::ByteView leaf) {
        const auto record = read_account(rows, address_hash);
        const auto gone = deleted.find(address_hash);
        if (!record && gone == deleted.end())
            return faults.add(head.height, "a stored node names an account that does not exist");
        const core::Address address = record ? record->address : gone->second;
        const StorageNodes source(rows, address);
        faults.guard(head.height, [&] {
            storage_nodes +=
                NodeWalk(source, [](const core::Hash&, core::ByteView) {}).count_below(storage_root_in(leaf));
        });
    };
    const AccountNodes source(rows);
    const std::uint64_t account_nodes = NodeWalk(source, check_storage).count_below(head.stored_root);
    if (account_nodes != count_rows(rows, schema::Row::account_node))
        faults.add(head.height, "there are stored nodes of accounts that belong to no trie");
    if (storage_nodes != count_rows(rows, schema::Row::storage_node))
        faults.add(head.height, "there are stored nodes of storage that belong to no trie");
}

}  // namespace sluice::ledger
