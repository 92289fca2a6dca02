/// Blocks, headers, extra data and receipts from anywhere: what decodes encodes to the same bytes.
#include "core/block.hpp"
#include "core/check.hpp"
#include "core/receipt.hpp"

using namespace sluice::core;

namespace {

void check_block(ByteView input) {
    const auto decoded = decode_block(input);
    if (!decoded) {
        CHECK(!describe(decoded.error()).empty());
        return;
    }
    CHECK(decoded->hash == hash_of(decoded->header));
    Block block{.header = decoded->header, .transactions = {}};
    for (const SharedBytes& encoded : decoded->transactions) {
        auto recovered = recover_transaction(encoded);
        if (!recovered) return;
        block.transactions.push_back(std::move(*recovered));
    }
    CHECK(encode(block) == to_bytes(input));
    CHECK(transactions_root(decoded->transactions) ==
          transactions_root(std::span<const TransactionPtr>(block.transactions)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    check_block(input);
    if (const auto header = decode_header(input)) {
        CHECK(encode(*header) == to_bytes(input));
        time_ms_of(*header);
    }
    if (const auto extra = decode_extra_data(input)) CHECK(encode(*extra) == to_bytes(input));
    if (const auto receipt = decode_receipt(input)) CHECK(encode(*receipt) == to_bytes(input));
    return 0;
}
