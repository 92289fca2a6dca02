#include "cli/receipt_check.hpp"

#include <gtest/gtest.h>

#include "contracts/native/settlement_calls.hpp"
#include "core/documents/genesis_document.hpp"
#include "core/merkle.hpp"
#include "tests/core/chain_spec_fixture.hpp"
#include "tests/core/validators_fixture.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

/// A chain from a real genesis, and one block with a payment that its validators seal.
class PaymentChain {
  public:
    PaymentChain() {
        auto spec = core::test::whole_spec();
        for (std::size_t i = 0; i < spec.validators.size(); ++i)
            spec.validators[i].address = validators_.set().members()[i];
        genesis_ = core::encode_genesis(spec);
        chain_ = *read_genesis_chain(genesis_);
    }

    const std::string& genesis() const { return genesis_; }

    static native::Instruction instruction() {
        native::Instruction made;
        made.uetr = core::Uetr::parse("eb6305c9-1f7f-49de-aed0-16487c27b42d")->bytes;
        made.message_type = native::tag_of(native::MessageType::bank_credit);
        made.payer = core::Bic::parse("BANKDEAA")->chars();
        made.payee = core::Bic::parse("BANKDEBB")->chars();
        made.currency = {'E', 'U', 'R'};
        made.amount = 25'000;
        made.value_date = 20'260'102;
        return made;
    }

    static core::Log payment_log() {
        const auto made = instruction();
        return native::log_of({.id = native::payment_id(native::view_of(made)),
                               .payer = made.payer,
                               .payee = made.payee,
                               .uetr = made.uetr,
                               .message_type = made.message_type,
                               .status = native::Status::settled,
                               .reason = {},
                               .amount = made.amount,
                               .currency = made.currency});
    }

    core::ReceiptDocument document(std::size_t signatures = 4, const core::Log& log = payment_log()) const {
        return document_at(1, validators_, signatures, log);
    }

    /// Of a height above 2, at which five validators vote; height 2 made them so.
    core::ReceiptDocument document_after_change(core::Height height) const {
        auto made = document_at(height, five_, 5, payment_log());
        core::Header header = chain_.header;
        header.height = 2;
        header.extra_data = core::encode(core::ExtraData{.time_ms = chain_.spec.time_ms,
                                                         .validators_hash = validators_.set().hash(),
                                                         .next_validators_hash = five_.set().hash()});
        made.trust_path.push_back(
            {core::encode(header),
             core::encode(validators_.seal(chain_.identity, 2, core::hash_of(header), 4)), made.validators});
        return made;
    }

    core::ReceiptDocument document_at(core::Height height, const core::test::TestValidators& voters,
                                      std::size_t signatures, const core::Log& log) const {
        core::Transaction transaction;
        transaction.type = core::TransactionType::dynamic_fee;
        transaction.chain_id = chain_.identity.chain_id;
        transaction.gas_limit = 1'000'000;
        const auto call = native::calls::submit(instruction());
        transaction.to = call.to;
        transaction.data = call.data;
        core::sign(transaction, core::test::validator_key(50));
        const auto encoded = core::encode(transaction);
        core::Receipt receipt;
        receipt.type = 2;
        receipt.succeeded = true;
        receipt.logs = {log};
        receipt.bloom = core::bloom_of(receipt.logs);
        const auto encoded_receipt = core::encode(receipt);
        const std::vector<core::ByteView> transactions{encoded}, receipts{encoded_receipt};

        core::Header header = chain_.header;
        header.height = height;
        header.parent_hash = chain_.identity.genesis_hash;
        header.transactions_root = core::merkle::ordered_root(transactions);
        header.receipts_root = core::merkle::ordered_root(receipts);
        const core::UnixMs time_ms = chain_.spec.time_ms + 1'250;
        header.timestamp = time_ms / 1000;
        const auto set = voters.set().hash();
        header.extra_data = core::encode(
            core::ExtraData{.time_ms = time_ms, .validators_hash = set, .next_validators_hash = set});

        core::ReceiptDocument made;
        made.chain_id = chain_.identity.chain_id;
        made.genesis_hash = chain_.identity.genesis_hash;
        made.payment = {.uetr = {instruction().uetr},
                        .payer = *core::Bic::parse("BANKDEAA"),
                        .payee = *core::Bic::parse("BANKDEBB"),
                        .amount = "250.00",
                        .currency = *core::CurrencyCode::parse("EUR"),
                        .status = "Final",
                        .height = height,
                        .time_ms = time_ms,
                        .transaction_hash = core::keccak256(encoded),
                        .payment_id = native::payment_id(native::view_of(instruction()))};
        made.header = core::encode(header);
        made.certificate =
            core::encode(voters.seal(chain_.identity, height, core::hash_of(header), signatures));
        made.validators = {voters.set().members().begin(), voters.set().members().end()};
        made.transaction = encoded;
        made.transaction_proof = core::merkle::prove_ordered(transactions, 0);
        made.receipt = encoded_receipt;
        made.receipt_proof = core::merkle::prove_ordered(receipts, 0);
        return made;
    }

    core::Result<VerifiedReceipt, std::string> check(const core::ReceiptDocument& document) const {
        return check_text(core::encode_receipt_document(document));
    }
    core::Result<VerifiedReceipt, std::string> check_text(const std::string& text) const {
        return check_receipt({text, genesis_, std::nullopt});
    }

  private:
    core::test::TestValidators validators_{{0, 1, 2, 3}};
    core::test::TestValidators five_{{0, 1, 2, 3, 4}};
    std::string genesis_;
    GenesisChain chain_ = *read_genesis_chain(core::encode_genesis(core::test::whole_spec()));
};

TEST(ReceiptCheck, a_receipt_proves_its_payment_from_genesis_alone) {
    const PaymentChain chain;
    const auto verified = chain.check(chain.document());
    ASSERT_TRUE(verified) << verified.error();
    EXPECT_EQ(verified->payment.amount, "250.00");
    EXPECT_EQ(verified->sealed_by, (std::vector<std::string>{"bank-a", "bank-b", "bank-c", "bank-d"}));
    EXPECT_EQ(verified->anchor_height, 0u);
    EXPECT_EQ(verified->facts.event.status, native::Status::settled);
    ASSERT_TRUE(verified->facts.instruction);
    EXPECT_TRUE(verified->facts.instruction->amount == 25'000);
}

TEST(ReceiptCheck, an_altered_byte_anywhere_is_refused) {
    const PaymentChain chain;
    const auto text = core::encode_receipt_document(chain.document(3));
    ASSERT_TRUE(chain.check_text(text));
    // Every byte of the part that people read, and every seventh of the long hex after it.
    const auto dense = text.find("\"certificate\"");
    const std::string genesis = chain.genesis();
    for (std::size_t at = 0; at < text.size(); at += at < dense ? 3 : 17) {
        auto altered = text;
        altered[at] = altered[at] == '1' ? '2' : '1';
        ASSERT_FALSE(chain.check_text(altered)) << "byte " << at << " of " << text.size();
    }
    for (const std::size_t size : {std::size_t{0}, text.size() / 2, text.size() - 1})
        EXPECT_FALSE(chain.check_text(text.substr(0, size)));
    EXPECT_FALSE(chain.check_text(text + "\n"));
}

TEST(ReceiptCheck, what_people_read_is_what_the_log_says) {
    const PaymentChain chain;
    const auto refusal = [&](auto change) {
        auto document = chain.document();
        change(document.payment);
        const auto verified = chain.check(document);
        return verified ? "" : verified.error().substr(0, 8);
    };
    EXPECT_EQ(refusal([](auto&) {}), "");
    EXPECT_EQ(refusal([](auto& payment) { payment.amount = "950.00"; }), "summary:");
    EXPECT_EQ(refusal([](auto& payment) { payment.amount = "250.0"; }), "summary:");
    EXPECT_EQ(refusal([](auto& payment) { payment.payee = *core::Bic::parse("BANKDECC"); }), "summary:");
    EXPECT_EQ(refusal([](auto& payment) { payment.payer = *core::Bic::parse("BANKDECC"); }), "summary:");
    EXPECT_EQ(refusal([](auto& payment) { payment.currency = *core::CurrencyCode::parse("JPY"); }),
              "summary:");
    EXPECT_EQ(refusal([](auto& payment) { payment.status = "Never"; }), "summary:");
    EXPECT_EQ(refusal([](auto& payment) { payment.uetr.bytes[0] ^= 1; }), "summary:");
    EXPECT_EQ(refusal([](auto& payment) { payment.payment_id[0] ^= 1; }), "summary:");
    EXPECT_EQ(refusal([](auto& payment) { payment.time_ms += 1; }), "summary:");
}

TEST(ReceiptCheck, a_log_of_another_contract_proves_no_payment) {
    const PaymentChain chain;
    auto log = PaymentChain::payment_log();
    log.address[0] ^= 1;
    EXPECT_FALSE(chain.check(chain.document(4, log)));
}

TEST(ReceiptCheck, fewer_signatures_than_a_quorum_prove_nothing) {
    const PaymentChain chain;
    EXPECT_TRUE(chain.check(chain.document(3)));
    EXPECT_FALSE(chain.check(chain.document(2)));
}

TEST(ReceiptCheck, another_genesis_is_another_chain) {
    const PaymentChain chain;
    const auto text = core::encode_receipt_document(chain.document());
    auto genesis = chain.genesis();
    genesis.replace(genesis.find("\"rotation_period\": 256"), 22, "\"rotation_period\": 257");
    EXPECT_FALSE(check_receipt({text, genesis, std::nullopt}));
    EXPECT_FALSE(check_receipt({text, "{}", std::nullopt}));
}

TEST(ReceiptCheck, a_receipt_with_its_path_from_genesis_verifies_from_a_trusted_header_too) {
    const PaymentChain chain;
    const auto trusted = core::encode_receipt_document(chain.document_after_change(5));
    const auto document = chain.document_after_change(8);
    const auto check = [&](const core::ReceiptDocument& made) {
        return check_receipt({core::encode_receipt_document(made), chain.genesis(), trusted});
    };
    ASSERT_TRUE(chain.check(document)) << chain.check(document).error();
    const auto verified = check(document);
    ASSERT_TRUE(verified) << verified.error();
    EXPECT_EQ(verified->anchor_height, 5u);

    auto altered = document;
    altered.trust_path[0].certificate.back() ^= 1;
    EXPECT_FALSE(check(altered)) << "what lies before the trusted header must hold as well";
    auto cut = document;
    cut.trust_path.clear();
    EXPECT_TRUE(check(cut)) << "a path may begin after the trusted header";
    EXPECT_FALSE(chain.check(cut));
    EXPECT_FALSE(check(chain.document_after_change(4))) << "a block before the trusted one";
}

TEST(ReceiptCheck, a_path_that_leads_to_others_than_the_trusted_header_names_is_refused) {
    const PaymentChain chain;
    const auto trusted = core::encode_receipt_document(chain.document());  // height 1: four validators
    auto document = chain.document_after_change(8);
    EXPECT_TRUE(check_receipt({core::encode_receipt_document(document), chain.genesis(), trusted}))
        << "the change lies after the trusted header";
    const auto newer = core::encode_receipt_document(
        chain.document_at(6, core::test::TestValidators({0, 1, 2, 3}), 4, PaymentChain::payment_log()));
    const auto checked = check_receipt({core::encode_receipt_document(document), chain.genesis(), newer});
    ASSERT_FALSE(checked);
    EXPECT_NE(checked.error().find("other validators than the trusted header"), std::string::npos);
}

TEST(ReceiptCheck, a_verified_receipt_is_a_trusted_header) {
    const PaymentChain chain;
    const auto text = core::encode_receipt_document(chain.document());
    const auto verified = check_receipt({text, chain.genesis(), text});
    ASSERT_TRUE(verified) << verified.error();
    EXPECT_EQ(verified->anchor_height, 1u);
    for (const auto* bad :
         {"", "[]", "{}", "{\"header\":\"0x01\",\"validators\":[]}", "{\"header\":1,\"validators\":2}"})
        EXPECT_FALSE(check_receipt({text, chain.genesis(), bad})) << bad;
}

}  // namespace
}  // namespace sluice::cli
