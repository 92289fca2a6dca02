/// Validators as people know them.
#pragma once

#include <map>

#include "ledger/ledger_snapshot.hpp"
#include "node/rpc/json_writer.hpp"
#include "node/rpc/node_access.hpp"

namespace sluice::node::rpc {

struct ValidatorName {
    std::string name;
    std::string bic;  ///< may be empty
};
using ValidatorNames = std::map<core::Address, ValidatorName>;

/// Names from genesis, and from governance for those that came later.
ValidatorNames validator_names(const ledger::LedgerSnapshot& snapshot, const NodeAccess& node);
/// Empty for a stranger.
std::string_view name_in(const ValidatorNames& names, const core::Address& address);
/// Members `address`, `name` and `bic` of an open object.
void write_validator(JsonWriter& json, const ValidatorNames& names, const core::Address& address);

}  // namespace sluice::node::rpc
