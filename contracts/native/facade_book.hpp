/// Allowances and permits of a currency façade: storage of 0x5e20….
#pragma once

#include "contracts/native/settlement_types.hpp"

namespace sluice::contracts::native {

/// Who may spend whose money.
struct AllowanceKey {
    core::Address owner{};
    core::Address spender{};
};
core::Uint256 read_allowance(const Storage& facade, const AllowanceKey& key);
void write_allowance(const Storage& facade, const AllowanceKey& key, const core::Uint256& amount);
/// Takes `amount` off an allowance; one of 2^256 - 1 stays as it is. False if it does not suffice.
bool spend_allowance(const Storage& facade, const AllowanceKey& key, const core::Uint256& amount);

/// How many permits the owner has used (EIP-2612).
std::uint64_t read_permit_nonce(const Storage& facade, const core::Address& owner);
void write_permit_nonce(const Storage& facade, const core::Address& owner, std::uint64_t nonce);

/// "Central bank money in EUR"
std::string facade_name(const CurrencyText& currency);
/// EIP-712 over {name of the façade, "1", chain id, address of the façade}.
core::Hash permit_domain(const core::Address& facade, const CurrencyText& currency, std::uint64_t chain_id);

/// EIP-2612.
struct Permit {
    core::Address owner{};
    core::Address spender{};
    core::Uint256 value;
    std::uint64_t nonce = 0;
    core::Uint256 deadline;  ///< seconds since 1970, inclusive
};
/// What the owner signs.
core::Hash permit_digest(const Permit& permit, const core::Hash& domain);

}  // namespace sluice::contracts::native
