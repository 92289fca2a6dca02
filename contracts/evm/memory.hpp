/// The byte-addressed memory of one call, growing by words, reused by the next call at the same depth.
#pragma once

#include <cstdint>
#include <memory>

#include "core/bytes.hpp"

namespace sluice::contracts::evm {

/// No instruction reaches further: 2^32 bytes cost more gas than 2^43, and no block has that.
inline constexpr std::uint64_t memory_bytes_max = std::uint64_t{1} << 32;

class Memory {
  public:
    std::uint8_t* data() { return bytes_.get(); }
    /// Bytes in use, a multiple of 32.
    std::uint64_t size() const { return size_; }
    core::ByteView bytes() const { return {bytes_.get(), size_}; }

    /// Nothing is in use any more.
    void clear() { size_ = 0; }
    /// Takes new zero bytes into use. `size` is a multiple of 32, larger than before, at most
    /// memory_bytes_max.
    void grow(std::uint64_t size);
    /// Gives memory back above `bytes`; what is in use must not be needed any more.
    void trim(std::uint64_t bytes);

  private:
    struct Free {
        void operator()(std::uint8_t* bytes) const;
    };
    std::unique_ptr<std::uint8_t[], Free> bytes_;
    std::uint64_t size_ = 0;
    std::uint64_t capacity_ = 0;
};

}  // namespace sluice::contracts::evm
