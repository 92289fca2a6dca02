/// Stacks, memories and buffers by call depth.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "contracts/evm/code.hpp"
#include "contracts/evm/memory.hpp"
#include "core/uint256.hpp"

namespace sluice::contracts::evm {

/// Words of the stack (Yellow Paper 9.1).
inline constexpr std::size_t stack_words = 1'024;

/// What one depth keeps between messages.
struct FrameStore {
    struct alignas(64) Stack {
        std::array<core::Uint256, stack_words> words;
    };
    /// Not initialised: no word is read before it was written.
    std::unique_ptr<Stack> stack;
    Memory memory;
    core::Bytes output;  ///< of a precompiled or native contract called at this depth
    Code code;           ///< init code, or code that the cache does not keep
};

/// Grows to the deepest call seen; the order of depths is the order of calls.
class FramePool {
  public:
    /// The store of `depth`; its address never changes.
    FrameStore& at(std::uint32_t depth) {
        if (depth >= used_) use(depth);
        return *stores_[depth];
    }
    /// Gives back what an unusually large message left behind. Outputs must not be needed any more.
    void trim();

  private:
    void use(std::uint32_t depth);
    std::vector<std::unique_ptr<FrameStore>> stores_;
    std::size_t used_ = 0;  ///< depths since the last trim
};

}  // namespace sluice::contracts::evm
