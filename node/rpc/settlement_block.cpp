#include "node/rpc/settlement_block.hpp"

#include <fmt/format.h>

#include "core/check.hpp"
#include "node/rpc/dotted_numbers.hpp"
#include "node/rpc/log_search.hpp"

namespace sluice::node::rpc {
namespace {

namespace native = contracts::native;

core::Word padded(const native::UetrBytes& reference) {
    core::Word word{};
    std::copy(reference.begin(), reference.end(), word.begin());
    return word;
}

void write_origin(JsonWriter& json, const EntryOrigin& origin, const native::AccountEntryEvent& entry) {
    json.key("kind").text(origin.kind);
    const auto* payment = origin.payment;
    json.key("paymentId");
    payment ? json.data(payment->id) : json.null();
    json.key("uetr");
    payment ? json.text(core::Uetr{payment->uetr}.to_string()) : json.null();
    json.key("msgType");
    payment ? json.text({payment->message_type.data(), payment->message_type.size()}) : json.null();
    json.key("counterparty");
    payment ? json.text(bic_text(payment->payer == entry.bic ? payment->payee : payment->payer))
            : json.null();
}

void write_place(JsonWriter& json, const SettlementBlock& block, const SettlementLog& log) {
    json.key("height").number(block.place().height);
    json.key("time").number(block.place().time_ms);
    json.key("txHash").data(block.transaction_hash(log));
    json.key("logIndex").number(log.index);
    json.key("seq").text(EventCursor{block.place().height, log.index}.to_string());
    json.key("nextSeq").text(EventCursor{block.place().height, log.index + 1}.to_string());
}

}  // namespace

std::string EventCursor::to_string() const {
    return fmt::format("{}.{}", height, index);
}

Reading<EventCursor> read_event_cursor(const Json& value) {
    const auto* text = value.get_ptr<const std::string*>();
    const auto numbers = text ? read_dotted<2>(*text) : std::nullopt;
    if (!numbers) return core::fail(std::string("expected a place like \"12.0\", as answers name it"));
    return EventCursor{(*numbers)[0], (*numbers)[1]};
}

SettlementBlock SettlementBlock::read(const ChainReader& reader, core::Height height) {
    SettlementBlock block;
    auto found = reader.block(height, false);
    const auto receipts = reader.snapshot().receipts(height);
    CHECK(found.has_value());
    CHECK(receipts.has_value());
    block.place_ = found->place();
    block.transaction_hashes_ = std::move(found->transaction_hashes);
    block.read_logs(*receipts);
    return block;
}

SettlementBlock::SettlementBlock(const ExecutedBlock& block)
    : place_(place_of(block.block.header, block.hash)) {
    for (const auto& transaction : block.block.transactions)
        transaction_hashes_.push_back(transaction->hash);
    read_logs(block.receipts);
}

bool SettlementBlock::may_hold_events(const core::Header& header, const std::optional<core::Bic>& bic) {
    // Payments name banks at two places, entries at one: the filter knows no places.
    LogCriteria criteria{{native::payments_address, native::accounts_address}, {}};
    if (bic) criteria.topics = {{native::word_of(bic->chars())}};
    return criteria.may_match(header.bloom);
}

void SettlementBlock::read_logs(const std::vector<core::Receipt>& receipts) {
    std::uint64_t index = 0;
    for (std::uint32_t t = 0; t < receipts.size(); ++t) {
        const auto& logs = receipts[t].logs;
        for (std::uint32_t l = 0; l < logs.size(); ++l, ++index) {
            if (logs[l].address != native::payments_address && logs[l].address != native::accounts_address)
                continue;
            const auto event = native::decode_event(logs[l]);
            if (!event) continue;
            if (const auto* status = std::get_if<native::PaymentStatusEvent>(&*event)) {
                if (status->status == native::Status::settled) payments_[{t, status->id}] = logs_.size();
                logs_.push_back({t, l, index, *status});
            } else if (const auto* entry = std::get_if<native::AccountEntryEvent>(&*event)) {
                logs_.push_back({t, l, index, *entry});
            } else if (const auto* issued = std::get_if<native::IssuedEvent>(&*event)) {
                kinds_[{t, issued->rtgs_reference}] = "issue";
            } else if (const auto* redemption = std::get_if<native::RedemptionEvent>(&*event)) {
                kinds_[{t, padded(redemption->reference)}] = "redemption";
            }
        }
    }
}

EntryOrigin SettlementBlock::origin_of(const SettlementLog& log) const {
    const auto& entry = std::get<native::AccountEntryEvent>(log.event);
    const std::pair key{log.transaction_index, entry.reference};
    if (const auto found = payments_.find(key); found != payments_.end())
        return {"payment", &std::get<native::PaymentStatusEvent>(logs_[found->second].event)};
    const auto kind = kinds_.find(key);
    return {kind == kinds_.end() ? std::string_view("other") : kind->second, nullptr};
}

void write_entry(JsonWriter& json, const SettlementBlock& block, const SettlementLog& log,
                 unsigned exponent) {
    const auto& entry = std::get<native::AccountEntryEvent>(log.event);
    const Unit unit{entry.currency, exponent};
    json.begin_object();
    json.key("bic").text(bic_text(entry.bic));
    json.key("ccy").text(trimmed(entry.currency.data(), entry.currency.size()));
    json.key("entry").number(entry.entry);
    json.key("delta");
    write_signed_amount(json, entry.delta, unit);
    json.key("balance");
    write_signed_amount(json, entry.balance, unit);
    json.key("reference").data(entry.reference);
    write_origin(json, block.origin_of(log), entry);
    write_place(json, block, log);
    json.end_object();
}

void write_payment_event(JsonWriter& json, const SettlementBlock& block, const SettlementLog& log,
                         unsigned exponent) {
    const auto& event = std::get<native::PaymentStatusEvent>(log.event);
    json.begin_object();
    json.key("paymentId").data(event.id);
    json.key("uetr").text(core::Uetr{event.uetr}.to_string());
    json.key("msgType").text({event.message_type.data(), event.message_type.size()});
    json.key("payer").text(bic_text(event.payer));
    json.key("payee").text(bic_text(event.payee));
    json.key("amount");
    write_amount(json, event.amount, {event.currency, exponent});
    write_status(json, event.status, event.reason);
    write_place(json, block, log);
    json.end_object();
}

}  // namespace sluice::node::rpc
