#include "tests/conformance/exception_names.hpp"

#include <algorithm>
#include <array>

namespace sluice::conformance {

namespace {

using contracts::Refusal;
using core::TransactionError;

/// One name of a suite and what it stands for. The same reason may have several names: older suites
/// ("TR_…") beside newer, and names that tell transaction types apart where one reason serves them all.
template <typename Reason>
struct NamedReason {
    std::string_view name;
    Reason reason{};
};

constexpr std::array refusals{
    NamedReason<Refusal>{"TYPE_1_TX_PRE_FORK", Refusal::type_not_active},
    NamedReason<Refusal>{"TYPE_2_TX_PRE_FORK", Refusal::type_not_active},
    NamedReason<Refusal>{"TYPE_3_TX_PRE_FORK", Refusal::type_not_active},
    NamedReason<Refusal>{"TYPE_4_TX_PRE_FORK", Refusal::type_not_active},
    NamedReason<Refusal>{"TR_TypeNotSupported", Refusal::type_not_active},
    NamedReason<Refusal>{"INVALID_CHAINID", Refusal::wrong_chain},
    NamedReason<Refusal>{"PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS", Refusal::tip_above_fee},
    NamedReason<Refusal>{"TR_TipGtFeeCap", Refusal::tip_above_fee},
    NamedReason<Refusal>{"INSUFFICIENT_MAX_FEE_PER_GAS", Refusal::fee_below_base_fee},
    NamedReason<Refusal>{"TR_FeeCapLessThanBlocks", Refusal::fee_below_base_fee},
    NamedReason<Refusal>{"INSUFFICIENT_MAX_FEE_PER_BLOB_GAS", Refusal::blob_fee_below_base_fee},
    NamedReason<Refusal>{"TYPE_3_TX_ZERO_BLOBS", Refusal::no_blobs},
    NamedReason<Refusal>{"TR_EMPTYBLOB", Refusal::no_blobs},
    NamedReason<Refusal>{"TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH", Refusal::blob_version_unknown},
    NamedReason<Refusal>{"TR_BLOBVERSION_INVALID", Refusal::blob_version_unknown},
    NamedReason<Refusal>{"TYPE_3_TX_BLOB_COUNT_EXCEEDED", Refusal::too_many_blobs},
    NamedReason<Refusal>{"TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED", Refusal::too_many_blobs},
    NamedReason<Refusal>{"TR_BLOBLIST_OVERSIZE", Refusal::too_many_blobs},
    NamedReason<Refusal>{"TYPE_4_EMPTY_AUTHORIZATION_LIST", Refusal::no_authorizations},
    NamedReason<Refusal>{"NONCE_IS_MAX", Refusal::nonce_at_maximum},
    NamedReason<Refusal>{"INITCODE_SIZE_EXCEEDED", Refusal::initcode_too_large},
    NamedReason<Refusal>{"TR_InitCodeLimitExceeded", Refusal::initcode_too_large},
    NamedReason<Refusal>{"GAS_LIMIT_EXCEEDS_MAXIMUM", Refusal::gas_above_transaction_limit},
    NamedReason<Refusal>{"GAS_ALLOWANCE_EXCEEDED", Refusal::gas_above_block_limit},
    NamedReason<Refusal>{"GAS_ALLOWANCE_EXCEEDED", Refusal::block_gas_exhausted},
    NamedReason<Refusal>{"TR_GasLimitReached", Refusal::gas_above_block_limit},
    NamedReason<Refusal>{"INTRINSIC_GAS_TOO_LOW", Refusal::gas_below_intrinsic},
    NamedReason<Refusal>{"IntrinsicGas", Refusal::gas_below_intrinsic},
    NamedReason<Refusal>{"TR_IntrinsicGas", Refusal::gas_below_intrinsic},
    NamedReason<Refusal>{"TR_NoFundsOrGas", Refusal::gas_below_intrinsic},
    NamedReason<Refusal>{"INTRINSIC_GAS_BELOW_FLOOR_GAS_COST", Refusal::gas_below_floor},
    NamedReason<Refusal>{"INTRINSIC_GAS_TOO_LOW", Refusal::gas_below_floor},
    NamedReason<Refusal>{"SENDER_NOT_EOA", Refusal::sender_has_code},
    NamedReason<Refusal>{"SenderNotEOA", Refusal::sender_has_code},
    NamedReason<Refusal>{"NONCE_MISMATCH_TOO_LOW", Refusal::nonce_too_low},
    NamedReason<Refusal>{"NONCE_MISMATCH_TOO_HIGH", Refusal::nonce_too_high},
    NamedReason<Refusal>{"INSUFFICIENT_ACCOUNT_FUNDS", Refusal::insufficient_funds},
    NamedReason<Refusal>{"TR_NoFunds", Refusal::insufficient_funds},
    NamedReason<Refusal>{"TR_NoFundsX", Refusal::insufficient_funds},
    NamedReason<Refusal>{"TR_NoFundsOrGas", Refusal::insufficient_funds},
};

constexpr std::array decoding_errors{
    NamedReason<TransactionError>{"TR_RLP_WRONGVALUE", TransactionError::malformed},
    NamedReason<TransactionError>{"TYPE_3_TX_WITH_FULL_BLOBS", TransactionError::malformed},
    NamedReason<TransactionError>{"PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS", TransactionError::tip_above_fee},
    NamedReason<TransactionError>{"TR_TipGtFeeCap", TransactionError::tip_above_fee},
    NamedReason<TransactionError>{"TYPE_3_TX_CONTRACT_CREATION", TransactionError::missing_recipient},
    NamedReason<TransactionError>{"TYPE_4_TX_CONTRACT_CREATION", TransactionError::missing_recipient},
    NamedReason<TransactionError>{"TYPE_4_INVALID_AUTHORIZATION_FORMAT",
                                  TransactionError::malformed_authorizations},
    NamedReason<TransactionError>{"TYPE_4_INVALID_AUTHORITY_SIGNATURE",
                                  TransactionError::malformed_authorizations},
    NamedReason<TransactionError>{"INVALID_SIGNATURE_VRS", TransactionError::bad_v},
    NamedReason<TransactionError>{"INVALID_SIGNATURE_VRS", TransactionError::high_s},
    NamedReason<TransactionError>{"INVALID_SIGNATURE_VRS", TransactionError::bad_signature},
};

template <typename Rows, typename Reason>
bool find_name(const Rows& rows, std::string_view expected, Reason reason) {
    constexpr std::string_view prefix = "TransactionException.";
    while (!expected.empty()) {
        const std::size_t bar = expected.find('|');
        std::string_view name = expected.substr(0, bar);
        if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
        for (const auto& row : rows)
            if (row.name == name && row.reason == reason) return true;
        if (bar == std::string_view::npos) break;
        expected.remove_prefix(bar + 1);
    }
    return false;
}

}  // namespace

bool names_reason(std::string_view expected, Refusal reason) {
    return find_name(refusals, expected, reason);
}

bool names_reason(std::string_view expected, TransactionError reason) {
    return find_name(decoding_errors, expected, reason);
}

}  // namespace sluice::conformance
