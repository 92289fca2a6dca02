/// What liquidity saving remembers: per currency its switch and work that is left, and the last runs. Storage
/// of 0x…5e04.
#pragma once

#include "contracts/native/books.hpp"

namespace sluice::contracts::native {

/// One resolution of the queues of a currency that settled something or found that nothing could.
struct LsmRun {
    std::uint64_t id = 0;  ///< runs of all currencies count from 1; 0: no such run
    core::Height height = 0;
    CurrencyIndex currency = 0;
    std::uint32_t queued = 0;    ///< payments in the queues when it began
    std::uint32_t settled = 0;   ///< of them
    std::uint32_t bypassed = 0;  ///< of those settled: out of their order, by their payers' leave
    bool oversized = false;      ///< a set that can settle was left: it is larger than may be booked at once
    core::Minor gross = 0;       ///< sum of what settled
    core::Minor net_moved = 0;   ///< what it took from balances
    core::Hash inputs_hash{};    ///< of the inputs, see liquidity_inputs.hpp
    bool operator==(const LsmRun&) const = default;
    core::Minor liquidity_saved() const { return gross - net_moved; }
    static constexpr auto storage_members() {
        using R = LsmRun;
        return std::make_tuple(&R::id, &R::height, &R::currency, &R::queued, &R::settled, &R::bypassed,
                               &R::oversized, &R::gross, &R::net_moved, &R::inputs_hash);
    }
};

/// So many runs are remembered; each new one takes the place of the oldest.
inline constexpr std::uint64_t lsm_runs_kept = 4'096;

/// Number of the last run of any currency; 0 if there was none.
std::uint64_t last_run_id(const Books& books);
/// All zero for a run that never was or is no longer remembered.
LsmRun read_run(const Books& books, std::uint64_t id);
/// The currency's last run; all zero if it never had one or it is no longer remembered.
LsmRun last_run_of(const Books& books, CurrencyIndex currency);
/// Gives the run its number, which it returns, and remembers it.
std::uint64_t add_run(const Books& books, LsmRun run);

/// Switched on, as every currency is from its beginning.
bool is_lsm_enabled(const Books& books, CurrencyIndex currency);
void set_lsm_enabled(const Books& books, CurrencyIndex currency, bool on);

/// Why a currency's queues have to be resolved by the next system transaction.
enum class RunRequest : std::uint8_t {
    none,
    leftover,     ///< the budget of a block ended before the work did, or saving was switched on
    by_operator,  ///< asked for, also where saving is switched off
};
template <>
inline constexpr RunRequest last_enumerator<RunRequest> = RunRequest::by_operator;

/// Asks for a run; the stronger request stands.
void request_run(const Books& books, CurrencyIndex currency, RunRequest request);
RunRequest requested_run(const Books& books, CurrencyIndex currency);
void clear_run_request(const Books& books, CurrencyIndex currency);
/// The first currency after `currency` (0: of all) that has a request.
std::optional<CurrencyIndex> first_requested_run(JournaledState& state, CurrencyIndex currency = 0);

}  // namespace sluice::contracts::native
