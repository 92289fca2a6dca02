/// The liquidity saving contract as its clients see it: calls and answers.
#pragma once

#include "contracts/native/settlement_calls.hpp"
#include "contracts/native/settlement_results.hpp"

namespace sluice::contracts::native {

/// ILiquiditySaving.runInfo and lastRun; all zero where there is none.
struct LsmRunInfo {
    std::uint64_t id = 0;
    core::Height height = 0;
    CurrencyText currency{};
    std::uint32_t queued = 0;
    std::uint32_t settled = 0;
    std::uint32_t bypassed = 0;
    bool oversized = false;
    core::Minor gross = 0;
    core::Minor net_moved = 0;
    core::Minor liquidity_saved = 0;
    core::Hash inputs_hash{};
    bool operator==(const LsmRunInfo&) const = default;
    static constexpr auto abi_members() {
        using R = LsmRunInfo;
        return std::make_tuple(&R::id, &R::height, &R::currency, &R::queued, &R::settled, &R::bypassed,
                               &R::oversized, &R::gross, &R::net_moved, &R::liquidity_saved, &R::inputs_hash);
    }
};

namespace calls {

ContractCall run_lsm(const CurrencyText& currency);
ContractCall set_lsm_enabled(const CurrencyText& currency, bool on);
ContractCall set_lsm_options(const CurrencyText& currency, bool allow_bypass, core::Minor sub_limit);
ContractCall lsm_run(std::uint64_t id);
ContractCall last_lsm_run(const CurrencyText& currency);
ContractCall last_lsm_run_id();
ContractCall is_lsm_enabled(const CurrencyText& currency);
ContractCall lsm_deadlock(const CurrencyText& currency);
ContractCall lsm_options(const BicText& bic, const CurrencyText& currency);
ContractCall shortfall(const BicText& bic, const CurrencyText& currency);

}  // namespace calls

namespace results {

Decoded<LsmRunInfo> lsm_run(core::ByteView data);
struct Deadlock {
    bool stands = false;  ///< nothing of what is queued can settle
    std::uint64_t queued = 0;
};
Decoded<Deadlock> lsm_deadlock(core::ByteView data);
struct LsmOptions {
    bool allow_bypass = false;
    core::Minor sub_limit = 0;
};
Decoded<LsmOptions> lsm_options(core::ByteView data);

}  // namespace results

}  // namespace sluice::contracts::native
