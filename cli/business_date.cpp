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
    if (day->phase != native::Phase::closed) return day->value_date;
    // The day is over: what is paid now belongs to the next one.
    const auto next = read_call(rpc, native::calls::next_value_date(currency.chars()));
    if (!next) return core::fail(next.error());
    return native::results::date(*next).value_or(day->value_date);
}

}  // namespace sluice::cli
