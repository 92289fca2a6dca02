#include "contracts/native/abi.hpp"

#include <algorithm>

namespace sluice::contracts::native::abi {

namespace {

constexpr Selector error_selector = selector_of("Error(string)");
constexpr Selector panic_selector = selector_of("Panic(uint256)");
constexpr Selector refused_selector = selector_of("Refused(bytes4)");

std::size_t padded(std::size_t size) {
    return (size + 31) / 32 * 32;
}

/// What follows the selector, or nothing if the data has another.
std::optional<core::ByteView> after_selector(core::ByteView data, const Selector& selector) {
    if (data.size() < selector.size()) return std::nullopt;
    if (!std::equal(selector.begin(), selector.end(), data.begin())) return std::nullopt;
    return data.subspan(selector.size());
}

template <typename T>
std::optional<T> decode_single(core::ByteView data, const Selector& selector) {
    const auto arguments = after_selector(data, selector);
    if (!arguments) return std::nullopt;
    auto decoded = decode<T>(*arguments);
    if (!decoded) return std::nullopt;
    return std::get<0>(std::move(*decoded));
}

}  // namespace

std::string_view describe(Error error) {
    switch (error) {
        case Error::truncated:
            return "the input ends before the value";
        case Error::bad_offset:
            return "an offset points outside the input";
        case Error::dirty_bits:
            return "padding is not zero, or a value is out of range";
        case Error::too_many_elements:
            return "more array elements than the input has words";
    }
    return "";
}

const std::uint8_t* Source::at(std::size_t at, std::size_t size) {
    if (failed()) return nullptr;
    if (at > bytes_.size() || size > bytes_.size() - at) {
        fail(Error::truncated);
        return nullptr;
    }
    return bytes_.data() + at;
}

std::size_t Source::size_at(std::size_t at, Error if_too_large) {
    const std::uint8_t* word = this->at(at, 32);
    if (word == nullptr) return bytes_.size();
    const bool is_wide = std::any_of(word, word + 24, [](std::uint8_t b) { return b != 0; });
    const std::uint64_t size = core::read_be64(word + 24);
    if (!is_wide && size <= bytes_.size()) return size;
    fail(if_too_large);
    return bytes_.size();
}

std::size_t Source::follow(std::size_t base, std::size_t head) {
    const std::size_t offset = size_at(head, Error::bad_offset);
    if (failed()) return bytes_.size();
    if (offset > bytes_.size() - base) fail(Error::bad_offset);
    return failed() ? bytes_.size() : base + offset;
}

bool Source::take_elements(std::size_t count) {
    if (count > elements_left_)
        fail(Error::too_many_elements);
    else
        elements_left_ -= count;
    return !failed();
}

void put_size(std::uint8_t* at, std::size_t size) {
    put_word(at, std::uint64_t{size});
}

void append_padded(core::Bytes& out, core::ByteView content) {
    const std::size_t start = out.size();
    out.resize(start + 32 + padded(content.size()));
    put_size(out.data() + start, content.size());
    std::copy(content.begin(), content.end(), out.begin() + static_cast<std::ptrdiff_t>(start) + 32);
}

core::ByteView read_content(Source& source, std::size_t at) {
    const std::size_t size = source.size_at(at, Error::truncated);
    if (source.failed()) return {};
    const std::uint8_t* content = source.at(at + 32, padded(size));
    if (content == nullptr) return {};
    const bool is_clean =
        std::all_of(content + size, content + padded(size), [](std::uint8_t b) { return b == 0; });
    if (!is_clean) source.fail(Error::dirty_bits);
    return {content, size};
}

std::optional<std::uint64_t> dynamic_length(core::ByteView input, std::size_t index) {
    if (index > input.size() / 32) return std::nullopt;
    Source source(input);
    const std::size_t target = source.follow(0, 32 * index);
    const std::size_t length = source.size_at(target, Error::truncated);
    if (source.failed()) return std::nullopt;
    return length;
}

core::Bytes encode_error(std::string_view reason) {
    return encode_call(error_selector, reason);
}

core::Bytes encode_refused(const IsoCode& code) {
    return encode_call(refused_selector, code);
}

std::optional<std::string> decode_error(core::ByteView return_data) {
    return decode_single<std::string>(return_data, error_selector);
}

std::optional<IsoCode> decode_refused(core::ByteView return_data) {
    return decode_single<IsoCode>(return_data, refused_selector);
}

std::optional<core::Uint256> decode_panic(core::ByteView return_data) {
    return decode_single<core::Uint256>(return_data, panic_selector);
}

}  // namespace sluice::contracts::native::abi
