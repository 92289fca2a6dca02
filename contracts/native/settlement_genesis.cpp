#include "contracts/native/settlement_genesis.hpp"

#include <algorithm>

#include "contracts/native/chain_parameters.hpp"
#include "contracts/native/currency_table.hpp"
#include "contracts/native/day_phases.hpp"
#include "contracts/native/holder_book.hpp"
#include "contracts/native/operator_roles.hpp"
#include "contracts/native/participant_directory.hpp"
#include "core/calendar.hpp"

namespace sluice::contracts::native {

namespace {

void write_chain(const Storage& governance, const core::ChainSpec& spec) {
    write_chain_parameters(governance, {.chain_id = spec.chain_id,
                                        .genesis_time_ms = spec.time_ms,
                                        .block_gas_limit = spec.block_gas_limit,
                                        .transaction_gas_limit = spec.transaction_gas_limit,
                                        .rotation_period = spec.rotation_period,
                                        .duplicate_window_days = spec.duplicate_window_days,
                                        .fee_mode = static_cast<std::uint8_t>(spec.fee_mode),
                                        .devnet = spec.devnet});
    for (const std::string& feature : spec.features)
        add_feature(governance, feature);
    for (const core::GenesisValidator& validator : spec.validators)
        add_validator(governance, {validator.address, validator.bic.chars()}, validator.name);
}

void write_currency(const Storage& governance, const core::GenesisCurrency& currency, core::UnixMs time_ms) {
    const auto offset = core::utc_offset_minutes(currency.time_zone);
    CHECK(offset.has_value());
    const std::int64_t local_day = core::days_from_date(core::date_at(time_ms, *offset));
    // Without a date of its own a currency begins on the day of genesis in UTC.
    const core::DateYmd first = currency.value_date != 0 ? currency.value_date : core::date_at(time_ms, 0);
    add_currency(governance,
                 {.code = currency.code.chars(),
                  .exponent = currency.exponent,
                  .phase_mode = currency.phase_mode,
                  .offset_minutes = *offset,
                  .genesis_local_day = local_day,
                  .genesis_value_day = core::days_from_date(first)},
                 currency.time_zone);
    if (currency.phase_mode != core::PhaseMode::business_day) return;
    const auto added = find_currency(governance, currency.code.chars());
    CHECK(added.has_value());
    begin_business_days(days_of(governance.state()), *added, currency.day, currency.holidays, time_ms);
}

LeiText lei_text(const std::string& lei) {
    LeiText text{};
    if (lei.empty()) return text;
    CHECK(lei.size() == text.size());
    std::copy(lei.begin(), lei.end(), text.begin());
    return text;
}

/// Also makes the first maker key of the participant its settlement address.
void write_participant(const Storage& participants, const Storage& accounts,
                       const core::GenesisParticipant& participant) {
    const ParticipantIndex index = add_participant(participants, {.bic = participant.bic.chars(),
                                                                  .lei = lei_text(participant.lei),
                                                                  .name = participant.name,
                                                                  .read_key = {},
                                                                  .status = ParticipantStatus::active,
                                                                  .height = 0});
    for (const core::GenesisKey& key : participant.keys)
        begin_key(participants, key.duty, key.address, index, 0, 0);
    const auto maker = std::find_if(participant.keys.begin(), participant.keys.end(),
                                    [](const auto& key) { return key.duty == core::KeyDuty::maker; });
    if (maker != participant.keys.end()) set_settlement_address(accounts, index, maker->address);
}

void give_role(const Storage& participants, const std::vector<core::Address>& holders, Role role) {
    for (const core::Address& holder : holders)
        set_role(participants, holder, role, true);
}

}  // namespace

void write_genesis(JournaledState& state, const core::ChainSpec& spec) {
    const Storage governance(state, governance_address);
    write_chain(governance, spec);
    for (const core::GenesisCurrency& currency : spec.currencies)
        write_currency(governance, currency, spec.time_ms);

    const Storage participants(state, participants_address);
    const Storage accounts(state, accounts_address);
    for (const core::GenesisParticipant& participant : spec.participants)
        write_participant(participants, accounts, participant);
    give_role(participants, spec.operators.keys, Role::operator_);
    give_role(participants, spec.operators.issuers, Role::issuer);
    give_role(participants, spec.operators.freezers, Role::freezer);
    give_role(participants, spec.operators.auditors, Role::auditor);
    set_operator_threshold(participants, spec.operators.threshold);
}

}  // namespace sluice::contracts::native
