#include "contracts/evm/code.hpp"

#include <algorithm>

namespace sluice::contracts::evm {

namespace {

constexpr std::uint8_t jumpdest = 0x5b;
constexpr std::uint8_t push1 = 0x60;
constexpr std::uint8_t push32 = 0x7f;
/// The data of a PUSH32 that is the last byte, and a STOP after it.
constexpr std::size_t padding_bytes = 33;

}  // namespace

void Code::assign(core::ByteView code) {
    size_ = code.size();
    padded_.resize(size_ + padding_bytes);
    std::copy(code.begin(), code.end(), padded_.begin());
    std::fill(padded_.begin() + static_cast<std::ptrdiff_t>(size_), padded_.end(), std::uint8_t{0});
    destinations_.assign(size_ / 64 + 1, 0);
    const std::uint8_t* const bytes = padded_.data();
    std::uint64_t* const bits = destinations_.data();
    for (std::size_t at = 0; at < size_; ++at) {
        const std::uint8_t opcode = bytes[at];
        if (opcode == jumpdest)
            bits[at / 64] |= std::uint64_t{1} << (at % 64);
        else if (opcode >= push1 && opcode <= push32)
            at += opcode - push1 + 1u;
    }
}

}  // namespace sluice::contracts::evm
