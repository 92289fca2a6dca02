#include "contracts/native/storage_field.hpp"

#include <algorithm>

namespace sluice::contracts::native {

namespace {

constexpr std::size_t short_text_bytes_max = 31;

std::size_t words_of(std::size_t size) {
    return size <= short_text_bytes_max ? 0 : (size + 31) / 32;
}

/// Solidity's length of a string: doubled, and odd if the content lies elsewhere.
std::size_t size_in(const core::Word& head) {
    if ((head[31] & 1) == 0) return head[31] / 2;
    const std::uint64_t doubled = core::read_be64(head.data() + 24);
    return doubled / 2;
}

}  // namespace

core::Word slot_after(const core::Word& slot, std::uint64_t by) {
    core::Word result = slot;
    std::uint64_t carry = by;
    for (std::size_t i = result.size(); i-- > 0 && carry != 0;) {
        const std::uint64_t sum = result[i] + (carry & 0xff);
        result[i] = static_cast<std::uint8_t>(sum);
        carry = (carry >> 8) + (sum >> 8);
    }
    return result;
}

core::Word content_slot(const core::Word& slot) {
    return core::keccak256(slot);
}

core::Word entry_slot(const core::Word& key, const core::Word& slot) {
    std::array<std::uint8_t, 64> both;
    std::copy(key.begin(), key.end(), both.begin());
    std::copy(slot.begin(), slot.end(), both.begin() + 32);
    return core::keccak256(both);
}

core::Bytes TextPlace::read() const {
    const core::Word head = storage_.load(slot_);
    const std::size_t size = size_in(head);
    if (size <= short_text_bytes_max) return {head.begin(), head.begin() + static_cast<std::ptrdiff_t>(size)};
    core::Bytes content;
    const core::Word first = content_slot(slot_);
    for (std::size_t i = 0; i < words_of(size); ++i)
        core::append(content, storage_.load(slot_after(first, i)));
    content.resize(size);
    return content;
}

std::string TextPlace::read_text() const {
    return std::string(core::text_view(read()));
}

void TextPlace::write(core::ByteView content) const {
    const std::size_t old_size = size_in(storage_.load(slot_));
    core::Word head{};
    if (content.size() <= short_text_bytes_max) {
        std::copy(content.begin(), content.end(), head.begin());
        head[31] = static_cast<std::uint8_t>(2 * content.size());
    } else {
        head = core::word_from_u64(2 * content.size() + 1);
    }
    storage_.store(slot_, head);
    write_content(content, old_size);
}

void TextPlace::write_content(core::ByteView content, std::size_t old_size) const {
    const std::size_t words = std::max(words_of(content.size()), words_of(old_size));
    if (words == 0) return;
    const core::Word first = content_slot(slot_);
    for (std::size_t i = 0; i < words; ++i) {
        core::Word word{};
        const bool is_used = i < words_of(content.size());
        const core::ByteView rest = is_used ? content.subspan(32 * i) : core::ByteView{};
        std::copy_n(rest.begin(), std::min<std::size_t>(rest.size(), 32), word.begin());
        storage_.store(slot_after(first, i), word);
    }
}

}  // namespace sluice::contracts::native
