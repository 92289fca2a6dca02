/// Which transactions may run: one enum of reasons, and types that carry the proof of having been asked.
#pragma once

#include "contracts/block_context.hpp"
#include "contracts/journaled_state.hpp"
#include "core/transaction.hpp"

namespace sluice::contracts {

/// Why a transaction may not run, or not in this block.
enum class Refusal : std::uint8_t {
    system_type,                  ///< type 0x7e comes from execution only
    system_misplaced,             ///< a system transaction that is not last, or whose height is another
    system_missing,               ///< settlement work is due and the block has no system transaction
    system_not_due,               ///< a system transaction without due work
    type_not_active,              ///< a type of a later revision (EIP-2718)
    blobs_unsupported,            ///< type 3: this chain keeps no blobs
    unprotected,                  ///< a legacy transaction without chain id (EIP-155)
    wrong_chain,                  ///< another chain's id
    tip_above_fee,                ///< max priority fee above max fee (EIP-1559)
    fee_below_base_fee,           ///< max fee below the block's base fee (EIP-1559)
    blob_fee_below_base_fee,      ///< max blob fee below the block's (EIP-4844)
    no_blobs,                     ///< type 3 without blobs
    blob_version_unknown,         ///< a blob hash that does not begin with version 1
    too_many_blobs,               ///< more than one transaction, or one block, may have
    no_authorizations,            ///< type 4 with an empty list (EIP-7702)
    nonce_at_maximum,             ///< nonce 2^64-1 (EIP-2681)
    initcode_too_large,           ///< over 49,152 bytes (EIP-3860)
    gas_above_transaction_limit,  ///< gas limit over the chain's limit of one transaction (EIP-7825)
    gas_above_block_limit,        ///< gas limit over the block's
    gas_below_intrinsic,          ///< gas limit below what the bytes alone cost
    gas_below_floor,              ///< gas limit below the floor of its calldata (EIP-7623)
    sender_has_code,              ///< the sender is a contract (EIP-3607)
    nonce_too_low,                ///< already used
    nonce_too_high,       ///< in a block: not the next; in the pool: further than limits::pool_nonce_gap_max
    insufficient_funds,   ///< balance below `value`, and the price of gas where it costs something
    block_gas_exhausted,  ///< does not fit what is left of the block's gas
    block_bytes_exhausted,  ///< does not fit limits::block_bytes_max
    block_count_exhausted,  ///< does not fit limits::block_transactions_max
};
/// One lower-case sentence, without the values. Where Ethereum clients match a text, it is that text, also
/// where it speaks of gas prices that are not charged here.
std::string_view describe(Refusal refusal);
/// True if the same transaction may become admissible later without any change to it.
bool is_temporary(Refusal refusal);

/// Intrinsic gas: what a transaction costs before anything runs (Yellow Paper 6.2; EIP-2028, EIP-2930,
/// EIP-3860, EIP-7702).
core::Gas intrinsic_gas(const core::Transaction& transaction, evm::Revision revision = evm::Revision::osaka);
/// Least gas used by a transaction with this calldata (EIP-7623); 0 before Prague.
core::Gas floor_gas(const core::Transaction& transaction, evm::Revision revision = evm::Revision::osaka);

/// Initial bytes of contract creation code (EIP-3860).
inline constexpr std::size_t initcode_bytes_max = 49'152;

/// The chain's parameters that validity depends on.
struct TransactionRules {
    std::uint64_t chain_id = 0;
    core::Gas block_gas_limit = 0;
    core::Gas transaction_gas_limit = 0;
    evm::Revision revision = evm::Revision::osaka;
    FeeRules fees{};
    BlobLimits blobs{};
    bool accepts_unprotected = false;  ///< legacy transactions without a chain id
};
/// The prices of the block and the way they are paid.
FeeRules fees_of(const BlockContext& block);
TransactionRules rules_of(const BlockContext& block);

/// Everything that can be said without state; nothing if there is no objection.
std::optional<Refusal> check_form(const core::Transaction& transaction, const TransactionRules& rules);

/// A transaction that may run now, in this block: made by `admit_to_block` only. Execution CHECKs what it
/// promises.
class AdmittedTransaction {
  public:
    const core::RecoveredTransaction& recovered() const { return *transaction_; }
    const core::Transaction& transaction() const { return transaction_->transaction; }
    const core::Address& sender() const { return transaction_->sender; }
    core::Gas intrinsic() const { return intrinsic_; }
    core::Gas floor() const { return floor_; }

  private:
    AdmittedTransaction(core::TransactionPtr transaction, core::Gas intrinsic, core::Gas floor)
        : transaction_(std::move(transaction)), intrinsic_(intrinsic), floor_(floor) {}
    friend core::Result<AdmittedTransaction, Refusal> admit_to_block(core::TransactionPtr, JournaledState&,
                                                                     const BlockContext&);
    core::TransactionPtr transaction_;
    core::Gas intrinsic_;
    core::Gas floor_;
};

/// What an account must be to send `transaction` now, beside the nonce.
struct SenderAccount {
    core::ByteView code;
    core::Uint256 balance;
};
/// Code is refused (EIP-3607) unless it delegates (EIP-7702), and funds must suffice.
std::optional<Refusal> check_sender(const SenderAccount& sender, const core::Transaction& transaction,
                                    const TransactionRules& rules);

/// The strict rules: exactly the next nonce, funds for the value, against the state as it is in the block.
/// Whether the block has room is asked by execution.
core::Result<AdmittedTransaction, Refusal> admit_to_block(core::TransactionPtr transaction,
                                                          JournaledState& state, const BlockContext& block);

/// What the pool learns of a transaction that it may keep.
struct PoolAdmission {
    std::uint64_t next_nonce = 0;  ///< of the sender at the head; the transaction's own is not lower
    bool is_executable = false;    ///< nonce == next_nonce
};

/// The pool's rules, against the state of the head. The nonce may lie in the future.
core::Result<PoolAdmission, Refusal> admit_to_pool(const core::RecoveredTransaction& transaction,
                                                   const core::StateView& head,
                                                   const TransactionRules& rules);

}  // namespace sluice::contracts
