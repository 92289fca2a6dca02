/// The ledger's own date.
#pragma once

#include "cli/rpc_client.hpp"
#include "core/identifiers.hpp"

namespace sluice::cli {

/// The value date of now in a currency, as the ledger has it.
core::Result<core::DateYmd, RpcError> business_date(RpcClient& rpc, const core::CurrencyCode& currency);

}  // namespace sluice::cli
