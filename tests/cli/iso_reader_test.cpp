#include <gtest/gtest.h>

#include "tests/cli/message_builder.hpp"

namespace sluice::cli::iso20022::test {
namespace {

namespace native = contracts::native;

CreditTransfer taken(const Message& message) {
    const auto read = read_credit_transfer(message.text(), euro_rules());
    EXPECT_TRUE(read) << (read ? "" : read.error().rejection.text);
    return read ? *read : CreditTransfer{};
}

std::string tag(const CreditTransfer& transfer) {
    return {transfer.instruction.message_type.begin(), transfer.instruction.message_type.end()};
}

TEST(IsoReader, a_bank_transfer_becomes_an_instruction) {
    const auto message = bank_transfer();
    const auto transfer = taken(message);
    const auto& instruction = transfer.instruction;
    EXPECT_EQ(tag(transfer), "P009");
    EXPECT_EQ(instruction.payer, core::Bic::parse("BNKADEFF")->chars());
    EXPECT_EQ(instruction.payee, core::Bic::parse("BNKBDEFF")->chars());
    EXPECT_TRUE(instruction.amount == 25'000);
    EXPECT_EQ(instruction.value_date, 20'261'122u);
    EXPECT_EQ(instruction.priority, native::Priority::normal);
    EXPECT_EQ(instruction.earliest, 0u);
    EXPECT_EQ(instruction.latest, 0u);
    EXPECT_EQ(instruction.instruction_id, "INSTR-1");
    EXPECT_EQ(instruction.end_to_end_id, "E2E-1");
    EXPECT_EQ(core::Uetr{instruction.uetr}.to_string(), "8a562c67-ca16-48ba-b074-65581be6f011");
    EXPECT_EQ(instruction.message_hash, core::keccak256(core::view(message.text())));
    EXPECT_EQ(transfer.original.message_id, "MSG-1");
}

TEST(IsoReader, a_customer_transfer_settles_between_the_agents) {
    auto message = customer_transfer();
    EXPECT_EQ(tag(taken(message)), "P008");
    message.agents.clear();
    const auto transfer = taken(message);
    EXPECT_EQ(transfer.instruction.payer, core::Bic::parse("BNKADEFF")->chars());
    EXPECT_EQ(transfer.instruction.payee, core::Bic::parse("BNKBDEFF")->chars());
}

TEST(IsoReader, instructing_and_instructed_agent_come_before_debtor_and_creditor) {
    auto message = bank_transfer();
    message.parties = agent("Dbtr", "BNKCDEFF") + agent("Cdtr", "BNKDDEFF");
    EXPECT_EQ(taken(message).instruction.payer, core::Bic::parse("BNKADEFF")->chars());
    message.agents.clear();
    EXPECT_EQ(taken(message).instruction.payer, core::Bic::parse("BNKCDEFF")->chars());
    EXPECT_EQ(taken(message).instruction.payee, core::Bic::parse("BNKDDEFF")->chars());
    message.settlement += agent("InstgAgt", "BNKADEFF") + agent("InstdAgt", "BNKBDEFF");
    EXPECT_EQ(taken(message).instruction.payer, core::Bic::parse("BNKADEFF")->chars());
    message.agents = agent("InstgAgt", "BNKCDEFF");
    EXPECT_EQ(verdict(message.text()), "RJCT RC01");
}

TEST(IsoReader, an_underlying_customer_transfer_makes_a_cover_payment) {
    auto message = bank_transfer();
    message.further = "<UndrlygCstmrCdtTrf><Dbtr><Nm>A</Nm></Dbtr></UndrlygCstmrCdtTrf>";
    EXPECT_EQ(tag(taken(message)), "COV9");
}

TEST(IsoReader, what_moves_no_money_is_refused) {
    auto message = bank_transfer();
    message.type = "<PmtTpInf><LclInstrm><Prtry>ADV</Prtry></LclInstrm></PmtTpInf>";
    EXPECT_EQ(verdict(message.text()), "RJCT AG03");
    message.type = "<PmtTpInf><SvcLvl><Cd>ADV</Cd></SvcLvl></PmtTpInf>";
    EXPECT_EQ(verdict(message.text()), "RJCT AG03");
    message.type.clear();
    message.header = header_for(message.name, "<BizSvc>swift.cbprplus.adv.02</BizSvc>");
    EXPECT_EQ(verdict(message.text()), "RJCT AG03");
    message.header = with(header_for(message.name), "</CreDt>", "</CreDt><CpyDplct>COPY</CpyDplct>");
    EXPECT_EQ(verdict(message.text()), "RJCT AG03");
    message = customer_transfer();
    message.settlement = "<SttlmInf><SttlmMtd>COVE</SttlmMtd></SttlmInf>";
    EXPECT_EQ(verdict(message.text()), "RJCT AG03");
}

TEST(IsoReader, versions_08_to_12_are_read_and_others_are_unsupported) {
    for (const auto* version : {"08", "09", "10", "11", "12"}) {
        auto message = bank_transfer();
        message.name = std::string("pacs.009.001.") + version;
        EXPECT_EQ(verdict(message.text()), "") << version;
    }
    for (const auto* name :
         {"pacs.009.001.07", "pacs.009.001.13", "pacs.010.001.05", "camt.056.001.10", "pacs.9"}) {
        auto message = bank_transfer();
        message.name = name;
        EXPECT_EQ(verdict(message.text()), "admi UnsupportedMessage") << name;
    }
    EXPECT_EQ(verdict(with(bank_transfer().text(), "urn:iso", "urn:foo")), "admi UnsupportedMessage");
}

TEST(IsoReader, header_and_document_must_agree) {
    auto message = bank_transfer();
    message.header = header_for(message.name);
    EXPECT_EQ(taken(message).original.business_message_id, "BIZ-1");
    message.header = header_for("pacs.009.001.10");
    EXPECT_EQ(verdict(message.text()), "admi HeaderMismatch");
    message.header = header_for(message.name, "", "09");
    EXPECT_EQ(verdict(message.text()), "admi UnsupportedMessage");
    message.header = header_for(message.name) + header_for(message.name);
    EXPECT_EQ(verdict(message.text()), "admi SchemaViolation");
    message.header.clear();
    auto rules = euro_rules();
    rules.require_header = true;
    EXPECT_EQ(verdict(message.text(), rules), "admi SchemaViolation");
}

TEST(IsoReader, elements_are_those_of_the_schema_in_its_order) {
    const auto text = bank_transfer().text();
    EXPECT_EQ(verdict(with(text, "<InstrId>", "<Foo/><InstrId>")), "admi SchemaViolation");
    EXPECT_EQ(verdict(with(text, "<MsgId>MSG-1</MsgId>", "")), "admi SchemaViolation");
    EXPECT_EQ(verdict(with(text, "<MsgId>MSG-1</MsgId>", "<MsgId>MSG-1</MsgId><MsgId>MSG-2</MsgId>")),
              "admi SchemaViolation");
    EXPECT_EQ(verdict(with(text, "<InstrId>INSTR-1</InstrId><EndToEndId>E2E-1</EndToEndId>",
                           "<EndToEndId>E2E-1</EndToEndId><InstrId>INSTR-1</InstrId>")),
              "admi SchemaViolation");
    EXPECT_EQ(verdict(with(text, "<PmtId>", "<PmtId kind=\"x\">")), "admi SchemaViolation");
    EXPECT_EQ(verdict(with(text, "<MsgId>", "<MsgId xmlns=\"urn:other\">")), "admi SchemaViolation");
    EXPECT_EQ(verdict(with(text, "<PmtId>", "<PmtId>text")), "admi XmlNotWellFormed");
    EXPECT_EQ(verdict(with(text, "MSG-1", std::string(36, 'M'))), "admi SchemaViolation");
    EXPECT_EQ(verdict(with(text, "2026-11-22T09:30:00+01:00", "yesterday")), "admi SchemaViolation");
    const auto read = read_credit_transfer(with(text, "<InstrId>", "<Foo/><InstrId>"), euro_rules());
    EXPECT_EQ(read.error().rejection.place, "Document/FICdtTrf/CdtTrfTxInf/PmtId/Foo");
}

TEST(IsoReader, a_prefix_says_the_same_as_a_default_namespace) {
    auto text = bank_transfer().document();
    for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos; at += 3)
        text.insert(text[at + 1] == '/' ? at + 2 : at + 1, "p:");
    EXPECT_EQ(verdict(with(text, "xmlns=", "xmlns:p=")), "");
    EXPECT_EQ(verdict(with(text, "xmlns=", "xmlns:q=")), "admi XmlNotWellFormed");
}

TEST(IsoReader, exactly_one_transaction_is_settled) {
    const auto text = bank_transfer().text();
    EXPECT_EQ(verdict(with(text, "<NbOfTxs>1<", "<NbOfTxs>2<")), "RJCT AM18");
    const auto begin = text.find("<CdtTrfTxInf>"), end = text.find("</CdtTrfTxInf>") + 14;
    auto twice = text;
    twice.insert(end, text.substr(begin, end - begin));
    EXPECT_EQ(verdict(twice), "RJCT AM18");
    EXPECT_EQ(verdict(with(text, "<NbOfTxs>1<", "<NbOfTxs>one<")), "admi SchemaViolation");
}

TEST(IsoReader, a_uetr_is_there_and_a_lower_case_uuid_of_version_4) {
    const std::string uetr = "8a562c67-ca16-48ba-b074-65581be6f011";
    const auto text = bank_transfer().text();
    EXPECT_EQ(verdict(with(text, "<UETR>" + uetr + "</UETR>", "")), "RJCT FF01");
    for (const auto* bad :
         {"8A562C67-CA16-48BA-B074-65581BE6F011", "8a562c67-ca16-18ba-b074-65581be6f011", "1", " "})
        EXPECT_EQ(verdict(with(text, uetr, bad)), "RJCT FF01") << bad;
}

TEST(IsoReader, references_are_in_the_swift_x_set) {
    EXPECT_EQ(verdict(with(bank_transfer().text(), "INSTR-1", "A_B")), "RJCT FF01");
    EXPECT_EQ(verdict(with(bank_transfer().text(), "E2E-1", "")), "admi SchemaViolation");
    EXPECT_EQ(taken([] {
                  auto message = bank_transfer();
                  message.names = with(message.names, "<InstrId>INSTR-1</InstrId>", "");
                  return message;
              }())
                  .instruction.instruction_id,
              "");
}

TEST(IsoReader, amounts_fit_their_currency) {
    const auto with_amount = [](std::string_view currency, std::string_view amount) {
        auto message = bank_transfer();
        message.amount = "<IntrBkSttlmAmt Ccy=\"" + std::string(currency) + "\">" + std::string(amount) +
                         "</IntrBkSttlmAmt>";
        return message.text();
    };
    EXPECT_EQ(verdict(with_amount("EUR", "0.01")), "");
    EXPECT_EQ(verdict(with_amount("JPY", "5")), "");
    EXPECT_EQ(verdict(with_amount("JPY", "5.5")), "RJCT AM12");
    EXPECT_EQ(verdict(with_amount("EUR", "1.000001")), "RJCT AM12");
    EXPECT_EQ(verdict(with_amount("EUR", "-1")), "RJCT AM12");
    EXPECT_EQ(verdict(with_amount("EUR", "1e3")), "RJCT AM12");
    EXPECT_EQ(verdict(with_amount("EUR", "")), "RJCT AM12");
    EXPECT_EQ(verdict(with_amount("EUR", "0")), "RJCT AM01");
    EXPECT_EQ(verdict(with_amount("EUR", "1234567890123456789")), "RJCT AM02");
    EXPECT_EQ(verdict(with_amount("GBP", "1")), "RJCT AM03");
    EXPECT_EQ(verdict(with_amount("eur", "1")), "RJCT AM11");
    EXPECT_EQ(verdict(with(bank_transfer().text(), " Ccy=\"EUR\"", "")), "admi SchemaViolation");
}

TEST(IsoReader, without_a_network_decimals_are_those_of_iso_4217) {
    const auto with_currency = [](std::string_view currency, std::string_view amount) {
        auto message = bank_transfer();
        message.amount = "<IntrBkSttlmAmt Ccy=\"" + std::string(currency) + "\">" + std::string(amount) +
                         "</IntrBkSttlmAmt>";
        return message.text();
    };
    EXPECT_EQ(verdict(with_currency("GBP", "1.25"), {}), "");
    EXPECT_EQ(verdict(with_currency("KWD", "1.125"), {}), "");
    EXPECT_EQ(verdict(with_currency("KRW", "1.1"), {}), "RJCT AM12");
}

TEST(IsoReader, sums_of_the_group_are_those_of_its_transaction) {
    auto message = bank_transfer();
    message.group += "<CtrlSum>250</CtrlSum><TtlIntrBkSttlmAmt Ccy=\"EUR\">250</TtlIntrBkSttlmAmt>";
    EXPECT_EQ(verdict(message.text()), "");
    EXPECT_EQ(verdict(with(message.text(), "<CtrlSum>250<", "<CtrlSum>251<")), "RJCT AM10");
    EXPECT_EQ(verdict(with(message.text(), "Amt Ccy=\"EUR\">250<", "Amt Ccy=\"EUR\">251<")), "RJCT AM10");
}

TEST(IsoReader, the_settlement_date_is_there_and_exists) {
    auto message = bank_transfer();
    message.date.clear();
    EXPECT_EQ(verdict(message.text()), "RJCT DT01");
    message.group += "<IntrBkSttlmDt>2026-11-23</IntrBkSttlmDt>";
    EXPECT_EQ(taken(message).instruction.value_date, 20'261'123u);
    message.date = "<IntrBkSttlmDt>2026-11-22</IntrBkSttlmDt>";
    EXPECT_EQ(verdict(message.text()), "RJCT DT01");
    EXPECT_EQ(verdict(with(bank_transfer().text(), "<IntrBkSttlmDt>2026-11-22", "<IntrBkSttlmDt>2026-02-30")),
              "RJCT DT01");
}

TEST(IsoReader, parties_are_named_by_bic) {
    auto message = bank_transfer();
    message.agents = agent("InstgAgt", "BNKADEF") + agent("InstdAgt", "BNKBDEFF");
    EXPECT_EQ(verdict(message.text()), "RJCT RC01");
    message.agents = agent("InstgAgt", "bnkadeff") + agent("InstdAgt", "BNKBDEFF");
    EXPECT_EQ(verdict(message.text()), "RJCT RC01");
    message.agents = "<InstgAgt><FinInstnId><Nm>Bank A</Nm></FinInstnId></InstgAgt>";
    EXPECT_EQ(verdict(message.text()), "RJCT RC01");
    message.agents =
        "<InstgAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>USABA</Cd></ClrSysId><MmbId>011104238</MmbId>"
        "</ClrSysMmbId></FinInstnId></InstgAgt>";
    EXPECT_EQ(verdict(message.text()), "RJCT RC08");
    message.agents = agent("InstgAgt", "BNKADEFF") + agent("InstdAgt", "BNKADEFFXXX");
    EXPECT_EQ(verdict(message.text()), "RJCT AC03");
}

TEST(IsoReader, priorities_are_high_or_normal) {
    const auto priority = [](std::string type, std::string settlement) {
        auto message = bank_transfer();
        message.type = type.empty() ? "" : "<PmtTpInf><InstrPrty>" + type + "</InstrPrty></PmtTpInf>";
        message.priority = settlement.empty() ? "" : "<SttlmPrty>" + settlement + "</SttlmPrty>";
        return taken(message).instruction.priority;
    };
    EXPECT_EQ(priority("HIGH", ""), native::Priority::high);
    EXPECT_EQ(priority("NORM", ""), native::Priority::normal);
    EXPECT_EQ(priority("", "URGT"), native::Priority::high);
    EXPECT_EQ(priority("HIGH", "NORM"), native::Priority::normal);
    auto message = bank_transfer();
    message.priority = "<SttlmPrty>SOON</SttlmPrty>";
    EXPECT_EQ(verdict(message.text()), "admi SchemaViolation");
}

TEST(IsoReader, requested_times_are_on_the_settlement_date) {
    constexpr core::UnixMs midnight_utc = 1'795'305'600'000;  // 2026-11-22
    constexpr core::UnixMs hour = 3'600'000;
    auto message = bank_transfer();
    message.times =
        "<SttlmTmReq><TillTm>17:00:00+01:00</TillTm><FrTm>09:00:00Z</FrTm><RjctTm>16:30:00</RjctTm></"
        "SttlmTmReq>";
    const auto instruction = taken(message).instruction;
    EXPECT_EQ(instruction.earliest, midnight_utc + 9 * hour);
    // Without an offset in the zone of the currency, one hour east of UTC; the earlier end counts.
    EXPECT_EQ(instruction.latest, midnight_utc + 15 * hour + hour / 2);
    message.times = "<SttlmTmReq><TillTm>08:00:00Z</TillTm><FrTm>09:00:00Z</FrTm></SttlmTmReq>";
    EXPECT_EQ(verdict(message.text()), "RJCT DT01");
    message.times = "<SttlmTmReq><TillTm>25:00:00</TillTm></SttlmTmReq>";
    EXPECT_EQ(verdict(message.text()), "admi SchemaViolation");
    message.name = "pacs.009.001.12";
    message.times = "<AddtlDtTm><XpryDtTm>2026-11-22T12:00:00Z</XpryDtTm></AddtlDtTm>";
    EXPECT_EQ(taken(message).instruction.latest, midnight_utc + 12 * hour);
}

TEST(IsoReader, banks_that_do_not_settle_here_need_a_well_formed_bic_too) {
    Message message = bank_transfer();
    message.parties = agent("Dbtr", "bnk-deff") + agent("Cdtr", "BNKBDEFF");
    EXPECT_EQ(verdict(message.text()), "RJCT RC01");
    message.parties = agent("Dbtr", "BNKADEFF") + agent("Cdtr", "BNKBDEFF0");
    EXPECT_EQ(verdict(message.text()), "RJCT RC01");
    message.parties = agent("Dbtr", "OTHRDEFF") + agent("Cdtr", "BNKBDEFF");
    EXPECT_EQ(verdict(message.text()), "");
}

}  // namespace
}  // namespace sluice::cli::iso20022::test
