#include "cli/abi/type.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace sluice::cli::abi {
namespace {

bool is_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' ||
           letter == '$';
}
bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

/// A decimal number without leading zeros.
std::optional<std::uint64_t> plain_number(std::string_view digits) {
    if (digits.empty() || !is_digit(digits[0]) || (digits.size() > 1 && digits[0] == '0'))
        return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

std::optional<Type> integer_type(Kind kind, std::string_view bits) {
    if (bits.empty()) return Type{.kind = kind, .size = 256, .length = 0, .components = {}};
    const auto number = plain_number(bits);
    if (!number || *number == 0 || *number > 256 || *number % 8 != 0) return std::nullopt;
    return Type{.kind = kind, .size = static_cast<unsigned>(*number), .length = 0, .components = {}};
}

Type simple(Kind kind, unsigned size = 0) {
    return {.kind = kind, .size = size, .length = 0, .components = {}};
}

/// A type that is one word of letters and digits.
std::optional<Type> elementary_type(std::string_view word) {
    if (word == "address") return simple(Kind::address);
    if (word == "bool") return simple(Kind::boolean);
    if (word == "string") return simple(Kind::string);
    if (word == "bytes") return simple(Kind::bytes);
    if (word == "function") return simple(Kind::function, 24);
    if (word.substr(0, 4) == "uint") return integer_type(Kind::unsigned_integer, word.substr(4));
    if (word.substr(0, 3) == "int") return integer_type(Kind::signed_integer, word.substr(3));
    if (word.substr(0, 5) == "bytes") {
        const auto number = plain_number(word.substr(5));
        if (number && *number >= 1 && *number <= 32)
            return simple(Kind::fixed_bytes, static_cast<unsigned>(*number));
    }
    return std::nullopt;
}

/// Words of one value, or nothing over the limit.
std::optional<std::uint64_t> bounded_words(const Type& type) {
    if (is_dynamic(type)) return 1;
    std::uint64_t words = 0;
    if (type.kind == Kind::tuple) {
        for (const auto& member : type.components)
            words += bounded_words(member).value_or(static_words_max + 1);
    } else if (type.kind == Kind::fixed_array) {
        const auto element = bounded_words(type.components[0]);
        if (!element || type.length > static_words_max) return std::nullopt;
        words = *element * type.length;
    } else {
        words = 1;
    }
    return words > static_words_max ? std::nullopt : std::optional(words);
}

using Failure = tl::unexpected<std::string>;

/// Reads types from a text front to back.
class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    core::Result<Type, std::string> type(unsigned depth) {
        if (depth > type_depth_max) return failure(fmt::format("is nested over {} deep", type_depth_max));
        if (++count_ > types_max) return failure(fmt::format("has over {} types", types_max));
        core::Result<Type, std::string> parsed = peek() == '(' ? tuple(depth) : word_type(depth);
        return parsed ? with_arrays(std::move(*parsed), depth) : parsed;
    }

    /// "(…)" with names of parameters.
    core::Result<std::vector<Type>, std::string> list(unsigned depth) {
        if (!take('(')) return failure("must begin with a parenthesis");
        std::vector<Type> types;
        if (take(')')) return types;
        do {
            skip_blanks();
            auto one = type(depth);
            if (!one) return core::fail(one.error());
            one->name = parameter_name();
            types.push_back(std::move(*one));
        } while (take(','));
        if (!take(')')) return failure("lacks a comma or a closing parenthesis");
        return types;
    }

    std::string_view word() {
        skip_blanks();
        const auto begin = at_;
        while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_])))
            ++at_;
        return text_.substr(begin, at_ - begin);
    }
    bool take(char letter) {
        skip_blanks();
        if (peek() != letter) return false;
        ++at_;
        return true;
    }
    bool is_at_list() {
        skip_blanks();
        return peek() == '(';
    }
    bool is_done() {
        skip_blanks();
        return at_ == text_.size();
    }
    Failure failure(std::string_view what) const {
        return core::fail(fmt::format("'{}' {} (at character {})", text_.substr(0, 200), what, at_ + 1));
    }

  private:
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void skip_blanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n')
            ++at_;
    }
    core::Result<Type, std::string> word_type(unsigned depth) {
        const auto name = word();
        if (name == "tuple" && peek() == '(') return tuple(depth);
        if (name.find("fixed") != std::string_view::npos)
            return failure("names a fixed-point type, which Solidity itself cannot use");
        if (auto type = elementary_type(name)) return std::move(*type);
        return failure(name.empty() ? std::string("lacks a type")
                                    : fmt::format("names '{}', which is no type of the ABI", name));
    }
    core::Result<Type, std::string> tuple(unsigned depth) {
        auto members = list(depth + 1);
        if (!members) return core::fail(members.error());
        return Type{.kind = Kind::tuple, .size = 0, .length = 0, .components = std::move(*members)};
    }
    core::Result<Type, std::string> with_arrays(Type type, unsigned depth) {
        while (peek() == '[') {
            if (++depth > type_depth_max)
                return failure(fmt::format("is nested over {} deep", type_depth_max));
            const auto end = text_.find(']', at_);
            if (end == std::string_view::npos) return failure("lacks a closing bracket");
            const auto digits = text_.substr(at_ + 1, end - at_ - 1);
            const auto length = plain_number(digits);
            if (!digits.empty() && (!length || *length == 0))
                return failure(fmt::format("has an array of length '{}'", digits));
            at_ = end + 1;
            Type outer{.kind = length ? Kind::fixed_array : Kind::array,
                       .size = 0,
                       .length = length.value_or(0),
                       .components = {}};
            outer.components.push_back(std::move(type));
            type = std::move(outer);
            if (type.length > static_words_max || !bounded_words(type))
                return failure("is larger than any call could carry");
        }
        return type;
    }
    /// The last of the words beside a type; the others are "memory", "indexed" and the like.
    std::string parameter_name() {
        std::string name;
        for (auto next = word(); !next.empty(); next = word())
            name = next;
        constexpr std::string_view solidity_words[] = {"memory", "calldata", "storage", "indexed", "payable"};
        const bool is_name =
            std::find(std::begin(solidity_words), std::end(solidity_words), name) == std::end(solidity_words);
        return is_name ? name : std::string();
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t count_ = 0;
};

std::string elementary_name(const Type& type) {
    switch (type.kind) {
        case Kind::unsigned_integer:
            return fmt::format("uint{}", type.size);
        case Kind::signed_integer:
            return fmt::format("int{}", type.size);
        case Kind::address:
            return "address";
        case Kind::boolean:
            return "bool";
        case Kind::fixed_bytes:
            return fmt::format("bytes{}", type.size);
        case Kind::function:
            return "function";
        case Kind::bytes:
            return "bytes";
        case Kind::string:
            return "string";
        case Kind::fixed_array:
        case Kind::array:
        case Kind::tuple:
            break;
    }
    return {};
}

}  // namespace

bool is_dynamic(const Type& type) {
    if (type.kind == Kind::bytes || type.kind == Kind::string || type.kind == Kind::array) return true;
    return std::any_of(type.components.begin(), type.components.end(), is_dynamic);
}

std::uint64_t head_words(const Type& type) {
    if (is_dynamic(type)) return 1;
    if (type.kind == Kind::fixed_array) return type.length * head_words(type.components[0]);
    if (type.kind != Kind::tuple) return 1;
    std::uint64_t words = 0;
    for (const auto& member : type.components)
        words += head_words(member);
    return words;
}

std::string to_string(const Type& type) {
    if (type.kind == Kind::tuple) return to_string(type.components);
    if (type.kind == Kind::array) return to_string(type.components[0]) + "[]";
    if (type.kind == Kind::fixed_array)
        return fmt::format("{}[{}]", to_string(type.components[0]), type.length);
    return elementary_name(type);
}

std::string to_string(const std::vector<Type>& types) {
    std::string text = "(";
    for (const auto& type : types)
        text += (text.size() == 1 ? "" : ",") + to_string(type);
    return text + ")";
}

core::Result<Type, std::string> parse_type(std::string_view text) {
    Parser parser(text);
    auto type = parser.type(0);
    if (type && !parser.is_done()) return parser.failure("goes on after its type");
    return type;
}

core::Result<std::vector<Type>, std::string> parse_types(std::string_view text) {
    Parser parser(text);
    auto types = parser.list(0);
    if (types && !parser.is_done()) return parser.failure("goes on after its list of types");
    return types;
}

core::Result<Signature, std::string> parse_signature(std::string_view text) {
    Parser parser(text);
    Signature signature;
    signature.name = parser.word();
    if (signature.name == "function" && !parser.is_at_list()) signature.name = parser.word();
    if (signature.name.empty() || is_digit(signature.name[0]))
        return parser.failure("must begin with the name of a function");
    auto inputs = parser.list(0);
    if (!inputs) return core::fail(inputs.error());
    signature.inputs = std::move(*inputs);
    while (!parser.is_done() && !parser.is_at_list())
        if (parser.word().empty()) return parser.failure("goes on after its parameters");
    if (parser.is_done()) return signature;
    auto outputs = parser.list(0);
    if (!outputs) return core::fail(outputs.error());
    if (!parser.is_done()) return parser.failure("goes on after its results");
    signature.outputs = std::move(*outputs);
    signature.has_outputs = true;
    return signature;
}

}  // namespace sluice::cli::abi
