/// Runs a settlement case on a live network, through the interfaces that banks use.
#pragma once

#include "cli/conformance/comparison.hpp"
#include "cli/conformance/switch_memory.hpp"
#include "cli/conformance/test_banks.hpp"

namespace sluice::cli::conformance {

/// The outcome of a case: it passed if nothing differs.
struct CaseOutcome {
    std::vector<std::string> differences;
    std::size_t settled = 0;  ///< payments, in the last round
};

/// Gives every bank of the case its start balance and credit line, submits the payments one after the other
/// in their order of arrival, adds money as the case says, waits until nothing moves, and compares. Each
/// round starts from empty accounts. Liquidity saving, if a round switches it, is afterwards as it was, which
/// `memory` knows meanwhile. An act that the network refuses is a difference.
CaseOutcome run_case(const SettlementCase& subject, TestBanks& banks, const SwitchMemory& memory,
                     core::DateYmd value_date);

/// Sets liquidity saving as a run that was cut off had found it.
core::Result<void, std::string> restore_switch(const TestBanks& banks, const SwitchMemory& memory);

}  // namespace sluice::cli::conformance
