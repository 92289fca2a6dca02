#include "node/rpc/errors.hpp"

#include <fmt/format.h>

#include "contracts/native/settlement_results.hpp"

namespace sluice::node::rpc {
namespace {

namespace native = contracts::native;

std::string nonce_too_low(std::uint64_t account_nonce, std::uint64_t nonce) {
    return fmt::format("nonce too low: next nonce {}, tx nonce {}", account_nonce, nonce);
}

std::string nonce_too_high(std::uint64_t account_nonce, std::uint64_t nonce) {
    return fmt::format("nonce too high: next nonce {}, tx nonce {}", account_nonce, nonce);
}

constexpr std::string_view insufficient_funds = "insufficient funds for gas * price + value";

}  // namespace

Error invalid_argument(std::size_t index, std::string_view why) {
    return invalid_params(fmt::format("invalid argument {}: {}", index, why));
}

Error invalid_params(std::string message) {
    return {network::json_rpc::invalid_params, std::move(message), std::nullopt};
}

Error server_error(std::string message) {
    return {network::json_rpc::server_error, std::move(message), std::nullopt};
}

Error limit_exceeded(std::string message) {
    return {network::json_rpc::limit_exceeded, std::move(message), std::nullopt};
}

Error unknown_method(std::string_view name) {
    return {network::json_rpc::method_not_found,
            fmt::format("the method {} does not exist/is not available", name.substr(0, 100)), std::nullopt};
}

Error not_kept(const ledger::BlockNotKept& block) {
    const auto what = block.height == 0 ? std::string("not found in what")
                                        : fmt::format("block {} is not among what", block.height);
    return server_error(
        fmt::format("pruned: {} this node keeps, which is blocks from height {} on", what, block.first_kept));
}

Error shutting_down() {
    return {network::json_rpc::internal_error, "shutting down", std::nullopt};
}

Error busy() {
    return limit_exceeded("too many calls are waiting: try again later");
}

std::string describe_revert(core::ByteView output) {
    if (const auto reason = native::abi::decode_error(output)) return *reason;
    if (const auto refusal = native::decode_refusal(output)) {
        if (!native::is_reason_code(refusal->code)) return "refused";
        std::string text(refusal->code.begin(), refusal->code.end());
        if (const auto sentence = native::describe(refusal->code); !sentence.empty())
            text += fmt::format(": {}", sentence);
        if (refusal->index) text += fmt::format(" (instruction {} of the batch)", *refusal->index);
        return text;
    }
    if (const auto panic = native::abi::decode_panic(output))
        return fmt::format("panic code {}", core::to_quantity(*panic));
    return {};
}

Error execution_reverted(core::ByteView output) {
    const std::string reason = describe_revert(output);
    return {execution_reverted_code, reason.empty() ? "execution reverted" : "execution reverted: " + reason,
            Json(core::to_hex_0x(output))};
}

Error call_failed(const contracts::CallOutcome& outcome) {
    using contracts::CallStatus;
    using contracts::Refusal;
    if (outcome.refusal == Refusal::insufficient_funds) return server_error(std::string(insufficient_funds));
    if (outcome.refusal == Refusal::gas_below_intrinsic) return server_error("intrinsic gas too low");
    if (outcome.refusal) return server_error(std::string(contracts::describe(*outcome.refusal)));
    if (outcome.status == CallStatus::reverted) return execution_reverted(outcome.output);
    if (outcome.status == CallStatus::insufficient_balance)
        return server_error("insufficient balance for transfer");
    return server_error(std::string(contracts::describe(outcome.status)));
}

Error undecodable(core::TransactionError error, std::size_t size_bytes) {
    using core::TransactionError;
    switch (error) {
        case TransactionError::unsupported_type:
            return server_error("transaction type not supported");
        case TransactionError::too_large:
            return server_error(fmt::format("oversized data: transaction size {}, limit {}", size_bytes,
                                            core::limits::transaction_bytes_max));
        case TransactionError::bad_v:
        case TransactionError::high_s:
        case TransactionError::bad_signature:
            return server_error(fmt::format("invalid sender: {}", core::describe(error)));
        case TransactionError::tip_above_fee:
            return server_error("max priority fee per gas higher than max fee per gas");
        case TransactionError::malformed:
        case TransactionError::gas_out_of_range:
        case TransactionError::missing_recipient:
        case TransactionError::malformed_authorizations:
            break;
    }
    return server_error(fmt::format("invalid transaction: {}", core::describe(error)));
}

Error refused(contracts::Refusal refusal, const core::Transaction& transaction,
              const contracts::TransactionRules& rules, std::uint64_t account_nonce) {
    using contracts::Refusal;
    const auto say = [](std::string_view text) { return server_error(std::string(text)); };
    switch (refusal) {
        case Refusal::system_type:
            return say("transaction type not supported");
        case Refusal::unprotected:
            return say("only replay-protected (EIP-155) transactions allowed over RPC");
        case Refusal::wrong_chain:
            return server_error(fmt::format("invalid sender: invalid chain id for signer: have {} want {}",
                                            transaction.chain_id.value_or(0), rules.chain_id));
        case Refusal::tip_above_fee:
            return say("max priority fee per gas higher than max fee per gas");
        case Refusal::nonce_at_maximum:
            return say("nonce has max value");
        case Refusal::initcode_too_large:
            return say("max initcode size exceeded");
        case Refusal::gas_above_transaction_limit:
            return server_error(fmt::format("transaction gas limit too high (cap: {}, tx: {})",
                                            rules.transaction_gas_limit, transaction.gas_limit));
        case Refusal::gas_above_block_limit:
            return say("exceeds block gas limit");
        case Refusal::gas_below_intrinsic:
            return server_error(fmt::format("intrinsic gas too low: gas {}, minimum needed {}",
                                            transaction.gas_limit, contracts::intrinsic_gas(transaction)));
        case Refusal::gas_below_floor:
            return server_error(fmt::format("intrinsic gas too low: gas {}, minimum needed {} for its data",
                                            transaction.gas_limit, contracts::floor_gas(transaction)));
        case Refusal::sender_has_code:
            return say("sender not an eoa: the sender is a contract");
        case Refusal::nonce_too_low:
            return server_error(nonce_too_low(account_nonce, transaction.nonce));
        case Refusal::nonce_too_high:
            return server_error(nonce_too_high(account_nonce, transaction.nonce));
        case Refusal::insufficient_funds:
            return say(insufficient_funds);
        case Refusal::system_misplaced:
        case Refusal::system_missing:
        case Refusal::system_not_due:
        case Refusal::type_not_active:
        case Refusal::blobs_unsupported:
        case Refusal::fee_below_base_fee:
        case Refusal::blob_fee_below_base_fee:
        case Refusal::no_blobs:
        case Refusal::blob_version_unknown:
        case Refusal::too_many_blobs:
        case Refusal::no_authorizations:
        case Refusal::block_gas_exhausted:
        case Refusal::block_bytes_exhausted:
        case Refusal::block_count_exhausted:
            break;
    }
    return say(contracts::describe(refusal));
}

Error refused(PoolVerdict verdict, const core::Transaction& transaction, std::uint64_t account_nonce) {
    switch (verdict) {
        case PoolVerdict::replacement_underpriced:
            return server_error("replacement transaction underpriced");
        case PoolVerdict::nonce_too_low:
            return server_error(nonce_too_low(account_nonce, transaction.nonce));
        case PoolVerdict::nonce_gap_too_large:
            return server_error(nonce_too_high(account_nonce, transaction.nonce));
        case PoolVerdict::sender_full:
            return server_error("account limit exceeded: too many pending transactions");
        case PoolVerdict::pool_full:
            return server_error("txpool is full");
        case PoolVerdict::insufficient_funds:
            return server_error(std::string(insufficient_funds));
        case PoolVerdict::added:
        case PoolVerdict::already_known:
            break;
    }
    return server_error("already known");
}

}  // namespace sluice::node::rpc
