#include "cli/iso20022/envelope.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "cli/iso20022/fields.hpp"
#include "cli/iso20022/schema.hpp"

namespace sluice::cli::iso20022 {
namespace {

constexpr std::string_view name_space_prefix = "urn:iso:std:iso:20022:tech:xsd:";
constexpr std::string_view header_family = "head.001.001";
constexpr unsigned header_version_max = 4;

std::optional<MessageName> message_of(const XmlElement& element) {
    const std::string_view name_space = element.name_space;
    if (name_space.substr(0, name_space_prefix.size()) != name_space_prefix) return std::nullopt;
    return MessageName::parse(name_space.substr(name_space_prefix.size()));
}

/// Headers and documents of the tree; what lies inside of them is theirs.
struct Found {
    std::vector<const XmlElement*> headers, documents;

    void search(const XmlElement& element) {
        if (element.name == "Document") return documents.push_back(&element);
        if (element.name == "AppHdr") return headers.push_back(&element);
        for (const auto& child : element.children)
            search(child);
    }
};

core::Result<BusinessHeader, Rejection> read_header(const XmlElement& element, const MessageName& document) {
    const auto name = message_of(element);
    if (!name || name->family != header_family || name->version < 1 || name->version > header_version_max)
        return core::fail(
            reject_message(unreadable::unsupported_message, "AppHdr",
                           fmt::format("the header's namespace '{}' is not read; head.001.001.01 to .04 are",
                                       element.name_space)));
    if (auto fault = check_header(element, "AppHdr")) return core::fail(std::move(*fault));
    for (const auto& child : element.children)
        if (child.name_space != element.name_space)
            return core::fail(
                reject_message(unreadable::schema_violation, "AppHdr/" + child.name,
                               fmt::format("{} is in the namespace '{}'", child.name, child.name_space)));
    const auto& defined = element.find("MsgDefIdr")->text;
    if (defined != document.to_string())
        return core::fail(reject_message(
            unreadable::header_mismatch, "AppHdr/MsgDefIdr",
            fmt::format("the header announces {}, the document is {}", defined, document.to_string())));
    const auto& id = element.find("BizMsgIdr")->text;
    if (!is_max35_text(id))
        return core::fail(reject_message(unreadable::schema_violation, "AppHdr/BizMsgIdr",
                                         "BizMsgIdr has 1 to 35 characters"));
    const auto* service = element.find("BizSvc");
    const auto* copy = element.find("CpyDplct");
    return BusinessHeader{id, service ? service->text : "",
                          copy && (copy->text == "COPY" || copy->text == "CODU")};
}

}  // namespace

std::string MessageName::to_string() const {
    return fmt::format("{}.{:02}", family, version);
}

std::optional<MessageName> MessageName::parse(std::string_view text) {
    // "pacs.008.001.10": 4 letters, 3, 3 and 2 digits.
    if (text.size() != 15 || text[4] != '.' || text[8] != '.' || text[12] != '.') return std::nullopt;
    const auto all = [](std::string_view part, char from, char to) {
        return std::all_of(part.begin(), part.end(), [&](char c) { return c >= from && c <= to; });
    };
    if (!all(text.substr(0, 4), 'a', 'z')) return std::nullopt;
    for (const auto part : {text.substr(5, 3), text.substr(9, 3), text.substr(13, 2)})
        if (!all(part, '0', '9')) return std::nullopt;
    return MessageName{std::string(text.substr(0, 12)),
                       static_cast<unsigned>((text[13] - '0') * 10 + (text[14] - '0'))};
}

core::Result<Envelope, Rejection> open_envelope(const XmlElement& root, bool require_header) {
    Found found;
    found.search(root);
    const auto violation = [](std::string text) {
        return core::fail(reject_message(unreadable::schema_violation, "", std::move(text)));
    };
    if (found.documents.size() != 1)
        return violation(
            fmt::format("the message has {} Document elements instead of one", found.documents.size()));
    if (found.headers.size() > 1) return violation("the message has more than one AppHdr");
    if (found.headers.empty() && require_header)
        return violation("the business application header is missing");
    Envelope envelope;
    envelope.document = found.documents.front();
    const auto message = message_of(*envelope.document);
    if (!message)
        return core::fail(reject_message(
            unreadable::unsupported_message, "Document",
            fmt::format("unsupported type or version: the namespace '{}' names no ISO 20022 message",
                        envelope.document->name_space)));
    envelope.message = *message;
    if (found.headers.empty()) return envelope;
    auto header = read_header(*found.headers.front(), *message);
    if (!header) return core::fail(std::move(header.error()));
    envelope.header = std::move(*header);
    return envelope;
}

}  // namespace sluice::cli::iso20022
