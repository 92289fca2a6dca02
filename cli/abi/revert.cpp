#include <fmt/format.h>

#include "cli/abi/interface.hpp"
#include "cli/abi/text.hpp"
#include "contracts/native/reason_codes.hpp"
#include "core/uint256.hpp"

namespace sluice::cli::abi {
namespace {

struct PanicMeaning {
    std::uint64_t code;
    std::string_view meaning;
};

/// Solidity documentation, "Panic via assert and Error via require".
constexpr PanicMeaning panic_meanings[] = {
    {0x00, "raised by the compiler's own code"},
    {0x01, "an assert failed"},
    {0x11, "arithmetic overflow or underflow"},
    {0x12, "division or modulo by zero"},
    {0x21, "a number that is no member of the enum"},
    {0x22, "storage bytes that are wrongly encoded"},
    {0x31, "pop from an empty array"},
    {0x32, "index outside of the array"},
    {0x41, "too much memory was asked for"},
    {0x51, "a call of a function variable that was never set"},
};

std::string describe_panic(const core::Uint256& code) {
    for (const auto& row : panic_meanings)
        if (code == core::Uint256(row.code)) return fmt::format("Panic(0x{:02x}): {}", row.code, row.meaning);
    return fmt::format("Panic({})", core::to_quantity(code));
}

/// "Refused(AM04): the payer lacks funds"
std::string describe_refusal(const Value& code) {
    contracts::native::ReasonCode reason;
    std::copy_n(code.word.begin(), reason.size(), reason.begin());
    if (!contracts::native::is_reason_code(reason))
        return fmt::format("Refused({})", core::to_hex_0x(core::ByteView(code.word).first(4)));
    const auto sentence = contracts::native::describe(reason);
    return fmt::format("Refused({}){}{}", std::string_view(reason.data(), reason.size()),
                       sentence.empty() ? "" : ": ", sentence);
}

/// The values of an error if the data begins with its selector and holds them.
std::optional<std::vector<Value>> decode_error(std::string_view name, const std::vector<Type>& inputs,
                                               core::ByteView data) {
    const auto selector = selector_of(name, inputs);
    if (!std::equal(selector.begin(), selector.end(), data.begin())) return std::nullopt;
    auto values = decode(inputs, data.subspan(4));
    return values ? std::optional(std::move(*values)) : std::nullopt;
}

std::vector<Type> one_type(Kind kind, unsigned size) {
    std::vector<Type> types;
    types.push_back({.kind = kind, .size = size, .length = 0, .components = {}});
    return types;
}

}  // namespace

std::string describe_revert(core::ByteView return_data, const Interface* interface) {
    if (return_data.empty()) return "without a reason";
    if (return_data.size() < 4) return fmt::format("with data {}", core::to_hex_0x(return_data));
    if (const auto values = decode_error("Error", one_type(Kind::string, 0), return_data))
        return printable(core::text_view((*values)[0].bytes));
    if (const auto values = decode_error("Panic", one_type(Kind::unsigned_integer, 256), return_data))
        return describe_panic(core::Uint256::from_word((*values)[0].word));
    if (interface != nullptr)
        for (const auto& error : interface->errors)
            if (const auto values = decode_error(error.name, error.inputs, return_data))
                return fmt::format("{}({})", error.name, to_text(error.inputs, *values));
    if (const auto values = decode_error("Refused", one_type(Kind::fixed_bytes, 4), return_data))
        return describe_refusal((*values)[0]);
    return fmt::format("an error with selector {} and data {}", core::to_hex_0x(return_data.first(4)),
                       core::to_hex_0x(return_data.subspan(4)));
}

}  // namespace sluice::cli::abi
