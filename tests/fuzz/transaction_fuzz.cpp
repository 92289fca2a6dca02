/// Transactions from anywhere: what decodes encodes to the same bytes, and both ways of decoding agree.
#include "core/check.hpp"
#include "core/transaction.hpp"

using namespace sluice::core;

constexpr DecodingRules all_types{.accepts_blobs = true};

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    const auto decoded = decode_transaction(input, all_types);
    const auto recovered = recover_transaction(share(to_bytes(input)), all_types);
    if (!decoded) {
        CHECK(!recovered && recovered.error() == decoded.error());
        CHECK(!describe(decoded.error()).empty());
        return 0;
    }
    CHECK(encode(*decoded) == to_bytes(input));
    if (!recovered) {
        CHECK(recovered.error() == TransactionError::bad_signature);
        return 0;
    }
    CHECK((*recovered)->transaction == *decoded);
    CHECK((*recovered)->hash == keccak256(input));
    if (decoded->type == TransactionType::system) return 0;
    // The payload that is cut out of the input and the one that is encoded anew lead to one sender.
    CHECK(sluice::crypto::recover_address(signing_hash(*decoded), decoded->signature) ==
          (*recovered)->sender);
    return 0;
}
