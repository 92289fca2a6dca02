#include "network/json_rpc.hpp"

#include <utility>

#include "core/check.hpp"
#include "network/json_rpc_reader.hpp"

namespace sluice::network::json_rpc {

namespace {

Error not_a_request(std::string_view why) {
    return Error{.code = invalid_request, .message = "invalid request: " + std::string(why), .data = {}};
}

bool is_id(const Json& value) {
    return value.is_string() || value.is_number() || value.is_null();
}

/// One element of a request. What cannot be read as a call is an entry with an error.
Entry read_entry(Json& element) {
    Entry entry;
    const auto refuse = [&](std::string_view why) {
        entry.error = not_a_request(why);
        return entry;
    };
    if (!element.is_object()) return refuse("a call is an object");
    const auto id = element.find("id");
    if (id != element.end() && !is_id(*id)) return refuse("id must be a string, a number or null");
    if (id != element.end()) entry.call.id = *id;
    const auto version = element.find("jsonrpc");
    if (version == element.end() || *version != "2.0") return refuse("jsonrpc must be \"2.0\"");
    const auto method = element.find("method");
    if (method == element.end() || !method->is_string()) return refuse("method must be a string");
    const auto params = element.find("params");
    if (params != element.end() && !params->is_null()) {
        if (!params->is_structured()) return refuse("params must be an array or an object");
        entry.call.params = std::move(*params);
    }
    entry.call.is_notification = id == element.end();
    entry.call.method = std::move(method->get_ref<std::string&>());
    return entry;
}

std::string open_answer(const Json& id) {
    std::string text = R"({"jsonrpc":"2.0","id":)";
    text += dump(id);
    return text;
}

}  // namespace

core::Result<Request, Error> parse(std::string_view text) {
    auto parsed = read_json(text);
    if (!parsed) {
        return core::fail(
            Error{.code = parse_error, .message = "parse error: " + parsed.error(), .data = {}});
    }
    Request request;
    if (!parsed->is_array()) {
        if (!parsed->is_object()) return core::fail(not_a_request("neither an object nor an array"));
        request.entries.push_back(read_entry(*parsed));
        return request;
    }
    if (parsed->empty()) return core::fail(not_a_request("empty batch"));
    if (parsed->size() > json_rpc_batch_max) {
        return core::fail(
            not_a_request("a batch of more than " + std::to_string(json_rpc_batch_max) + " calls"));
    }
    request.is_batch = true;
    request.entries.reserve(parsed->size());
    for (Json& element : *parsed)
        request.entries.push_back(read_entry(element));
    return request;
}

core::Result<Json, std::string> parse_json(std::string_view text) {
    return read_json(text);
}

std::string dump(const Json& value) {
    // Text that is no UTF-8 cannot come from `parse`; from elsewhere it must not stop an answer.
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string encode_result(const Json& id, const Json& result) {
    return encode_raw_result(id, dump(result));
}

std::string encode_raw_result(const Json& id, std::string_view result_json) {
    std::string text = open_answer(id);
    text.reserve(text.size() + result_json.size() + 16);
    text += R"(,"result":)";
    text += result_json;
    text += '}';
    return text;
}

std::string encode_error(const Json& id, const Error& error) {
    std::string text = open_answer(id);
    text += R"(,"error":{"code":)";
    text += std::to_string(error.code);
    text += R"(,"message":)";
    text += dump(error.message);
    if (error.data) {
        text += R"(,"data":)";
        text += dump(*error.data);
    }
    text += "}}";
    return text;
}

std::string encode_notification(std::string_view method, const Json& params) {
    std::string text = R"({"jsonrpc":"2.0","method":)";
    text += dump(Json(method));
    text += R"(,"params":)";
    text += dump(params);
    text += '}';
    return text;
}

Answers::Answers(const Request& request) : is_batch_(request.is_batch) {
    slots_.resize(request.entries.size());
    for (std::size_t place = 0; place < slots_.size(); ++place) {
        const Entry& entry = request.entries[place];
        Slot& slot = slots_[place];
        slot.id = entry.call.id;
        if (entry.error) {
            slot.text = encode_error(slot.id, *entry.error);
            slot.is_set = true;
        } else if (entry.call.is_notification) {
            slot.is_wanted = false;
        } else {
            ++missing_;
        }
    }
}

void Answers::set(std::size_t place, std::string answer) {
    Slot& slot = slots_.at(place);
    if (!slot.is_wanted) return;
    CHECK(!slot.is_set);
    slot.is_set = true;
    --missing_;
    if (size_bytes_ + answer.size() > json_rpc_response_bytes_max) {
        answer =
            encode_error(slot.id, Error{.code = limit_exceeded,
                                        .message = "the response would be larger than " +
                                                   std::to_string(json_rpc_response_bytes_max) + " bytes",
                                        .data = {}});
    }
    size_bytes_ += answer.size();
    slot.text = std::move(answer);
}

std::optional<std::string> Answers::take() {
    CHECK(is_complete());
    std::string text;
    for (Slot& slot : slots_) {
        if (!slot.is_wanted) continue;
        if (!is_batch_) return std::move(slot.text);
        text += text.empty() ? '[' : ',';
        text += slot.text;
    }
    if (text.empty()) return std::nullopt;
    text += ']';
    return text;
}

}  // namespace sluice::network::json_rpc
