#include "contracts/transaction_rules.hpp"

#include <algorithm>
#include <limits>

#include "core/limits.hpp"

namespace sluice::contracts {

namespace {

using evm::Revision;

constexpr core::Gas transaction_gas = 21'000;
constexpr core::Gas creation_gas = 32'000;
constexpr core::Gas zero_byte_gas = 4;
constexpr core::Gas nonzero_byte_gas = 16;            // EIP-2028
constexpr core::Gas access_list_address_gas = 2'400;  // EIP-2930
constexpr core::Gas access_list_key_gas = 1'900;
constexpr core::Gas initcode_word_gas = 2;       // EIP-3860
constexpr core::Gas floor_token_gas = 10;        // EIP-7623
constexpr core::Gas authorization_gas = 25'000;  // EIP-7702
constexpr core::Gas tokens_per_nonzero_byte = 4;
constexpr std::uint8_t blob_hash_version = 0x01;  // EIP-4844

/// Both prices of a transaction's bytes, from one walk over its data.
struct BytePrices {
    core::Gas intrinsic = 0;
    core::Gas floor = 0;
};

/// Eight bytes at a time: every transaction is counted whole.
std::size_t count_zeros(core::ByteView bytes) {
    constexpr std::uint64_t low_bits = 0x7f7f7f7f7f7f7f7full;
    std::size_t zeros = 0;
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        const std::uint64_t eight = core::read_be64(bytes.data() + at);
        // The top bit of each byte says that it is not zero; the product adds these bits up in its top byte.
        const std::uint64_t marks = (((eight & low_bits) + low_bits) | eight) & ~low_bits;
        zeros += 8 - ((marks >> 7) * 0x0101010101010101ull >> 56);
    }
    return zeros + static_cast<std::size_t>(std::count(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                                       bytes.end(), std::uint8_t{0}));
}

BytePrices byte_prices(const core::Transaction& transaction, Revision revision) {
    const core::Gas zeros = count_zeros(transaction.data);
    const core::Gas nonzeros = transaction.data.size() - zeros;
    BytePrices prices{.intrinsic = transaction_gas + zero_byte_gas * zeros + nonzero_byte_gas * nonzeros,
                      .floor = 0};
    if (revision >= Revision::prague)
        prices.floor = transaction_gas + floor_token_gas * (zeros + tokens_per_nonzero_byte * nonzeros);
    if (!transaction.to) prices.intrinsic += creation_gas;
    if (!transaction.to && revision >= Revision::shanghai)
        prices.intrinsic += initcode_word_gas * ((transaction.data.size() + 31) / 32);
    for (const core::AccessListEntry& entry : transaction.access_list)
        prices.intrinsic += access_list_address_gas + access_list_key_gas * entry.storage_keys.size();
    prices.intrinsic += authorization_gas * transaction.authorization_list.size();
    return prices;
}

/// The first revision that knows the type.
Revision revision_of(core::TransactionType type) {
    switch (type) {
        case core::TransactionType::legacy:
        case core::TransactionType::system:
            return Revision::istanbul;
        case core::TransactionType::access_list:
            return Revision::berlin;
        case core::TransactionType::dynamic_fee:
            return Revision::london;
        case core::TransactionType::blob:
            return Revision::cancun;
        case core::TransactionType::set_code:
            return Revision::prague;
    }
    return Revision::osaka;
}

std::optional<Refusal> check_kind(const core::Transaction& transaction, const TransactionRules& rules) {
    if (transaction.type == core::TransactionType::system) return Refusal::system_type;
    if (rules.revision < revision_of(transaction.type)) return Refusal::type_not_active;
    if (transaction.type == core::TransactionType::blob && rules.blobs.per_block == 0)
        return Refusal::blobs_unsupported;
    if (!transaction.chain_id) {
        if (!rules.accepts_unprotected) return Refusal::unprotected;
    } else if (*transaction.chain_id != rules.chain_id) {
        return Refusal::wrong_chain;
    }
    return std::nullopt;
}

std::optional<Refusal> check_fees(const core::Transaction& transaction, const FeeRules& fees) {
    if (transaction.max_priority_fee_per_gas > transaction.max_fee_per_gas) return Refusal::tip_above_fee;
    if (fees.mode == FeeMode::none) return std::nullopt;
    if (transaction.max_fee_per_gas < fees.base_fee) return Refusal::fee_below_base_fee;
    if (transaction.type == core::TransactionType::blob &&
        transaction.max_fee_per_blob_gas < fees.blob_base_fee)
        return Refusal::blob_fee_below_base_fee;
    return std::nullopt;
}

/// What types 3 and 4 carry beside the common fields.
std::optional<Refusal> check_lists(const core::Transaction& transaction, const BlobLimits& limits) {
    if (transaction.type == core::TransactionType::set_code && transaction.authorization_list.empty())
        return Refusal::no_authorizations;
    if (transaction.type != core::TransactionType::blob) return std::nullopt;
    if (transaction.blob_hashes.empty()) return Refusal::no_blobs;
    for (const core::Hash& hash : transaction.blob_hashes)
        if (hash[0] != blob_hash_version) return Refusal::blob_version_unknown;
    if (transaction.blob_hashes.size() > std::min(limits.per_block, limits.per_transaction))
        return Refusal::too_many_blobs;
    return std::nullopt;
}

std::optional<Refusal> check_gas(const core::Transaction& transaction, const BytePrices& prices,
                                 const TransactionRules& rules) {
    if (transaction.gas_limit > rules.transaction_gas_limit) return Refusal::gas_above_transaction_limit;
    if (transaction.gas_limit > rules.block_gas_limit) return Refusal::gas_above_block_limit;
    if (transaction.gas_limit < prices.intrinsic) return Refusal::gas_below_intrinsic;
    if (transaction.gas_limit < prices.floor) return Refusal::gas_below_floor;
    return std::nullopt;
}

std::optional<Refusal> check_form(const core::Transaction& transaction, const BytePrices& prices,
                                  const TransactionRules& rules) {
    if (const auto refusal = check_kind(transaction, rules)) return refusal;
    if (const auto refusal = check_fees(transaction, rules.fees)) return refusal;
    if (const auto refusal = check_lists(transaction, rules.blobs)) return refusal;
    if (transaction.nonce == std::numeric_limits<std::uint64_t>::max()) return Refusal::nonce_at_maximum;
    if (rules.revision >= Revision::shanghai && !transaction.to &&
        transaction.data.size() > initcode_bytes_max)
        return Refusal::initcode_too_large;
    return check_gas(transaction, prices, rules);
}

}  // namespace

std::string_view describe(Refusal refusal) {
    switch (refusal) {
        case Refusal::system_type:
            return "system transactions come from execution only";
        case Refusal::system_misplaced:
            return "the system transaction is not last or names another height";
        case Refusal::system_missing:
            return "settlement work is due and the system transaction is missing";
        case Refusal::system_not_due:
            return "a system transaction without due work";
        case Refusal::unprotected:
            return "only replay-protected (EIP-155) transactions allowed over RPC";
        case Refusal::wrong_chain:
            return "invalid chain id for signer";
        case Refusal::type_not_active:
            return "transaction type not supported";
        case Refusal::blobs_unsupported:
            return "transaction type not supported: this chain keeps no blobs";
        case Refusal::tip_above_fee:
            return "max priority fee per gas higher than max fee per gas";
        case Refusal::fee_below_base_fee:
            return "max fee per gas less than block base fee";
        case Refusal::blob_fee_below_base_fee:
            return "max fee per blob gas less than block blob gas fee";
        case Refusal::no_blobs:
            return "blob transaction missing blob hashes";
        case Refusal::blob_version_unknown:
            return "blob transaction with a hash of unknown version";
        case Refusal::too_many_blobs:
            return "blob transaction has too many blobs";
        case Refusal::no_authorizations:
            return "EIP-7702 transaction with empty auth list";
        case Refusal::nonce_at_maximum:
            return "nonce has max value";
        case Refusal::initcode_too_large:
            return "max initcode size exceeded";
        case Refusal::gas_above_transaction_limit:
            return "transaction gas limit too high";
        case Refusal::gas_above_block_limit:
            return "exceeds block gas limit";
        case Refusal::gas_below_intrinsic:
            return "intrinsic gas too low";
        case Refusal::gas_below_floor:
            return "insufficient gas for floor data gas cost";
        case Refusal::sender_has_code:
            return "sender not an eoa";
        case Refusal::nonce_too_low:
            return "nonce too low";
        case Refusal::nonce_too_high:
            return "nonce too high";
        case Refusal::insufficient_funds:
            return "insufficient funds for gas * price + value";
        case Refusal::block_gas_exhausted:
            return "gas limit does not fit the rest of the block";
        case Refusal::block_bytes_exhausted:
            return "size does not fit the rest of the block";
        case Refusal::block_count_exhausted:
            return "the block has no room for another transaction";
    }
    return "";
}

bool is_temporary(Refusal refusal) {
    switch (refusal) {
        case Refusal::nonce_too_high:
        case Refusal::insufficient_funds:
        case Refusal::fee_below_base_fee:
        case Refusal::blob_fee_below_base_fee:
        case Refusal::block_gas_exhausted:
        case Refusal::block_bytes_exhausted:
        case Refusal::block_count_exhausted:
            return true;
        case Refusal::system_type:
        case Refusal::system_misplaced:
        case Refusal::system_missing:
        case Refusal::system_not_due:
        case Refusal::type_not_active:
        case Refusal::blobs_unsupported:
        case Refusal::unprotected:
        case Refusal::wrong_chain:
        case Refusal::tip_above_fee:
        case Refusal::no_blobs:
        case Refusal::blob_version_unknown:
        case Refusal::too_many_blobs:
        case Refusal::no_authorizations:
        case Refusal::nonce_at_maximum:
        case Refusal::initcode_too_large:
        case Refusal::gas_above_transaction_limit:
        case Refusal::gas_above_block_limit:
        case Refusal::gas_below_intrinsic:
        case Refusal::gas_below_floor:
        case Refusal::sender_has_code:
        case Refusal::nonce_too_low:
            return false;
    }
    return false;
}

core::Gas intrinsic_gas(const core::Transaction& transaction, evm::Revision revision) {
    return byte_prices(transaction, revision).intrinsic;
}

core::Gas floor_gas(const core::Transaction& transaction, evm::Revision revision) {
    return byte_prices(transaction, revision).floor;
}

FeeRules fees_of(const BlockContext& block) {
    return {.mode = block.fee_mode, .base_fee = block.base_fee, .blob_base_fee = block.blob_base_fee};
}

TransactionRules rules_of(const BlockContext& block) {
    return {.chain_id = block.chain_id,
            .block_gas_limit = block.gas_limit,
            .transaction_gas_limit = block.transaction_gas_limit,
            .revision = block.revision,
            .fees = fees_of(block),
            .blobs = block.blobs,
            .accepts_unprotected = block.accepts_unprotected};
}

std::optional<Refusal> check_form(const core::Transaction& transaction, const TransactionRules& rules) {
    return check_form(transaction, byte_prices(transaction, rules.revision), rules);
}

std::optional<Refusal> check_sender(const SenderAccount& sender, const core::Transaction& transaction,
                                    const TransactionRules& rules) {
    const bool delegates = rules.revision >= Revision::prague && core::delegate_in(sender.code).has_value();
    if (!sender.code.empty() && !delegates) return Refusal::sender_has_code;
    const auto needed = rules.fees.funds_needed(transaction);
    if (!needed || sender.balance < *needed) return Refusal::insufficient_funds;
    return std::nullopt;
}

core::Result<AdmittedTransaction, Refusal> admit_to_block(core::TransactionPtr transaction,
                                                          JournaledState& state, const BlockContext& block) {
    const core::Transaction& content = transaction->transaction;
    const core::Address& sender = transaction->sender;
    const TransactionRules rules = rules_of(block);
    const BytePrices prices = byte_prices(content, rules.revision);
    if (const auto refusal = check_form(content, prices, rules)) return core::fail(*refusal);
    const std::uint64_t next_nonce = state.nonce(sender);
    if (content.nonce < next_nonce) return core::fail(Refusal::nonce_too_low);
    if (content.nonce > next_nonce) return core::fail(Refusal::nonce_too_high);
    const core::SharedBytes code = state.code(sender);
    if (const auto refusal = check_sender({.code = *code, .balance = state.balance(sender)}, content, rules))
        return core::fail(*refusal);
    return AdmittedTransaction(std::move(transaction), prices.intrinsic, prices.floor);
}

core::Result<PoolAdmission, Refusal> admit_to_pool(const core::RecoveredTransaction& transaction,
                                                   const core::StateView& head,
                                                   const TransactionRules& rules) {
    const core::Transaction& content = transaction.transaction;
    if (const auto refusal = check_form(content, rules)) return core::fail(*refusal);
    const core::Account account = head.account(transaction.sender).value_or(core::Account{});
    if (content.nonce < account.nonce) return core::fail(Refusal::nonce_too_low);
    if (content.nonce - account.nonce > core::limits::pool_nonce_gap_max)
        return core::fail(Refusal::nonce_too_high);
    const bool has_code = account.code_hash != core::empty_code_hash;
    const core::SharedBytes code = has_code ? head.code(account.code_hash) : nullptr;
    const core::ByteView code_bytes = code ? core::ByteView(*code) : core::ByteView{};
    if (const auto refusal = check_sender({.code = code_bytes, .balance = account.balance}, content, rules))
        return core::fail(*refusal);
    return PoolAdmission{.next_nonce = account.nonce, .is_executable = content.nonce == account.nonce};
}

}  // namespace sluice::contracts
