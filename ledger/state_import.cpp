#include "ledger/state_import.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/merkle_decode.hpp"
#include "core/rlp.hpp"
#include "core/state_root.hpp"
#include "ledger/block_store.hpp"
#include "ledger/imported_state.hpp"
#include "ledger/key_path.hpp"
#include "ledger/schema.hpp"
#include "ledger/sorted_trie.hpp"
#include "ledger/state_records.hpp"

namespace sluice::ledger {

namespace {

/// Rows removed in one batch.
constexpr std::size_t cleared_per_batch = 4096;

/// A leaf of the account trie (Yellow Paper 4.1).
std::optional<AccountRecord> account_of(const StateLeaf& leaf) {
    AccountRecord record;
    if (leaf.key.size() != record.address.size()) return std::nullopt;
    std::copy(leaf.key.begin(), leaf.key.end(), record.address.begin());
    core::rlp::ListReader reader(leaf.value);
    record.account.nonce = reader.u64();
    record.account.balance = reader.uint256();
    record.storage_root = reader.hash();
    record.account.code_hash = reader.hash();
    if (!reader.finish()) return std::nullopt;
    return record;
}

std::optional<core::Hash> slot_hash_of(const StateLeaf& leaf) {
    core::Hash hash{};
    if (leaf.key.size() != hash.size()) return std::nullopt;
    std::copy(leaf.key.begin(), leaf.key.end(), hash.begin());
    return hash;
}

/// A part of the state, as rows.
struct Rows {
    WriteBatch batch;
    std::vector<WantedPart> wanted;
    std::set<core::Hash> codes;  ///< among those wanted: many accounts share one
    std::uint64_t accounts = 0;
};

/// Writes the leaf's row, and asks for what hangs from it. The hashed key, or nothing if no state has such a
/// leaf.
std::optional<core::Hash> add_leaf(const StatePart& part, const StateLeaf& leaf, const KvReader& present,
                                   Rows& to) {
    if (part.kind == StatePart::Kind::storage) {
        const auto hash = slot_hash_of(leaf);
        const auto value = word_from_leaf(leaf.value);
        if (!hash || !value || *value == core::Word{}) return std::nullopt;
        to.batch.put(schema::slot_key(part.account, *hash), trimmed(*value));
        return hash;
    }
    const auto record = account_of(leaf);
    if (!record) return std::nullopt;
    const core::Hash hash = core::keccak256(record->address);
    to.batch.put(schema::account_key(hash), encode(*record));
    ++to.accounts;
    if (record->storage_root != core::empty_trie_root)
        to.wanted.push_back({{StatePart::Kind::storage, record->address, {}, {}}, record->storage_root});
    const core::Hash& code = record->account.code_hash;
    const bool is_new = code != core::empty_code_hash && !present.get(schema::code_key(code));
    if (is_new && to.codes.insert(code).second)
        to.wanted.push_back({{StatePart::Kind::code, {}, {}, code}, code});
    return hash;
}

/// One cursor for all of them: a new one would have to pass everything removed before it.
void remove_rows(KvStore& store, schema::Row row) {
    WriteBatch batch;
    for (auto cursor = store.cursor(schema::Key(row)); cursor->valid(); cursor->next()) {
        batch.remove(cursor->key());
        if (batch.changes() < cleared_per_batch) continue;
        store.write(batch, true);
        batch.clear();
    }
    if (batch.changes() > 0) store.write(batch, true);
}

/// From the first write on the store is no ledger any more.
void clear_under_mark(KvStore& store, core::Height height, const core::Hash& block_hash) {
    core::Bytes mark;
    core::append_be64(mark, height);
    core::append(mark, block_hash);
    WriteBatch first;
    first.put(schema::join_key(), mark);
    first.remove(schema::head_key());
    store.write(first, true);
    for (const schema::RowForm& form : schema::table)
        if (form.row != schema::Row::join) remove_rows(store, form.row);
}

}  // namespace

std::string_view describe(ChunkFault fault) {
    switch (fault) {
        case ChunkFault::wrong_form:
            return "it is not of the kind that was asked for";
        case ChunkFault::unsorted:
            return "its leaves are out of order or outside the path";
        case ChunkFault::malformed:
            return "no state holds such a leaf or node";
        case ChunkFault::wrong_hash:
            return "it does not hash to what its parent says";
    }
    CHECK(false);
    return {};
}

void clear_store(KvStore& store) {
    clear_under_mark(store, 0, {});
    WriteBatch last;
    last.remove(schema::join_key());
    store.write(last, true);
}

bool is_unfinished_join(const KvReader& rows) {
    return rows.get(schema::join_key()).has_value();
}

StateImport::StateImport(KvStore& store, core::Height height, const core::Hash& block_hash,
                         const core::Hash& state_root)
    : store_(store), root_(state_root), height_(height) {
    clear_under_mark(store, height, block_hash);
}

WantedPart StateImport::root() const {
    return {{StatePart::Kind::accounts, {}, {}, {}}, root_};
}

StateImport::Taken StateImport::take(const WantedPart& wanted, const StateChunk& chunk) {
    const bool wants_code = wanted.part.kind == StatePart::Kind::code;
    if (wants_code != (chunk.form == StateChunk::Form::code)) return core::fail(ChunkFault::wrong_form);
    if (wants_code) return take_code(wanted, chunk);
    return chunk.form == StateChunk::Form::node ? take_node(wanted, chunk) : take_leaves(wanted, chunk);
}

StateImport::Taken StateImport::take_code(const WantedPart& wanted, const StateChunk& chunk) {
    if (core::keccak256(chunk.bytes) != wanted.hash) return core::fail(ChunkFault::wrong_hash);
    WriteBatch batch;
    batch.put(schema::code_key(wanted.hash), chunk.bytes);
    store_.write(batch, true);
    bytes_ += batch.size_bytes();
    return std::vector<WantedPart>{};
}

/// A child that is embedded in its parent counts as known by the hash of its own encoding.
StateImport::Taken StateImport::take_node(const WantedPart& wanted, const StateChunk& chunk) {
    if (core::keccak256(chunk.bytes) != wanted.hash) return core::fail(ChunkFault::wrong_hash);
    const auto node = core::merkle::decode_node(chunk.bytes);
    // A leaf is no more than its node, and is sent as one.
    if (!node || node->kind == core::merkle::NodeKind::leaf) return core::fail(ChunkFault::malformed);
    std::vector<WantedPart> below;
    for (std::uint8_t nibble = 0; nibble < node->children.size(); ++nibble) {
        const core::ByteView reference = node->children[nibble];
        if (reference.empty()) continue;
        WantedPart child{wanted.part, {}};
        node->path.append_to(child.part.path);
        if (node->kind == core::merkle::NodeKind::branch) child.part.path.push_back(nibble);
        if (child.part.path.size() > 2 * child.hash.size()) return core::fail(ChunkFault::malformed);
        if (reference.size() == child.hash.size())
            std::copy(reference.begin(), reference.end(), child.hash.begin());
        else
            child.hash = core::keccak256(reference);
        below.push_back(std::move(child));
    }
    return below;
}

StateImport::Taken StateImport::take_leaves(const WantedPart& wanted, const StateChunk& chunk) {
    const auto& path = wanted.part.path;
    SortedTrie subtree(path.size());
    Rows rows;
    std::optional<core::Hash> before;
    for (const StateLeaf& leaf : chunk.leaves) {
        const auto key = add_leaf(wanted.part, leaf, store_, rows);
        if (!key) return core::fail(ChunkFault::malformed);
        if (!lies_under(*key, path) || (before && !(*before < *key))) return core::fail(ChunkFault::unsorted);
        subtree.add(*key, leaf.value);
        before = key;
    }
    const auto node = subtree.node();
    if (!node || core::keccak256(*node) != wanted.hash) return core::fail(ChunkFault::wrong_hash);
    store_.write(rows.batch, true);
    bytes_ += rows.batch.size_bytes();
    accounts_ += rows.accounts;
    return std::move(rows.wanted);
}

core::Result<void, std::string> StateImport::finish(const JoinedChain& chain, const StateOptions& options) {
    CHECK(chain.head.height == height_ && chain.head.state_root == root_);
    auto head = complete_state(store_, root_, options.derived_leaves);
    if (!head) return core::fail(std::move(head.error()));
    head->height = head->stored_height = height_;
    head->first_diff = height_ + 1;
    if (options.archive) head->archive_from = height_;

    WriteBatch batch;
    write_format(batch);
    const core::Bytes genesis = core::encode(core::Block{chain.genesis, {}});
    write_block({chain.genesis, core::hash_of(chain.genesis), genesis, {}, {}, nullptr}, batch);
    write_validators(0, chain.genesis_validators, batch);
    for (const ValidatorChange& change : chain.changes) {
        write_header(change.header, core::hash_of(change.header), &change.certificate, batch);
        write_validators(change.header.height + 1, change.next_validators, batch);
    }
    write_block({chain.head, chain.head_hash, *chain.encoded_block, chain.transaction_hashes, chain.receipts,
                 &chain.certificate},
                batch);
    write_kept_blocks({height_, height_}, batch);
    write_index_rows(chain.index_rows, batch);
    batch.put(schema::state_head_key(), encode(*head));
    batch.remove(schema::join_key());
    store_.write(batch, true);
    return {};
}

}  // namespace sluice::ledger
