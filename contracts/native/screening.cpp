#include "contracts/native/screening.hpp"

#include "contracts/native/currency_table.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/operator_roles.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/reason_codes.hpp"
#include "contracts/native/row_key.hpp"
#include "contracts/native/settlement_events.hpp"

namespace sluice::contracts::native {

namespace {

// Table 0x10 of the participants contract.
// 0x10 ‖ uint32 participant ‖ uint16 ccy    struct ScreeningThresholds
constexpr std::uint8_t threshold_table = 0x10;

Place<ScreeningThresholds> place_of(const Storage& participants, const AccountId& account) {
    return {participants, row_key(threshold_table, account.participant, account.currency)};
}

/// Stores what changed, and marks the bank as one whose payments have to be looked at.
void put(const Books& books, const BicText& bic, const CurrencyText& code, const AccountId& account,
         const ScreeningThresholds& thresholds) {
    place_of(books.participants, account).write(thresholds);
    if (thresholds.own != 0 || thresholds.required != 0) mark_screened(books.participants, bic);
    books.emit(participants_address, screening_topic, {word_of(bic), word_of(code)},
               abi::encode(thresholds.own, thresholds.required));
}

}  // namespace

ScreeningThresholds screening_thresholds(const Storage& participants, const AccountId& account) {
    return place_of(participants, account).read();
}

core::Gas screening_gas(const Invocation& call) {
    return fixed_gas<Work{.reads = 6, .writes = 2}, cost::log(3, 64)>(call);
}

MethodResult set_screening(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText, core::Minor>(call.arguments);
    if (!arguments) return malformed();
    const auto& [code, amount] = *arguments;
    const Books books(call.state, call.block);
    const KeyGrant admin = key_grant(books.participants, core::KeyDuty::admin, call.caller);
    if (!admin.covers(call.block.height)) return refused(reason::forbidden);
    const auto currency = find_currency(books.governance, code);
    if (!currency) return refused(reason::unknown_currency);
    const AccountId account{admin.participant, currency->index};
    ScreeningThresholds thresholds = screening_thresholds(books.participants, account);
    thresholds.own = amount;
    put(books, bic_at(books.participants, admin.participant), code, account, thresholds);
    return core::Bytes{};
}

MethodResult require_screening(Invocation& call) {
    const auto arguments = abi::decode<BicText, CurrencyText, core::Minor>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, code, amount] = *arguments;
    const Books books(call.state, call.block);
    if (!may_act(books.participants, call.caller, Role::operator_)) return refused(reason::forbidden);
    const auto party = find_party(books.participants, bic);
    if (!party) return refused(reason::bad_bank);
    const auto currency = find_currency(books.governance, code);
    if (!currency) return refused(reason::unknown_currency);
    const AccountId account{party->index, currency->index};
    ScreeningThresholds thresholds = screening_thresholds(books.participants, account);
    thresholds.required = amount;
    put(books, bic, code, account, thresholds);
    return core::Bytes{};
}

namespace views {

MethodResult screening_threshold(Invocation& call) {
    const auto arguments = abi::decode<BicText, CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, code] = *arguments;
    const Books books(call.state, call.block);
    const auto party = find_party(books.participants, bic);
    const auto currency = find_currency(books.governance, code);
    ScreeningThresholds thresholds;
    if (party && currency)
        thresholds = screening_thresholds(books.participants, {party->index, currency->index});
    return abi::encode(thresholds.own, thresholds.required);
}

}  // namespace views

}  // namespace sluice::contracts::native
