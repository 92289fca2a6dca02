#include "core/documents/receipt_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/receipt_fixture.hpp"

namespace sluice::core {
namespace {

using test::ReceiptChain;
using test::TestValidators;
using ::testing::HasSubstr;

const ReceiptChain& chain() {
    static const ReceiptChain made;
    return made;
}

const ReceiptDocument& right() {
    static const ReceiptDocument document = chain().receipt();
    return document;
}

const std::string& right_text() {
    static const std::string text = encode_receipt_document(right());
    return text;
}

/// Which check fails after `damage`; nothing where all pass.
template <typename Damage>
std::optional<ReceiptCheck> check_failed_after(Damage damage) {
    ReceiptDocument document = right();
    damage(document);
    const auto proven = verify_receipt(document, chain().anchor());
    if (proven) return {};
    EXPECT_FALSE(proven.error().sentence.empty());
    return proven.error().check;
}

std::string replaced(std::string_view from, std::string_view to) {
    std::string text = right_text();
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
    return text;
}

TEST(ReceiptDocument, survives_encoding_and_parsing_byte_by_byte) {
    const auto parsed = parse_receipt_document(right_text());
    ASSERT_TRUE(parsed) << describe(parsed.error());
    EXPECT_EQ(*parsed, right());
    EXPECT_EQ(encode_receipt_document(*parsed), right_text());
}

TEST(ReceiptDocument, shows_people_what_was_paid_first) {
    EXPECT_THAT(right_text(), testing::StartsWith("{\n  \"format\": \"sluice-receipt\",\n  \"version\": 1,\n"
                                                  "  \"chainId\": 20022,\n  \"genesisHash\": \"0x"));
    EXPECT_THAT(right_text(), HasSubstr("\"uetr\": \"eb6305c9-1f7f-49de-aed0-16487c27b42d\",\n"
                                        "    \"payer\": \"BANKDEAA\",\n    \"payee\": \"BANKDEBB123\",\n"
                                        "    \"amount\": \"250.00\",\n    \"currency\": \"EUR\",\n"
                                        "    \"status\": \"Final\",\n    \"height\": 25,\n"
                                        "    \"timeMs\": 1767225625250,\n"
                                        "    \"time\": \"2026-01-01T00:00:25.250Z\",\n"));
    EXPECT_EQ(right_text().back(), '\n');
}

TEST(ReceiptDocument, in_another_layout_is_refused_as_a_file_but_read_as_an_object) {
    for (const std::string& text :
         {right_text() + "\n", " " + right_text(), replaced("\"version\": 1,\n", "\"version\":1,\n"),
          replaced("  \"format\": \"sluice-receipt\",\n  \"version\": 1,\n",
                   "  \"version\": 1,\n  \"format\": \"sluice-receipt\",\n"),
          replaced("BANKDEAA", "BANKD\\u0045AA"), right_text().substr(0, right_text().size() - 1)}) {
        const auto file = parse_receipt_document(text);
        ASSERT_FALSE(file);
        EXPECT_EQ(file.error().fault, DocumentFault::not_canonical);
        EXPECT_THAT(describe(file.error()), HasSubstr("differs first at byte"));
        EXPECT_EQ(parse_receipt_object(text), right());
    }
}

TEST(ReceiptDocument, with_a_value_in_another_form_is_refused_also_as_an_object) {
    const std::string hash = to_hex_0x(right().genesis_hash);
    std::string upper = hash;
    std::transform(upper.begin() + 2, upper.end(), upper.begin() + 2,
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
    ASSERT_NE(upper, hash);
    const std::string address = checksum_hex(right().validators[0]);
    for (const std::string& text : {replaced(hash, upper), replaced("\"BANKDEAA\"", "\"BANKDEAAXXX\""),
                                    replaced(address, to_hex_0x(right().validators[0]))}) {
        const auto object = parse_receipt_object(text);
        ASSERT_FALSE(object);
        EXPECT_EQ(object.error().fault, DocumentFault::not_canonical);
    }
}

TEST(ReceiptDocument, with_a_missing_unknown_repeated_or_wrong_field_is_refused) {
    const auto sentence = [](const std::string& text) {
        const auto parsed = parse_receipt_document(text);
        EXPECT_FALSE(parsed);
        return parsed ? std::string() : describe(parsed.error());
    };
    EXPECT_THAT(sentence(replaced("  \"logIndex\": 1,\n", "")), HasSubstr("logIndex is missing"));
    EXPECT_THAT(sentence(replaced("\"logIndex\"", "\"logindex\"")), HasSubstr("did you mean logIndex?"));
    EXPECT_THAT(sentence(replaced("\"logIndex\": 1", "\"logIndex\": 1, \"logIndex\": 1")),
                HasSubstr("given twice"));
    EXPECT_THAT(sentence(replaced("\"version\": 1", "\"version\": 2")), HasSubstr("version is 2"));
    EXPECT_THAT(sentence(replaced("sluice-receipt", "other-receipt")),
                HasSubstr("format is \"other-receipt\""));
    EXPECT_THAT(sentence(replaced("25.250Z", "25.251Z")), HasSubstr("payment.time is"));
    EXPECT_THAT(sentence(replaced("1767225625250", "253402300800000")), HasSubstr("payment.timeMs"));
    EXPECT_THAT(sentence(replaced("250.00", "250,00")), HasSubstr("payment.amount"));
    EXPECT_THAT(sentence(replaced("\"Final\"", "\"\"")), HasSubstr("payment.status"));
    EXPECT_THAT(sentence(replaced("eb6305c9-1f7f-49", "eb6305c9-1f7f-19")), HasSubstr("payment.uetr"));
    EXPECT_THAT(sentence("{}"), HasSubstr("format is missing"));
    EXPECT_THAT(sentence(""), HasSubstr("not JSON"));
}

TEST(Receipt, that_is_right_proves_transaction_receipt_log_and_signers) {
    const auto proven = verify_receipt(right(), chain().anchor());
    ASSERT_TRUE(proven) << proven.error().sentence;
    EXPECT_EQ(proven->header.height, 25u);
    EXPECT_EQ(proven->block_hash, hash_of(proven->header));
    EXPECT_EQ(proven->time_ms, right().payment.time_ms);
    EXPECT_EQ(proven->view, 2u);
    EXPECT_EQ(proven->validators, 4u);
    EXPECT_EQ(proven->sealed_by, right().validators);
    EXPECT_EQ(proven->transaction->hash, right().payment.transaction_hash);
    EXPECT_EQ(proven->transaction->sender, crypto::address_of(test::validator_key(100)));
    EXPECT_EQ(proven->receipt, ReceiptChain::block_receipts()[1]);
    EXPECT_EQ(proven->log, ReceiptChain::block_receipts()[1].logs[1]);
}

TEST(Receipt, can_start_from_a_later_header_that_the_bank_trusts) {
    ReceiptDocument document = right();
    document.trust_path.clear();
    EXPECT_TRUE(verify_receipt(document, chain().later_anchor()));
    // From genesis, the same receipt lacks its path; with its whole path, it holds links before the trusted
    // header.
    EXPECT_EQ(verify_receipt(document, chain().anchor()).error().check, ReceiptCheck::header);
    EXPECT_EQ(verify_receipt(right(), chain().later_anchor()).error().check, ReceiptCheck::trust_path);
}

TEST(Receipt, can_be_of_the_very_block_that_the_bank_trusts) {
    ReceiptDocument document = right();
    document.trust_path.clear();
    const auto header = decode_header(document.header);
    ASSERT_TRUE(header);
    const auto anchor = anchor_at(chain().chain(), *header, chain().third().set());
    ASSERT_TRUE(anchor);
    EXPECT_TRUE(verify_receipt(document, *anchor));
    Header after = *header;
    after.height = 26;
    const auto later = anchor_at(chain().chain(), after, chain().third().set());
    ASSERT_TRUE(later);
    EXPECT_EQ(verify_receipt(document, *later).error().check, ReceiptCheck::header)
        << "a block before the anchor";
}

TEST(TrustAnchor, needs_the_validators_that_its_header_names) {
    EXPECT_FALSE(anchor_at(chain().chain(), chain().second_change(), chain().first().set()));
    EXPECT_FALSE(anchor_at(chain().chain(), Header{}, chain().first().set()));
}

TEST(Receipt, of_another_chain_is_refused) {
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.chain_id = 1; }), ReceiptCheck::chain);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.genesis_hash[0] ^= 1; }), ReceiptCheck::chain);
    const ChainIdentity other{.chain_id = 20'022, .genesis_hash = {9}};
    ReceiptDocument document = right();
    document.genesis_hash = other.genesis_hash;
    TrustAnchor anchor = chain().anchor();
    anchor.chain = other;
    EXPECT_EQ(verify_receipt(document, anchor).error().check, ReceiptCheck::trust_path)
        << "signatures name the chain that they are for";
}

TEST(Receipt, trust_path_must_be_whole_in_order_and_without_superfluous_links) {
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.trust_path.clear(); }), ReceiptCheck::header);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.trust_path.pop_back(); }), ReceiptCheck::header);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.trust_path.erase(d.trust_path.begin()); }),
              ReceiptCheck::trust_path);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { std::swap(d.trust_path[0], d.trust_path[1]); }),
              ReceiptCheck::trust_path);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.trust_path.push_back(d.trust_path.back()); }),
              ReceiptCheck::trust_path);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) {
                  const TestValidators& third = chain().third();
                  d.trust_path.push_back(chain().link(chain().header(22, third, third), third, third, 3));
              }),
              ReceiptCheck::trust_path)
        << "a link that changes nothing";
}

TEST(Receipt, trust_path_needs_a_quorum_of_the_set_before_the_change) {
    const TestValidators joined({0, 1, 2, 3, 4});
    const TestValidators strangers({50, 51, 52, 53});
    const Header change = chain().header(10, chain().first(), joined);
    EXPECT_EQ(check_failed_after([&](ReceiptDocument& d) {
                  d.trust_path[0] = chain().link(change, chain().first(), joined, 2);
              }),
              ReceiptCheck::trust_path);
    EXPECT_EQ(check_failed_after(
                  [&](ReceiptDocument& d) { d.trust_path[0] = chain().link(change, strangers, joined, 4); }),
              ReceiptCheck::trust_path)
        << "signed by strangers";
    EXPECT_EQ(check_failed_after(
                  [&](ReceiptDocument& d) { d.trust_path[0] = chain().link(change, joined, joined, 5); }),
              ReceiptCheck::trust_path)
        << "signed by the set after the change";
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.trust_path[0].validators.pop_back(); }),
              ReceiptCheck::trust_path);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.trust_path[0].validators.clear(); }),
              ReceiptCheck::trust_path);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.trust_path[0].header.clear(); }),
              ReceiptCheck::trust_path);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.trust_path[0].certificate.pop_back(); }),
              ReceiptCheck::trust_path);
}

TEST(Receipt, header_must_name_the_validators_that_are_known) {
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.header.pop_back(); }), ReceiptCheck::header);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.header = encode(Header{}); }),
              ReceiptCheck::header);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { std::swap(d.validators[0], d.validators[1]); }),
              ReceiptCheck::header);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.validators.push_back(d.validators[0]); }),
              ReceiptCheck::header);
    const TestValidators strangers({50, 51, 52, 53});
    EXPECT_EQ(check_failed_after([&](ReceiptDocument& d) {
                  Header forged = chain().header(25, strangers, strangers);
                  d.header = encode(forged);
                  d.certificate = encode(strangers.seal(chain().chain(), 25, hash_of(forged), 4));
                  d.validators = {strangers.set().members().begin(), strangers.set().members().end()};
              }),
              ReceiptCheck::header);
}

TEST(Receipt, header_that_was_altered_loses_its_certificate) {
    const auto altered = [](auto change) {
        return check_failed_after([&](ReceiptDocument& d) {
            Header header = *decode_header(d.header);
            change(header);
            d.header = encode(header);
        });
    };
    EXPECT_EQ(altered([](Header& h) { h.receipts_root[0] ^= 1; }), ReceiptCheck::certificate);
    EXPECT_EQ(altered([](Header& h) { h.timestamp += 1; }), ReceiptCheck::certificate);
    EXPECT_EQ(altered([](Header& h) { h.height += 1; }), ReceiptCheck::certificate);
}

TEST(Receipt, certificate_needs_a_quorum_and_only_right_signatures) {
    const auto with = [](auto change) {
        return check_failed_after([&](ReceiptDocument& d) {
            CommitCertificate certificate = *decode_commit_certificate(d.certificate);
            change(certificate);
            d.certificate = encode(certificate);
        });
    };
    EXPECT_EQ(with([](CommitCertificate& c) { c.signatures.resize(3); }), std::nullopt)
        << "three of four are a quorum";
    EXPECT_EQ(with([](CommitCertificate& c) { c.signatures.resize(2); }), ReceiptCheck::certificate);
    EXPECT_EQ(with([](CommitCertificate& c) { c.signatures[3].signature.r[0] ^= 1; }),
              ReceiptCheck::certificate)
        << "a wrong one beyond the quorum";
    EXPECT_EQ(with([](CommitCertificate& c) { c.view += 1; }), ReceiptCheck::certificate);
    EXPECT_EQ(with([](CommitCertificate& c) { c.height += 1; }), ReceiptCheck::certificate);
    EXPECT_EQ(with([](CommitCertificate& c) { c.block_hash[0] ^= 1; }), ReceiptCheck::certificate);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.certificate.push_back(0); }),
              ReceiptCheck::certificate);
}

TEST(Receipt, transaction_must_lie_in_the_block_at_its_index) {
    constexpr auto check = ReceiptCheck::transaction;
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.transaction.back() ^= 1; }), check);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.transaction_index = 0; }), check);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.transaction_index = 3; }), check);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.transaction_index = ~std::uint64_t{0}; }), check);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.transaction_proof.pop_back(); }), check);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.transaction_proof.clear(); }), check);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.transaction_proof.push_back({0x80}); }), check);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) {
                  d.transaction = *ReceiptChain::block_transactions()[0]->encoded;
              }),
              check);
}

TEST(Receipt, receipt_must_lie_in_the_block_at_the_same_index) {
    constexpr auto check = ReceiptCheck::receipt;
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.receipt.back() ^= 1; }), check);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.receipt_proof[0][0] ^= 1; }), check);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.receipt_proof.clear(); }), check);
    EXPECT_EQ(
        check_failed_after([](ReceiptDocument& d) { d.receipt = encode(ReceiptChain::block_receipts()[0]); }),
        check);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.receipt_proof = d.transaction_proof; }), check);
}

TEST(Receipt, log_must_exist) {
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.log_index = 0; }), std::nullopt);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.log_index = 2; }), ReceiptCheck::log);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.log_index = ~std::uint64_t{0}; }),
              ReceiptCheck::log);
}

TEST(Receipt, summary_must_say_what_is_proven) {
    constexpr auto check = ReceiptCheck::summary;
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { ++d.payment.height; }), check);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { ++d.payment.time_ms; }), check);
    EXPECT_EQ(check_failed_after([](ReceiptDocument& d) { d.payment.transaction_hash[0] ^= 1; }), check);
}

TEST(ReceiptDocument, altered_in_any_character_is_refused) {
    // What needs knowledge of payments is compared by the caller: parties, amount, status, payment id, and
    // which of the logs it is. Fewer signatures than were collected are no forgery, but no single character
    // makes them fewer.
    const std::string& text = right_text();
    const auto left_to_the_caller = [&](std::size_t at) {
        const std::size_t line_start = text.rfind('\n', at) + 1;
        const std::string_view line = std::string_view(text).substr(line_start, at - line_start + 20);
        for (const std::string_view name : {"\"uetr\"", "\"payer\"", "\"payee\"", "\"amount\"",
                                            "\"currency\"", "\"status\"", "\"paymentId\"", "\"logIndex\""})
            if (line.find(name) < 5) return true;
        return false;
    };
    // Every eleventh character, so that each line is hit several times and the test stays short.
    std::size_t caught_by_proof = 0;
    for (std::size_t at = 0; at < text.size(); at += 11) {
        if (left_to_the_caller(at)) continue;
        std::string altered = text;
        altered[at] = altered[at] == '1' ? '2' : '1';
        const auto document = parse_receipt_document(altered);
        if (!document) continue;
        ++caught_by_proof;
        ASSERT_FALSE(verify_receipt(*document, chain().anchor())) << "byte " << at;
    }
    EXPECT_GT(caught_by_proof, 300u);
}

TEST(ReceiptDocument, cut_anywhere_is_refused) {
    for (std::size_t size = 0; size < right_text().size(); size += 31)
        ASSERT_FALSE(parse_receipt_document(std::string_view(right_text()).substr(0, size))) << size;
}

}  // namespace
}  // namespace sluice::core
