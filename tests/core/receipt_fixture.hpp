/// A chain with real signatures whose validator set changes, and a receipt of a payment on it.
#pragma once

#include <vector>

#include "core/documents/receipt_document.hpp"
#include "core/merkle.hpp"
#include "tests/core/validators_fixture.hpp"

namespace sluice::core::test {

inline constexpr UnixMs genesis_time_ms = 1'767'225'600'000;

/// Genesis with validators 0 to 3; at height 10 validator 4 joins; at height 20 validator 0 leaves.
/// The payment is the second of three transactions of block 25.
class ReceiptChain {
  public:
    ReceiptChain() {
        genesis_ = header(0, first_, first_);
        chain_ = {.chain_id = 20'022, .genesis_hash = hash_of(genesis_)};
    }

    const ChainIdentity& chain() const { return chain_; }
    TrustAnchor anchor() const { return *anchor_at(chain_, genesis_, first_.set()); }
    /// The block that takes validator 0 out, as a bank might come to trust it.
    Header second_change() const { return header(20, second_, third_); }
    TrustAnchor later_anchor() const { return *anchor_at(chain_, second_change(), third_.set()); }
    const TestValidators& first() const { return first_; }
    const TestValidators& third() const { return third_; }

    TrustLink link(const Header& of, const TestValidators& by, const TestValidators& next,
                   std::size_t signatures) const {
        return {.header = encode(of),
                .certificate = encode(by.seal(chain_, of.height, hash_of(of), signatures)),
                .validators = {next.set().members().begin(), next.set().members().end()}};
    }
    std::vector<TrustLink> trust_path() const {
        return {link(header(10, first_, second_), first_, second_, 3),
                link(second_change(), second_, third_, 5)};
    }

    Header header(Height height, const TestValidators& now, const TestValidators& next) const {
        Header made;
        made.height = height;
        made.timestamp = genesis_time_ms / 1000 + height;
        made.requests_hash = empty_requests_hash;
        made.extra_data = encode(ExtraData{.time_ms = genesis_time_ms + 1000 * height + 250,
                                           .validators_hash = now.set().hash(),
                                           .next_validators_hash = next.set().hash()});
        return made;
    }

    ReceiptDocument receipt() const {
        const std::vector<TransactionPtr> transactions = block_transactions();
        const std::vector<Receipt> receipts = block_receipts();
        std::vector<Bytes> encoded_receipts;
        for (const Receipt& one : receipts)
            encoded_receipts.push_back(encode(one));
        std::vector<ByteView> transaction_views;
        for (const auto& one : transactions)
            transaction_views.emplace_back(*one->encoded);
        const std::vector<ByteView> receipt_views(encoded_receipts.begin(), encoded_receipts.end());

        Header sealed = header(25, third_, third_);
        sealed.transactions_root = merkle::ordered_root(transaction_views);
        sealed.receipts_root = merkle::ordered_root(receipt_views);

        ReceiptDocument document;
        document.chain_id = chain_.chain_id;
        document.genesis_hash = chain_.genesis_hash;
        document.payment = summary(*transactions[1]);
        document.header = encode(sealed);
        document.certificate = encode(third_.seal(chain_, 25, hash_of(sealed), 4, 2));
        document.validators = {third_.set().members().begin(), third_.set().members().end()};
        document.transaction = *transactions[1]->encoded;
        document.transaction_index = 1;
        document.transaction_proof = merkle::prove_ordered(transaction_views, 1);
        document.receipt = encoded_receipts[1];
        document.receipt_proof = merkle::prove_ordered(receipt_views, 1);
        document.log_index = 1;
        document.trust_path = trust_path();
        return document;
    }

    static std::vector<TransactionPtr> block_transactions() {
        std::vector<TransactionPtr> transactions;
        for (std::uint64_t nonce = 0; nonce < 2; ++nonce) {
            Transaction made;
            made.type = TransactionType::dynamic_fee;
            made.chain_id = 20'022;
            made.nonce = nonce;
            made.gas_limit = 100'000;
            made.to = system_address;
            made.data = Bytes(100, static_cast<std::uint8_t>(nonce + 1));
            sign(made, validator_key(100));
            transactions.push_back(*recover_transaction(share(encode(made))));
        }
        transactions.push_back(*recover_transaction(share(encode(system_transaction(25)))));
        return transactions;
    }

    static std::vector<Receipt> block_receipts() {
        std::vector<Receipt> receipts(3);
        receipts[0].type = receipts[1].type = 2;
        receipts[2].type = 0x7e;
        for (Receipt& receipt : receipts)
            receipt.succeeded = true;
        receipts[1].logs = {
            {.address = {0x5e}, .topics = {word_from_u64(1)}, .data = {1}},
            {.address = {0x5f}, .topics = {word_from_u64(2), word_from_u64(3)}, .data = Bytes(64, 7)}};
        receipts[1].bloom = bloom_of(receipts[1].logs);
        return receipts;
    }

  private:
    static ReceiptSummary summary(const RecoveredTransaction& transaction) {
        return {.uetr = *Uetr::parse("eb6305c9-1f7f-49de-aed0-16487c27b42d"),
                .payer = *Bic::parse("BANKDEAA"),
                .payee = *Bic::parse("BANKDEBB123"),
                .amount = "250.00",
                .currency = *CurrencyCode::parse("EUR"),
                .status = "Final",
                .height = 25,
                .time_ms = genesis_time_ms + 25'250,
                .transaction_hash = transaction.hash,
                .payment_id = keccak256(word_from_u64(77))};
    }

    TestValidators first_{{0, 1, 2, 3}};
    TestValidators second_{{0, 1, 2, 3, 4}};
    TestValidators third_{{1, 2, 3, 4}};
    Header genesis_;
    ChainIdentity chain_;
};

}  // namespace sluice::core::test
