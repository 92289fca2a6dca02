#include "contracts/native/ordered_set.hpp"

#include <algorithm>
#include <bit>

namespace sluice::contracts::native {

namespace {

/// A word of level n has one bit per value of byte n of the numbers below it; level 0 is the lowest byte.
constexpr unsigned levels = 6;

unsigned byte_at(std::uint64_t number, unsigned level) {
    return static_cast<unsigned>(number >> (8 * level)) & 0xff;
}
std::uint8_t mask_of(unsigned bit) {
    return static_cast<std::uint8_t>(0x80u >> (bit % 8));
}
bool is_set(const core::Word& word, unsigned bit) {
    return (word[bit / 8] & mask_of(bit)) != 0;
}
bool is_zero(const core::Word& word) {
    return std::all_of(word.begin(), word.end(), [](std::uint8_t byte) { return byte == 0; });
}

/// The least set bit that is at least `from`.
std::optional<unsigned> first_bit(const core::Word& word, unsigned from) {
    if (from > 255) return std::nullopt;
    unsigned byte = word[from / 8] & (0xffu >> (from % 8));
    for (unsigned at = from / 8;;) {
        if (byte != 0)
            return 8 * at + static_cast<unsigned>(std::countl_zero(static_cast<std::uint8_t>(byte)));
        if (++at == word.size()) return std::nullopt;
        byte = word[at];
    }
}

}  // namespace

core::Word OrderedSet::key_of(unsigned level, std::uint64_t number) const {
    core::Word key = base_;
    key[23] = static_cast<std::uint8_t>(level + 1);
    core::write_be64(key.data() + 24, number >> (8 * (level + 1)));
    return key;
}

std::optional<std::uint64_t> OrderedSet::first_number_at(const core::Word& key) {
    if (key[23] != 1) return std::nullopt;
    return core::read_be64(key.data() + 24) << 8;
}

bool OrderedSet::insert(std::uint64_t number) const {
    CHECK(number < limit);
    for (unsigned level = 0; level < levels; ++level) {
        const core::Word key = key_of(level, number);
        core::Word word = storage_.load(key);
        const unsigned bit = byte_at(number, level);
        if (is_set(word, bit)) return level != 0;
        const bool was_empty = is_zero(word);
        word[bit / 8] = static_cast<std::uint8_t>(word[bit / 8] | mask_of(bit));
        storage_.store(key, word);
        if (!was_empty) break;
    }
    return true;
}

bool OrderedSet::erase(std::uint64_t number) const {
    for (unsigned level = 0; level < levels; ++level) {
        const core::Word key = key_of(level, number);
        core::Word word = storage_.load(key);
        const unsigned bit = byte_at(number, level);
        if (!is_set(word, bit)) return false;
        word[bit / 8] = static_cast<std::uint8_t>(word[bit / 8] & ~mask_of(bit));
        storage_.store(key, word);
        if (!is_zero(word)) break;
    }
    return true;
}

bool OrderedSet::contains(std::uint64_t number) const {
    return number < limit && is_set(storage_.load(key_of(0, number)), byte_at(number, 0));
}

/// The least member whose upper bytes, down to `level`, are `prefix`.
std::uint64_t OrderedSet::descend(unsigned level, std::uint64_t prefix) const {
    while (level-- > 0) {
        const auto bit = first_bit(storage_.load(key_of(level, prefix << (8 * (level + 1)))), 0);
        CHECK(bit.has_value());
        prefix = prefix << 8 | *bit;
    }
    return prefix;
}

std::optional<std::uint64_t> OrderedSet::first() const {
    const auto top = first_bit(storage_.load(key_of(levels - 1, 0)), 0);
    if (!top) return std::nullopt;
    return descend(levels - 1, *top);
}

std::optional<std::uint64_t> OrderedSet::after(std::uint64_t number) const {
    if (number >= limit) return std::nullopt;
    for (unsigned level = 0; level < levels; ++level) {
        const auto bit = first_bit(storage_.load(key_of(level, number)), byte_at(number, level) + 1);
        if (bit) return descend(level, (number >> (8 * (level + 1))) << 8 | *bit);
    }
    return std::nullopt;
}

}  // namespace sluice::contracts::native
