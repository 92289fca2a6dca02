#include "contracts/native/liquidity_client.hpp"

namespace sluice::contracts::native {

namespace {

template <typename... Ts>
ContractCall to_liquidity_saving(const Selector& selector, const Ts&... arguments) {
    return {liquidity_saving_address, abi::encode_call(selector, arguments...)};
}

}  // namespace

namespace calls {

ContractCall run_lsm(const CurrencyText& currency) {
    return to_liquidity_saving(selector_of("run(bytes3)"), currency);
}

ContractCall set_lsm_enabled(const CurrencyText& currency, bool on) {
    return to_liquidity_saving(selector_of("setEnabled(bytes3,bool)"), currency, on);
}

ContractCall set_lsm_options(const CurrencyText& currency, bool allow_bypass, core::Minor sub_limit) {
    return to_liquidity_saving(selector_of("setLsmOptions(bytes3,bool,uint128)"), currency, allow_bypass,
                               sub_limit);
}

ContractCall lsm_run(std::uint64_t id) {
    return to_liquidity_saving(selector_of("runInfo(uint64)"), id);
}

ContractCall last_lsm_run(const CurrencyText& currency) {
    return to_liquidity_saving(selector_of("lastRun(bytes3)"), currency);
}

ContractCall last_lsm_run_id() {
    return to_liquidity_saving(selector_of("lastRunId()"));
}

ContractCall is_lsm_enabled(const CurrencyText& currency) {
    return to_liquidity_saving(selector_of("isEnabled(bytes3)"), currency);
}

ContractCall lsm_deadlock(const CurrencyText& currency) {
    return to_liquidity_saving(selector_of("deadlock(bytes3)"), currency);
}

ContractCall lsm_options(const BicText& bic, const CurrencyText& currency) {
    return to_liquidity_saving(selector_of("lsmOptions(bytes11,bytes3)"), bic, currency);
}

ContractCall shortfall(const BicText& bic, const CurrencyText& currency) {
    return to_liquidity_saving(selector_of("shortfall(bytes11,bytes3)"), bic, currency);
}

}  // namespace calls

namespace results {

Decoded<LsmRunInfo> lsm_run(core::ByteView data) {
    const auto decoded = abi::decode<LsmRunInfo>(data);
    if (!decoded) return core::fail(decoded.error());
    return std::get<0>(*decoded);
}

Decoded<Deadlock> lsm_deadlock(core::ByteView data) {
    const auto decoded = abi::decode<bool, std::uint64_t>(data);
    if (!decoded) return core::fail(decoded.error());
    return Deadlock{std::get<0>(*decoded), std::get<1>(*decoded)};
}

Decoded<LsmOptions> lsm_options(core::ByteView data) {
    const auto decoded = abi::decode<bool, core::Minor>(data);
    if (!decoded) return core::fail(decoded.error());
    return LsmOptions{std::get<0>(*decoded), std::get<1>(*decoded)};
}

}  // namespace results

}  // namespace sluice::contracts::native
