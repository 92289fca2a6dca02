/// Transactions as state fixtures describe them: fields, some with alternatives chosen by indexes.
#pragma once

#include <optional>
#include <string>

#include "tests/conformance/fixture_json.hpp"

namespace sluice::conformance {

/// Builds the transaction of these indexes and signs it with the fixture's key; its encoding. For fixtures
/// without signed bytes. Throws FixtureError.
core::Bytes sign_transaction(const Json& transaction, const Json& indexes);

/// The first field in which a decoded transaction differs from the fixture's; nothing if there is none.
std::optional<std::string> find_difference(const core::Transaction& decoded, const Json& transaction,
                                           const Json& indexes);

}  // namespace sluice::conformance
