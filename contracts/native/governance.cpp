/// The governance contract, 0x…5e06: what the chain is made of, to be read.
#include "contracts/native/chain_parameters.hpp"
#include "contracts/native/currency_table.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/settlement_contracts.hpp"
#include "contracts/native/settlement_structs.hpp"

namespace sluice::contracts::native {

namespace {

/// parameters() returns (Parameters).
MethodResult parameters(Invocation& call) {
    return abi::encode(read_chain_parameters(call.storage()));
}

/// features() returns (string[]).
MethodResult features(Invocation& call) {
    return abi::encode(read_features(call.storage()));
}
core::Gas features_gas(const Invocation& call) {
    return gas_of({.reads = 1 + 3 * feature_count(call.storage())});
}

/// validators() returns (Validator[]): in the order that decides primaries.
MethodResult validators(Invocation& call) {
    const Storage storage = call.storage();
    std::vector<ValidatorInfo> rows;
    const std::uint32_t count = validator_count(storage);
    for (std::uint32_t position = 0; position < count; ++position) {
        const ValidatorRow row = validator_at(storage, position);
        rows.push_back({row.address, row.bic, validator_name(storage, position)});
    }
    return abi::encode(rows);
}
core::Gas validators_gas(const Invocation& call) {
    return gas_of({.reads = 1 + 5 * validator_count(call.storage())});
}

/// currencies() returns (Currency[]): in the order of genesis.
MethodResult currencies(Invocation& call) {
    const Storage storage = call.storage();
    std::vector<CurrencyInfo> rows;
    const CurrencyIndex count = currency_count(storage);
    for (CurrencyIndex index = 1; index <= count; ++index) {
        const auto currency = find_currency(storage, currency_code(storage, index));
        CHECK(currency.has_value());
        rows.push_back({currency->code, currency->exponent, currency->phase_mode,
                        currency_time_zone(storage, currency->code)});
    }
    return abi::encode(rows);
}
core::Gas currencies_gas(const Invocation& call) {
    return gas_of({.reads = 1 + 3 * std::size_t{currency_count(call.storage())}});
}

constexpr std::array methods{
    Method{"parameters()", selector_of("parameters()"), Access::view, fixed_gas<Work{.reads = 2}>,
           parameters},
    Method{"features()", selector_of("features()"), Access::view, features_gas, features},
    Method{"validators()", selector_of("validators()"), Access::view, validators_gas, validators},
    Method{"currencies()", selector_of("currencies()"), Access::view, currencies_gas, currencies},
};

}  // namespace

constinit const NativeContract governance_contract{
    .address = governance_address, .name = "governance", .methods = methods};

}  // namespace sluice::contracts::native
