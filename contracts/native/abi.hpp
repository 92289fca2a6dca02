/// Solidity's contract ABI: typed encoding, and total decoding that refuses whatever encoders do not produce.
///
/// Value types are those of value_type.hpp. Besides them:
///   ByteView, Bytes            bytes         std::vector<T>                T[]
///   std::string_view, string   string        std::array<T, k>              T[k], T not a byte
///   std::tuple<…>              (…)           struct with abi_members()     (…), its members in that order:
///       static constexpr auto abi_members() { return std::make_tuple(&Payment::amount, &Payment::status); }
/// std::vector<std::uint8_t> is `bytes`: uint8[] has no C++ type here.
/// Decoded ByteView and string_view point into the input.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "contracts/native/abi_codec.hpp"
#include "contracts/native/selector.hpp"
#include "core/result.hpp"

namespace sluice::contracts::native::abi {

/// Encodes values as the arguments or results of a call, without selector.
template <typename... Ts>
core::Bytes encode(const Ts&... values) {
    core::Bytes out;
    append_sequence(out, values...);
    return out;
}

/// Encodes a call: selector and arguments.
template <typename... Ts>
core::Bytes encode_call(const Selector& selector, const Ts&... arguments) {
    core::Bytes out(selector.begin(), selector.end());
    append_sequence(out, arguments...);
    return out;
}

/// Decodes arguments or results, without selector. Bytes after the last value are allowed, as Solidity allows
/// them. Work and memory are bounded by the size of `input`.
template <typename... Ts>
core::Result<std::tuple<Ts...>, Error> decode(core::ByteView input) {
    Source source(input);
    std::tuple<Ts...> values;
    std::apply([&](Ts&... each) { read_sequence(source, 0, each...); }, values);
    if (source.error()) return core::fail(*source.error());
    return values;
}

/// Number of elements of the dynamic array (or bytes of the string) that is argument number `index`, for gas
/// formulas; all arguments before it must take one word each. Nothing if the input cannot be decoded there.
std::optional<std::uint64_t> dynamic_length(core::ByteView input, std::size_t index);

/// The reason of a refusal for business grounds: four characters of ISO 20022's ExternalStatusReason1Code.
using IsoCode = std::array<char, 4>;
consteval IsoCode iso_code(const char (&text)[5]) {
    return {text[0], text[1], text[2], text[3]};
}

/// Return data of `revert("…")`: Error(string).
core::Bytes encode_error(std::string_view reason);
/// Return data of a settlement contract's refusal: Refused(bytes4 isoCode).
core::Bytes encode_refused(const IsoCode& code);
std::optional<std::string> decode_error(core::ByteView return_data);
std::optional<IsoCode> decode_refused(core::ByteView return_data);
/// The code of Panic(uint256), as Solidity's checks raise it.
std::optional<core::Uint256> decode_panic(core::ByteView return_data);

}  // namespace sluice::contracts::native::abi
