/// Ethereum transactions of types 0 to 4 (EIP-155, EIP-2930, EIP-1559, EIP-4844, EIP-7702) and the system
/// transaction.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/authorization.hpp"
#include "core/limits.hpp"
#include "core/result.hpp"
#include "core/rlp.hpp"

namespace sluice::core {

enum class TransactionType : std::uint8_t {
    legacy = 0,
    access_list = 1,
    dynamic_fee = 2,
    blob = 3,       ///< no chain of Sluice takes it: it is here for Ethereum's own test suites
    set_code = 4,   ///< carries authorizations (EIP-7702)
    system = 0x7e,  ///< type 0x7e ‖ RLP(height): settlement work that fell due, last in its block, unsigned
};

struct AccessListEntry {
    Address address{};
    std::vector<Word> storage_keys;
    bool operator==(const AccessListEntry&) const = default;
};

struct Transaction {
    TransactionType type = TransactionType::legacy;
    /// Nothing for a legacy transaction signed without replay protection.
    std::optional<std::uint64_t> chain_id;
    std::uint64_t nonce = 0;
    /// Equal to max_fee_per_gas for types 0 and 1 (their gas price).
    Uint256 max_priority_fee_per_gas;
    Uint256 max_fee_per_gas;
    Gas gas_limit = 0;
    std::optional<Address> to;  ///< nothing creates a contract; always there for types 3 and 4
    Uint256 value;
    Bytes data;
    std::vector<AccessListEntry> access_list;
    Uint256 max_fee_per_blob_gas;                   ///< type 3 only
    std::vector<Hash> blob_hashes;                  ///< type 3 only: versioned hashes
    std::vector<Authorization> authorization_list;  ///< type 4 only
    /// y parity is `signature.recovery_id`; all zero for the system transaction.
    Signature signature;
    Height system_height = 0;  ///< system transaction only
    bool operator==(const Transaction&) const = default;
};

enum class TransactionError {
    malformed,                 ///< not the RLP of its type
    unsupported_type,          ///< a type byte that Sluice does not know
    too_large,                 ///< over limits::transaction_bytes_max
    bad_v,                     ///< v or y parity out of range
    high_s,                    ///< s above n/2 (EIP-2)
    bad_signature,             ///< r or s is 0, r is not below n, or no key fits
    tip_above_fee,             ///< max priority fee above max fee (EIP-1559)
    gas_out_of_range,          ///< gas limit over 2^63-1
    missing_recipient,         ///< types 3 and 4 create no contracts
    malformed_authorizations,  ///< not a list of six fields each within its range (EIP-7702)
};
std::string_view describe(TransactionError error);

/// The bytes that travel and are stored: EIP-2718 typed, or the bare RLP list for type 0.
Bytes encode(const Transaction& transaction);
/// What is decoded at all: Sluice's own rules, unless a tool that reads foreign chains says otherwise.
struct DecodingRules {
    std::size_t bytes_max = limits::transaction_bytes_max;
    bool accepts_blobs = false;  ///< otherwise type 3 is TransactionError::unsupported_type
};
/// Strict and total: what decodes encodes to the same bytes again. Signatures are checked for range, not
/// recovered.
Result<Transaction, TransactionError> decode_transaction(ByteView encoded, const DecodingRules& rules = {});
/// What the sender signs (EIP-155 for legacy with a chain id; the EIP of the type for the others). Zero for
/// the system transaction, which nobody signs.
Hash signing_hash(const Transaction& transaction);
/// Signs in place. Precondition (CHECK): types 0 to 4, and chain_id is set.
void sign(Transaction& transaction, const crypto::PrivateKey& key);
/// keccak256 of the encoding, as everybody names the transaction.
Hash hash_of(const Transaction& transaction);
/// The v of JSON-RPC and legacy RLP: parity for typed ones, 27/28 or chain id * 2 + 35/36 for legacy.
Uint256 v_of(const Transaction& transaction);

/// The address from which the system transaction comes and to which it goes: 0x…5e00.
extern const Address system_address;
/// The system transaction of a block: to `system_address`, everything else zero.
Transaction system_transaction(Height height);

/// A transaction that was decoded, hashed and whose sender was recovered, once. Shared, never changed.
struct RecoveredTransaction {
    Transaction transaction;
    SharedBytes encoded;  ///< never null
    Hash hash{};          ///< keccak256 of `encoded`
    Address sender{};
};
using TransactionPtr = std::shared_ptr<const RecoveredTransaction>;

/// Decodes, hashes and recovers. The expensive call (about 35 us): once per transaction and node.
/// The system transaction needs no recovery: its sender is `system_address`.
/// Precondition (CHECK): `encoded` is not null. Any thread.
Result<TransactionPtr, TransactionError> recover_transaction(SharedBytes encoded,
                                                             const DecodingRules& rules = {});

}  // namespace sluice::core
