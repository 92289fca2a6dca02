/// Words of the stack as bytes and addresses, and back.
#pragma once

#include "core/uint256.hpp"

namespace sluice::contracts::evm {

/// Reads 32 bytes, big-endian.
[[gnu::always_inline]] inline void load_word(core::Uint256& word, const std::uint8_t* bytes) {
    const std::uint64_t l3 = core::read_be64(bytes);
    const std::uint64_t l2 = core::read_be64(bytes + 8);
    const std::uint64_t l1 = core::read_be64(bytes + 16);
    const std::uint64_t l0 = core::read_be64(bytes + 24);
    word = core::Uint256(l0, l1, l2, l3);
}

/// Writes 32 bytes, big-endian.
[[gnu::always_inline]] inline void store_word(std::uint8_t* bytes, const core::Uint256& word) {
    core::write_be64(bytes, word.limbs[3]);
    core::write_be64(bytes + 8, word.limbs[2]);
    core::write_be64(bytes + 16, word.limbs[1]);
    core::write_be64(bytes + 24, word.limbs[0]);
}

/// Compares without a call of the library, for what is compared once per message.
[[gnu::always_inline]] inline bool are_equal(const core::Word& a, const core::Word& b) {
    return core::Uint256::from_word(a) == core::Uint256::from_word(b);
}

/// The lower 160 bits.
inline core::Address to_address(const core::Uint256& word) {
    core::Address address;
    const std::uint64_t high = word.limbs[2];
    address[0] = static_cast<std::uint8_t>(high >> 24);
    address[1] = static_cast<std::uint8_t>(high >> 16);
    address[2] = static_cast<std::uint8_t>(high >> 8);
    address[3] = static_cast<std::uint8_t>(high);
    core::write_be64(address.data() + 4, word.limbs[1]);
    core::write_be64(address.data() + 12, word.limbs[0]);
    return address;
}

inline core::Uint256 from_address(const core::Address& address) {
    return {core::read_be64(address.data() + 12), core::read_be64(address.data() + 4),
            core::read_be32(address.data()), 0};
}

}  // namespace sluice::contracts::evm
