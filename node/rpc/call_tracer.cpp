#include "node/rpc/call_tracer.hpp"

#include "node/rpc/errors.hpp"

namespace sluice::node::rpc {
namespace {

using contracts::CallKind;

constexpr std::size_t call_bytes = 400;

std::string_view type_of(const contracts::Message& message) {
    switch (message.kind) {
        case CallKind::call:
            return "CALL";
        case CallKind::static_call:
            return "STATICCALL";
        case CallKind::delegate_call:
            return "DELEGATECALL";
        case CallKind::call_code:
            return "CALLCODE";
        case CallKind::create:
            return "CREATE";
        case CallKind::create2:
            return "CREATE2";
    }
    return "";
}

bool is_creation(const contracts::Message& message) {
    return message.kind == CallKind::create || message.kind == CallKind::create2;
}

}  // namespace

void CallTracer::take_logs(contracts::JournaledState& state) {
    const auto& logs = state.logs();
    if (options_.with_log && !open_.empty() && is_kept_.back())
        for (std::size_t at = logs_seen_; at < logs.size(); ++at)
            open_.back().logs.push_back({logs[at], open_.back().calls.size()});
    logs_seen_ = logs.size();
}

void CallTracer::forget_logs(Call& call) {
    call.logs.clear();
    for (Call& inner : call.calls)
        forget_logs(inner);
}

void CallTracer::on_enter(const contracts::Message& message, core::Gas, contracts::JournaledState& state) {
    take_logs(state);
    const bool is_wanted = !options_.only_top_call || is_kept_.empty();
    const bool keeps = is_wanted && budget_.spend(call_bytes + 4 * message.input.size());
    is_kept_.push_back(keeps);
    if (!keeps) return;
    const bool works_on_own_storage =
        message.kind == CallKind::delegate_call || message.kind == CallKind::call_code;
    Call call;
    call.type = type_of(message);
    call.from = works_on_own_storage ? message.recipient : message.sender;
    call.to = is_creation(message) ? message.recipient : message.code_address;
    if (message.kind != CallKind::static_call) call.value = message.value;
    call.gas = message.gas;
    call.input = core::to_bytes(message.input);
    open_.push_back(std::move(call));
}

void CallTracer::on_exit(const contracts::Message& message, const contracts::CallResult& result,
                         contracts::JournaledState& state) {
    if (is_kept_.empty()) return;
    // After a failure the logs of the message are gone already, or are about to go.
    if (result.succeeded()) take_logs(state);
    logs_seen_ = std::min(logs_seen_, state.logs().size());
    const bool keeps = is_kept_.back();
    is_kept_.pop_back();
    if (!keeps) return;
    Call call = std::move(open_.back());
    open_.pop_back();
    call.gas_used = call.gas - result.gas_left;
    call.output = result.output;
    if (is_creation(message) && result.succeeded()) call.output = *state.code(message.recipient);
    if (!result.succeeded()) {
        forget_logs(call);
        call.error = result.status == contracts::CallStatus::reverted
                         ? "execution reverted"
                         : std::string(contracts::describe(result.status));
        if (result.status == contracts::CallStatus::reverted)
            call.revert_reason = describe_revert(result.output);
    }
    static_cast<void>(budget_.spend(2 * call.output.size()));
    if (open_.empty())
        top_ = std::move(call);
    else
        open_.back().calls.push_back(std::move(call));
}

void CallTracer::on_self_destruct(const core::Address& account, const core::Address& beneficiary,
                                  const core::Uint256& balance) {
    if (open_.empty() || !is_kept_.back() || options_.only_top_call || !budget_.spend(call_bytes)) return;
    Call call;
    call.type = "SELFDESTRUCT";
    call.from = account;
    call.to = beneficiary;
    call.value = balance;
    open_.back().calls.push_back(std::move(call));
}

void CallTracer::write(JsonWriter& json, const Call& call) {
    json.begin_object();
    json.key("type").text(call.type);
    json.key("from").data(call.from);
    json.key("to").data(call.to);
    if (call.value) json.key("value").quantity(*call.value);
    json.key("gas").quantity(call.gas);
    json.key("gasUsed").quantity(call.gas_used);
    json.key("input").data(call.input);
    if (!call.output.empty()) json.key("output").data(call.output);
    if (!call.error.empty()) json.key("error").text(call.error);
    if (!call.revert_reason.empty()) json.key("revertReason").text(call.revert_reason);
    if (!call.calls.empty()) {
        json.key("calls").begin_array();
        for (const Call& inner : call.calls)
            write(json, inner);
        json.end_array();
    }
    if (!call.logs.empty()) {
        json.key("logs").begin_array();
        for (const auto& [log, after_calls] : call.logs) {
            json.begin_object().key("address").data(log.address).key("topics").begin_array();
            for (const auto& topic : log.topics)
                json.data(topic);
            json.end_array().key("data").data(log.data).key("position").quantity(after_calls).end_object();
        }
        json.end_array();
    }
    json.end_object();
}

std::string CallTracer::result(core::Gas gas_limit, core::Gas gas_used) const {
    if (!top_) return "null";
    Call whole = *top_;
    whole.gas = gas_limit;
    whole.gas_used = gas_used;
    JsonWriter json(1'024);
    write(json, whole);
    return json.take();
}

}  // namespace sluice::node::rpc
