#include "core/documents/json_tree.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace sluice::core::documents {

namespace {

constexpr std::size_t shown_bytes_max = 60;

/// Text of foreign origin, cut to a length that fits into a sentence.
std::string shortened(const std::string& text) {
    return text.size() <= shown_bytes_max ? text : text.substr(0, shown_bytes_max) + "...";
}

DocumentError wrong_document(std::string sentence) {
    return {.fault = DocumentFault::not_json, .path = {}, .value = {}, .allowed = std::move(sentence)};
}

/// Receives the parser's events and builds the tree. Returning false ends the parse.
class TreeBuilder final : public nlohmann::json_sax<Json> {
  public:
    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t, const string_t& text) override {
        return refuse({.fault = DocumentFault::wrong_value,
                       .path = path_of_next(),
                       .value = shortened(text),
                       .allowed = "a whole number below 2^64, without fraction and exponent"});
    }
    bool string(string_t& value) override { return put(std::move(value)); }
    bool binary(binary_t&) override { return refuse(wrong_document("the document is binary, not JSON")); }
    bool start_object(std::size_t) override { return open(Json::object()); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        key_ = std::move(name);
        if (!open_.back()->contains(key_)) return true;
        return refuse(
            {.fault = DocumentFault::repeated_field, .path = path_of_next(), .value = {}, .allowed = {}});
    }

    bool parse_error(std::size_t position, const std::string& token, const Json::exception&) override {
        return refuse(wrong_document("the document is not JSON: at byte " + std::to_string(position) +
                                     ", near '" + shortened(token) + "'"));
    }

    Result<Json, DocumentError> finish(bool parsed) {
        if (error_) return fail(std::move(*error_));
        if (!parsed) return fail(wrong_document("the document is not JSON"));
        return std::move(root_);
    }

  private:
    bool refuse(DocumentError error) {
        if (!error_) error_ = std::move(error);
        return false;
    }

    std::string path_of_next() const {
        const std::string parent = paths_.empty() ? std::string{} : paths_.back();
        if (open_.empty()) return parent;
        return open_.back()->is_object() ? field_path(parent, shortened(key_))
                                         : entry_path(parent, open_.back()->size());
    }

    /// Puts a value where the parser stands; null on refusal.
    Json* place(Json value) {
        if (++values_ > json_values_max) {
            refuse(
                wrong_document("the document has more than " + std::to_string(json_values_max) + " values"));
            return nullptr;
        }
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        Json& parent = *open_.back();
        if (parent.is_object()) return &(parent[key_] = std::move(value));
        parent.push_back(std::move(value));
        return &parent.back();
    }

    bool put(Json value) { return place(std::move(value)) != nullptr; }

    bool open(Json value) {
        if (open_.size() == json_depth_max)
            return refuse(wrong_document("the document nests deeper than " + std::to_string(json_depth_max) +
                                         " lists and objects"));
        std::string path = path_of_next();
        Json* const placed = place(std::move(value));
        if (placed == nullptr) return false;
        open_.push_back(placed);
        paths_.push_back(std::move(path));
        return true;
    }

    bool close() {
        open_.pop_back();
        paths_.pop_back();
        return true;
    }

    Json root_;
    /// From the root to where the parser stands. A list that grows moves its entries, but only entries that
    /// are closed: the open one is the last, and nothing is added beside it while it is open.
    std::vector<Json*> open_;
    std::vector<std::string> paths_;
    std::string key_;
    std::size_t values_ = 0;
    std::optional<DocumentError> error_;
};

template <typename Tree>
std::string write(const Tree& tree) {
    return tree.dump(2, ' ', false, Tree::error_handler_t::replace) + '\n';
}

}  // namespace

Result<Json, DocumentError> parse_json(std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max)
        return fail(wrong_document("the document has " + std::to_string(text.size()) + " bytes; at most " +
                                   std::to_string(bytes_max) + " are allowed"));
    TreeBuilder builder;
    const bool parsed = Json::sax_parse(text, &builder);
    return builder.finish(parsed);
}

std::string write_json(const Json& tree) {
    return write(tree);
}
std::string write_json(const OrderedJson& tree) {
    return write(tree);
}

std::string show(const Json& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "a list of " + std::to_string(value.size());
    const Json shown = value.is_string() ? Json(shortened(value.get_ref<const std::string&>())) : value;
    return shown.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string field_path(std::string_view parent, std::string_view field) {
    return parent.empty() ? std::string(field) : std::string(parent) + '.' + std::string(field);
}

std::string entry_path(std::string_view parent, std::size_t index) {
    return std::string(parent) + '[' + std::to_string(index) + ']';
}

}  // namespace sluice::core::documents
