#include "node/rpc/struct_log_tracer.hpp"

#include <fmt/format.h>

#include "contracts/evm/opcodes.hpp"

namespace sluice::node::rpc {
namespace {

namespace op = contracts::evm::op;

/// What an entry takes beside its details.
constexpr std::size_t entry_bytes = 160;
constexpr std::size_t word_bytes = 32;

std::string name_of(std::uint8_t opcode) {
    const auto& row = contracts::evm::opcodes[opcode];
    return row.name.empty() ? fmt::format("opcode 0x{:x} not defined", opcode) : std::string(row.name);
}

std::string words_text(core::ByteView memory) {
    JsonWriter json(memory.size() * 2 + memory.size() / 8 + 16);
    json.begin_array();
    for (std::size_t at = 0; at < memory.size(); at += word_bytes)
        json.data(memory.subspan(at, std::min(word_bytes, memory.size() - at)));
    json.end_array();
    return json.take();
}

}  // namespace

void StructLogTracer::settle_cost(Frame& frame, core::Gas gas_left) {
    if (!frame.last || frame.is_cost_known) return;
    Entry& entry = entries_[*frame.last];
    entry.cost = entry.gas > gas_left ? entry.gas - gas_left : 0;
    frame.is_cost_known = true;
}

void StructLogTracer::on_enter(const contracts::Message&, core::Gas caller_gas, contracts::JournaledState&) {
    if (!frames_.empty()) settle_cost(frames_.back(), caller_gas);
    frames_.push_back({});
}

void StructLogTracer::note_slot(const contracts::evm::Step& step, contracts::JournaledState& state) {
    const std::size_t depth = step.stack.size();
    if (step.opcode == op::sload && depth >= 1) {
        const core::Word key = step.stack[depth - 1].to_word();
        slots_[step.recipient][key] = state.storage(step.recipient, key);
    } else if (step.opcode == op::sstore && depth >= 2) {
        slots_[step.recipient][step.stack[depth - 1].to_word()] = step.stack[depth - 2].to_word();
    }
}

std::string StructLogTracer::details_of(const contracts::evm::Step& step, contracts::JournaledState& state) {
    std::string text;
    if (options_.stack) {
        JsonWriter json(16 + 20 * step.stack.size());
        json.begin_array();
        for (const auto& word : step.stack)
            json.quantity(word);
        json.end_array();
        text += ",\"stack\":" + json.take();
    }
    if (options_.memory) text += ",\"memory\":" + words_text(step.memory);
    if (options_.return_data) text += ",\"returnData\":" + JsonWriter().data(step.return_data).take();
    if (options_.storage && (step.opcode == op::sload || step.opcode == op::sstore)) {
        note_slot(step, state);
        JsonWriter json;
        json.begin_object();
        for (const auto& [key, value] : slots_[step.recipient])
            json.key(core::to_hex_0x(key)).data(value);
        json.end_object();
        text += ",\"storage\":" + json.take();
    }
    return text;
}

void StructLogTracer::on_step(const contracts::evm::Step& step, contracts::JournaledState& state) {
    if (frames_.empty()) return;
    Frame& frame = frames_.back();
    settle_cost(frame, step.gas);
    if (budget_.is_spent() || (options_.limit != 0 && entries_.size() >= options_.limit)) {
        frame.last.reset();
        return;
    }
    Entry entry{.pc = step.pc,
                .opcode = step.opcode,
                .depth = step.depth + 1,
                .gas = step.gas,
                .refund = step.refund,
                .details = {},
                .error = {}};
    entry.details = details_of(step, state);
    if (!budget_.spend(entry_bytes + entry.details.size())) return frame.last.reset();
    frame = {entries_.size(), false};
    entries_.push_back(std::move(entry));
}

void StructLogTracer::on_exit(const contracts::Message& message, const contracts::CallResult& result,
                              contracts::JournaledState&) {
    if (frames_.empty()) return;
    Frame& frame = frames_.back();
    const bool is_creation =
        message.kind == contracts::CallKind::create || message.kind == contracts::CallKind::create2;
    // The price of the deployed code is not that of the last instruction.
    if (frame.last && is_creation && result.succeeded()) frame.is_cost_known = true;
    settle_cost(frame, result.gas_left);
    if (frame.last && !result.succeeded() && result.status != contracts::CallStatus::reverted)
        entries_[*frame.last].error = contracts::describe(result.status);
    frames_.pop_back();
}

std::string StructLogTracer::result(const contracts::TransactionOutcome& outcome) const {
    JsonWriter json(entries_.size() * 256 + 256);
    json.begin_object();
    json.key("gas").number(outcome.gas_used);
    json.key("failed").boolean(outcome.status != contracts::CallStatus::succeeded);
    json.key("returnValue").data(outcome.output);
    json.key("structLogs").begin_array();
    for (const Entry& entry : entries_) {
        std::string text =
            fmt::format(R"({{"pc":{},"op":"{}","gas":{},"gasCost":{},"depth":{},"refund":{})", entry.pc,
                        name_of(entry.opcode), entry.gas, entry.cost, entry.depth, entry.refund);
        text += entry.details;
        if (!entry.error.empty()) text += ",\"error\":" + JsonWriter().text(entry.error).take();
        json.raw(text + "}");
    }
    json.end_array().end_object();
    return json.take();
}

}  // namespace sluice::node::rpc
