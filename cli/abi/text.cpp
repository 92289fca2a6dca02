#include "cli/abi/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace sluice::cli::abi {
namespace {

/// The two's complement of a negative number's absolute value.
core::Uint256 negated(const core::Uint256& number) {
    return core::Uint256() - number;
}

std::string shown(std::string_view text) {
    return printable(text.size() <= 80 ? std::string(text) : std::string(text.substr(0, 77)) + "...");
}

/// Reads one value from a text front to back; errors name the argument.
class Reader {
  public:
    Reader(std::string_view text, std::string_view what) : text_(text), what_(what) {}

    core::Result<Value, std::string> value(const Type& type) {
        skip_blanks();
        if (type.kind == Kind::array || type.kind == Kind::fixed_array) return list(type);
        if (type.kind == Kind::tuple) return tuple(type);
        if (type.kind == Kind::string && peek() == '"') return quoted();
        const auto begin = at_;
        while (at_ < text_.size() && std::string_view(",[]()").find(text_[at_]) == std::string_view::npos)
            ++at_;
        auto word = text_.substr(begin, at_ - begin);
        while (!word.empty() && word.back() == ' ')
            word.remove_suffix(1);
        return elementary(type, word);
    }
    bool is_done() {
        skip_blanks();
        return at_ == text_.size();
    }
    tl::unexpected<std::string> failure(std::string_view why) const {
        return core::fail(fmt::format("{}: {}", what_, why));
    }
    core::Result<Value, std::string> elementary(const Type& type, std::string_view word) const;

  private:
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void skip_blanks() {
        while (peek() == ' ')
            ++at_;
    }
    bool take(char letter) {
        skip_blanks();
        if (peek() != letter) return false;
        ++at_;
        return true;
    }
    core::Result<Value, std::string> list(const Type& type) {
        const auto& element = type.components[0];
        if (!take('[')) return failure(fmt::format("an array is written [{0},{0}]", to_string(element)));
        Value out;
        if (!take(']')) {
            do {
                auto item = value(element);
                if (!item) return item;
                out.items.push_back(std::move(*item));
            } while (take(','));
            if (!take(']')) return failure("the array lacks a comma or a closing bracket");
        }
        if (type.kind == Kind::fixed_array && out.items.size() != type.length)
            return failure(
                fmt::format("{} takes {} elements, not {}", to_string(type), type.length, out.items.size()));
        return out;
    }
    core::Result<Value, std::string> tuple(const Type& type) {
        if (!take('(')) return failure(fmt::format("a tuple is written in parentheses: {}", to_string(type)));
        Value out;
        for (const auto& member : type.components) {
            if (!out.items.empty() && !take(','))
                return failure(fmt::format("the tuple has {} members, {} has {}", out.items.size(),
                                           to_string(type), type.components.size()));
            auto item = value(member);
            if (!item) return item;
            out.items.push_back(std::move(*item));
        }
        if (!take(')'))
            return failure(fmt::format("the tuple lacks a closing parenthesis after {} members",
                                       type.components.size()));
        return out;
    }
    core::Result<Value, std::string> quoted() {
        ++at_;
        Value out;
        for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
            out.bytes.push_back(static_cast<std::uint8_t>(text_[at_]));
        }
        if (at_ == text_.size()) return failure("the text lacks its closing quote");
        ++at_;
        return out;
    }
    core::Result<Value, std::string> number(const Type& type, std::string_view word) const;
    core::Result<Value, std::string> bytes_of(const Type& type, std::string_view word) const;

    std::string_view text_;
    std::string_view what_;
    std::size_t at_ = 0;
};

core::Result<Value, std::string> Reader::number(const Type& type, std::string_view word) const {
    const bool is_signed = type.kind == Kind::signed_integer;
    const bool is_negative = is_signed && !word.empty() && word[0] == '-';
    const auto magnitude = parse_number(is_negative ? word.substr(1) : word);
    if (!magnitude) return failure(magnitude.error());
    // The largest absolute value: 2^n - 1, or 2^(n-1) below zero and one less above it.
    const auto half = core::Uint256(1) << (type.size - 1);
    const auto limit = !is_signed ? half - 1 + half : is_negative ? half : half - 1;
    if (*magnitude > limit)
        return failure(fmt::format("{} is outside the range of {}, which ends at {}{}", shown(word),
                                   to_string(type), is_negative ? "-" : "", core::to_decimal(limit)));
    Value out;
    out.word = (is_negative ? negated(*magnitude) : *magnitude).to_word();
    return out;
}

core::Result<Value, std::string> Reader::bytes_of(const Type& type, std::string_view word) const {
    const auto bytes = word.substr(0, 2) == "0x" ? core::from_hex(word) : std::nullopt;
    if (!bytes)
        return failure(
            fmt::format("'{}' is no byte sequence: allowed is 0x and pairs of hex digits", shown(word)));
    Value out;
    if (type.kind == Kind::bytes) {
        out.bytes = *bytes;
        return out;
    }
    if (bytes->size() != type.size)
        return failure(fmt::format("{} takes {} bytes, not {}", to_string(type), type.size, bytes->size()));
    std::copy(bytes->begin(), bytes->end(), out.word.begin());
    return out;
}

core::Result<Value, std::string> Reader::elementary(const Type& type, std::string_view word) const {
    Value out;
    switch (type.kind) {
        case Kind::unsigned_integer:
        case Kind::signed_integer:
            return number(type, word);
        case Kind::address: {
            const auto address = word.substr(0, 2) == "0x" ? core::address_from_hex(word) : std::nullopt;
            if (!address)
                return failure(
                    fmt::format("'{}' is no address: allowed is 0x and 40 hex digits, in mixed case "
                                "only with the right checksum",
                                shown(word)));
            out.word = core::word_from_address(*address);
            return out;
        }
        case Kind::boolean:
            if (word != "true" && word != "false")
                return failure(fmt::format("'{}' is no bool: allowed is true or false", shown(word)));
            out.word[31] = word == "true" ? 1 : 0;
            return out;
        case Kind::string:
            out.bytes = core::to_bytes(core::view(word));
            return out;
        case Kind::bytes:
        case Kind::fixed_bytes:
        case Kind::function:
            return bytes_of(type, word);
        case Kind::fixed_array:
        case Kind::array:
        case Kind::tuple:
            break;
    }
    return failure("has parts");
}

std::string name_of_argument(const Type& type, std::size_t place) {
    return type.name.empty() ? fmt::format("argument {} ({})", place + 1, to_string(type))
                             : fmt::format("argument {} ({} {})", place + 1, to_string(type), type.name);
}

std::string integer_text(const Type& type, const core::Word& word) {
    const auto number = core::Uint256::from_word(word);
    const bool is_negative = type.kind == Kind::signed_integer && (word[0] & 0x80) != 0;
    return is_negative ? "-" + core::to_decimal(negated(number)) : core::to_decimal(number);
}

/// Everything but strings and what has parts.
std::string word_text(const Type& type, const Value& value) {
    if (type.kind == Kind::bytes) return core::to_hex_0x(value.bytes);
    if (type.kind == Kind::boolean) return value.word[31] != 0 ? "true" : "false";
    if (type.kind == Kind::fixed_bytes || type.kind == Kind::function)
        return core::to_hex_0x(core::ByteView(value.word).first(type.size));
    if (type.kind != Kind::address) return integer_text(type, value.word);
    core::Address address;
    std::copy(value.word.begin() + 12, value.word.end(), address.begin());
    return core::checksum_hex(address);
}

bool is_array(const Type& type) {
    return type.kind == Kind::array || type.kind == Kind::fixed_array;
}

/// nlohmann's own repair of UTF-8: what is none becomes U+FFFD.
std::string valid_utf8(std::string_view text) {
    const auto dumped = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
    return Json::parse(dumped).get<std::string>();
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out;
    const auto valid = valid_utf8(text);
    for (std::size_t i = 0; i < valid.size(); ++i) {
        const auto byte = static_cast<unsigned char>(valid[i]);
        // 0xc2 0x80 to 0xc2 0x9f are control characters too, and some terminals obey them.
        const bool is_second_control = byte == 0xc2 && static_cast<unsigned char>(valid[i + 1]) < 0xa0;
        if (byte == '\n')
            out += "\\n";
        else if (byte < 0x20 || byte == 0x7f)
            out += fmt::format("\\x{:02x}", byte);
        else if (is_second_control)
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(valid[++i]));
        else
            out += valid[i];
    }
    return out;
}

core::Result<core::Uint256, std::string> parse_number(std::string_view text) {
    const bool is_hex = text.substr(0, 2) == "0x";
    if (const auto number = is_hex ? core::uint256_from_hex(text) : core::uint256_from_decimal(text))
        return *number;
    const auto digits = is_hex ? text.substr(2) : text;
    const auto allowed = is_hex ? "0123456789abcdefABCDEF" : "0123456789";
    if (!digits.empty() && digits.find_first_not_of(allowed) == std::string_view::npos)
        return core::fail(fmt::format("{} has more than 256 bits", shown(text)));
    return core::fail(
        fmt::format("'{}' is no number: allowed are decimal digits, or 0x and hex digits", shown(text)));
}

core::Result<Value, std::string> parse_value(const Type& type, std::string_view text, std::string_view what) {
    Reader reader(text, what);
    if (type.components.empty() && type.kind != Kind::tuple) return reader.elementary(type, text);
    auto value = reader.value(type);
    if (value && !reader.is_done())
        return reader.failure(fmt::format("'{}' goes on after the value", shown(text)));
    return value;
}

core::Result<std::vector<Value>, std::string> parse_values(std::span<const Type> types,
                                                           std::span<const std::string> texts) {
    if (types.size() != texts.size()) {
        std::string wanted;
        for (const auto& type : types)
            wanted += fmt::format("{}{}{}{}", wanted.empty() ? "" : ", ", to_string(type),
                                  type.name.empty() ? "" : " ", type.name);
        return core::fail(fmt::format("{} argument{} expected ({}), {} given", types.size(),
                                      types.size() == 1 ? " is" : "s are", wanted, texts.size()));
    }
    std::vector<Value> values;
    for (std::size_t i = 0; i < types.size(); ++i) {
        auto value = parse_value(types[i], texts[i], name_of_argument(types[i], i));
        if (!value) return core::fail(value.error());
        values.push_back(std::move(*value));
    }
    return values;
}

std::string to_text(const Type& type, const Value& value) {
    if (type.kind == Kind::string) return '"' + printable(core::text_view(value.bytes)) + '"';
    if (type.kind == Kind::tuple) return '(' + to_text(type.components, value.items) + ')';
    if (!is_array(type)) return word_text(type, value);
    std::string text = "[";
    for (const auto& item : value.items)
        text += (text.size() == 1 ? "" : ", ") + to_text(type.components[0], item);
    return text + "]";
}

std::string to_text(std::span<const Type> types, std::span<const Value> values) {
    std::string text;
    for (std::size_t i = 0; i < types.size(); ++i) {
        if (i > 0) text += ", ";
        if (!types[i].name.empty()) text += types[i].name + ": ";
        text += to_text(types[i], values[i]);
    }
    return text;
}

Json to_json(const Type& type, const Value& value) {
    if (type.kind == Kind::string) return valid_utf8(core::text_view(value.bytes));
    if (type.kind == Kind::boolean) return value.word[31] != 0;
    if (type.kind == Kind::tuple) {
        const auto& members = type.components;
        const bool all_named =
            !members.empty() &&
            std::none_of(members.begin(), members.end(), [](const Type& each) { return each.name.empty(); });
        if (!all_named) return to_json(members, value.items);
        Json object = Json::object();
        for (std::size_t i = 0; i < members.size(); ++i)
            object[members[i].name] = to_json(members[i], value.items[i]);
        return object;
    }
    if (!is_array(type)) return word_text(type, value);
    Json list = Json::array();
    for (const auto& item : value.items)
        list.push_back(to_json(type.components[0], item));
    return list;
}

Json to_json(std::span<const Type> types, std::span<const Value> values) {
    Json list = Json::array();
    for (std::size_t i = 0; i < types.size(); ++i)
        list.push_back(to_json(types[i], values[i]));
    return list;
}

}  // namespace sluice::cli::abi
