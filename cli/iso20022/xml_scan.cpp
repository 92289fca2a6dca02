#include "cli/iso20022/xml_scan.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace sluice::cli::iso20022 {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view white_space = " \t\r\n";

bool is_xml_character(std::uint32_t point) {
    if (point < 0x20) return point == '\t' || point == '\n' || point == '\r';
    return point <= 0xD7FF || (point >= 0xE000 && point <= 0xFFFD) || (point >= 0x10000 && point <= 0x10FFFF);
}

/// The bytes of the character at the front, or 0 where there is none.
std::size_t character_size(std::string_view text) {
    const auto first = static_cast<unsigned char>(text[0]);
    if (first < 0x80) return is_xml_character(first) ? 1 : 0;
    struct Form {
        unsigned char mask, lead;
        std::uint32_t least;
    };
    constexpr std::array<Form, 3> forms{{{0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}}};
    for (std::size_t i = 0; i < forms.size(); ++i) {
        if ((first & forms[i].mask) != forms[i].lead) continue;
        const std::size_t size = i + 2;
        if (text.size() < size) return 0;
        std::uint32_t point = first & static_cast<unsigned char>(~forms[i].mask);
        for (std::size_t k = 1; k < size; ++k) {
            const auto next = static_cast<unsigned char>(text[k]);
            if ((next & 0xC0) != 0x80) return 0;
            point = (point << 6) | (next & 0x3Fu);
        }
        return point >= forms[i].least && is_xml_character(point) ? size : 0;
    }
    return 0;
}

/// "lt", "#233", "#xE9": the name between '&' and ';'.
bool is_allowed_reference(std::string_view name) {
    constexpr std::array<std::string_view, 5> named{"lt", "gt", "amp", "apos", "quot"};
    if (std::find(named.begin(), named.end(), name) != named.end()) return true;
    if (name.size() < 2 || name[0] != '#') return false;
    const bool is_hex = name[1] == 'x';
    const auto digits = name.substr(is_hex ? 2 : 1);
    std::uint32_t point = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), point, is_hex ? 16 : 10);
    return error == std::errc{} && !digits.empty() && end == digits.data() + digits.size() &&
           is_xml_character(point);
}

/// One pass over the markup. The first fault ends it.
class Scan {
  public:
    Scan(std::string_view text, const XmlLimits& limits) : text_(text), limits_(limits) {}

    std::optional<Rejection> run() {
        declaration();
        while (!fault_ && at_ < text_.size())
            step();
        if (!fault_ && depth_ > 0) malformed("the text ends inside an element");
        if (!fault_ && roots_ == 0) malformed("there is no element");
        return fault_;
    }

  private:
    void malformed(std::string_view why) {
        fault_ = reject_message(unreadable::not_well_formed, "", fmt::format("{} (at byte {})", why, at_));
    }
    void forbidden(std::string_view why) {
        fault_ = reject_message(unreadable::forbidden_xml, "", fmt::format("{} (at byte {})", why, at_));
    }
    bool begins(std::string_view with) const { return text_.substr(at_, with.size()) == with; }

    /// The position behind `end`, or nothing and a fault.
    std::optional<std::size_t> behind(std::string_view end, std::size_t from, std::string_view what) {
        const auto found = text_.find(end, from);
        if (found != std::string_view::npos) return found + end.size();
        malformed(fmt::format("{} without end", what));
        return std::nullopt;
    }

    void declaration() {
        if (!begins("<?xml") || at_ + 5 >= text_.size() ||
            white_space.find(text_[at_ + 5]) == std::string_view::npos)
            return;
        const auto end = behind("?>", at_, "an XML declaration");
        if (!end) return;
        std::string said(text_.substr(at_, *end - at_));
        std::transform(said.begin(), said.end(), said.begin(), [](char letter) {
            return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
        });
        const auto encoding = said.find("encoding");
        if (encoding != std::string::npos && said.find("utf-8", encoding) == std::string::npos)
            return forbidden("only the encoding UTF-8 is read");
        at_ = *end;
    }

    void step() {
        if (text_[at_] != '<') return characters();
        if (begins("<!--")) return skip("-->", 4, "a comment");
        if (begins("<![CDATA[")) {
            if (depth_ == 0) return malformed("text outside of the element");
            return skip("]]>", 9, "a CDATA section");
        }
        if (begins("<!")) return forbidden("DOCTYPE and other declarations are not read");
        if (begins("<?")) return forbidden("processing instructions are not read");
        if (begins("</")) return closing_tag();
        opening_tag();
    }

    void skip(std::string_view end, std::size_t prefix, std::string_view what) {
        if (const auto next = behind(end, at_ + prefix, what)) at_ = *next;
    }

    void characters() {
        const auto end = std::min(text_.find('<', at_), text_.size());
        const auto run = text_.substr(at_, end - at_);
        if (depth_ == 0 && run.find_first_not_of(white_space) != std::string_view::npos)
            return malformed("text outside of the element");
        references(run);
        if (!fault_) at_ = end;
    }

    void references(std::string_view run) {
        for (auto sign = run.find('&'); sign != std::string_view::npos; sign = run.find('&', sign + 1)) {
            const auto end = run.find(';', sign);
            if (end == std::string_view::npos) return malformed("'&' without ';'");
            if (!is_allowed_reference(run.substr(sign + 1, end - sign - 1)))
                return forbidden("entities other than the five of XML are not read");
        }
    }

    void closing_tag() {
        const auto end = behind(">", at_, "a tag");
        if (!end) return;
        if (depth_ == 0) return malformed("an end tag without a start");
        --depth_;
        at_ = *end;
    }

    void opening_tag() {
        if (depth_ == 0 && ++roots_ > 1) return malformed("more than one outermost element");
        std::size_t attributes = 0;
        auto next = at_ + 1;
        while (next < text_.size() && text_[next] != '>') {
            if (text_[next] == '<') return malformed("'<' inside a tag");
            if (text_[next] != '"' && text_[next] != '\'') {
                ++next;
                continue;
            }
            const auto end = text_.find(text_[next], next + 1);
            if (end == std::string_view::npos) return malformed("an attribute without end");
            const auto value = text_.substr(next + 1, end - next - 1);
            if (value.find('<') != std::string_view::npos) return malformed("'<' inside an attribute");
            if (++attributes > limits_.attributes_max)
                return forbidden(
                    fmt::format("more than {} attributes at one element", limits_.attributes_max));
            references(value);
            if (fault_) return;
            next = end + 1;
        }
        if (next >= text_.size()) return malformed("a tag without end");
        const bool is_empty = text_[next - 1] == '/';
        if (depth_ + 1 > limits_.depth_max)
            return forbidden(fmt::format("elements nested more than {} deep", limits_.depth_max));
        if (!is_empty) ++depth_;
        at_ = next + 1;
    }

    std::string_view text_;
    const XmlLimits& limits_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::size_t roots_ = 0;
    std::optional<Rejection> fault_;
};

}  // namespace

bool is_xml_text(std::string_view text) {
    while (!text.empty()) {
        const auto size = character_size(text);
        if (size == 0) return false;
        text.remove_prefix(size);
    }
    return true;
}

std::optional<Rejection> scan_xml(std::string_view text, const XmlLimits& limits) {
    if (text.size() > limits.bytes_max)
        return reject_message(
            unreadable::too_large, "",
            fmt::format("the message has {} bytes; {} are read", text.size(), limits.bytes_max));
    if (!is_xml_text(text))
        return reject_message(unreadable::not_well_formed, "",
                              "the message is not UTF-8 text without control characters");
    if (text.substr(0, byte_order_mark.size()) == byte_order_mark) text.remove_prefix(byte_order_mark.size());
    return Scan(text, limits).run();
}

}  // namespace sluice::cli::iso20022
