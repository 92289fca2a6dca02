/// Words and amounts of settle_ answers.
#pragma once

#include "contracts/native/reason_codes.hpp"
#include "contracts/native/settlement_types.hpp"
#include "node/rpc/json_writer.hpp"
#include "node/rpc/values.hpp"

namespace sluice::node::rpc {

/// "Unknown", "Pending", "Final" or "Never": what a status comes down to. The last two do not change.
std::string_view name_of(contracts::native::Outcome outcome);

/// A currency and the decimals of its amounts.
struct Unit {
    contracts::native::CurrencyText currency{};
    unsigned exponent = 0;
};
/// {ccy, value: "250.00", minor: "25000"}
void write_amount(JsonWriter& json, core::Minor amount, const Unit& unit);
void write_signed_amount(JsonWriter& json, core::SignedMinor amount, const Unit& unit);

/// A limit or null for the highest amount, which stands for none.
void write_limit(JsonWriter& json, core::Minor limit, const Unit& unit);

/// Characters of an ABI text up to its padding: zeros and spaces at the end.
std::string_view trimmed(const char* begin, std::size_t size);
/// A BIC as people write it: 8 characters for a head office.
std::string bic_text(const contracts::native::BicText& bic);

/// Members `status` (four words), `why` (the precise state) and `reason` (ISO code or null) of an open
/// object.
void write_status(JsonWriter& json, contracts::native::Status status,
                  const contracts::native::ReasonCode& reason);
/// A reason code as text, or null for none.
void write_reason(JsonWriter& json, const contracts::native::ReasonCode& reason);

/// "P008" or "pacs.008", and so on for every type of message.
Reading<contracts::native::MessageType> read_message_type(const Json& value);
/// "pacs.008" of "P008".
std::string_view iso_name_of(contracts::native::MessageType type);

}  // namespace sluice::node::rpc
