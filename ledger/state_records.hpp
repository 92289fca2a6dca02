/// What is stored of the state, as values and as bytes (docs/formats/ledger.md).
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/state.hpp"

namespace sluice::ledger {

/// An account with the root of its storage, as the flat state keeps it. The address is in it because the
/// row's key is its hash.
struct AccountRecord {
    core::Address address{};
    core::Account account;
    core::Hash storage_root = core::empty_trie_root;
    std::uint64_t slots = 0;       ///< that are not zero
    std::uint64_t slots_high = 0;  ///< the most that there have been since storage was last cleared
    bool operator==(const AccountRecord&) const = default;
};
core::Bytes encode(const AccountRecord& record);
std::optional<AccountRecord> decode_account_record(core::ByteView encoded);

/// A slot's value without leading zeros; empty for zero.
core::ByteView trimmed(const core::Word& value);
/// Nothing if it is longer than a word or begins with a zero.
std::optional<core::Word> word_from_trimmed(core::ByteView bytes);

/// The value of a slot in a storage trie: RLP of the trimmed word. Precondition: not zero.
struct SlotLeaf {
    std::array<std::uint8_t, 33> bytes{};
    std::uint8_t size = 0;
    core::ByteView view() const { return {bytes.data(), size}; }
};
SlotLeaf slot_leaf(const core::Word& value);
std::optional<core::Word> word_from_leaf(core::ByteView leaf);

/// No archive is kept.
inline constexpr core::Height no_archive = ~core::Height{0};

/// The state's own head, in the same batch as the ledger's.
struct StateHead {
    core::Height height = 0;
    core::Hash root = core::empty_trie_root;
    core::Height stored_height = 0;                  ///< the stored trie nodes are those of this height …
    core::Hash stored_root = core::empty_trie_root;  ///< … under this root
    core::Height first_diff = 1;                     ///< lowest height whose reverse diff is kept
    core::Height archive_from = no_archive;          ///< history rows exist for all blocks above this height
    std::uint64_t accounts = 0;
    std::uint64_t accounts_high = 0;  ///< the most that there have been
    /// Subtrees that are expected to have fewer leaves are derived from flat rows, not stored. Fixed at
    /// creation.
    std::uint32_t derived_leaves = 32;
    bool operator==(const StateHead&) const = default;

    /// The lowest height whose state can be read.
    core::Height oldest_readable() const;
    /// How many upper levels are stored of a trie that has had at most `leaves_high` leaves: those whose
    /// subtrees hold at least `derived_leaves` each on average. Never shrinks, so no row is left behind.
    std::size_t stored_levels(std::uint64_t leaves_high) const;
};
core::Bytes encode(const StateHead& head);
std::optional<StateHead> decode_state_head(core::ByteView encoded);

struct OverwrittenSlot {
    core::Hash slot_hash{};
    core::Word before{};  ///< zero where nothing was stored
    bool operator==(const OverwrittenSlot&) const = default;
};

struct OverwrittenAccount {
    core::Address address{};
    std::optional<AccountRecord> before;  ///< nothing where the block created it
    bool storage_cleared = false;         ///< the block dropped all earlier storage; `slots` lists all of it
    std::vector<OverwrittenSlot> slots;   ///< sorted by hash
    bool operator==(const OverwrittenAccount&) const = default;
};

/// What one block overwrote, sorted by address: applied to the state after the block it gives the state
/// before.
using ReverseDiff = std::vector<OverwrittenAccount>;
core::Bytes encode(const ReverseDiff& diff);
std::optional<ReverseDiff> decode_reverse_diff(core::ByteView encoded);
const OverwrittenAccount* find_account(const ReverseDiff& diff, const core::Address& address);
const OverwrittenSlot* find_slot(const OverwrittenAccount& account, const core::Hash& slot_hash);

/// Four bytes that stand for a key: tell cheaply that a block did not touch it.
using Fingerprint = std::uint32_t;
Fingerprint fingerprint(const core::Address& address);
Fingerprint fingerprint(const core::Address& address, const core::Hash& slot_hash);
/// Sorted, each once.
std::vector<Fingerprint> fingerprints_of(const ReverseDiff& diff);
core::Bytes encode(const std::vector<Fingerprint>& fingerprints);
std::optional<std::vector<Fingerprint>> decode_fingerprints(core::ByteView encoded);

}  // namespace sluice::ledger
