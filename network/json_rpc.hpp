/// The JSON-RPC 2.0 envelope: text to calls, answers to text. Knows no method. Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/result.hpp"
#include "network/limits.hpp"

namespace sluice::network::json_rpc {

using Json = nlohmann::json;

/// Codes of the specification (§5.1) and of the Ethereum clients that extend it (EIP-1474).
inline constexpr int parse_error = -32700;
inline constexpr int invalid_request = -32600;
inline constexpr int method_not_found = -32601;
inline constexpr int invalid_params = -32602;
inline constexpr int internal_error = -32603;
inline constexpr int server_error = -32000;
inline constexpr int limit_exceeded = -32005;

/// What went wrong with a call. `data` is left out of the answer when absent.
struct Error {
    int code = internal_error;
    std::string message;
    std::optional<Json> data{};
};

/// One call of a request.
struct Call {
    Json id;                       ///< string, number or null, echoed as it came
    bool is_notification = false;  ///< no id member: run it, answer nothing
    std::string method;
    Json params = Json::array();  ///< always an array or an object
};

/// One element of a request: a call, or why it is none. An invalid element is answered with its error under
/// id null (or its id, if that could be read).
struct Entry {
    Call call;
    std::optional<Error> error;
};

/// A request as sent: one call, or a batch of 1 to `json_rpc_batch_max`.
struct Request {
    bool is_batch = false;
    std::vector<Entry> entries;
};

/// Reads a request. The error is for the whole text (broken JSON, too deep, duplicate key, empty or oversized
/// batch, scalar) and is to be answered as one object under id null.
core::Result<Request, Error> parse(std::string_view text);

/// Reads JSON under the same rules (depth, duplicate keys, integers that fit in 64 bits); the error is one
/// line saying what is wrong.
core::Result<Json, std::string> parse_json(std::string_view text);

/// JSON without spaces; bytes that are no UTF-8 become U+FFFD.
std::string dump(const Json& value);

/// {"jsonrpc":"2.0","id":ID,"result":RESULT}
std::string encode_result(const Json& id, const Json& result);
/// The same around a result that is JSON text already.
std::string encode_raw_result(const Json& id, std::string_view result_json);
/// {"jsonrpc":"2.0","id":ID,"error":{"code":…,"message":…,"data":…}}
std::string encode_error(const Json& id, const Error& error);
/// {"jsonrpc":"2.0","method":METHOD,"params":PARAMS}: what a server pushes to subscribers.
std::string encode_notification(std::string_view method, const Json& params);

/// Collects the answers of one request in the order of its entries and joins them. Over
/// `json_rpc_response_bytes_max` the answers that no longer fit become errors of code -32005.
class Answers {
  public:
    explicit Answers(const Request& request);
    /// The answer to entry `place`: text made by one of the functions above. Notifications get none.
    void set(std::size_t place, std::string answer);
    /// True when every entry that needs an answer has one.
    bool is_complete() const { return missing_ == 0; }
    /// The body to send; nothing when all entries were notifications. Precondition: complete.
    std::optional<std::string> take();

  private:
    struct Slot {
        Json id;
        std::string text;
        bool is_wanted = true;
        bool is_set = false;
    };
    bool is_batch_;
    std::size_t missing_ = 0;
    std::size_t size_bytes_ = 0;
    std::vector<Slot> slots_;
};

}  // namespace sluice::network::json_rpc
