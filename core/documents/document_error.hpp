/// What is wrong with a JSON document that people write or carry.
#pragma once

#include <string>

namespace sluice::core {

enum class DocumentFault {
    not_json,        ///< no JSON at all, or beyond the limits on size, depth and number of values
    missing_field,   ///< a field without a default is not there
    unknown_field,   ///< a field that nobody reads, most often a misspelt one
    repeated_field,  ///< the same field twice in one object
    wrong_value,     ///< a value of another type or outside its range
    inconsistent,    ///< each value is right alone, together they are not
    not_canonical,   ///< the right content in another layout than the one that is allowed
};

/// Names the place, what stands there, and what may stand there.
struct DocumentError {
    DocumentFault fault{};
    std::string path;     ///< "validators[2].address"; empty for the document as a whole
    std::string value;    ///< as the document has it, shortened; empty where there is none
    std::string allowed;  ///< what may stand there, or a sentence where the document as a whole is wrong
    bool operator==(const DocumentError&) const = default;
};

/// One sentence for people: `validators[2].address is "0x12"; it must be an address: 0x and 40 hex digits`.
std::string describe(const DocumentError& error);

}  // namespace sluice::core
