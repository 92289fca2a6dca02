/// Receipt files from anywhere: a file is accepted only as its own canonical bytes, and verification never
/// crashes.
#include "core/check.hpp"
#include "core/documents/receipt_document.hpp"

using namespace sluice::core;

namespace {

TrustAnchor anchor_for(const ReceiptDocument& document) {
    return {.chain = {.chain_id = document.chain_id, .genesis_hash = document.genesis_hash},
            .height = 0,
            .header_hash = document.genesis_hash,
            .next_validators = *ValidatorSet::make({Address{1}, Address{2}, Address{3}, Address{4}})};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_view({data, size});
    const auto document = parse_receipt_document(text);
    if (document) CHECK(encode_receipt_document(*document) == text);
    const auto object = parse_receipt_object(text);
    if (!object) {
        CHECK(!document);
        CHECK(!describe(object.error()).empty());
        return 0;
    }
    CHECK(parse_receipt_document(encode_receipt_document(*object)) == *object);
    const auto proven = verify_receipt(*object, anchor_for(*object));
    CHECK(!proven);
    CHECK(!proven.error().sentence.empty());
    return 0;
}
