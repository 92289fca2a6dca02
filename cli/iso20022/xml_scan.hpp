/// What a message may not contain, found before any parser sees it: bad bytes, markup that declares or
/// commands, references beyond the five of XML, and nesting without end.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/iso20022/rejection.hpp"

namespace sluice::cli::iso20022 {

struct XmlLimits {
    std::size_t bytes_max = 100'000;  ///< what the interbank networks carry
    std::size_t depth_max = 32;
    std::size_t attributes_max = 16;  ///< of one element
};

/// Nothing if the text is UTF-8 without control characters, at most `bytes_max` long, one element with
/// balanced tags nested at most `depth_max` deep, with no DOCTYPE, entity, processing instruction or other
/// encoding. Linear in the size of the text.
std::optional<Rejection> scan_xml(std::string_view text, const XmlLimits& limits);

/// True for the shortest UTF-8 of Unicode scalar values that XML 1.0 permits as characters.
bool is_xml_text(std::string_view text);

}  // namespace sluice::cli::iso20022
