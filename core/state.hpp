/// The two values that let execution and ledger stay strangers: StateView (read port) and StateDiff (result).
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/ids.hpp"
#include "core/uint256.hpp"

namespace sluice::core {

/// An account without its storage; the storage root is derived by whoever keeps the state.
struct Account {
    std::uint64_t nonce = 0;
    Uint256 balance;
    Hash code_hash = empty_code_hash;
    bool operator==(const Account&) const = default;
    /// EIP-161: nothing worth keeping.
    bool is_empty() const { return nonce == 0 && balance.is_zero() && code_hash == empty_code_hash; }
};

/// Reads of the state after one block. Const, and safe to call from the thread that executes.
class StateView {
  public:
    virtual ~StateView() = default;
    virtual std::optional<Account> account(const Address& address) const = 0;
    /// Zero where nothing was stored.
    virtual Word storage(const Address& address, const Word& key) const = 0;
    /// Code by hash; null only for a hash that no account of this state names.
    virtual SharedBytes code(const Hash& code_hash) const = 0;
    /// The account exists and some storage key of it is not zero (EIP-7610 asks on creation).
    virtual bool has_storage(const Address& address) const = 0;
};

struct SlotChange {
    Word key{};
    Word value{};  ///< zero deletes the key
    bool operator==(const SlotChange&) const = default;
};

struct AccountChange {
    Address address{};
    std::optional<Account> account;  ///< the new account; nothing deletes it with all its storage
    bool storage_cleared = false;    ///< all earlier storage is gone before `slots` apply
    std::vector<SlotChange> slots;   ///< sorted by key, each key once
    SharedBytes code;                ///< set only when this block deployed the code
    /// Compares code by content.
    bool operator==(const AccountChange& other) const {
        const bool same_code = code && other.code ? *code == *other.code : !code && !other.code;
        return same_code && address == other.address && account == other.account &&
               storage_cleared == other.storage_cleared && slots == other.slots;
    }
};

/// What one block changes, in canonical order: by address, then by key, each once, only real changes.
struct StateDiff {
    std::vector<AccountChange> accounts;
    bool operator==(const StateDiff&) const = default;
};

}  // namespace sluice::core
