#include "node/rpc/settlement_json.hpp"

#include <array>

#include "contracts/native/payment_limits.hpp"

namespace sluice::node::rpc {
namespace {

namespace native = contracts::native;

struct MessageName {
    native::MessageType type{};
    std::string_view iso;
};
constexpr std::array message_names{
    MessageName{native::MessageType::none, ""},
    MessageName{native::MessageType::customer_credit, "pacs.008"},
    MessageName{native::MessageType::bank_credit, "pacs.009"},
    MessageName{native::MessageType::bank_credit_cover, "pacs.009.COV"},
    MessageName{native::MessageType::bank_credit_advice, "pacs.009.ADV"},
    MessageName{native::MessageType::payment_return, "pacs.004"},
    MessageName{native::MessageType::bank_direct_debit, "pacs.010"},
};

void write_amount_texts(JsonWriter& json, const Unit& unit, std::string_view value, std::string_view minor) {
    json.begin_object();
    json.key("ccy").text(trimmed(unit.currency.data(), unit.currency.size()));
    json.key("value").text(value);
    json.key("minor").text(minor);
    json.end_object();
}

}  // namespace

std::string_view name_of(native::Outcome outcome) {
    switch (outcome) {
        case native::Outcome::unknown:
            return "Unknown";
        case native::Outcome::pending:
            return "Pending";
        case native::Outcome::final:
            return "Final";
        case native::Outcome::never:
            return "Never";
    }
    return "";
}

void write_amount(JsonWriter& json, core::Minor amount, const Unit& unit) {
    write_amount_texts(json, unit, core::format_amount(amount, unit.exponent), core::to_decimal(amount));
}

void write_signed_amount(JsonWriter& json, core::SignedMinor amount, const Unit& unit) {
    // Decimals of exponent 0 are the minor units themselves.
    write_amount_texts(json, unit, core::format_signed_amount(amount, unit.exponent),
                       core::format_signed_amount(amount, 0));
}

void write_limit(JsonWriter& json, core::Minor limit, const Unit& unit) {
    if (limit == native::no_limit)
        json.null();
    else
        write_amount(json, limit, unit);
}

std::string_view trimmed(const char* begin, std::size_t size) {
    while (size > 0 && (begin[size - 1] == ' ' || begin[size - 1] == '\0'))
        --size;
    return {begin, size};
}

std::string bic_text(const native::BicText& text) {
    const auto bic = core::Bic::parse(std::string_view(text.data(), text.size()));
    return bic ? bic->to_string() : std::string(trimmed(text.data(), text.size()));
}

void write_status(JsonWriter& json, native::Status status, const native::ReasonCode& reason) {
    json.key("status").text(name_of(native::outcome_of(status)));
    json.key("why").text(native::name_of(status));
    json.key("reason");
    write_reason(json, reason);
}

void write_reason(JsonWriter& json, const native::ReasonCode& reason) {
    if (reason == native::reason::none)
        json.null();
    else
        json.text({reason.data(), reason.size()});
}

Reading<native::MessageType> read_message_type(const Json& value) {
    const auto* text = value.get_ptr<const std::string*>();
    if (text != nullptr)
        for (const auto& row : message_names) {
            const auto tag = native::tag_of(row.type);
            const bool is_named = *text == row.iso || *text == std::string_view(tag.data(), tag.size());
            if (row.type != native::MessageType::none && is_named) return row.type;
        }
    return core::fail(std::string("expected a message type such as \"P008\" or \"pacs.008\""));
}

std::string_view iso_name_of(native::MessageType type) {
    return message_names[static_cast<std::size_t>(type)].iso;
}

}  // namespace sluice::node::rpc
