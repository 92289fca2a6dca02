#include "contracts/native/mandate_acts.hpp"

#include "contracts/native/currency_table.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/page.hpp"
#include "contracts/native/settlement_events.hpp"

namespace sluice::contracts::native {

namespace {

/// More than all money of a currency.
constexpr core::Minor per_day_max = core::Minor{1} << 110;

constexpr Work grant_work{.reads = 10, .writes = 4};
constexpr Work revoke_work{.reads = 10, .writes = 7};
constexpr core::Gas event_gas = cost::log(4, 96);
static_assert(gas_of(grant_work) + event_gas == 35'943);
static_assert(gas_of(revoke_work) + event_gas == 44'643);

/// A bank collects and does nothing else; an address does everything else.
std::optional<ReasonCode> find_acts_fault(const Books& books, const core::Address& agent,
                                          const MandateActs& acts) {
    constexpr std::uint8_t debit = mandate_bit(MandateAct::debit)[3];
    const std::uint8_t of_addresses = static_cast<std::uint8_t>(debit - 1);
    if (agent == core::Address{} || acts[0] != 0 || acts[1] != 0 || acts[2] != 0) return reason::bad_form;
    const auto creditor = creditor_of(agent);
    if (!creditor)
        return acts[3] == 0 || (acts[3] & ~of_addresses) != 0 ? std::optional(reason::bad_form)
                                                              : std::nullopt;
    if (acts[3] != debit) return reason::bad_form;
    return find_party(books.participants, *creditor) ? std::nullopt : std::optional(reason::bad_bank);
}

/// The participant whose admin calls, 0 for nobody's.
ParticipantIndex own_bank(const Invocation& call, const Books& books) {
    const KeyGrant admin = key_grant(books.participants, core::KeyDuty::admin, call.caller);
    return admin.covers(call.block.height) ? admin.participant : 0;
}

void tell(const Books& books, const MandateKey& key, const CurrencyText& currency, const Mandate& mandate) {
    books.emit(participants_address, mandate_changed_topic,
               {word_of(bic_at(books.participants, key.participant)), word_of(key.agent), word_of(currency)},
               abi::encode(mandate.acts, mandate.per_day, mandate.until_ms));
}

}  // namespace

core::Gas grant_mandate_gas(const Invocation& call) {
    return fixed_gas<grant_work, event_gas>(call);
}

MethodResult grant_mandate(Invocation& call) {
    const auto arguments =
        abi::decode<core::Address, MandateActs, CurrencyText, core::Minor, std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    const auto& [agent, acts, code, per_day, until_ms] = *arguments;
    const Books books(call.state, call.block);
    const ParticipantIndex bank = own_bank(call, books);
    if (bank == 0) return refused(reason::forbidden);
    const auto currency = find_currency(books.governance, code);
    if (!currency) return refused(reason::unknown_currency);
    if (const auto fault = find_acts_fault(books, agent, acts)) return refused(*fault);
    if (per_day == 0) return refused(reason::zero_amount);
    if (per_day > per_day_max) return refused(reason::amount_too_large);
    if (until_ms != 0 && until_ms < call.block.time_ms) return refused(reason::bad_date);

    const MandateKey key{bank, agent, currency->index};
    const Mandate old = read_mandate(books.participants, key);
    if (old.per_day == per_day && old.until_ms == until_ms && old.acts == acts) return core::Bytes{};
    const Mandate mandate{.per_day = per_day, .until_ms = until_ms, .acts = acts};
    put_mandate(books.participants, key, mandate);
    tell(books, key, code, mandate);
    return core::Bytes{};
}

core::Gas revoke_mandate_gas(const Invocation& call) {
    return fixed_gas<revoke_work, event_gas>(call);
}

MethodResult revoke_mandate(Invocation& call) {
    const auto arguments = abi::decode<core::Address, CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const auto& [agent, code] = *arguments;
    const Books books(call.state, call.block);
    const ParticipantIndex bank = own_bank(call, books);
    if (bank == 0) return refused(reason::forbidden);
    const auto currency = find_currency(books.governance, code);
    if (!currency) return refused(reason::unknown_currency);
    const MandateKey key{bank, agent, currency->index};
    if (!drop_mandate(books.participants, key)) return refused(reason::unknown_reference);
    tell(books, key, code, {});
    return core::Bytes{};
}

namespace views {

core::Gas mandates_of_gas(const Invocation& call) {
    const auto arguments = abi::decode<BicText, core::Uint256, core::Uint256>(call.arguments);
    const std::uint64_t rows = arguments ? page_rows(std::get<2>(*arguments)) : 0;
    return gas_of({.reads = 2 + 6 * rows});
}

MethodResult mandates_of(Invocation& call) {
    const auto arguments = abi::decode<BicText, core::Uint256, core::Uint256>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, from, max] = *arguments;
    const Books books(call.state, call.block);
    std::vector<MandateInfo> infos;
    const auto party = find_party(books.participants, bic);
    if (!party) return abi::encode(infos);
    const Page page = page_of(from, max, mandate_count(books.participants, party->index));
    for (std::uint64_t i = page.begin; i < page.end; ++i) {
        const MandateKey key = mandate_at(books.participants, party->index, static_cast<std::uint32_t>(i));
        const Mandate mandate = read_mandate(books.participants, key);
        infos.push_back({.agent = key.agent,
                         .acts = mandate.acts,
                         .currency = currency_code(books.governance, key.currency),
                         .per_day = mandate.per_day,
                         .until_ms = mandate.until_ms,
                         .used_today = used_today(books, key.currency, mandate)});
    }
    return abi::encode(infos);
}

}  // namespace views

}  // namespace sluice::contracts::native
