/// Commit certificates and validator sets from anywhere: what decodes encodes to the same bytes, and nothing
/// that the fuzzer makes up verifies.
#include "core/check.hpp"
#include "core/commit_certificate.hpp"

using namespace sluice::core;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const ValidatorSet validators =
        *ValidatorSet::make({Address{1}, Address{2}, Address{3}, Address{4}});
    const ByteView input(data, size);
    if (const auto certificate = decode_commit_certificate(input)) {
        CHECK(encode(*certificate) == to_bytes(input));
        const auto verified = verify(*certificate, {.chain_id = 1, .genesis_hash = {}}, validators);
        CHECK(!verified);
        CHECK(!describe(verified.error()).empty());
    }
    if (const auto set = decode_validator_set(input)) {
        CHECK(encode(*set) == to_bytes(input));
        CHECK(set->primary(~Height{0}, ~View{0}, 1) < set->size());
    }
    return 0;
}
