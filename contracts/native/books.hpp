/// The storages of all settlement contracts in one hand, and the block that works on them.
#pragma once

#include "contracts/native/settlement_types.hpp"

namespace sluice::contracts::native {

/// Settlement crosses contracts: a payment writes accounts, an account asks for parties. Every function of
/// the settlement core takes this handle. Valid as long as the state; one thread.
struct Books {
    Books(JournaledState& all, const BlockContext& context)
        : state(all),
          block(context),
          participants(all, participants_address),
          accounts(all, accounts_address),
          payments(all, payments_address),
          governance(all, governance_address) {}

    /// A log of the contract at `contract`.
    void emit(const core::Address& contract, const core::Word& topic,
              std::initializer_list<core::Word> indexed, core::Bytes data) const;

    JournaledState& state;
    const BlockContext& block;
    Storage participants;
    Storage accounts;
    Storage payments;
    Storage governance;
};

}  // namespace sluice::contracts::native
