/// What is checked of blocks when a ledger is opened. Each gives the first fault, or nothing.
#pragma once

#include <optional>

#include "ledger/block_store.hpp"
#include "ledger/ledger.hpp"

namespace sluice::ledger {

std::optional<OpenFailure> find_genesis_fault(const KvReader& rows, const core::Hash& genesis_hash);

/// The ledger reaches the mark and has the same block there.
std::optional<OpenFailure> find_high_water_fault(const KvReader& rows, const LedgerHead& head,
                                                 const HighWaterMark& high_water);

/// The newest `count` heights are there, complete, certified, and each names the one before it. LevelDB
/// itself does not notice a truncated log or manifest: blocks may be missing in the middle below an intact
/// head.
std::optional<OpenFailure> find_chain_fault(const KvReader& rows, const LedgerHead& head, core::Height count);

}  // namespace sluice::ledger
