/// The names by which a message is known: what its answer repeats, also where the message is not taken.
#pragma once

#include <string>

#include "cli/iso20022/envelope.hpp"
#include "core/identifiers.hpp"

namespace sluice::cli::iso20022 {

/// What an answer repeats of its original, each empty where the message has no valid one.
struct OriginalMessage {
    std::string message_name;  ///< "pacs.008.001.10"
    std::string business_message_id;
    std::string message_id;
    std::string creation_time;
    std::string instruction_id;
    std::string end_to_end_id;
    std::string transaction_id;
    std::string uetr;
    core::Bic instructing;  ///< empty where the message names none by BIC
    core::Bic instructed;
};

/// Looks only: whatever is missing or malformed stays empty. Of several transactions none is named.
OriginalMessage gather_original(const Envelope& envelope);

/// The agent of a transaction, or else of its group header; null where neither has one.
const XmlElement* find_agent(const XmlElement& message, const XmlElement& transaction, std::string_view name);

}  // namespace sluice::cli::iso20022
