#include "node/rpc/payment_history.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "core/check.hpp"
#include "node/rpc/dotted_numbers.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/settlement_json.hpp"

namespace sluice::node::rpc {
namespace {

std::optional<PaymentStep> read_step(const ChainReader& reader, const PaymentEventPlace& place) {
    const auto block = reader.place(place.height);
    const auto placed = reader.snapshot().receipt(place.height, place.transaction_index);
    if (!block || !placed || place.log_index >= placed->receipt.logs.size()) return std::nullopt;
    const auto event = native::decode_event(placed->receipt.logs[place.log_index]);
    const auto* status = event ? std::get_if<native::PaymentStatusEvent>(&*event) : nullptr;
    if (status == nullptr) return std::nullopt;
    return PaymentStep{*status, *block, place.transaction_index, place.log_index};
}

/// What the chain holds of a payment beside its last step.
struct PaymentParts {
    native::PaymentInfo record;                      ///< all zero once the record has gone
    std::optional<native::Instruction> instruction;  ///< that made it
    std::vector<PaymentStep> steps;                  ///< of the page
    std::vector<core::Hash> transactions;            ///< of each step
    std::optional<PaymentEventPlace> next;           ///< there are steps behind this one
};

IndexedPayment indexed(const PaymentLife& life) {
    return {{life.last.event.uetr}, life.id};
}

core::TransactionPtr transaction_at(const ChainReader& reader, const PaymentEventPlace& place) {
    const auto found = reader.transaction(place.height, place.transaction_index);
    CHECK(found.has_value());
    return found->transaction;
}

/// The instruction stands in the transaction that recorded the payment first.
void read_instruction(const PaymentLife& life, const ChainReader& reader, PaymentParts& parts) {
    const auto first = find_payment_events(reader.snapshot(), indexed(life), std::nullopt, 1);
    if (first.empty()) return;
    const auto transaction = transaction_at(reader, first.front());
    if (transaction->transaction.to != native::payments_address) return;
    for (auto& instruction : native::instructions_in(transaction->transaction.data))
        if (native::payment_id(native::view_of(instruction)) == life.id)
            parts.instruction = std::move(instruction);
}

void read_steps(const PaymentLife& life, const ChainReader& reader, const HistoryPage& page,
                PaymentParts& parts) {
    // One more than is shown tells whether there are more.
    auto places = find_payment_events(reader.snapshot(), indexed(life), page.after, page.steps_max + 1);
    if (places.size() > page.steps_max) {
        places.pop_back();
        parts.next = places.back();
    }
    std::map<std::pair<core::Height, std::uint32_t>, core::Hash> known;
    for (const auto& place : places) {
        auto step = read_step(reader, place);
        CHECK(step.has_value());
        auto& hash = known[{place.height, place.transaction_index}];
        if (hash == core::Hash{}) hash = transaction_at(reader, place)->hash;
        parts.transactions.push_back(hash);
        parts.steps.push_back(std::move(*step));
    }
}

void write_history(JsonWriter& json, const PaymentParts& parts) {
    json.key("history").begin_array();
    for (std::size_t i = 0; i < parts.steps.size(); ++i) {
        const auto& step = parts.steps[i];
        json.begin_object();
        write_status(json, step.event.status, step.event.reason);
        json.key("height").number(step.block.height);
        json.key("time").number(step.block.time_ms);
        json.key("txHash").data(parts.transactions[i]);
        json.end_object();
    }
    json.end_array();
    json.key("historyNext");
    if (parts.next)
        json.text(fmt::format("{}.{}.{}", parts.next->height, parts.next->transaction_index,
                              parts.next->log_index));
    else
        json.null();
}

void write_finality(JsonWriter& json, const PaymentLife& life, const ledger::LedgerSnapshot& snapshot) {
    const auto outcome = native::outcome_of(life.last.event.status);
    json.key("finality");
    if (outcome != native::Outcome::final && outcome != native::Outcome::never) {
        json.null();
        return;
    }
    const auto& block = life.last.block;
    const auto certificate = snapshot.certificate(block.height);
    json.begin_object();
    json.key("height").number(block.height);
    json.key("blockHash").data(block.hash);
    json.key("time").number(block.time_ms);
    json.key("signatures").number(certificate ? certificate->signatures.size() : 0);
    json.end_object();
}

void write_instruction(JsonWriter& json, const PaymentParts& parts) {
    const auto& instruction = parts.instruction;
    const auto write_text = [&](const char* name, const std::string& text) {
        json.key(name);
        if (instruction && !text.empty())
            json.text(text);
        else
            json.null();
    };
    const native::Instruction none;
    const auto& given = instruction ? *instruction : none;
    write_text("instrId", given.instruction_id);
    write_text("endToEndId", given.end_to_end_id);
    json.key("messageHash");
    if (given.message_hash != core::Word{})
        json.data(given.message_hash);
    else
        json.null();
    for (const auto& [name, time] :
         {std::pair{"earliest", given.earliest}, std::pair{"latest", given.latest}}) {
        json.key(name);
        if (time != 0)
            json.number(time);
        else
            json.null();
    }
}

void write_record(JsonWriter& json, const native::PaymentInfo& record) {
    const bool is_recorded = record.status != native::Status::none;
    json.key("priority");
    if (is_recorded)
        json.text(native::name_of(record.priority));
    else
        json.null();
    json.key("valueDate");
    if (is_recorded)
        json.number(record.value_date);
    else
        json.null();
    json.key("contentHash");
    if (is_recorded)
        json.data(record.content_hash);
    else
        json.null();
}

std::string_view name_of(native::RecallStatus status) {
    switch (status) {
        case native::RecallStatus::none:
            return "None";
        case native::RecallStatus::open:
            return "Open";
        case native::RecallStatus::accepted:
            return "Accepted";
        case native::RecallStatus::refused:
            return "Refused";
        case native::RecallStatus::pending:
            return "Pending";
    }
    return "";
}

void write_recall(JsonWriter& json, const native::ReturnsInfo& returns, const Unit& unit) {
    json.key("recall");
    if (returns.recall == native::RecallStatus::none) {
        json.null();
        return;
    }
    json.begin_object().key("state").text(name_of(returns.recall)).key("amount");
    write_amount(json, returns.requested, unit);
    json.key("reason");
    write_reason(json, returns.reason);
    json.key("answerReason");
    write_reason(json, returns.answer_reason);
    json.key("messageHash").data(returns.message_hash);
    json.end_object();
}

void write_returns(JsonWriter& json, const native::ReturnsInfo& returns, const Unit& unit) {
    json.key("returns").begin_object().key("returned");
    write_amount(json, returns.returned, unit);
    json.key("count").number(returns.returns);
    json.key("original");
    if (returns.original == native::PaymentId{})
        json.null();
    else
        json.data(returns.original);
    write_recall(json, returns, unit);
    json.end_object();
}

void write_siblings(JsonWriter& json, const PaymentLife& life, const std::vector<PaymentLife>& siblings) {
    json.key("sameUetr").begin_array();
    for (const auto& other : siblings)
        if (other.id != life.id) json.data(other.id);
    json.end_array();
}

}  // namespace

Reading<PaymentEventPlace> read_history_place(const Json& value) {
    const auto fault = core::fail(std::string("expected the historyNext of an answer"));
    const auto text = read_text(value);
    if (!text) return fault;
    const auto numbers = read_dotted<3>(*text);
    constexpr auto part_max = std::numeric_limits<std::uint32_t>::max();
    if (!numbers || (*numbers)[1] > part_max || (*numbers)[2] > part_max) return fault;
    PaymentEventPlace place;
    place.height = (*numbers)[0];
    place.transaction_index = static_cast<std::uint32_t>((*numbers)[1]);
    place.log_index = static_cast<std::uint32_t>((*numbers)[2]);
    return place;
}

std::vector<PaymentLife> find_lives(const ChainReader& reader, const PaymentWish& wish) {
    const auto ids =
        wish.id ? std::vector{*wish.id} : find_payments(reader.snapshot(), wish.uetr, limits::same_uetr_max);
    std::vector<PaymentLife> lives;
    for (const auto& id : ids) {
        const auto place = find_last_payment_event(reader.snapshot(), {wish.uetr, id});
        auto step = place ? read_step(reader, *place) : std::nullopt;
        if (!step || (wish.type && step->event.message_type != native::tag_of(*wish.type))) continue;
        lives.push_back({id, std::move(*step)});
    }
    const auto changed_at = [](const PaymentLife& life) {
        return std::tuple(life.last.block.height, life.last.transaction_index, life.last.log_index);
    };
    std::sort(lives.begin(), lives.end(),
              [&](const PaymentLife& a, const PaymentLife& b) { return changed_at(a) > changed_at(b); });
    return lives;
}

core::Result<std::string, Error> payment_text(const PaymentLife& life,
                                              const std::vector<PaymentLife>& siblings,
                                              const ChainReader& reader, const SettlementReader& settlement,
                                              const HistoryPage& page) {
    PaymentParts parts;
    auto record = settlement.payment(life.id);
    if (!record) return core::fail(record.error());
    parts.record = std::move(*record);
    read_instruction(life, reader, parts);
    auto shown = page;
    if (shown.after) {
        shown.after->uetr = core::Uetr{life.last.event.uetr};
        shown.after->payment_id = life.id;
    }
    read_steps(life, reader, shown, parts);
    const auto returns = settlement.returns(life.id);
    if (!returns) return core::fail(returns.error());

    const auto& event = life.last.event;
    const Unit unit{event.currency, settlement.exponent(event.currency)};
    JsonWriter json(2'048);
    json.begin_object();
    json.key("paymentId").data(life.id);
    json.key("uetr").text(core::Uetr{event.uetr}.to_string());
    json.key("msgType").text({event.message_type.data(), event.message_type.size()});
    json.key("message").text(
        iso_name_of(native::message_type_of(event.message_type).value_or(native::MessageType::none)));
    json.key("payer").text(bic_text(event.payer));
    json.key("payee").text(bic_text(event.payee));
    json.key("amount");
    write_amount(json, event.amount, unit);
    write_status(json, event.status, event.reason);
    json.key("reasonText").text(native::describe(event.reason));
    write_record(json, parts.record);
    write_instruction(json, parts);
    write_returns(json, *returns, unit);
    write_history(json, parts);
    write_finality(json, life, reader.snapshot());
    write_siblings(json, life, siblings);
    json.end_object();
    return json.take();
}

}  // namespace sluice::node::rpc
