/// The children that an element of a message may have, in order: the part of the ISO 20022 schemas on which
/// settlement depends (pacs.008.001.08 to .12, pacs.009.001.08 to .12, head.001.001.01 to .04).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/iso20022/xml_element.hpp"

namespace sluice::cli::iso20022 {

struct ChildRule {
    std::string_view name;
    bool is_required = false;
    bool may_repeat = false;
};

/// Unknown, missing, repeated and misplaced children, and attributes, are schema violations that name the
/// path.
std::optional<Rejection> check_children(const XmlElement& element, std::span<const ChildRule> rules,
                                        const std::string& path);

/// Every element of the document has its namespace, apart from what an envelope for supplementary data holds.
std::optional<Rejection> check_namespace(const XmlElement& document);

/// The header, with the elements that are read of it.
std::optional<Rejection> check_header(const XmlElement& header, const std::string& path);

/// All elements of pacs.008 or pacs.009 that bear on settlement: group header, one or more transactions,
/// payment identification and type, settlement times, agents. What banks say to each other beyond that is not
/// looked at.
std::optional<Rejection> check_credit_transfer(const XmlElement& document, bool is_between_banks);

}  // namespace sluice::cli::iso20022
