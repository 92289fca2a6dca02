/// Moving central-bank money between addresses: what stands behind `transfer` and `transferFrom` of the
/// currency façades.
#pragma once

#include "contracts/native/currency_table.hpp"
#include "contracts/native/holder_book.hpp"

namespace sluice::contracts::native {

/// What an address has on a façade.
struct Holding {
    enum class Kind : std::uint8_t {
        none,    ///< nothing, and nothing can be sent there
        bank,    ///< the account of the bank whose settlement address it is
        holder,  ///< an account of its own
    };
    Kind kind = Kind::none;
    AccountId account;
    HolderStatus status{};  ///< of a holder
};
Holding find_holding(const Books& books, CurrencyIndex currency, const core::Address& address);

/// What `balanceOf` says: money that is there, nothing where credit is drawn.
core::Minor balance_of(const Books& books, const Holding& holding);

struct FacadeTransfer {
    core::Address from{};
    core::Address to{};
    core::Uint256 amount;
    core::Address
        agent{};  ///< who moves money of a bank under its mandate; zeros: the owner, or by allowance
};
/// True if `agent` has a mandate of the bank of `payer` to move money.
bool has_mandate(const Books& books, const Holding& payer, const core::Address& agent);
/// Moves the money now, with an entry on either side that names the other's address. What may not move is a
/// revert: an error of ERC-6093 for addresses and funds, Refused(bytes4) for business reasons. Nothing is
/// booked for an amount of zero or a transfer to oneself.
std::optional<Revert> transfer_money(const Books& books, const Currency& currency,
                                     const FacadeTransfer& transfer);

}  // namespace sluice::contracts::native
