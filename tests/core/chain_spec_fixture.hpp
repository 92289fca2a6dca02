/// A whole chain spec, to be taken or damaged by tests.
#pragma once

#include "core/chain_spec.hpp"

namespace sluice::core::test {

/// The address that ends with this byte.
inline Address address_ending(std::uint8_t last) {
    Address address{};
    address[0] = 0xa0;
    address[19] = last;
    return address;
}

/// Four validators, two currencies, three participants, one operator key and a funded account.
inline ChainSpec whole_spec() {
    ChainSpec spec;
    spec.chain_id = 20'022;
    spec.time_ms = 1'767'225'600'000;
    spec.devnet = true;
    spec.features = {"bypass-fifo", "lsm_2"};
    const char* names[] = {"bank-a", "bank-b", "bank-c", "bank-d"};
    const char* bics[] = {"BANKDEAA", "BANKDEBB", "BANKDECC", "BANKDEDD123"};
    for (std::uint8_t i = 0; i < 4; ++i)
        spec.validators.push_back(
            {.name = names[i], .address = address_ending(i), .bic = *Bic::parse(bics[i])});
    spec.currencies = {
        {.code = *CurrencyCode::parse("EUR"),
         .exponent = 2,
         .time_zone = "UTC+01:00",
         .value_date = 20'260'102},
        {.code = *CurrencyCode::parse("JPY"), .exponent = 0, .phase_mode = PhaseMode::business_day}};
    for (std::uint8_t i = 0; i < 3; ++i) {
        const auto key = static_cast<std::uint8_t>(0x10 * (i + 1));
        spec.participants.push_back(
            {.name = names[i],
             .bic = *Bic::parse(bics[i]),
             .lei = i == 0 ? "5493001KJTIIGC8Y1R12" : "",
             .keys = {{.duty = KeyDuty::admin, .address = address_ending(key)},
                      {.duty = KeyDuty::maker, .address = address_ending(static_cast<std::uint8_t>(key + 1))},
                      {.duty = KeyDuty::approver,
                       .address = address_ending(static_cast<std::uint8_t>(key + 2))}}});
    }
    spec.operators.threshold = 1;
    spec.operators.keys = {address_ending(0xe0)};
    spec.operators.issuers = {address_ending(0xe0)};
    spec.operators.auditors = {address_ending(0xe1), address_ending(0xe2)};
    spec.alloc = {{.address = address_ending(0xf0), .balance = Uint256(1) << 90, .code = {}, .storage = {}},
                  {.address = address_ending(0xf1),
                   .balance = 0,
                   .nonce = 1,
                   .code = {0x60, 0x00},
                   .storage = {{word_from_u64(1), word_from_u64(2)}, {word_from_u64(3), word_from_u64(4)}}}};
    return spec;
}

}  // namespace sluice::core::test
