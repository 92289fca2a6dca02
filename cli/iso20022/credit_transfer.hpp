/// pacs.008 and pacs.009 as payment instructions: who pays whom, what, when, under which names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/iso20022/original_message.hpp"
#include "cli/iso20022/rejection.hpp"
#include "cli/iso20022/xml_scan.hpp"
#include "contracts/native/instruction.hpp"
#include "core/identifiers.hpp"
#include "core/result.hpp"

namespace sluice::cli::iso20022 {

struct CurrencyRule {
    core::CurrencyCode code;
    unsigned exponent = 2;            ///< decimals
    std::int32_t offset_minutes = 0;  ///< of the time zone whose days are value dates, east of UTC
};

/// What the reader must know beyond the message.
struct ReadingRules {
    XmlLimits xml;
    bool require_header = false;
    /// Currencies of the network; every other one is refused with AM03. Without a network nothing: then
    /// amounts have the decimals of ISO 4217 and times without an offset are in UTC.
    std::optional<std::vector<CurrencyRule>> currencies;
};

/// Decimals by ISO 4217; at most `core::exponent_max`.
unsigned iso4217_exponent(const core::CurrencyCode& currency);

struct CreditTransfer {
    contracts::native::Instruction instruction;  ///< `find_fault` finds nothing
    unsigned exponent = 2;                       ///< of its currency
    OriginalMessage original;
};

/// A message that is not taken.
struct Refusal {
    Rejection rejection;
    OriginalMessage original;
};

/// Payer and payee are the participants between which settlement takes place: the instructing and the
/// instructed agent (InstgAgt, InstdAgt, of the transaction or of the group header). Where they are missing,
/// pacs.008 falls back to DbtrAgt and CdtrAgt, pacs.009 to Dbtr and Cdtr. Pure and total: every text gives an
/// instruction or a reason.
core::Result<CreditTransfer, Refusal> read_credit_transfer(std::string_view message,
                                                           const ReadingRules& rules);

}  // namespace sluice::cli::iso20022
