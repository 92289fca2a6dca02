/// Fuzz target: any bytes as RLP. Decoding is total, never reads outside the input, and accepts one encoding
/// per value.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/limits.hpp"
#include "core/rlp.hpp"

namespace {

using namespace sluice::core;

void check(bool fact) {
    if (!fact) __builtin_trap();
}

bool lies_within(ByteView part, ByteView whole) {
    return part.empty() ||
           (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

/// Encodes again what was decoded, through all lists; false if something in them does not decode.
bool encode_again(const rlp::Item& item, Bytes& to) {
    if (!item.is_list) {
        rlp::encode_bytes(to, item.payload);
        return true;
    }
    Bytes payload;
    for (ByteView rest = item.payload; !rest.empty();) {
        const auto next = rlp::decode_item(rest, rest);
        if (!next || !encode_again(*next, payload)) return false;
        check(lies_within(next->encoded, item.payload) && lies_within(rest, item.payload));
    }
    append(to, rlp::wrap_list(payload));
    return true;
}

/// Reads a list with every method in turn; nested lists as deep as readers allow.
void read_list(rlp::ListReader reader, std::size_t depth) {
    for (unsigned turn = 0; reader.has_more(); ++turn) {
        switch (turn % 7) {
            case 0:
                reader.u64();
                break;
            case 1:
                reader.uint256();
                break;
            case 2:
                reader.hash();
                break;
            case 3:
                reader.address();
                break;
            case 4:
                reader.optional_address();
                break;
            case 5:
                reader.bytes();
                break;
            case 6:
                read_list(reader.list(), depth + 1);
                break;
            default:
                break;
        }
    }
    check(depth <= limits::rlp_depth_max);
    static_cast<void>(reader.finish());
}

void check_integers(const rlp::Item& item) {
    if (const auto value = rlp::to_uint256(item)) {
        Bytes again;
        rlp::encode_uint256(again, *value);
        check(std::equal(again.begin(), again.end(), item.encoded.begin(), item.encoded.end()));
    }
    if (const auto value = rlp::to_u64(item)) check(rlp::to_uint256(item) == Uint256(*value));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    read_list(rlp::ListReader(input), 0);
    const auto item = rlp::decode_exact(input);
    if (!item) {
        check(!rlp::describe(item.error()).empty());
        return 0;
    }
    check(item->encoded.size() == size);
    check_integers(*item);
    Bytes again;
    if (size < 4096 && encode_again(*item, again))
        check(std::equal(again.begin(), again.end(), input.begin(), input.end()));
    return 0;
}
