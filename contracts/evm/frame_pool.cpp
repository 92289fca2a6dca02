#include "contracts/evm/frame_pool.hpp"

namespace sluice::contracts::evm {

namespace {

/// Kept per depth, so that all depths together stay below 100 MB; the first depth may keep more.
constexpr std::size_t kept_bytes = 16'384;
constexpr std::size_t kept_bytes_first = std::size_t{4} << 20;

void release(core::Bytes& bytes, std::size_t kept) {
    if (bytes.capacity() > kept) core::Bytes().swap(bytes);
}

}  // namespace

void FramePool::use(std::uint32_t depth) {
    while (stores_.size() <= depth) {
        stores_.push_back(std::make_unique<FrameStore>());
        stores_.back()->stack = std::make_unique<FrameStore::Stack>();
    }
    used_ = depth + 1;
}

void FramePool::trim() {
    std::size_t kept = kept_bytes_first;
    for (std::size_t depth = 0; depth < used_; ++depth) {
        FrameStore& store = *stores_[depth];
        store.memory.trim(kept);
        release(store.output, kept);
        if (store.code.footprint_bytes() > kept) store.code = Code();
        kept = kept_bytes;
    }
    used_ = 0;
}

}  // namespace sluice::contracts::evm
