#include "network/json_rpc_reader.hpp"

#include <utility>
#include <vector>

#include "network/limits.hpp"

namespace sluice::network::json_rpc {

namespace {

using Json = nlohmann::json;

/// Builds a document from the parser's events and refuses what it must not hold. The method names are those
/// of nlohmann's SAX interface; returning false stops the parser.
class DocumentBuilder {
  public:
    Json document;
    std::string refusal;

    bool null() { return put(nullptr); }
    bool boolean(bool value) { return put(value); }
    bool number_integer(Json::number_integer_t value) { return put(value); }
    bool number_unsigned(Json::number_unsigned_t value) { return put(value); }
    bool number_float(Json::number_float_t value, const std::string& text) {
        // The parser turns integers beyond 64 bits into rounded floats: money and ids must not change that
        // way.
        if (text.find_first_of(".eE") == std::string::npos) return refuse("integer beyond 64 bits");
        return put(value);
    }
    bool string(std::string& value) { return put(std::move(value)); }
    bool binary(Json::binary_t&) { return refuse("binary value"); }

    bool start_object(std::size_t) { return open(Json::object()); }
    bool key(std::string& name) {
        if (name.size() > json_key_bytes_max) {
            return refuse("key longer than " + std::to_string(json_key_bytes_max) + " bytes");
        }
        const auto [place, is_new] = open_.back()->get_ref<Json::object_t&>().try_emplace(std::move(name));
        if (!is_new) return refuse("duplicate key");
        member_ = &place->second;
        return true;
    }
    bool end_object() { return close(); }
    bool start_array(std::size_t) { return open(Json::array()); }
    bool end_array() { return close(); }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) {
        return refuse("no JSON at byte " + std::to_string(position));
    }

  private:
    template <typename Value>
    Json* place(Value&& value) {
        if (open_.empty()) {
            document = std::forward<Value>(value);
            return &document;
        }
        if (open_.back()->is_array()) {
            auto& array = open_.back()->get_ref<Json::array_t&>();
            array.emplace_back(std::forward<Value>(value));
            return &array.back();
        }
        *member_ = std::forward<Value>(value);
        return member_;
    }
    template <typename Value>
    bool put(Value&& value) {
        place(std::forward<Value>(value));
        return true;
    }
    bool open(Json container) {
        if (open_.size() >= json_depth_max) {
            return refuse("nesting deeper than " + std::to_string(json_depth_max));
        }
        open_.push_back(place(std::move(container)));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }
    bool refuse(std::string why) {
        if (refusal.empty()) refusal = std::move(why);
        return false;
    }

    std::vector<Json*> open_;
    Json* member_ = nullptr;
};

}  // namespace

core::Result<Json, std::string> read_json(std::string_view text) {
    DocumentBuilder builder;
    if (!Json::sax_parse(text, &builder)) return core::fail(std::move(builder.refusal));
    return std::move(builder.document);
}

}  // namespace sluice::network::json_rpc
