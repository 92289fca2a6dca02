/// The state after an earlier block, read from the flat state of the head and what later blocks overwrote.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "ledger/kv_store.hpp"
#include "ledger/state_records.hpp"

namespace sluice::ledger {

/// One thread. Built on a snapshot whose state is that of `head`; `height` must be readable there.
///
/// Within the kept reverse diffs a read asks the fingerprints of each block above `height`, lowest first, and
/// opens the first diff that may hold the key: its value before that block is the value at `height`. In an
/// archive the history rows answer with one seek.
class HistoricalState final : public core::StateView {
  public:
    HistoricalState(KvSnapshot rows, const StateHead& head, core::Height height);

    std::optional<core::Account> account(const core::Address& address) const override;
    core::Word storage(const core::Address& address, const core::Word& key) const override;
    core::SharedBytes code(const core::Hash& code_hash) const override;
    bool has_storage(const core::Address& address) const override;

    std::optional<AccountRecord> account_record(const core::Address& address) const;
    core::Word slot(const core::Address& address, const core::Hash& slot_hash) const;

  private:
    bool in_archive() const { return height_ >= head_.archive_from; }
    /// The value before the first block above `height_` that wrote the row; nothing if none did.
    std::optional<core::Bytes> from_archive(core::ByteView prefix) const;
    bool may_touch(core::Height height, Fingerprint wanted) const;
    std::shared_ptr<const ReverseDiff> diff_at(core::Height height) const;
    const OverwrittenAccount* first_account(const core::Address& address,
                                            std::shared_ptr<const ReverseDiff>& owner) const;
    const OverwrittenSlot* first_slot(const core::Address& address, const core::Hash& slot_hash,
                                      std::shared_ptr<const ReverseDiff>& owner) const;

    KvSnapshot rows_;
    StateHead head_;
    core::Height height_;
    /// Of the blocks height_ + 1, height_ + 2, …; read as far as was needed.
    mutable std::vector<std::vector<Fingerprint>> fingerprints_;
    mutable std::deque<std::pair<core::Height, std::shared_ptr<const ReverseDiff>>> diffs_;
};

/// Throws StorageFailure when the diff is missing or damaged.
ReverseDiff read_reverse_diff(const KvReader& rows, core::Height height);

}  // namespace sluice::ledger
