/// Answers to payment messages: pacs.002 (where the payment stands) and admi.002 (the message cannot be
/// read).
#pragma once

#include <optional>
#include <string>

#include "cli/iso20022/credit_transfer.hpp"

namespace sluice::cli::iso20022 {

/// Where a payment stands, as pacs.002 says it.
struct PaymentReport {
    enum class Status {
        settled,   ///< ACSC
        pending,   ///< PDNG
        rejected,  ///< RJCT: rejected, cancelled or expired
    };
    Status status = Status::rejected;
    std::string reason;        ///< four-letter code of ExternalStatusReason1Code, empty for none
    std::string text;          ///< for people; cut into pieces of 105 characters
    core::UnixMs time_ms = 0;  ///< of the block with the status, or of the answer where no block has one
    std::optional<core::DateYmd> settled_on;  ///< value date of a settled payment
};
/// "ACSC"
std::string_view code_of(PaymentReport::Status status);

struct Answer {
    std::string message;  ///< "pacs.002" or "admi.002"
    std::string status;   ///< "ACSC", "PDNG", "RJCT"; empty of admi.002
    std::string reason;
    std::string text;
    std::string xml;  ///< a Document in UTF-8, valid against its schema
};

/// pacs.002 in the version that belongs to the request's: .08 is answered with pacs.002.001.10, each later
/// version with one as much later. The same report on the same original is the same bytes, its MsgId
/// included.
Answer report_payment(const OriginalMessage& original, const PaymentReport& report);

/// The answer to a message that was not taken: pacs.002 RJCT or admi.002, as its rejection says. `time_ms` is
/// now.
Answer answer_refusal(const Refusal& refusal, core::UnixMs time_ms);

}  // namespace sluice::cli::iso20022
