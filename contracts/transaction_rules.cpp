#include "contracts/transaction_rules.hpp"

#include <algorithm>
#include <limits>

#include "contracts/call.hpp"
#include "core/limits.hpp"

namespace sluice::contracts {

namespace {

constexpr core::Gas transaction_gas = 21'000;
constexpr core::Gas creation_gas = 32'000;
constexpr core::Gas zero_byte_gas = 4;
constexpr core::Gas nonzero_byte_gas = 16;            // EIP-2028
constexpr core::Gas access_list_address_gas = 2'400;  // EIP-2930
constexpr core::Gas access_list_key_gas = 1'900;
constexpr core::Gas initcode_word_gas = 2;  // EIP-3860
constexpr core::Gas floor_token_gas = 10;   // EIP-7623
constexpr core::Gas tokens_per_nonzero_byte = 4;

/// Both prices of a transaction's bytes, from one walk over its data.
struct BytePrices {
    core::Gas intrinsic = 0;
    core::Gas floor = 0;
};

BytePrices byte_prices(const core::Transaction& transaction) {
    const auto zeros =
        static_cast<core::Gas>(std::count(transaction.data.begin(), transaction.data.end(), std::uint8_t{0}));
    const core::Gas nonzeros = transaction.data.size() - zeros;
    BytePrices prices{
        .intrinsic = transaction_gas + zero_byte_gas * zeros + nonzero_byte_gas * nonzeros,
        .floor = transaction_gas + floor_token_gas * (zeros + tokens_per_nonzero_byte * nonzeros)};
    if (!transaction.to)
        prices.intrinsic += creation_gas + initcode_word_gas * ((transaction.data.size() + 31) / 32);
    for (const core::AccessListEntry& entry : transaction.access_list)
        prices.intrinsic += access_list_address_gas + access_list_key_gas * entry.storage_keys.size();
    return prices;
}

/// Code that only names another account's code (EIP-7702) may send.
bool is_delegation(core::ByteView code) {
    return code.size() == 23 && code[0] == 0xef && code[1] == 0x01 && code[2] == 0x00;
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
    if (transaction.type == core::TransactionType::system) return Refusal::system_type;
    if (!transaction.chain_id) return Refusal::unprotected;
    if (*transaction.chain_id != rules.chain_id) return Refusal::wrong_chain;
    if (transaction.max_priority_fee_per_gas > transaction.max_fee_per_gas) return Refusal::tip_above_fee;
    if (transaction.nonce == std::numeric_limits<std::uint64_t>::max()) return Refusal::nonce_at_maximum;
    if (!transaction.to && transaction.data.size() > initcode_bytes_max) return Refusal::initcode_too_large;
    return check_gas(transaction, prices, rules);
}

/// What both entry points ask of the sender's account, apart from the nonce.
std::optional<Refusal> check_sender(core::ByteView code, const core::Uint256& balance,
                                    const core::Transaction& transaction) {
    if (!code.empty() && !is_delegation(code)) return Refusal::sender_has_code;
    if (balance < transaction.value) return Refusal::insufficient_funds;
    return std::nullopt;
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
        case Refusal::tip_above_fee:
            return "max priority fee per gas higher than max fee per gas";
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
        case Refusal::bytecode_execution_unavailable:
            return "bytecode execution is not available on this chain";
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
        case Refusal::block_gas_exhausted:
        case Refusal::block_bytes_exhausted:
        case Refusal::block_count_exhausted:
            return true;
        case Refusal::system_type:
        case Refusal::system_misplaced:
        case Refusal::system_missing:
        case Refusal::system_not_due:
        case Refusal::unprotected:
        case Refusal::wrong_chain:
        case Refusal::tip_above_fee:
        case Refusal::nonce_at_maximum:
        case Refusal::initcode_too_large:
        case Refusal::gas_above_transaction_limit:
        case Refusal::gas_above_block_limit:
        case Refusal::gas_below_intrinsic:
        case Refusal::gas_below_floor:
        case Refusal::sender_has_code:
        case Refusal::nonce_too_low:
        case Refusal::bytecode_execution_unavailable:
            return false;
    }
    return false;
}

core::Gas intrinsic_gas(const core::Transaction& transaction) {
    return byte_prices(transaction).intrinsic;
}

core::Gas floor_gas(const core::Transaction& transaction) {
    return byte_prices(transaction).floor;
}

TransactionRules rules_of(const BlockContext& block) {
    return {.chain_id = block.chain_id,
            .block_gas_limit = block.gas_limit,
            .transaction_gas_limit = block.transaction_gas_limit};
}

std::optional<Refusal> check_form(const core::Transaction& transaction, const TransactionRules& rules) {
    return check_form(transaction, byte_prices(transaction), rules);
}

core::Result<AdmittedTransaction, Refusal> admit_to_block(core::TransactionPtr transaction,
                                                          JournaledState& state, const BlockContext& block,
                                                          const native::Registry& registry) {
    const core::Transaction& content = transaction->transaction;
    const core::Address& sender = transaction->sender;
    const BytePrices prices = byte_prices(content);
    if (const auto refusal = check_form(content, prices, rules_of(block))) return core::fail(*refusal);
    const std::uint64_t next_nonce = state.nonce(sender);
    if (content.nonce < next_nonce) return core::fail(Refusal::nonce_too_low);
    if (content.nonce > next_nonce) return core::fail(Refusal::nonce_too_high);
    if (const auto refusal = check_sender(*state.code(sender), state.balance(sender), content))
        return core::fail(*refusal);
    if (!content.to || callee_at(state, *content.to, block.height, registry) == CalleeKind::bytecode)
        return core::fail(Refusal::bytecode_execution_unavailable);
    return AdmittedTransaction(std::move(transaction), prices.intrinsic, prices.floor);
}

core::Result<PoolAdmission, Refusal> admit_to_pool(const core::RecoveredTransaction& transaction,
                                                   const core::StateView& head, core::Height next_height,
                                                   const TransactionRules& rules,
                                                   const native::Registry& registry) {
    const core::Transaction& content = transaction.transaction;
    if (const auto refusal = check_form(content, rules)) return core::fail(*refusal);
    const core::Account account = head.account(transaction.sender).value_or(core::Account{});
    if (content.nonce < account.nonce) return core::fail(Refusal::nonce_too_low);
    if (content.nonce - account.nonce > core::limits::pool_nonce_gap_max)
        return core::fail(Refusal::nonce_too_high);
    const bool has_code = account.code_hash != core::empty_code_hash;
    const core::SharedBytes code = has_code ? head.code(account.code_hash) : nullptr;
    const core::ByteView code_bytes = code ? core::ByteView(*code) : core::ByteView{};
    if (const auto refusal = check_sender(code_bytes, account.balance, content)) return core::fail(*refusal);
    if (!content.to || callee_at(head, *content.to, next_height, registry) == CalleeKind::bytecode)
        return core::fail(Refusal::bytecode_execution_unavailable);
    return PoolAdmission{.next_nonce = account.nonce, .is_executable = content.nonce == account.nonce};
}

}  // namespace sluice::contracts
