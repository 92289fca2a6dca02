#include "tests/conformance/forks.hpp"

#include <algorithm>
#include <limits>

namespace sluice::conformance {

using contracts::evm::Revision;

BlobSchedule blob_schedule_of(Revision revision) {
    if (revision >= Revision::prague) return {.target = 6, .max = 9, .update_fraction = 5'007'716};
    if (revision >= Revision::cancun) return {.target = 3, .max = 6, .update_fraction = 3'338'477};
    return {};
}

contracts::BlobLimits blob_limits_of(const BlobSchedule& schedule, Revision revision) {
    constexpr std::uint64_t osaka_per_transaction = 6;
    const std::uint64_t bound = revision >= Revision::osaka ? osaka_per_transaction : schedule.max;
    return {.per_block = schedule.max, .per_transaction = std::min(schedule.max, bound)};
}

core::Uint256 blob_base_fee_of(std::uint64_t excess_blob_gas, const BlobSchedule& schedule) {
    if (schedule.update_fraction == 0) return 1;
    // The sum of the Taylor terms fraction * (excess / fraction)^i / i!.
    const core::Uint256 fraction = schedule.update_fraction;
    core::Uint256 sum;
    core::Uint256 term = fraction;
    for (std::uint64_t i = 1; !term.is_zero(); ++i) {
        const auto next = core::checked_add(sum, term);
        const auto product = core::checked_mul(term, excess_blob_gas);
        if (!next || !product) return core::Uint256::max();
        sum = *next;
        term = *product / (fraction * core::Uint256(i));
    }
    return sum / fraction;
}

core::Gas transaction_gas_limit_of(Revision revision) {
    return revision >= Revision::osaka ? core::Gas{1} << 24 : std::numeric_limits<core::Gas>::max();
}

}  // namespace sluice::conformance
