/// Fuzz target: a list of types, a zero byte, and any bytes as values of these types. Both readers are total,
/// what was decoded encodes to something that decodes to the same, and everything can be shown.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "cli/abi/interface.hpp"
#include "cli/abi/text.hpp"

namespace {

using namespace sluice;
using namespace sluice::cli;

void check(bool fact) {
    if (!fact) __builtin_trap();
}

void round_trip(const std::vector<abi::Type>& types, core::ByteView data) {
    const auto decoded = abi::decode(types, data);
    if (!decoded) {
        check(!abi::describe(decoded.error()).empty());
        return;
    }
    // What shares bytes takes more when it is encoded: the limits may refuse it then.
    if (data.size() > 4'096) return;
    const auto encoded = abi::encode(types, *decoded);
    if (encoded.size() < (1u << 20)) {
        const auto again = abi::decode(types, encoded);
        check(again.has_value() && *again == *decoded);
    }
    check(!abi::to_json(types, *decoded).dump().empty());
    check(types.empty() || !abi::to_text(types, *decoded).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const core::ByteView input(data, size);
    const auto end = std::find(input.begin(), input.end(), std::uint8_t{0});
    const auto text = core::text_view(input.first(static_cast<std::size_t>(end - input.begin())));
    const auto rest = input.subspan(std::min(size, text.size() + 1));
    if (const auto types = abi::parse_types(text)) {
        check(abi::parse_types(abi::to_string(*types)) == *types);
        round_trip(*types, rest);
    }
    static const auto known = *abi::parse_types("((address,uint96[],string)[],int16[2],bytes,bool[][2])");
    round_trip(known, input);
    const auto value = abi::parse_value(known[0], core::text_view(input), "argument");
    check(value.has_value() || !value.error().empty());
    check(!abi::describe_revert(input, nullptr).empty());
    static_cast<void>(abi::parse_signature(core::text_view(input)));
    return 0;
}
