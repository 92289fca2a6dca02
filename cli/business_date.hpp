/// The ledger's own date.
#pragma once

#include "cli/rpc_client.hpp"
#include "core/identifiers.hpp"

namespace sluice::cli {

/// The value date of what is paid now: that of the ledger, or the next one once the day is closed.
core::Result<core::DateYmd, RpcError> business_date(RpcClient& rpc, const core::CurrencyCode& currency);

}  // namespace sluice::cli
