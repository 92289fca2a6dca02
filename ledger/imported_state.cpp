#include "ledger/imported_state.hpp"

#include "core/merkle_decode.hpp"
#include "core/state_root.hpp"
#include "ledger/schema.hpp"
#include "ledger/sorted_trie.hpp"
#include "ledger/state_cache.hpp"
#include "ledger/trie_nodes.hpp"

namespace sluice::ledger {

namespace {

using core::merkle::Nibbles;

/// Written whenever so much has gathered.
constexpr std::size_t batch_bytes_max = 1 << 20;

class Completion {
  public:
    Completion(KvStore& store, std::uint32_t derived_leaves) : store_(store), rows_(store.snapshot()) {
        head_.derived_leaves = derived_leaves;
    }

    core::Result<StateHead, std::string> run(const core::Hash& root) {
        SortedTrie accounts;
        for (auto cursor = rows_->cursor(schema::Key(schema::Row::account)); cursor->valid();
             cursor->next()) {
            auto record = decode_account_record(cursor->value());
            if (!record) throw StorageFailure("account row cannot be decoded");
            if (auto fault = complete_account(*record)) return core::fail(std::move(*fault));
            accounts.add(core::keccak256(record->address),
                         core::encode_account(record->account, record->storage_root));
            ++head_.accounts;
        }
        if (accounts.root() != root) return core::fail("the accounts do not give the state root");
        head_.root = head_.stored_root = root;
        head_.accounts_high = head_.accounts;
        const std::size_t levels = head_.stored_levels(head_.accounts);
        store_upper_nodes(TrieNodes::of_accounts(*rows_, 0), levels,
                          [](std::span<const std::uint8_t> path) { return schema::account_node_key(path); });
        write(0);
        return head_;
    }

  private:
    std::optional<std::string> complete_account(AccountRecord& record) {
        const core::Hash& code = record.account.code_hash;
        if (code != core::empty_code_hash && !rows_->get(schema::code_key(code)))
            return "the code of " + core::checksum_hex(record.address) + " is missing";
        if (record.storage_root == core::empty_trie_root) return std::nullopt;
        SortedTrie slots;
        const schema::Key prefix = schema::slots_of(record.address);
        for (auto cursor = rows_->cursor(prefix); cursor->valid(); cursor->next()) {
            core::Hash hash{};
            const core::ByteView bytes = cursor->key().subspan(core::ByteView(prefix).size());
            const auto value = word_from_trimmed(cursor->value());
            if (bytes.size() != hash.size() || !value || *value == core::Word{})
                throw StorageFailure("slot row cannot be decoded");
            std::copy(bytes.begin(), bytes.end(), hash.begin());
            slots.add(hash, slot_leaf(*value).view());
            ++record.slots;
        }
        if (slots.root() != record.storage_root)
            return "the storage of " + core::checksum_hex(record.address) + " does not give its root";
        record.slots_high = record.slots;
        batch_.put(schema::account_key(core::keccak256(record.address)), encode(record));
        store_upper_nodes(TrieNodes::of_storage(*rows_, record.address, 0), head_.stored_levels(record.slots),
                          [&](std::span<const std::uint8_t> path) {
                              return schema::storage_node_key(record.address, path);
                          });
        write(batch_bytes_max);
        return std::nullopt;
    }

    /// Nodes of fewer nibbles than `levels`, each derived from the rows below it: every level is one pass
    /// over the rows.
    template <typename KeyOf>
    void store_upper_nodes(const TrieNodes& nodes, std::size_t levels, const KeyOf& key_of) {
        Nibbles path;
        if (levels > 0) store_node(nodes, levels, key_of, path);
    }

    template <typename KeyOf>
    void store_node(const TrieNodes& nodes, std::size_t levels, const KeyOf& key_of, Nibbles& path) {
        const auto encoded = nodes.load(path);
        const auto node = encoded ? core::merkle::decode_node(*encoded) : std::nullopt;
        if (!node) throw StorageFailure("a node cannot be derived from its rows");
        batch_.put(key_of(path), *encoded);
        write(batch_bytes_max);
        const std::size_t depth = path.size();
        node->path.append_to(path);
        for (std::uint8_t nibble = 0; nibble < node->children.size(); ++nibble) {
            // An embedded child is part of this row.
            if (node->children[nibble].size() != core::merkle::Reference::hash_bytes) continue;
            const std::size_t at = path.size();
            if (node->kind == core::merkle::NodeKind::branch) path.push_back(nibble);
            if (path.size() < levels) store_node(nodes, levels, key_of, path);
            path.resize(at);
        }
        path.resize(depth);
    }

    void write(std::size_t above) {
        if (batch_.size_bytes() <= above) return;
        store_.write(batch_, true);
        batch_.clear();
    }

    KvStore& store_;
    KvSnapshot rows_;
    StateHead head_;
    WriteBatch batch_;
};

}  // namespace

core::Result<StateHead, std::string> complete_state(KvStore& store, const core::Hash& root,
                                                    std::uint32_t derived_leaves) {
    return Completion(store, derived_leaves).run(root);
}

}  // namespace sluice::ledger
