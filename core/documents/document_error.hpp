/// What is wrong with a JSON document that people write or carry.
#pragma once

#include <string>

namespace sluice::core {

/// Names the place, what stands there, and what may stand there.
struct DocumentError {
    std::string path;   ///< "validators[2].address"; empty for the document as a whole
    std::string value;  ///< as the document has it, shortened; empty where a value is missing
    std::string
        allowed;  ///< completes "must be …" or is a sentence of its own where `value` and `path` are empty
    bool operator==(const DocumentError&) const = default;
};

/// One sentence for people: `validators[2].address is "0x12": must be 0x and 40 hex digits`.
std::string describe(const DocumentError& error);

}  // namespace sluice::core
