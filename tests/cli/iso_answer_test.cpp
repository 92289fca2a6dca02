#include "cli/iso20022/answer.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/iso20022/xml_element.hpp"
#include "tests/cli/message_builder.hpp"
#include "tests/cli/sample_data.hpp"

namespace sluice::cli::iso20022::test {
namespace {

constexpr core::UnixMs noon = 1'795'348'800'000;

XmlElement parsed(const std::string& xml) {
    const auto read = read_xml(xml, {});
    EXPECT_TRUE(read) << xml;
    return read ? *read : XmlElement{};
}

std::string text_at(const XmlElement& element, std::string_view path) {
    const auto* found = element.find_path(path);
    return found ? found->text : "(missing)";
}

OriginalMessage original_of(const Message& message) {
    return read_credit_transfer(message.text(), euro_rules())->original;
}

PaymentReport settled() {
    return {.status = PaymentReport::Status::settled,
            .reason = {},
            .text = {},
            .time_ms = noon,
            .settled_on = 20'261'122};
}

/// Validates with xmllint; the caller has looked whether it and the schema are there.
bool is_valid(const std::string& xml, const std::filesystem::path& schema) {
    const auto file = std::filesystem::path(::testing::TempDir()) / "sluice-answer.xml";
    std::ofstream(file, std::ios::binary) << xml;
    return std::system(
               ("xmllint --noout --schema '" + schema.string() + "' '" + file.string() + "' >/dev/null 2>&1")
                   .c_str()) == 0;
}

bool has_xmllint() {
    return std::system("xmllint --version >/dev/null 2>&1") == 0;
}

TEST(IsoAnswer, a_settled_payment_is_reported_by_all_its_names) {
    const auto answer = report_payment(original_of(bank_transfer()), settled());
    const auto root = parsed(answer.xml);
    EXPECT_EQ(root.name_space, "urn:iso:std:iso:20022:tech:xsd:pacs.002.001.10");
    const auto& transaction = *root.find_path("FIToFIPmtStsRpt/TxInfAndSts");
    EXPECT_EQ(text_at(transaction, "TxSts"), "ACSC");
    EXPECT_EQ(text_at(transaction, "OrgnlUETR"), "8a562c67-ca16-48ba-b074-65581be6f011");
    EXPECT_EQ(text_at(transaction, "OrgnlInstrId"), "INSTR-1");
    EXPECT_EQ(text_at(transaction, "OrgnlGrpInf/OrgnlMsgNmId"), "pacs.009.001.08");
    EXPECT_EQ(text_at(transaction, "FctvIntrBkSttlmDt/Dt"), "2026-11-22");
    EXPECT_EQ(text_at(transaction, "InstgAgt/FinInstnId/BICFI"), "BNKADEFF");
    EXPECT_EQ(text_at(root, "FIToFIPmtStsRpt/GrpHdr/CreDtTm"), core::format_time(noon));
}

TEST(IsoAnswer, the_same_report_is_the_same_bytes) {
    const auto original = original_of(bank_transfer());
    EXPECT_EQ(report_payment(original, settled()).xml, report_payment(original, settled()).xml);
    auto pending = settled();
    pending.status = PaymentReport::Status::pending;
    const auto id = [](const Answer& answer) {
        return text_at(parsed(answer.xml), "FIToFIPmtStsRpt/GrpHdr/MsgId");
    };
    EXPECT_NE(id(report_payment(original, settled())), id(report_payment(original, pending)));
    EXPECT_EQ(id(report_payment(original, settled())).size(), 34u);
}

TEST(IsoAnswer, the_version_follows_the_request) {
    auto message = bank_transfer();
    message.name = "pacs.009.001.10";
    EXPECT_EQ(parsed(report_payment(original_of(message), settled()).xml).name_space,
              "urn:iso:std:iso:20022:tech:xsd:pacs.002.001.12");
}

TEST(IsoAnswer, a_refused_payment_gets_rjct_with_code_and_text) {
    const auto read = read_credit_transfer(with(bank_transfer().text(), "EUR", "GBP"), euro_rules());
    ASSERT_FALSE(read);
    const auto answer = answer_refusal(read.error(), noon);
    EXPECT_EQ(answer.message, "pacs.002");
    const auto root = parsed(answer.xml);
    EXPECT_EQ(text_at(root, "FIToFIPmtStsRpt/TxInfAndSts/TxSts"), "RJCT");
    EXPECT_EQ(text_at(root, "FIToFIPmtStsRpt/TxInfAndSts/StsRsnInf/Rsn/Cd"), "AM03");
    EXPECT_EQ(text_at(root, "FIToFIPmtStsRpt/TxInfAndSts/StsRsnInf/AddtlInf"),
              "the currency GBP is not settled here");
}

TEST(IsoAnswer, an_unreadable_message_gets_admi_002_with_the_place) {
    const auto read =
        read_credit_transfer(with(bank_transfer().text(), "<InstrId>", "<Foo/><InstrId>"), euro_rules());
    ASSERT_FALSE(read);
    const auto answer = answer_refusal(read.error(), noon);
    EXPECT_EQ(answer.message, "admi.002");
    const auto root = parsed(answer.xml);
    EXPECT_EQ(text_at(*root.find("admi.002.001.01"), "RltdRef/Ref"), "MSG-1");
    EXPECT_EQ(text_at(*root.find("admi.002.001.01"), "Rsn/RjctgPtyRsn"), "SchemaViolation");
    EXPECT_EQ(text_at(*root.find("admi.002.001.01"), "Rsn/ErrLctn"),
              "Document/FICdtTrf/CdtTrfTxInf/PmtId/Foo");
    EXPECT_EQ(
        text_at(
            *parsed(answer_refusal(read_credit_transfer("?", {}).error(), noon).xml).find("admi.002.001.01"),
            "RltdRef/Ref"),
        "NONREF");
}

TEST(IsoAnswer, answers_are_valid_against_their_schemas) {
    const auto schemas = sample_data() / "iso20022" / "xsd";
    if (!std::filesystem::exists(schemas)) GTEST_SKIP() << "no schemas at " << schemas;
    if (!has_xmllint()) GTEST_SKIP() << "xmllint is not installed";
    auto message = bank_transfer();
    EXPECT_TRUE(
        is_valid(report_payment(original_of(message), settled()).xml, schemas / "pacs.002.001.10.xsd"));
    EXPECT_FALSE(is_valid("<Document/>", schemas / "pacs.002.001.10.xsd"));
    auto rejected = settled();
    rejected.status = PaymentReport::Status::rejected;
    rejected.reason = "AM04";
    rejected.text = std::string(300, 'x');
    rejected.settled_on.reset();
    message.name = "pacs.009.001.10";
    EXPECT_TRUE(
        is_valid(report_payment(original_of(message), rejected).xml, schemas / "pacs.002.001.12.xsd"));
    EXPECT_TRUE(is_valid(answer_refusal(read_credit_transfer("<a>", {}).error(), noon).xml,
                         schemas / "admi.002.001.01.xsd"));
}

}  // namespace
}  // namespace sluice::cli::iso20022::test
