/// Which native contracts a chain has, and what they do for the chain itself: due work, money check,
/// validators.
#pragma once

#include <optional>
#include <span>

#include "contracts/native/native_contract.hpp"
#include "core/chain_spec.hpp"
#include "core/validator_set.hpp"

namespace sluice::contracts::native {

/// Whether money was created or destroyed by anything but issue and redeem.
enum class MoneyVerdict {
    conserved,
    violated,  ///< changes of a currency do not sum to what was issued less redeemed: the node must stop
};

/// Parameters of the chain that execution and its callers need, as governance storage holds them.
struct ChainParameters {
    core::Gas block_gas_limit = 0;
    core::Gas transaction_gas_limit = 0;
    std::uint64_t rotation_period = 0;
    bool operator==(const ChainParameters&) const = default;
};

/// What the system transaction works with. Its changes and logs become those of the system transaction.
struct SystemInvocation {
    JournaledState& state;
    const BlockContext& block;
    /// The queues as `run_due` left them, with what it learnt of them; null if it learnt nothing.
    std::shared_ptr<const QueueIndex> queues{};
    /// A log of a native contract.
    void emit(const core::Address& contract, const core::Word& topic,
              std::initializer_list<core::Word> indexed, core::Bytes data) const;
};

/// The settlement contracts' part in each block. Every function is total and deterministic; none may be null
/// but the first.
struct ChainHooks {
    /// Before the block's first transaction. Null: nothing to do.
    void (*begin_block)(JournaledState&, const BlockContext&) = nullptr;
    /// True if the system transaction has work in this block, after the block's other transactions.
    bool (*is_due)(SystemInvocation&) = nullptr;
    /// Does the due work within its own budget; what is left is due in the next block.
    void (*run_due)(SystemInvocation&) = nullptr;
    /// The earliest time at which work will be due by this state; nothing if only a transaction can make it
    /// due. A time that is not later than the block's own says: the next block has work at once.
    std::optional<core::UnixMs> (*next_due)(JournaledState&) = nullptr;
    /// Sums the block's changes per currency. Called after the last transaction.
    MoneyVerdict (*check_money)(JournaledState&) = nullptr;
    /// The validators of the next height, by governance storage. Called when that storage changed in the
    /// block.
    core::ValidatorSet (*next_validators)(JournaledState&) = nullptr;
    ChainParameters (*parameters)(JournaledState&) = nullptr;
    /// The queues after this block, from those before it (null: derived from state) and those that `run_due`
    /// left (null: it did not run or learnt nothing); null if the chain keeps none.
    std::shared_ptr<const QueueIndex> (*queues_after)(JournaledState&, const BlockContext&,
                                                      const std::shared_ptr<const QueueIndex>&) = nullptr;
    /// Writes every parameter, participant, currency and validator of the spec; installs currency façades.
    void (*write_genesis)(JournaledState&, const core::ChainSpec&) = nullptr;
};

/// The rows and hooks of one chain. A constant.
struct Registry {
    std::span<const NativeContract* const> contracts;
    ChainHooks hooks;
    /// The contract whose storage holds validators and parameters.
    core::Address governance{};

    /// The active contract at `address`, or null. Says nothing about whether the account was installed.
    const NativeContract* find(const core::Address& address, core::Height height) const;
};

/// The method with that selector, or null.
const Method* find_method(const NativeContract& contract, core::ByteView selector);

/// Sluice's own contracts (native/settlement_registry.cpp).
const Registry& settlement_registry();

}  // namespace sluice::contracts::native
