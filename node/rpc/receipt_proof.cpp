#include "node/rpc/receipt_proof.hpp"

#include "core/merkle.hpp"
#include "node/rpc/settlement_json.hpp"
#include "node/tasks.hpp"

namespace sluice::node::rpc {
namespace {

constexpr std::size_t no_limit = ~std::size_t{0};

std::vector<core::Address> members_of(const core::ValidatorSet& set) {
    return {set.members().begin(), set.members().end()};
}

std::vector<core::Bytes> prove(const std::vector<core::Bytes>& items, std::size_t index) {
    const std::vector<core::ByteView> views(items.begin(), items.end());
    return core::merkle::prove_ordered(views, index);
}

core::ReceiptSummary summary_of(const PaymentStep& step, const core::Hash& transaction, unsigned exponent) {
    const auto& event = step.event;
    return {.uetr = {event.uetr},
            .payer = native::bic_of(event.payer),
            .payee = native::bic_of(event.payee),
            .amount = core::format_amount(event.amount, exponent),
            .currency = native::currency_of(event.currency),
            .status = std::string(name_of(native::outcome_of(event.status))),
            .height = step.block.height,
            .time_ms = step.block.time_ms,
            .transaction_hash = transaction,
            .payment_id = event.id};
}

}  // namespace

std::optional<core::ReceiptDocument> make_receipt_document(const ChainReader& reader,
                                                           const core::ChainIdentity& chain,
                                                           const PaymentStep& step, unsigned exponent) {
    const auto& snapshot = reader.snapshot();
    const core::Height height = step.block.height;
    const auto certificate = snapshot.certificate(height);
    const auto header = snapshot.header(height);
    const auto validators = snapshot.validators(height);
    const auto transactions = reader.encoded_transactions(height);
    const auto receipts = snapshot.receipts(height);
    if (!certificate || !header || !validators || !transactions || !receipts) return std::nullopt;

    std::vector<core::Bytes> encoded_transactions, encoded_receipts;
    for (const auto& transaction : *transactions)
        encoded_transactions.push_back(*transaction);
    for (const auto& receipt : *receipts)
        encoded_receipts.push_back(core::encode(receipt));
    const std::size_t index = step.transaction_index;
    const auto hash = core::keccak256(encoded_transactions.at(index));
    return core::ReceiptDocument{.chain_id = chain.chain_id,
                                 .genesis_hash = chain.genesis_hash,
                                 .payment = summary_of(step, hash, exponent),
                                 .header = core::encode(*header),
                                 .certificate = core::encode(*certificate),
                                 .validators = members_of(*validators),
                                 .transaction = encoded_transactions[index],
                                 .transaction_index = index,
                                 .transaction_proof = prove(encoded_transactions, index),
                                 .receipt = encoded_receipts.at(index),
                                 .receipt_proof = prove(encoded_receipts, index),
                                 .log_index = step.log_index,
                                 .trust_path = trust_path(snapshot, 0, height, no_limit)};
}

std::vector<PaymentStep> steps_in(const FoundTransaction& found, const core::Receipt& receipt) {
    std::vector<PaymentStep> steps;
    for (std::uint32_t i = 0; i < receipt.logs.size(); ++i) {
        const auto event = native::decode_event(receipt.logs[i]);
        if (const auto* status = event ? std::get_if<native::PaymentStatusEvent>(&*event) : nullptr)
            steps.push_back({*status, found.block, found.index, i});
    }
    return steps;
}

}  // namespace sluice::node::rpc
