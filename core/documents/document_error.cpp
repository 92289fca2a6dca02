#include "core/documents/document_error.hpp"

namespace sluice::core {

std::string describe(const DocumentError& error) {
    switch (error.fault) {
        case DocumentFault::missing_field:
            return error.path + " is missing; it must be " + error.allowed;
        case DocumentFault::unknown_field:
            return error.path + " is not a known field; " + error.allowed;
        case DocumentFault::repeated_field:
            return error.path + " is given twice";
        case DocumentFault::wrong_value:
            return (error.path.empty() ? "the document" : error.path) + " is " + error.value +
                   "; it must be " + error.allowed;
        case DocumentFault::not_json:
        case DocumentFault::inconsistent:
        case DocumentFault::not_canonical:
            return error.allowed;
    }
    return error.allowed;
}

}  // namespace sluice::core
