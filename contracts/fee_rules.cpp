#include "contracts/fee_rules.hpp"

#include <algorithm>

namespace sluice::contracts {

core::Gas blob_gas_of(const core::Transaction& transaction) {
    return blob_gas * transaction.blob_hashes.size();
}

core::Uint256 FeeRules::price_of(const core::Transaction& transaction) const {
    if (mode == FeeMode::none) return base_fee;
    const core::Uint256 tip =
        std::min(transaction.max_priority_fee_per_gas, transaction.max_fee_per_gas - base_fee);
    return base_fee + tip;
}

std::optional<core::Uint256> FeeRules::funds_needed(const core::Transaction& transaction) const {
    if (mode == FeeMode::none) return transaction.value;
    const auto gas = core::checked_mul(transaction.gas_limit, transaction.max_fee_per_gas);
    const auto blobs = core::checked_mul(blob_gas_of(transaction), transaction.max_fee_per_blob_gas);
    if (!gas || !blobs) return std::nullopt;
    const auto fees = core::checked_add(*gas, *blobs);
    return fees ? core::checked_add(*fees, transaction.value) : std::nullopt;
}

core::Uint256 FeeRules::prepayment(const core::Transaction& transaction) const {
    if (mode == FeeMode::none) return {};
    return core::Uint256(transaction.gas_limit) * price_of(transaction) +
           core::Uint256(blob_gas_of(transaction)) * blob_base_fee;
}

core::Uint256 FeeRules::repayment(const core::Transaction& transaction, core::Gas gas_left) const {
    if (mode == FeeMode::none) return {};
    return core::Uint256(gas_left) * price_of(transaction);
}

core::Uint256 FeeRules::reward(const core::Transaction& transaction, core::Gas gas_used) const {
    if (mode == FeeMode::none) return {};
    return core::Uint256(gas_used) * (price_of(transaction) - base_fee);
}

}  // namespace sluice::contracts
