#include "ledger/crc32c.hpp"

#include <array>
#include <cstring>

namespace sluice::ledger {

namespace {

/// The polynomial of RFC 3720, bits reversed.
constexpr std::uint32_t polynomial = 0x82f63b78;

constexpr std::array<std::uint32_t, 256> make_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) ? polynomial : 0);
        table[byte] = crc;
    }
    return table;
}
constexpr std::array<std::uint32_t, 256> table = make_table();

std::uint32_t update_by_table(std::uint32_t crc, core::ByteView bytes) {
    for (const std::uint8_t byte : bytes)
        crc = (crc >> 8) ^ table[(crc ^ byte) & 0xff];
    return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t update_by_instruction(std::uint32_t crc,
                                                                      core::ByteView bytes) {
    std::uint64_t wide = crc;
    for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), 8);
        wide = __builtin_ia32_crc32di(wide, word);
    }
    return update_by_table(static_cast<std::uint32_t>(wide), bytes);
}
#endif

}  // namespace

std::uint32_t crc32c(core::ByteView bytes) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) return ~update_by_instruction(0xffffffff, bytes);
#endif
    return ~update_by_table(0xffffffff, bytes);
}

}  // namespace sluice::ledger
