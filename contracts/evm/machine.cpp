#include "contracts/evm/machine.hpp"

#include "contracts/evm/code_cache.hpp"
#include "contracts/evm/frame_pool.hpp"

namespace sluice::contracts::evm {

Machine::Machine() : codes_(std::make_unique<CodeCache>()), frames_(std::make_unique<FramePool>()) {}
Machine::~Machine() = default;

}  // namespace sluice::contracts::evm
