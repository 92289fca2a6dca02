/// Bytecode made ready to run: padded, with its jump destinations marked.
#pragma once

#include <vector>

#include "core/bytes.hpp"

namespace sluice::contracts::evm {

/// A copy of code followed by zero bytes, so that running off its end meets STOP and the data of a last PUSH
/// is there, and one bit per byte: whether a jump may go there (Yellow Paper 9.4.3).
class Code {
  public:
    /// Replaces what was there; memory is reused.
    void assign(core::ByteView code);

    const std::uint8_t* begin() const { return padded_.data(); }
    /// Bytes, without padding.
    std::size_t size() const { return size_; }
    core::ByteView bytes() const { return {padded_.data(), size_}; }
    /// Bit n % 64 of word n / 64 says whether byte n is a JUMPDEST and no data, for every n up to `size()`.
    const std::uint64_t* destinations() const { return destinations_.data(); }
    /// Memory held.
    std::size_t footprint_bytes() const { return padded_.capacity() + destinations_.capacity() * 8; }

  private:
    std::vector<std::uint8_t> padded_;
    std::vector<std::uint64_t> destinations_;
    std::size_t size_ = 0;
};

}  // namespace sluice::contracts::evm
