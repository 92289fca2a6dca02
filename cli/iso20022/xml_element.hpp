/// XML as values: elements with resolved namespaces, texts and children; nothing else of XML is left.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/iso20022/xml_scan.hpp"
#include "core/result.hpp"

namespace sluice::cli::iso20022 {

struct XmlAttribute {
    std::string name;
    std::string value;
};

struct XmlElement {
    std::string name;                      ///< without prefix
    std::string name_space;                ///< the URI, empty for none
    std::vector<XmlAttribute> attributes;  ///< without namespace declarations and without xsi:…
    std::string text;                      ///< of an element without children; else empty
    std::vector<XmlElement> children;

    /// The first child with this name, or null.
    const XmlElement* find(std::string_view child) const;
    /// By a path of names below this element, "GrpHdr/MsgId"; null where a step is missing.
    const XmlElement* find_path(std::string_view path) const;
};

/// The outermost element. Total: what `scan_xml` forbids, what is no well-formed XML with namespaces, and
/// text beside child elements are rejected.
core::Result<XmlElement, Rejection> read_xml(std::string_view text, const XmlLimits& limits);

}  // namespace sluice::cli::iso20022
