/// The laws of money: per currency, what all accounts hold is what was issued less what was redeemed, and no
/// account lies below its floor.
#pragma once

#include <map>
#include <vector>

#include "contracts/native/account_book.hpp"
#include "core/state.hpp"

namespace sluice::contracts::native {

/// One law that is broken.
struct MoneyFault {
    enum class Law : std::uint8_t {
        conservation,  ///< holdings differ from issued - redeemed
        floor,         ///< a balance below minus its credit line
    };
    Law law{};
    AccountId account;  ///< participant 0 for conservation
    core::SignedMinor difference = 0;
    bool operator==(const MoneyFault&) const = default;
};

/// Adds up the changes of one block. A change is a slot of the accounts contract with its value before and
/// after.
class MoneyChangeCheck {
  public:
    void add(const core::Word& key, const core::Word& before, const core::Word& after);
    /// Sums of changes that are not zero, by currency.
    std::vector<MoneyFault> faults() const;

  private:
    std::map<CurrencyIndex, core::SignedMinor> sums_;
};

/// The block's changes as the state holds them; floors are checked against the terms after the block.
std::vector<MoneyFault> find_money_faults(JournaledState& state);
/// The same over a finished diff and the state before it.
std::vector<MoneyFault> find_money_faults(const core::StateDiff& diff, const core::StateView& before);

/// Checks the whole state: give it every slot of the accounts contract, in any order.
class MoneyAudit {
  public:
    void add(const core::Word& key, const core::Word& value);
    std::vector<MoneyFault> faults() const;
    /// What accounts hold in a currency: balances and locked money.
    core::SignedMinor held(CurrencyIndex currency) const;

  private:
    struct Seen {
        core::SignedMinor balance = 0;
        core::Minor credit_line = 0;
    };
    struct Sums {
        core::SignedMinor held = 0;
        core::SignedMinor issued = 0;
    };
    std::map<CurrencyIndex, Sums> sums_;
    std::map<std::pair<ParticipantIndex, CurrencyIndex>, Seen> accounts_;
};

}  // namespace sluice::contracts::native
