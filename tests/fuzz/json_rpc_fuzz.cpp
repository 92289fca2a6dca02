/// Fuzz target: any text as a JSON-RPC request. Parsing is total, every entry is a call or an error, answers
/// to what was accepted are JSON themselves, and the reader accepts nothing that the plain parser refuses.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "network/json_rpc.hpp"

namespace {

using namespace sluice::network;

void check(bool fact) {
    if (!fact) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto document = json_rpc::parse_json(text)) {
        check(nlohmann::json::parse(text, nullptr, false) == *document);
    }
    const auto request = json_rpc::parse(text);
    if (!request) {
        check(json_rpc::parse_json(json_rpc::encode_error(nullptr, request.error())).has_value());
        return 0;
    }
    check(!request->entries.empty() && request->entries.size() <= json_rpc_batch_max);
    json_rpc::Answers answers(*request);
    for (std::size_t place = 0; place < request->entries.size(); ++place) {
        const json_rpc::Entry& entry = request->entries[place];
        if (entry.error) continue;
        check(entry.call.params.is_structured());
        answers.set(place, json_rpc::encode_result(entry.call.id, entry.call.params));
    }
    check(answers.is_complete());
    if (const auto body = answers.take()) check(nlohmann::json::accept(*body));
    return 0;
}
