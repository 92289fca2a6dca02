/// A message as it arrives: a bare Document, or a Document with its business application header (head.001) in
/// an envelope of whatever name.
#pragma once

#include <optional>
#include <string>

#include "cli/iso20022/xml_element.hpp"

namespace sluice::cli::iso20022 {

/// "pacs.008.001.10" in parts.
struct MessageName {
    std::string family;    ///< "pacs.008.001"
    unsigned version = 0;  ///< 10
    std::string to_string() const;
    /// Two letters-and-digits parts as in ISO 20022, a variant and a version of two digits.
    static std::optional<MessageName> parse(std::string_view text);
    bool operator==(const MessageName&) const = default;
};

/// What is read of head.001.
struct BusinessHeader {
    std::string message_id;        ///< BizMsgIdr
    std::string business_service;  ///< BizSvc, empty if absent
    bool is_copy = false;          ///< CpyDplct says COPY or CODU: for information only
};

struct Envelope {
    std::optional<BusinessHeader> header;
    const XmlElement* document = nullptr;  ///< inside the element given to `open_envelope`
    MessageName message;
};

/// Finds the one Document and at most one AppHdr. Rejected: none or several of them, a header of another
/// family or version than head.001.001.01 to .04, a header whose MsgDefIdr differs from the namespace of the
/// Document, and no header where one is required.
core::Result<Envelope, Rejection> open_envelope(const XmlElement& root, bool require_header);

}  // namespace sluice::cli::iso20022
