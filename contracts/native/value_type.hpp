/// How C++ types stand for Solidity's value types: one mapping for ABI words, mapping keys and packed
/// storage.
///
///   bool                          bool
///   std::uint8_t … std::uint64_t  uint8 … uint64          core::Minor        uint128 (or uint256 in an ABI
///   signature) core::Uint256                 uint256                 core::SignedMinor  int128 (or int256 in
///   an ABI signature) core::Address                 address                 enum class         uint8, with
///   `last_enumerator` std::array<std::uint8_t, N>   bytesN (N != 20)        std::array<char, N>  bytesN of
///   text, N = 20 included
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "core/identifiers.hpp"
#include "core/uint256.hpp"

namespace sluice::contracts::native {

/// The highest enumerator of an enum that crosses the ABI or lies in storage: specialise it per enum.
/// Enumerators count from 0 without gaps, as Solidity's do.
template <typename E>
requires std::is_enum_v<E>
inline constexpr E last_enumerator = E::last_enumerator_is_not_declared;

/// Describes one value type: `bytes` wide, at the left of a word (bytesN) or at its right (numbers,
/// addresses). `put` writes and `take` reads exactly `bytes` bytes; `take` is false for bytes that no value
/// has.
template <typename T>
struct ValueType;

template <typename T>
concept Value = requires {
    ValueType<T>::bytes;
};

namespace detail {
template <typename T, std::size_t Bytes>
void put_integer(std::uint8_t* at, T value) {
    for (std::size_t i = Bytes; i-- > 0;) {
        at[i] = static_cast<std::uint8_t>(value & 0xff);
        if constexpr (Bytes > 1) value = static_cast<T>(value >> 8);
    }
}
template <typename T, std::size_t Bytes>
T take_integer(const std::uint8_t* at) {
    T value = 0;
    for (std::size_t i = 0; i < Bytes; ++i) {
        if constexpr (Bytes > 1) value = static_cast<T>(value << 8);
        value = static_cast<T>(value | at[i]);
    }
    return value;
}
}  // namespace detail

template <>
struct ValueType<bool> {
    static constexpr std::size_t bytes = 1;
    static constexpr bool at_left = false;
    static constexpr bool is_signed = false;
    static void put(std::uint8_t* at, bool value) { *at = value ? 1 : 0; }
    static bool take(const std::uint8_t* at, bool& value) {
        value = *at == 1;
        return *at <= 1;
    }
};

template <typename T>
requires(std::unsigned_integral<T> && !std::same_as<T, bool>) struct ValueType<T> {
    static constexpr std::size_t bytes = sizeof(T);
    static constexpr bool at_left = false;
    static constexpr bool is_signed = false;
    static void put(std::uint8_t* at, T value) { detail::put_integer<T, bytes>(at, value); }
    static bool take(const std::uint8_t* at, T& value) {
        value = detail::take_integer<T, bytes>(at);
        return true;
    }
};

template <>
struct ValueType<core::Minor> {
    static constexpr std::size_t bytes = 16;
    static constexpr bool at_left = false;
    static constexpr bool is_signed = false;
    static void put(std::uint8_t* at, core::Minor value) { detail::put_integer<core::Minor, 16>(at, value); }
    static bool take(const std::uint8_t* at, core::Minor& value) {
        value = detail::take_integer<core::Minor, 16>(at);
        return true;
    }
};

template <>
struct ValueType<core::SignedMinor> {
    static constexpr std::size_t bytes = 16;
    static constexpr bool at_left = false;
    static constexpr bool is_signed = true;
    static void put(std::uint8_t* at, core::SignedMinor value) {
        ValueType<core::Minor>::put(at, static_cast<core::Minor>(value));
    }
    static bool take(const std::uint8_t* at, core::SignedMinor& value) {
        value = static_cast<core::SignedMinor>(detail::take_integer<core::Minor, 16>(at));
        return true;
    }
};

template <>
struct ValueType<core::Uint256> {
    static constexpr std::size_t bytes = 32;
    static constexpr bool at_left = false;
    static constexpr bool is_signed = false;
    static void put(std::uint8_t* at, const core::Uint256& value) {
        const core::Word word = value.to_word();
        std::copy(word.begin(), word.end(), at);
    }
    static bool take(const std::uint8_t* at, core::Uint256& value) {
        value = core::Uint256::from_be({at, bytes});
        return true;
    }
};

template <typename Byte, std::size_t N>
requires((std::same_as<Byte, std::uint8_t> || std::same_as<Byte, char>)&&N >= 1 &&
         N <= 32) struct ValueType<std::array<Byte, N>> {
    static constexpr std::size_t bytes = N;
    /// Twenty plain bytes are an address, which is a number to Solidity; all others are bytesN.
    static constexpr bool at_left = !(std::same_as<Byte, std::uint8_t> && N == 20);
    static constexpr bool is_signed = false;
    static void put(std::uint8_t* at, const std::array<Byte, N>& value) {
        std::transform(value.begin(), value.end(), at, [](Byte b) { return static_cast<std::uint8_t>(b); });
    }
    static bool take(const std::uint8_t* at, std::array<Byte, N>& value) {
        std::transform(at, at + N, value.begin(), [](std::uint8_t b) { return static_cast<Byte>(b); });
        return true;
    }
};

template <typename E>
requires std::is_enum_v<E>
struct ValueType<E> {
    static_assert(sizeof(E) == 1, "an enum of Solidity is a uint8");
    static constexpr std::size_t bytes = 1;
    static constexpr bool at_left = false;
    static constexpr bool is_signed = false;
    static void put(std::uint8_t* at, E value) { *at = static_cast<std::uint8_t>(value); }
    static bool take(const std::uint8_t* at, E& value) {
        value = static_cast<E>(*at);
        return *at <= static_cast<std::uint8_t>(last_enumerator<E>);
    }
};

/// Writes a value as the ABI's word: zeros, or the sign, around it. `at` has 32 bytes.
template <Value T>
void put_word(std::uint8_t* at, const T& value) {
    using Type = ValueType<T>;
    if constexpr (Type::at_left) {
        Type::put(at, value);
        std::fill(at + Type::bytes, at + 32, std::uint8_t{0});
    } else {
        Type::put(at + 32 - Type::bytes, value);
        const bool negative = Type::is_signed && (at[32 - Type::bytes] & 0x80) != 0;
        std::fill(at, at + 32 - Type::bytes, static_cast<std::uint8_t>(negative ? 0xff : 0));
    }
}

/// Reads an ABI word. False if the bytes around the value are not what `put_word` writes, or no value has its
/// bytes.
template <Value T>
bool take_word(const std::uint8_t* at, T& value) {
    using Type = ValueType<T>;
    if constexpr (Type::at_left) {
        const bool clean = std::all_of(at + Type::bytes, at + 32, [](std::uint8_t b) { return b == 0; });
        return Type::take(at, value) && clean;
    } else {
        const bool negative = Type::is_signed && (at[32 - Type::bytes] & 0x80) != 0;
        const std::uint8_t around = negative ? 0xff : 0;
        const bool clean =
            std::all_of(at, at + 32 - Type::bytes, [=](std::uint8_t b) { return b == around; });
        return Type::take(at + 32 - Type::bytes, value) && clean;
    }
}

/// A value as a word: a log topic, or an argument of a hash.
template <Value T>
core::Word word_of(const T& value) {
    core::Word word{};
    put_word(word.data(), value);
    return word;
}

}  // namespace sluice::contracts::native
