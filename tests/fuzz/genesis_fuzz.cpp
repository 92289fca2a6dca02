/// Genesis files from anywhere: what parses is whole, and its canonical form parses to the same spec and
/// bytes.
#include "core/check.hpp"
#include "core/documents/genesis_document.hpp"

using namespace sluice::core;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto spec = parse_genesis(text_view({data, size}));
    if (!spec) {
        CHECK(!describe(spec.error()).empty());
        return 0;
    }
    CHECK(!find_fault(*spec));
    const std::string canonical = encode_genesis(*spec);
    const auto again = parse_genesis(canonical);
    CHECK(again.has_value());
    CHECK(*again == *spec);
    CHECK(encode_genesis(*again) == canonical);
    return 0;
}
