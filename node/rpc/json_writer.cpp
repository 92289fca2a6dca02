#include "node/rpc/json_writer.hpp"

#include <algorithm>

#include "network/json_rpc.hpp"

namespace sluice::node::rpc {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

bool is_plain(char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

}  // namespace

void JsonWriter::separate() {
    if (!is_fresh_) text_ += ',';
    is_fresh_ = false;
}

JsonWriter& JsonWriter::open(char bracket) {
    separate();
    text_ += bracket;
    is_fresh_ = true;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    text_ += bracket;
    is_fresh_ = false;
    return *this;
}

JsonWriter& JsonWriter::literal(std::string_view token) {
    separate();
    text_ += token;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    separate();
    text_ += '"';
    text_ += name;
    text_ += "\":";
    is_fresh_ = true;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
    if (!std::all_of(value.begin(), value.end(), is_plain))
        return literal(network::json_rpc::dump(network::json_rpc::Json(value)));
    separate();
    text_ += '"';
    text_ += value;
    text_ += '"';
    return *this;
}

JsonWriter& JsonWriter::quantity(std::uint64_t value) {
    char digits[16];
    std::size_t at = sizeof digits;
    do {
        digits[--at] = hex_digits[value & 0xf];
        value >>= 4;
    } while (value != 0);
    separate();
    text_ += "\"0x";
    text_.append(digits + at, sizeof digits - at);
    text_ += '"';
    return *this;
}

JsonWriter& JsonWriter::quantity(const core::Uint256& value) {
    if (value.fits_u64()) return quantity(value.low_u64());
    separate();
    text_ += '"';
    text_ += core::to_quantity(value);
    text_ += '"';
    return *this;
}

JsonWriter& JsonWriter::data(core::ByteView bytes) {
    separate();
    const std::size_t start = text_.size();
    text_.resize(start + 4 + 2 * bytes.size());
    char* to = text_.data() + start;
    *to++ = '"';
    *to++ = '0';
    *to++ = 'x';
    for (const std::uint8_t byte : bytes) {
        *to++ = hex_digits[byte >> 4];
        *to++ = hex_digits[byte & 0xf];
    }
    *to = '"';
    return *this;
}

}  // namespace sluice::node::rpc
