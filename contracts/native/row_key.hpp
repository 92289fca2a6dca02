/// Storage keys of the settlement contracts: a table number, then the key's fields, big-endian, then zeros.
///
/// Keys are not hashed: state tries hash every key anyway, a hash per access would be most of a payment's
/// work, and a readable key lets the money check and offline tools tell an account's slot from any other. The
/// last byte stays zero, so that rows of several slots follow each other. Keys that callers name freely
/// are hashed (`hashed_row_key`).
#pragma once

#include "contracts/native/value_type.hpp"
#include "core/ids.hpp"

namespace sluice::contracts::native {

/// The key of the first slot of a row.
template <Value... Ts>
core::Word row_key(std::uint8_t table, const Ts&... fields) {
    static_assert((std::size_t{1} + ... + ValueType<Ts>::bytes) <= 31, "the last byte numbers slots");
    core::Word key{};
    key[0] = table;
    std::size_t at = 1;
    ((ValueType<Ts>::put(key.data() + at, fields), at += ValueType<Ts>::bytes), ...);
    return key;
}

/// The key of slot number `slot` of a row.
inline core::Word row_slot(core::Word key, std::uint8_t slot) {
    key[31] = slot;
    return key;
}

/// A row whose key is longer than a word allows: the first 30 bytes of its hash stand for it.
inline core::Word hashed_row_key(std::uint8_t table, core::ByteView fields) {
    const core::Hash hash = core::keccak256(fields);
    core::Word key{};
    key[0] = table;
    std::copy(hash.begin(), hash.begin() + 30, key.begin() + 1);
    return key;
}

}  // namespace sluice::contracts::native
