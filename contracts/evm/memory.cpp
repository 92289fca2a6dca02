#include "contracts/evm/memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "core/check.hpp"

namespace sluice::contracts::evm {

namespace {

constexpr std::uint64_t first_capacity_bytes = 4'096;

}  // namespace

void Memory::Free::operator()(std::uint8_t* bytes) const {
    std::free(bytes);
}

void Memory::grow(std::uint64_t size) {
    CHECK(size >= size_ && size % 32 == 0 && size <= memory_bytes_max);
    if (size > capacity_) {
        const std::uint64_t capacity = std::max({size, 2 * capacity_, first_capacity_bytes});
        // realloc can enlarge a large block without copying it.
        void* const moved = std::realloc(bytes_.get(), capacity);
        CHECK(moved != nullptr);
        static_cast<void>(bytes_.release());
        bytes_.reset(static_cast<std::uint8_t*>(moved));
        capacity_ = capacity;
    }
    std::memset(bytes_.get() + size_, 0, size - size_);
    size_ = size;
}

void Memory::trim(std::uint64_t bytes) {
    if (capacity_ <= bytes) return;
    bytes_.reset();
    size_ = capacity_ = 0;
}

}  // namespace sluice::contracts::evm
