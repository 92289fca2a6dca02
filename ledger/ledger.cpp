#include "ledger/ledger.hpp"

#include "core/check.hpp"
#include "ledger/block_store.hpp"
#include "ledger/ledger_checks.hpp"
#include "ledger/ledger_view.hpp"
#include "ledger/schema.hpp"
#include "ledger/state_contents.hpp"
#include "ledger/state_import.hpp"

namespace sluice::ledger {

struct Ledger::State {
    KvStore* store = nullptr;
    LedgerOptions options;
    core::ValidatorSet next_validators;
    KeptBlocks kept;
    std::shared_ptr<const LedgerView> view;
    LedgerSnapshotPtr snapshot;

    State(KvStore& rows, const LedgerOptions& chosen, core::ValidatorSet validators)
        : store(&rows),
          options(chosen),
          next_validators(std::move(validators)),
          kept(read_kept_blocks(rows)) {}

    /// Readers see the store as it is now.
    void publish(const LedgerHead& head, const core::Header& header, const StateHead& state,
                 StateTries tries) {
        view = std::make_shared<const LedgerView>(LedgerView{
            store->snapshot(), head, header, state, std::move(tries), options.state.proof_blocks, kept});
        snapshot = std::make_shared<const LedgerSnapshot>(view);
    }
};

namespace {

OpenFailure damaged(std::string detail) {
    return {OpenError::damaged, std::move(detail)};
}

/// Everything but the state.
struct CheckedHead {
    LedgerHead head;
    core::Header header;
    StateHead state;
    core::ValidatorSet next_validators;
};

core::Result<CheckedHead, OpenFailure> check_head(const KvReader& rows, const LedgerHead& head) {
    auto header = read_header(rows, head.height);
    if (!header || core::hash_of(*header) != head.hash)
        return core::fail(
            damaged("the head row does not fit the header of block " + std::to_string(head.height)));
    const auto state_row = rows.get(schema::state_head_key());
    const auto state = state_row ? decode_state_head(*state_row) : std::nullopt;
    if (!state || state->height != head.height || state->root != header->state_root)
        return core::fail(damaged("the state is not that of block " + std::to_string(head.height)));
    auto validators = read_validators(rows, head.height + 1);
    if (!validators) return core::fail(damaged("the validator set of the next height is missing"));
    return CheckedHead{head, std::move(*header), *state, std::move(*validators)};
}

core::Result<CheckedHead, OpenFailure> check_all(const KvReader& rows, const core::Hash& genesis_hash,
                                                 const std::optional<HighWaterMark>& high_water,
                                                 const LedgerOptions& options) {
    const auto format = read_format(rows);
    const auto head = read_head(rows);
    if (is_unfinished_join(rows))
        return core::fail(OpenFailure{OpenError::unfinished_join, "joining from a snapshot was cut short"});
    if (!format && !head) return core::fail(OpenFailure{OpenError::empty, "the database holds no ledger"});
    if (!format || !head) return core::fail(damaged("the format or the head row is missing"));
    if (*format != schema::format_version)
        return core::fail(OpenFailure{OpenError::unsupported_format, "format " + std::to_string(*format)});
    if (auto fault = find_genesis_fault(rows, genesis_hash)) return core::fail(std::move(*fault));
    if (high_water)
        if (auto fault = find_high_water_fault(rows, *head, *high_water))
            return core::fail(std::move(*fault));
    if (auto fault = find_chain_fault(rows, *head, options.checked_heights))
        return core::fail(std::move(*fault));
    return check_head(rows, *head);
}

core::Result<CheckedHead, OpenFailure> check_readable(const KvReader& rows, const core::Hash& genesis_hash,
                                                      const std::optional<HighWaterMark>& high_water,
                                                      const LedgerOptions& options) {
    try {
        return check_all(rows, genesis_hash, high_water, options);
    } catch (const StorageFailure& failure) {
        return core::fail(damaged(failure.what()));
    }
}

std::optional<CreateFailure> find_create_fault(const KvReader& rows, const GenesisRecord& genesis) {
    if (read_format(rows) || read_head(rows))
        return CreateFailure{CreateError::not_empty, "the database already holds a ledger"};
    if (genesis.header.height != 0 || genesis.header.transactions_root != core::empty_trie_root)
        return CreateFailure{CreateError::malformed, "a genesis block has height 0 and no transactions"};
    return std::nullopt;
}

}  // namespace

std::string_view describe(OpenError error) {
    switch (error) {
        case OpenError::empty:
            return "the database holds no ledger";
        case OpenError::wrong_genesis:
            return "the database holds another chain";
        case OpenError::unsupported_format:
            return "the database was written by a newer version";
        case OpenError::damaged:
            return "the database is damaged";
        case OpenError::unfinished_join:
            return "the database holds part of a state";
        case OpenError::behind_high_water:
            return "the database has lost blocks that were committed";
    }
    CHECK(false);
    return {};
}

Ledger::Ledger(std::unique_ptr<State> state) : state_(std::move(state)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

core::Result<Ledger::Opened, OpenFailure> Ledger::open(KvStore& store, const core::Hash& genesis_hash,
                                                       const std::optional<HighWaterMark>& high_water,
                                                       const LedgerOptions& options) {
    auto checked = check_readable(store, genesis_hash, high_water, options);
    if (!checked) return core::fail(std::move(checked.error()));
    auto contents = rebuild_state(store, checked->state, options.state);
    if (!contents) return core::fail(damaged(std::move(contents.error())));
    // The state of the head is what others may join from until the next snapshot height.
    if (options.state.snapshot_interval != 0) store_all_nodes(store, **contents);
    auto state = std::make_unique<State>(store, options, std::move(checked->next_validators));
    state->publish(checked->head, checked->header, (*contents)->head, (*contents)->tries);
    return Opened{Ledger(std::move(state)), HeadState(std::move(*contents))};
}

core::Result<Ledger::Opened, CreateFailure> Ledger::create(KvStore& store, const GenesisRecord& genesis,
                                                           const LedgerOptions& options) {
    if (auto fault = find_create_fault(store, genesis)) return core::fail(std::move(*fault));
    HeadState head_state(state_before_genesis(store, options.state));
    const PreparedState prepared = head_state.prepare(genesis.state);
    if (prepared.state_root() != genesis.header.state_root)
        return core::fail(CreateFailure{CreateError::wrong_state_root,
                                        "the state has root " + core::to_hex_0x(prepared.state_root()) +
                                            ", the header says " +
                                            core::to_hex_0x(genesis.header.state_root)});
    const core::Hash hash = core::hash_of(genesis.header);
    const core::Bytes encoded = core::encode(core::Block{genesis.header, {}});
    WriteBatch batch;
    write_format(batch);
    write_block({genesis.header, hash, encoded, {}, {}, nullptr}, batch);
    write_validators(0, genesis.validators, batch);
    write_index_rows(genesis.index_rows, batch);
    batch.append(prepared.contents_->rows);
    store.write(batch, true);

    head_state.advance(prepared);
    auto state = std::make_unique<State>(store, options, genesis.validators);
    state->publish({0, hash}, genesis.header, prepared.contents_->head, prepared.contents_->tries);
    return Opened{Ledger(std::move(state)), std::move(head_state)};
}

LedgerSnapshotPtr Ledger::append(const BlockRecord& record) {
    const LedgerView& before = *state_->view;
    CHECK(record.header.height == before.head.height + 1);
    CHECK(record.header.parent_hash == before.head.hash);
    CHECK(record.certificate.height == record.header.height);
    CHECK(record.certificate.block_hash == record.hash);
    CHECK(record.receipts.size() == record.transaction_hashes.size());
    CHECK(record.state.height() == record.header.height);
    CHECK(record.state.parent_root() == before.state.root);
    CHECK(record.state.state_root() == record.header.state_root);

    const PreparedContents& prepared = *record.state.contents_;
    WriteBatch batch;
    write_block({record.header, record.hash, *record.encoded_block, record.transaction_hashes,
                 record.receipts, &record.certificate},
                batch);
    if (record.next_validators != state_->next_validators)
        write_validators(record.header.height + 1, record.next_validators, batch);
    write_index_rows(record.index_rows, batch);
    batch.append(prepared.rows);
    KeptBlocks kept = state_->kept;
    if (state_->options.block_history != 0)
        kept = prune_bodies(*before.rows, kept, record.header.height, state_->options.block_history, batch);
    state_->store->write(batch, true);

    state_->kept = kept;
    state_->next_validators = record.next_validators;
    state_->publish({record.header.height, record.hash}, record.header, prepared.head, prepared.tries);
    return state_->snapshot;
}

LedgerSnapshotPtr Ledger::snapshot() const {
    return state_->snapshot;
}

}  // namespace sluice::ledger
