/// Fuzz target: any bytes as ABI-encoded arguments. Decoding is total, its memory is bounded by the input,
/// and what was decoded encodes to something that decodes to the same.
#include <cstddef>
#include <cstdint>

#include "contracts/native/abi.hpp"

namespace {

using namespace sluice;
using namespace sluice::contracts::native;

void check(bool fact) {
    if (!fact) __builtin_trap();
}

struct Row {
    core::Address who{};
    core::Minor amount = 0;
    std::string text;
    std::vector<core::Bytes> parts;
    bool operator==(const Row&) const = default;
    static constexpr auto abi_members() {
        return std::make_tuple(&Row::who, &Row::amount, &Row::text, &Row::parts);
    }
};

template <typename... Ts>
void round_trip(core::ByteView input) {
    const auto decoded = abi::decode<Ts...>(input);
    if (!decoded) {
        check(!abi::describe(decoded.error()).empty());
        return;
    }
    const core::Bytes encoded = std::apply([](const Ts&... each) { return abi::encode(each...); }, *decoded);
    const auto again = abi::decode<Ts...>(encoded);
    check(again.has_value() && *again == *decoded);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const core::ByteView input(data, size);
    round_trip<std::uint64_t, core::SignedMinor, std::array<char, 4>, core::Uint256, bool>(input);
    round_trip<std::vector<Row>, Row>(input);
    round_trip<std::vector<std::vector<std::uint16_t>>, std::array<core::Bytes, 2>, std::string>(input);
    for (std::size_t index = 0; index < 4; ++index)
        abi::dynamic_length(input, index);
    if (const auto reason = abi::decode_error(input))
        check(abi::decode_error(abi::encode_error(*reason)) == reason);
    if (const auto code = abi::decode_refused(input))
        check(abi::decode_refused(abi::encode_refused(*code)) == code);
    abi::decode_panic(input);
    return 0;
}
