/// Memory of sluice-sim: free lists by size over chunks that are never given back. A scenario allocates
/// millions of small values and frees them all; the program has one thread per process. Not linked under
/// sanitizers.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

constexpr std::size_t header_bytes = 16;  ///< holds the size class, keeps the alignment
constexpr std::size_t step_bytes = 32;
constexpr std::size_t classes = 64;  ///< up to 2 KiB; larger ones come from malloc
constexpr std::size_t chunk_bytes = 1u << 20;
constexpr std::uint64_t large = ~std::uint64_t{0};

struct Free {
    Free* next;
};

std::array<Free*, classes> free_lists{};
unsigned char* chunk = nullptr;
std::size_t chunk_left = 0;

void* with_header(void* block, std::uint64_t size_class) {
    *static_cast<std::uint64_t*>(block) = size_class;
    return static_cast<unsigned char*>(block) + header_bytes;
}

void* take_from_chunk(std::size_t bytes) {
    if (chunk_left < bytes) {
        chunk = static_cast<unsigned char*>(std::malloc(chunk_bytes));
        if (chunk == nullptr) throw std::bad_alloc();
        chunk_left = chunk_bytes;
    }
    void* block = chunk;
    chunk += bytes;
    chunk_left -= bytes;
    return block;
}

void* allocate(std::size_t wanted) {
    const auto bytes = wanted + header_bytes;
    const auto size_class = (bytes - 1) / step_bytes;
    if (size_class >= classes) {
        void* block = std::malloc(bytes);
        if (block == nullptr) throw std::bad_alloc();
        return with_header(block, large);
    }
    if (auto* block = free_lists[size_class]) {
        free_lists[size_class] = block->next;
        return with_header(block, size_class);
    }
    return with_header(take_from_chunk((size_class + 1) * step_bytes), size_class);
}

void release(void* memory) noexcept {
    if (memory == nullptr) return;
    void* block = static_cast<unsigned char*>(memory) - header_bytes;
    const auto size_class = *static_cast<std::uint64_t*>(block);
    if (size_class == large) return std::free(block);
    free_lists[size_class] = new (block) Free{free_lists[size_class]};
}

}  // namespace

void* operator new(std::size_t bytes) {
    return allocate(bytes);
}
void* operator new[](std::size_t bytes) {
    return allocate(bytes);
}
void operator delete(void* memory) noexcept {
    release(memory);
}
void operator delete[](void* memory) noexcept {
    release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    release(memory);
}
