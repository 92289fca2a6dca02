#include "cli/abi/codec.hpp"

#include <algorithm>
#include <optional>

#include "core/check.hpp"
#include "core/uint256.hpp"

namespace sluice::cli::abi {
namespace {

constexpr std::size_t word_bytes = 32;

void append_number(core::Bytes& out, std::uint64_t number) {
    core::append(out, core::word_from_u64(number));
}

void append_value(core::Bytes& out, const Type& type, const Value& value);

/// Heads first, then what they point at.
template <typename TypeAt>
void append_sequence(core::Bytes& out, std::span<const Value> values, TypeAt type_at) {
    std::uint64_t offset = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
        offset += head_words(type_at(i)) * word_bytes;
    core::Bytes tails;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Type& type = type_at(i);
        if (!is_dynamic(type)) {
            append_value(out, type, values[i]);
            continue;
        }
        append_number(out, offset + tails.size());
        append_value(tails, type, values[i]);
    }
    core::append(out, tails);
}

void append_bytes(core::Bytes& out, const core::Bytes& bytes) {
    append_number(out, bytes.size());
    core::append(out, bytes);
    out.resize(out.size() + (word_bytes - bytes.size() % word_bytes) % word_bytes);
}

void append_value(core::Bytes& out, const Type& type, const Value& value) {
    switch (type.kind) {
        case Kind::bytes:
        case Kind::string:
            append_bytes(out, value.bytes);
            return;
        case Kind::array:
            append_number(out, value.items.size());
            append_sequence(out, value.items, [&](std::size_t) -> const Type& { return type.components[0]; });
            return;
        case Kind::fixed_array:
            CHECK(value.items.size() == type.length);
            append_sequence(out, value.items, [&](std::size_t) -> const Type& { return type.components[0]; });
            return;
        case Kind::tuple:
            CHECK(value.items.size() == type.components.size());
            append_sequence(out, value.items,
                            [&](std::size_t i) -> const Type& { return type.components[i]; });
            return;
        case Kind::unsigned_integer:
        case Kind::signed_integer:
        case Kind::address:
        case Kind::boolean:
        case Kind::fixed_bytes:
        case Kind::function:
            core::append(out, value.word);
            return;
    }
}

/// Reads values and counts what it makes of them. After the first failure every read fails.
class Decoder {
  public:
    /// The values of a tuple or of a list of parameters; offsets count from the first byte of `input`.
    template <typename TypeAt>
    bool sequence(core::ByteView input, std::uint64_t count, TypeAt type_at, std::vector<Value>& values) {
        std::size_t at = 0;
        for (std::uint64_t i = 0; i < count; ++i) {
            if (++values_ > decoded_values_max) return fail(DecodeError::too_many_values);
            const Type& type = type_at(i);
            if (!value(input, at, type, values.emplace_back())) return false;
            at += static_cast<std::size_t>(head_words(type)) * word_bytes;
        }
        return true;
    }
    DecodeError error() const { return error_; }

  private:
    bool fail(DecodeError error) {
        error_ = error;
        return false;
    }
    static std::optional<core::Word> word_at(core::ByteView input, std::size_t at) {
        if (at > input.size() || input.size() - at < word_bytes) return std::nullopt;
        core::Word word;
        std::copy_n(input.begin() + static_cast<std::ptrdiff_t>(at), word_bytes, word.begin());
        return word;
    }
    /// A value whose head is at `at`.
    bool value(core::ByteView input, std::size_t at, const Type& type, Value& out) {
        if (!is_dynamic(type)) {
            if (at > input.size()) return fail(DecodeError::too_short);
            return content(input.subspan(at), type, out);
        }
        const auto word = word_at(input, at);
        if (!word) return fail(DecodeError::too_short);
        const auto offset = core::Uint256::from_word(*word);
        if (!offset.fits_u64() || offset.low_u64() > input.size()) return fail(DecodeError::bad_offset);
        return content(input.subspan(static_cast<std::size_t>(offset.low_u64())), type, out);
    }
    /// A value that begins with the input.
    bool content(core::ByteView input, const Type& type, Value& out) {
        const auto element = [&](std::uint64_t) -> const Type& { return type.components[0]; };
        switch (type.kind) {
            case Kind::bytes:
            case Kind::string:
                return bytes(input, out.bytes);
            case Kind::array:
                return array(input, type, out);
            case Kind::fixed_array:
                return sequence(input, type.length, element, out.items);
            case Kind::tuple:
                return sequence(
                    input, type.components.size(),
                    [&](std::uint64_t i) -> const Type& {
                        return type.components[static_cast<std::size_t>(i)];
                    },
                    out.items);
            case Kind::unsigned_integer:
            case Kind::signed_integer:
            case Kind::address:
            case Kind::boolean:
            case Kind::fixed_bytes:
            case Kind::function:
                break;
        }
        const auto word = word_at(input, 0);
        if (!word) return fail(DecodeError::too_short);
        if (!is_in_range(type, *word)) return fail(DecodeError::out_of_range);
        out.word = *word;
        return true;
    }
    std::optional<std::size_t> length(core::ByteView input) {
        const auto word = word_at(input, 0);
        if (!word) {
            fail(DecodeError::too_short);
            return std::nullopt;
        }
        const auto count = core::Uint256::from_word(*word);
        if (!count.fits_u64() || count.low_u64() > input.size() - word_bytes) {
            fail(DecodeError::bad_length);
            return std::nullopt;
        }
        return static_cast<std::size_t>(count.low_u64());
    }
    bool bytes(core::ByteView input, core::Bytes& out) {
        const auto size = length(input);
        if (!size) return false;
        bytes_ += *size;
        if (bytes_ > decoded_bytes_max) return fail(DecodeError::too_many_values);
        out = core::to_bytes(input.subspan(word_bytes, *size));
        return true;
    }
    bool array(core::ByteView input, const Type& type, Value& out) {
        const auto count = length(input);
        if (!count) return false;
        const auto rest = input.subspan(word_bytes);
        // Only elements without any word fit more often than there are words; the count of values bounds
        // those.
        const auto words = head_words(type.components[0]);
        if (words > 0 && *count > rest.size() / word_bytes / words) return fail(DecodeError::bad_length);
        return sequence(
            rest, *count, [&](std::uint64_t) -> const Type& { return type.components[0]; }, out.items);
    }

    DecodeError error_ = DecodeError::too_short;
    std::size_t values_ = 0;
    std::size_t bytes_ = 0;
};

bool all_are(core::ByteView bytes, std::uint8_t value) {
    return std::all_of(bytes.begin(), bytes.end(), [&](std::uint8_t byte) { return byte == value; });
}

}  // namespace

std::string_view describe(DecodeError error) {
    switch (error) {
        case DecodeError::too_short:
            return "ends before its values do";
        case DecodeError::bad_offset:
            return "holds an offset that leads outside";
        case DecodeError::bad_length:
            return "holds a length beyond its end";
        case DecodeError::out_of_range:
            return "holds a value outside the range of its type";
        case DecodeError::too_many_values:
            return "holds more values than are decoded";
    }
    return {};
}

bool is_in_range(const Type& type, const core::Word& word) {
    const core::ByteView bytes(word);
    switch (type.kind) {
        case Kind::unsigned_integer:
            return all_are(bytes.first(32 - type.size / 8), 0);
        case Kind::signed_integer: {
            const auto unused = 32 - type.size / 8;
            const bool is_negative = unused < 32 && (word[unused] & 0x80) != 0;
            return all_are(bytes.first(unused), is_negative ? 0xff : 0);
        }
        case Kind::address:
            return all_are(bytes.first(12), 0);
        case Kind::boolean:
            return all_are(bytes.first(31), 0) && word[31] <= 1;
        case Kind::fixed_bytes:
        case Kind::function:
            return all_are(bytes.subspan(type.size), 0);
        case Kind::bytes:
        case Kind::string:
        case Kind::fixed_array:
        case Kind::array:
        case Kind::tuple:
            break;
    }
    return false;
}

core::Bytes encode(std::span<const Type> types, std::span<const Value> values) {
    CHECK(types.size() == values.size());
    core::Bytes out;
    append_sequence(out, values, [&](std::size_t i) -> const Type& { return types[i]; });
    return out;
}

core::Result<std::vector<Value>, DecodeError> decode(std::span<const Type> types, core::ByteView input) {
    Decoder decoder;
    std::vector<Value> values;
    const bool is_read = decoder.sequence(
        input, types.size(),
        [&](std::uint64_t i) -> const Type& { return types[static_cast<std::size_t>(i)]; }, values);
    if (!is_read) return core::fail(decoder.error());
    return values;
}

}  // namespace sluice::cli::abi
