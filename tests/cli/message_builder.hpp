/// Small payment messages with every part that the reader looks at, to be taken or damaged by tests.
#pragma once

#include <string>
#include <string_view>

#include "cli/iso20022/credit_transfer.hpp"

namespace sluice::cli::iso20022::test {

inline std::string agent(std::string_view name, std::string_view bic) {
    return "<" + std::string(name) + "><FinInstnId><BICFI>" + std::string(bic) + "</BICFI></FinInstnId></" +
           std::string(name) + ">";
}

/// Parts of a message as XML; a test replaces the one that it is about.
struct Message {
    std::string name = "pacs.009.001.08";
    std::string group =
        "<MsgId>MSG-1</MsgId><CreDtTm>2026-11-22T09:30:00+01:00</CreDtTm><NbOfTxs>1</NbOfTxs>";
    std::string settlement = "<SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf>";
    std::string names =
        "<PmtId><InstrId>INSTR-1</InstrId><EndToEndId>E2E-1</EndToEndId>"
        "<UETR>8a562c67-ca16-48ba-b074-65581be6f011</UETR></PmtId>";
    std::string type;
    std::string amount = "<IntrBkSttlmAmt Ccy=\"EUR\">250.00</IntrBkSttlmAmt>";
    std::string date = "<IntrBkSttlmDt>2026-11-22</IntrBkSttlmDt>";
    std::string priority;
    std::string times;
    std::string charges;
    std::string agents = agent("InstgAgt", "BNKADEFF") + agent("InstdAgt", "BNKBDEFF");
    std::string parties = agent("Dbtr", "BNKADEFF") + agent("Cdtr", "BNKBDEFF");
    std::string further;
    std::string header;

    std::string document() const {
        const std::string element = name.substr(0, 8) == "pacs.008" ? "FIToFICstmrCdtTrf" : "FICdtTrf";
        return "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:" + name + "\"><" + element + "><GrpHdr>" +
               group + settlement + "</GrpHdr><CdtTrfTxInf>" + names + type + amount + date + priority +
               times + charges + agents + parties + further + "</CdtTrfTxInf></" + element + "></Document>";
    }
    std::string text() const {
        const std::string declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
        return header.empty()
                   ? declaration + document()
                   : declaration + "<BusinessMessage>" + header + document() + "</BusinessMessage>";
    }
};

inline Message bank_transfer() {
    return {};
}

inline Message customer_transfer() {
    Message message;
    message.name = "pacs.008.001.08";
    message.charges = "<ChrgBr>SLEV</ChrgBr>";
    message.parties = "<Dbtr><Nm>Müller &amp; Söhne</Nm></Dbtr>" + agent("DbtrAgt", "BNKADEFF") +
                      agent("CdtrAgt", "BNKBDEFF") + "<Cdtr><Nm>Corporation B</Nm></Cdtr>";
    return message;
}

inline std::string header_for(std::string_view message, std::string_view further = {},
                              std::string_view version = "02") {
    return "<AppHdr xmlns=\"urn:iso:std:iso:20022:tech:xsd:head.001.001." + std::string(version) +
           "\"><Fr/><To/>"
           "<BizMsgIdr>BIZ-1</BizMsgIdr><MsgDefIdr>" +
           std::string(message) + "</MsgDefIdr>" + std::string(further) +
           "<CreDt>2026-11-22T08:30:00Z</CreDt></AppHdr>";
}

inline ReadingRules euro_rules() {
    ReadingRules rules;
    rules.currencies = {{*core::CurrencyCode::parse("EUR"), 2, 60},
                        {*core::CurrencyCode::parse("JPY"), 0, 540}};
    return rules;
}

/// "RJCT AM03" or "admi SchemaViolation", or "" for a message that is taken.
inline std::string verdict(const std::string& text, const ReadingRules& rules = euro_rules()) {
    const auto read = read_credit_transfer(text, rules);
    if (read) return "";
    const auto& rejection = read.error().rejection;
    return (rejection.answer == AnswerKind::status_report ? "RJCT " : "admi ") + rejection.code;
}

/// `text` with the first `from` replaced; the test is wrong if there is none.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace sluice::cli::iso20022::test
