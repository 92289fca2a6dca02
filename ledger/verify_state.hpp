/// The state's part of offline verification. Internal to the ledger.
#pragma once

#include "core/block.hpp"
#include "ledger/fault_list.hpp"

namespace sluice::ledger {

/// Checks the state's head and history rows, and that the tries can be rebuilt; with `full` also the root of
/// all flat state, every stored trie node and all code.
void verify_state(const KvReader& rows, const core::Header& head, const VerifyOptions& options,
                  VerifyReport& report, FaultList& faults);

}  // namespace sluice::ledger
