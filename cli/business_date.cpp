#include "cli/business_date.hpp"

#include "cli/wallet.hpp"
#include "contracts/native/settlement_results.hpp"

namespace sluice::cli {

namespace native = contracts::native;

core::Result<core::DateYmd, RpcError> business_date(RpcClient& rpc, const core::CurrencyCode& currency) {
    const auto data = read_call(rpc, native::calls::business_day(currency.chars()));
    if (!data) return core::fail(data.error());
    const auto day = native::results::business_day(*data);
    if (!day)
        return core::fail(
            RpcError{RpcError::Kind::malformed, 0, "the node's business day cannot be read", {}});
    return day->value_date;
}

}  // namespace sluice::cli
