#include "ledger/ledger_snapshot.hpp"

#include <algorithm>

#include "ledger/block_store.hpp"
#include "ledger/ledger_view.hpp"
#include "ledger/schema.hpp"
#include "ledger/state_history.hpp"
#include "ledger/state_proof.hpp"

namespace sluice::ledger {

LedgerSnapshot::LedgerSnapshot(std::shared_ptr<const LedgerView> view) : view_(std::move(view)) {}
LedgerSnapshot::~LedgerSnapshot() = default;

core::Height LedgerSnapshot::height() const {
    return view_->head.height;
}
const core::Hash& LedgerSnapshot::hash() const {
    return view_->head.hash;
}
const core::Header& LedgerSnapshot::head() const {
    return view_->header;
}

core::Height LedgerSnapshot::first_header() const {
    return view_->kept.first_header;
}
core::Height LedgerSnapshot::first_body() const {
    return view_->kept.first_body;
}

/// To be asked when a row was not found.
void LedgerSnapshot::require_header(core::Height height) const {
    if (height != 0 && height < first_header()) throw BlockNotKept{height, first_header()};
}

void LedgerSnapshot::require_body(core::Height height) const {
    if (height != 0 && height < first_body()) throw BlockNotKept{height, first_body()};
}

std::optional<core::Hash> LedgerSnapshot::hash_at(core::Height height) const {
    if (height == view_->head.height) return view_->head.hash;
    const auto encoded = read_encoded_header(*view_->rows, height);
    if (!encoded) require_header(height);
    if (!encoded) return std::nullopt;
    return core::keccak256(*encoded);
}

std::optional<core::Height> LedgerSnapshot::height_of(const core::Hash& block_hash) const {
    return read_block_height(*view_->rows, block_hash);
}

std::optional<core::Header> LedgerSnapshot::header(core::Height height) const {
    if (height == view_->head.height) return view_->header;
    auto header = read_header(*view_->rows, height);
    if (!header) require_header(height);
    return header;
}

std::optional<core::Bytes> LedgerSnapshot::encoded_block(core::Height height) const {
    require_body(height);
    return read_encoded_block(*view_->rows, height);
}

std::optional<core::EncodedBlock> LedgerSnapshot::block(core::Height height) const {
    const auto encoded = encoded_block(height);
    if (!encoded) return std::nullopt;
    auto block = core::decode_block(*encoded);
    if (!block) throw StorageFailure("block cannot be decoded: block " + std::to_string(height));
    return std::move(*block);
}

std::optional<core::CommitCertificate> LedgerSnapshot::certificate(core::Height height) const {
    auto certificate = read_certificate(*view_->rows, height);
    if (!certificate) require_header(height);
    return certificate;
}

std::optional<std::vector<core::Receipt>> LedgerSnapshot::receipts(core::Height height) const {
    if (height > view_->head.height) return std::nullopt;
    require_body(height);
    return read_receipts(*view_->rows, height);
}

std::optional<TransactionPlace> LedgerSnapshot::find_transaction(const core::Hash& hash) const {
    return read_transaction_place(*view_->rows, hash);
}

core::Bytes LedgerSnapshot::encoded_transaction(const TransactionPlace& place) const {
    require_body(place.height);
    return read_encoded_transaction(*view_->rows, place);
}

std::optional<PlacedReceipt> LedgerSnapshot::receipt(core::Height height, std::uint32_t index) const {
    require_body(height);
    return read_receipt(*view_->rows, height, index);
}

std::optional<core::ValidatorSet> LedgerSnapshot::validators(core::Height height) const {
    if (height > view_->head.height + 1) return std::nullopt;
    return read_validators(*view_->rows, height);
}

std::vector<core::Height> LedgerSnapshot::validator_changes() const {
    return read_validator_changes(*view_->rows);
}

core::Height LedgerSnapshot::oldest_state() const {
    return view_->state.oldest_readable();
}

StateExportPtr LedgerSnapshot::export_state() const {
    if (view_->state.stored_height != view_->head.height) return nullptr;
    return std::make_shared<const StateExport>(view_->rows, view_->state, view_->head.hash);
}

core::Result<std::unique_ptr<core::StateView>, StateUnavailable> LedgerSnapshot::state_at(
    core::Height height) const {
    const StateUnavailable range{oldest_state(), view_->head.height};
    if (height < range.oldest || height > range.newest) return core::fail(range);
    return std::make_unique<HistoricalState>(view_->rows, view_->state, height);
}

core::Result<AccountProof, StateUnavailable> LedgerSnapshot::prove(core::Height height,
                                                                   const core::Address& address,
                                                                   std::span<const core::Word> keys) const {
    const core::Height newest = view_->head.height;
    const core::Height by_depth = newest - std::min(newest, view_->proof_blocks);
    // Proofs undo reverse diffs, which an archive keeps no longer than others.
    const StateUnavailable range{std::max(by_depth, view_->state.first_diff - 1), newest};
    if (height < range.oldest || height > range.newest) return core::fail(range);
    return prove_account({view_->tries, view_->rows, view_->state, height}, address, keys);
}

std::vector<IndexRow> LedgerSnapshot::scan_index(core::ByteView prefix, std::optional<core::ByteView> after,
                                                 std::size_t limit) const {
    core::Bytes row_prefix = core::to_bytes(schema::Key(schema::Row::index));
    core::append(row_prefix, prefix);
    const auto cursor = view_->rows->cursor(row_prefix);
    if (after) {
        // The least key above `after` is `after` with a zero behind it.
        core::Bytes from = core::to_bytes(schema::Key(schema::Row::index));
        core::append(from, *after);
        from.push_back(0);
        cursor->seek(from);
    }
    std::vector<IndexRow> found;
    for (; cursor->valid() && found.size() < limit; cursor->next())
        found.push_back({core::to_bytes(cursor->key().subspan(1)), core::to_bytes(cursor->value())});
    return found;
}

}  // namespace sluice::ledger
