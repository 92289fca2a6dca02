#include "node/rpc/validator_names.hpp"

#include "node/rpc/settlement_json.hpp"
#include "node/rpc/settlement_reading.hpp"

namespace sluice::node::rpc {

ValidatorNames validator_names(const ledger::LedgerSnapshot& snapshot, const NodeAccess& node) {
    ValidatorNames names;
    for (const auto& row : node.chain().spec.validators)
        names[row.address] = {row.name, row.bic.to_string()};
    const auto settlement = SettlementReader::open(snapshot, node);
    if (!settlement) return names;
    const auto rows = settlement->validators();
    if (!rows) return names;
    for (const auto& row : *rows)
        names[row.validator] = {row.name, bic_text(row.bic)};
    return names;
}

std::string_view name_in(const ValidatorNames& names, const core::Address& address) {
    const auto found = names.find(address);
    return found == names.end() ? std::string_view{} : found->second.name;
}

void write_validator(JsonWriter& json, const ValidatorNames& names, const core::Address& address) {
    const auto found = names.find(address);
    json.key("address").data(address);
    json.key("name").text(name_in(names, address));
    json.key("bic");
    if (found == names.end() || found->second.bic.empty())
        json.null();
    else
        json.text(found->second.bic);
}

}  // namespace sluice::node::rpc
