#include "contracts/native/mandates.hpp"

#include <algorithm>

#include "contracts/native/payment_limits.hpp"
#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x0d to 0x0f of the participants contract.
// 0x0d ‖ uint32 participant ‖ address agent ‖ uint16 ccy    struct Mandate
// 0x0e ‖ uint32 participant                                 uint32 mandates
// 0x0f ‖ uint32 participant ‖ uint32 position               struct MandateKey
constexpr std::uint8_t mandate_table = 0x0d;
constexpr std::uint8_t count_table = 0x0e;
constexpr std::uint8_t list_table = 0x0f;

static_assert(Place<Mandate>::slots == 2 && Place<MandateKey>::slots == 1);

Place<Mandate> mandate_place(const Storage& participants, const MandateKey& key) {
    return {participants, row_key(mandate_table, key.participant, key.agent, key.currency)};
}
Place<std::uint32_t> count_place(const Storage& participants, ParticipantIndex participant) {
    return {participants, row_key(count_table, participant)};
}
Place<MandateKey> list_place(const Storage& participants, ParticipantIndex participant,
                             std::uint32_t position) {
    return {participants, row_key(list_table, participant, position)};
}

/// First bytes of an agent that is a bank, before the letters of its BIC. No key is found for such an
/// address.
constexpr std::array<std::uint8_t, 9> bank_prefix{0x5e, 0x01};

bool allows(const MandateActs& acts, MandateAct act) {
    return (acts[3] & mandate_bit(act)[3]) != 0;
}

}  // namespace

core::Address agent_of(const BicText& creditor) {
    core::Address agent{};
    std::copy(bank_prefix.begin(), bank_prefix.end(), agent.begin());
    std::transform(creditor.begin(), creditor.end(), agent.begin() + bank_prefix.size(),
                   [](char letter) { return static_cast<std::uint8_t>(letter); });
    return agent;
}

std::optional<BicText> creditor_of(const core::Address& agent) {
    if (!std::equal(bank_prefix.begin(), bank_prefix.end(), agent.begin())) return std::nullopt;
    BicText bic{};
    std::transform(agent.begin() + bank_prefix.size(), agent.end(), bic.begin(),
                   [](std::uint8_t byte) { return static_cast<char>(byte); });
    return bic;
}

std::optional<ReasonCode> find_mandate_fault(const Books& books, const MandateUse& use) {
    const Mandate mandate = read_mandate(books.participants, {use.participant, use.agent, use.currency});
    const bool holds = mandate.until_ms == 0 || books.block.time_ms <= mandate.until_ms;
    if (mandate.per_day == 0 || !holds || !allows(mandate.acts, use.act)) return reason::forbidden;
    const core::Minor used = used_today(books, use.currency, mandate);
    if (used > mandate.per_day || use.amount > mandate.per_day - used) return reason::amount_too_large;
    return std::nullopt;
}

core::Minor used_today(const Books& books, CurrencyIndex currency, const Mandate& mandate) {
    return mandate.used_on == value_date_now(books, currency) ? mandate.used : 0;
}

std::optional<ReasonCode> use_mandate(const Books& books, const MandateUse& use) {
    if (const auto fault = find_mandate_fault(books, use)) return fault;
    const auto place = mandate_place(books.participants, {use.participant, use.agent, use.currency});
    Mandate mandate = place.read();
    const std::uint32_t date = value_date_now(books, use.currency);
    if (mandate.used_on != date) mandate.used = 0;
    mandate.used_on = date;
    mandate.used += use.amount;
    place.write(mandate);
    return std::nullopt;
}

Mandate read_mandate(const Storage& participants, const MandateKey& key) {
    return mandate_place(participants, key).read();
}

void put_mandate(const Storage& participants, const MandateKey& key, const Mandate& mandate) {
    CHECK(mandate.per_day > 0);
    const auto place = mandate_place(participants, key);
    Mandate stored = place.read();
    if (stored.per_day == 0) {
        const auto count = count_place(participants, key.participant);
        stored = {.position = count.read()};
        count.write(stored.position + 1);
        list_place(participants, key.participant, stored.position).write(key);
    }
    stored.per_day = mandate.per_day;
    stored.until_ms = mandate.until_ms;
    stored.acts = mandate.acts;
    place.write(stored);
}

bool drop_mandate(const Storage& participants, const MandateKey& key) {
    const auto place = mandate_place(participants, key);
    const Mandate dropped = place.read();
    if (dropped.per_day == 0) return false;
    const auto count = count_place(participants, key.participant);
    const std::uint32_t last = count.read() - 1;
    const MandateKey moved = mandate_at(participants, key.participant, last);
    if (last != dropped.position) {
        list_place(participants, key.participant, dropped.position).write(moved);
        Mandate other = read_mandate(participants, moved);
        other.position = dropped.position;
        mandate_place(participants, moved).write(other);
    }
    list_place(participants, key.participant, last).clear();
    count.write(last);
    place.clear();
    return true;
}

std::uint32_t mandate_count(const Storage& participants, ParticipantIndex participant) {
    return count_place(participants, participant).read();
}

MandateKey mandate_at(const Storage& participants, ParticipantIndex participant, std::uint32_t position) {
    const MandateKey key = list_place(participants, participant, position).read();
    CHECK(key.participant != 0);
    return key;
}

}  // namespace sluice::contracts::native
