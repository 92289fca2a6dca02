/// The parts of the ABI codec: one `Codec` per kind of type, and the head-and-tail layout of sequences.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "contracts/native/value_type.hpp"
#include "core/bytes.hpp"

namespace sluice::contracts::native::abi {

/// Why an input is not the encoding of the expected types.
enum class Error {
    truncated,         ///< the input ends before the value
    bad_offset,        ///< an offset that points outside the input
    dirty_bits,        ///< padding that is not zero (or not the sign), or a value out of its type's range
    too_many_elements  ///< more array elements than words of input: overlapping encodings
};
std::string_view describe(Error error);

/// The input of a decoder. The first error sticks; later reads leave their values as they are.
class Source {
  public:
    explicit Source(core::ByteView bytes) : bytes_(bytes), elements_left_(bytes.size() / 32) {}
    const std::optional<Error>& error() const { return error_; }
    bool failed() const { return error_.has_value(); }
    void fail(Error error) {
        if (!error_) error_ = error;
    }
    /// `size` bytes at `at`, or null after recording `truncated`.
    const std::uint8_t* at(std::size_t at, std::size_t size);
    /// The word at `at` as a length or an offset; one that cannot fit the input gives the input's size and an
    /// error.
    std::size_t size_at(std::size_t at, Error if_too_large);
    /// Follows the offset word at `head`, relative to `base`.
    std::size_t follow(std::size_t base, std::size_t head);
    /// Accounts for the elements of one array. Overlapping arrays run out of them.
    bool take_elements(std::size_t count);
    core::ByteView bytes() const { return bytes_; }

  private:
    core::ByteView bytes_;
    std::size_t elements_left_;
    std::optional<Error> error_;
};

/// Static types: `words` in the head; write(at, value), read(source, at, value).
/// Dynamic types: one offset word in the head; append(out, value), read(source, at, value) where `at` is the
/// target.
template <typename T>
struct Codec;

template <typename T>
concept HasMembers = requires {
    T::abi_members();
};

template <typename T>
constexpr std::size_t head_bytes() {
    if constexpr (Codec<T>::is_dynamic)
        return 32;
    else
        return 32 * Codec<T>::words;
}

void put_size(std::uint8_t* at, std::size_t size);
void append_padded(core::Bytes& out, core::ByteView content);
core::ByteView read_content(Source& source, std::size_t at);

/// One member of a sequence that starts at `start` of `out`: its head at `head`, its tail at the end.
template <typename T>
void put_member(core::Bytes& out, std::size_t start, std::size_t& head, const T& value) {
    if constexpr (Codec<T>::is_dynamic) {
        put_size(out.data() + head, out.size() - start);
        Codec<T>::append(out, value);
    } else {
        Codec<T>::write(out.data() + head, value);
    }
    head += head_bytes<T>();
}

template <typename... Ts>
void append_sequence(core::Bytes& out, const Ts&... values) {
    const std::size_t start = out.size();
    [[maybe_unused]] std::size_t head = start;
    out.resize(start + (std::size_t{0} + ... + head_bytes<Ts>()));
    (put_member(out, start, head, values), ...);
}

template <typename T>
void read_member(Source& source, std::size_t base, std::size_t& head, T& value) {
    if (source.failed()) return;
    if constexpr (Codec<T>::is_dynamic) {
        const std::size_t target = source.follow(base, head);
        if (!source.failed()) Codec<T>::read(source, target, value);
    } else {
        Codec<T>::read(source, head, value);
    }
    head += head_bytes<T>();
}

template <typename... Ts>
void read_sequence(Source& source, std::size_t base, Ts&... values) {
    [[maybe_unused]] std::size_t head = base;
    (read_member(source, base, head, values), ...);
}

template <Value T>
struct Codec<T> {
    static constexpr bool is_dynamic = false;
    static constexpr std::size_t words = 1;
    static void write(std::uint8_t* at, const T& value) { put_word(at, value); }
    static void read(Source& source, std::size_t at, T& value) {
        const std::uint8_t* word = source.at(at, 32);
        if (word != nullptr && !take_word(word, value)) source.fail(Error::dirty_bits);
    }
};

/// bytes and string.
template <typename T>
requires(std::same_as<T, core::ByteView> || std::same_as<T, core::Bytes> ||
         std::same_as<T, std::string_view> || std::same_as<T, std::string>) struct Codec<T> {
    static constexpr bool is_dynamic = true;
    static void append(core::Bytes& out, const T& value) {
        if constexpr (std::convertible_to<T, std::string_view>)
            append_padded(out, core::view(value));
        else
            append_padded(out, value);
    }
    static void read(Source& source, std::size_t at, T& value) {
        const core::ByteView content = read_content(source, at);
        if constexpr (std::same_as<T, core::ByteView>)
            value = content;
        else if constexpr (std::same_as<T, core::Bytes>)
            value = core::to_bytes(content);
        else
            value = T(core::text_view(content));
    }
};

/// A fixed number of members: tuples, structs and fixed arrays share this layout.
template <typename... Ts>
struct SequenceCodec {
    static constexpr bool is_dynamic = (false || ... || Codec<Ts>::is_dynamic);
    static constexpr std::size_t words = (std::size_t{0} + ... + (head_bytes<Ts>() / 32));
    static void write_all(std::uint8_t* at, const Ts&... values) {
        ((Codec<Ts>::write(at, values), at += head_bytes<Ts>()), ...);
    }
};

template <typename... Ts>
struct Codec<std::tuple<Ts...>> : SequenceCodec<Ts...> {
    static void write(std::uint8_t* at, const std::tuple<Ts...>& value) {
        std::apply([&](const Ts&... each) { SequenceCodec<Ts...>::write_all(at, each...); }, value);
    }
    static void append(core::Bytes& out, const std::tuple<Ts...>& value) {
        std::apply([&](const Ts&... each) { append_sequence(out, each...); }, value);
    }
    static void read(Source& source, std::size_t at, std::tuple<Ts...>& value) {
        std::apply([&](Ts&... each) { read_sequence(source, at, each...); }, value);
    }
};

namespace detail {
template <typename Members>
struct MembersCodec;
template <typename S, typename... Ms>
struct MembersCodec<std::tuple<Ms S::*...>> : SequenceCodec<Ms...> {
    static void write(std::uint8_t* at, const S& value) {
        std::apply([&](auto... member) { SequenceCodec<Ms...>::write_all(at, value.*member...); },
                   S::abi_members());
    }
    static void append(core::Bytes& out, const S& value) {
        std::apply([&](auto... member) { append_sequence(out, value.*member...); }, S::abi_members());
    }
    static void read(Source& source, std::size_t at, S& value) {
        std::apply([&](auto... member) { read_sequence(source, at, value.*member...); }, S::abi_members());
    }
};
}  // namespace detail

template <HasMembers S>
struct Codec<S> : detail::MembersCodec<decltype(S::abi_members())> {};

template <typename T, std::size_t N>
requires(!Value<std::array<T, N>>) struct Codec<std::array<T, N>> {
    static constexpr bool is_dynamic = Codec<T>::is_dynamic;
    static constexpr std::size_t words = N * head_bytes<T>() / 32;
    static void write(std::uint8_t* at, const std::array<T, N>& values) {
        for (std::size_t i = 0; i < N; ++i)
            Codec<T>::write(at + i * head_bytes<T>(), values[i]);
    }
    static void append(core::Bytes& out, const std::array<T, N>& values) {
        std::apply([&](const auto&... each) { append_sequence(out, each...); }, values);
    }
    static void read(Source& source, std::size_t at, std::array<T, N>& values) {
        std::size_t head = at;
        for (T& value : values)
            read_member(source, at, head, value);
    }
};

template <typename T>
requires(!std::same_as<T, std::uint8_t>) struct Codec<std::vector<T>> {
    static constexpr bool is_dynamic = true;
    static void append(core::Bytes& out, const std::vector<T>& values) {
        std::size_t head = out.size() + 32;
        const std::size_t start = head;
        out.resize(start + values.size() * head_bytes<T>());
        put_size(out.data() + start - 32, values.size());
        for (const T& value : values)
            put_member(out, start, head, value);
    }
    static void read(Source& source, std::size_t at, std::vector<T>& values) {
        const std::size_t count = source.size_at(at, Error::truncated);
        if (source.failed() || !source.take_elements(count)) return;
        if (source.at(at + 32, count * head_bytes<T>()) == nullptr) return;
        values.clear();
        values.reserve(count);
        std::size_t head = at + 32;
        for (std::size_t i = 0; i < count && !source.failed(); ++i) {
            T value{};
            read_member(source, at + 32, head, value);
            values.push_back(std::move(value));
        }
    }
};

}  // namespace sluice::contracts::native::abi
