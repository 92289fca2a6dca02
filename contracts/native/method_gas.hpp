/// Gas of native methods, put together from named costs.
#pragma once

#include "contracts/native/gas_cost.hpp"
#include "contracts/native/native_contract.hpp"

namespace sluice::contracts::native {

/// What a method does at most, counted.
struct Work {
    std::size_t reads = 0;   ///< slots that nothing else keeps in memory
    std::size_t again = 0;   ///< slots that every payment reads
    std::size_t writes = 0;  ///< slots that change
};

constexpr core::Gas gas_of(const Work& work) {
    return cost::entry + work.reads * cost::slot_read + work.again * cost::slot_again +
           work.writes * cost::slot_write;
}

/// A method whose work does not depend on its arguments but for copying them.
template <Work work, core::Gas more = 0>
core::Gas fixed_gas(const Invocation& call) {
    return gas_of(work) + more + cost::copy(call.arguments.size());
}

/// Slots that text of `bytes` bytes takes (Solidity's layout).
constexpr std::size_t text_slots(std::size_t bytes) {
    return 1 + (bytes + 31) / 32;
}

}  // namespace sluice::contracts::native
