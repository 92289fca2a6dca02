/// JSON text written front to back, without a tree in between: answers may hold a block of 20,000
/// transactions.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/uint256.hpp"

namespace sluice::node::rpc {

/// Appends values; commas are its own matter. A value, one thread. The caller opens and closes what belongs
/// together.
class JsonWriter {
  public:
    explicit JsonWriter(std::size_t expected_bytes = 256) { text_.reserve(expected_bytes); }

    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }
    /// The name of the value that comes next. `name` needs no escaping.
    JsonWriter& key(std::string_view name);

    JsonWriter& null() { return literal("null"); }
    JsonWriter& boolean(bool value) { return literal(value ? "true" : "false"); }
    /// A decimal number.
    template <std::integral T>
    JsonWriter& number(T value) {
        return literal(std::to_string(value));
    }
    /// A string with whatever needs escaping; bytes that are no UTF-8 become U+FFFD.
    JsonWriter& text(std::string_view value);
    /// "0x1f": a number as Ethereum's JSON-RPC writes it, without leading zeros.
    JsonWriter& quantity(std::uint64_t value);
    JsonWriter& quantity(const core::Uint256& value);
    /// "0x00ff": bytes.
    JsonWriter& data(core::ByteView bytes);
    /// JSON text that is whole already.
    JsonWriter& raw(std::string_view json) { return literal(json); }

    std::size_t size() const { return text_.size(); }
    std::string take() { return std::move(text_); }

  private:
    void separate();
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    JsonWriter& literal(std::string_view token);

    std::string text_;
    bool is_fresh_ = true;  ///< nothing stands before the next item that a comma would have to part it from
};

}  // namespace sluice::node::rpc
