#include "contracts/native/participant_views.hpp"

#include "contracts/native/currency_table.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/page.hpp"

namespace sluice::contracts::native::views {

namespace {

template <typename... Before>
std::uint64_t rows_asked(const Invocation& call) {
    const auto arguments = abi::decode<Before..., core::Uint256, core::Uint256>(call.arguments);
    return arguments ? page_rows(std::get<sizeof...(Before) + 1>(*arguments)) : 0;
}

}  // namespace

core::Gas get_gas(const Invocation& call) {
    return gas_of({.reads = 3 + 2 * text_slots(256)}) + cost::copy(call.arguments.size());
}

MethodResult get(Invocation& call) {
    const auto arguments = abi::decode<BicText>(call.arguments);
    if (!arguments) return malformed();
    const Storage participants = call.storage();
    const auto party = find_party(participants, std::get<0>(*arguments));
    if (!party) return abi::encode(ParticipantInfo{});
    const ParticipantRow row = participant_row(participants, party->index);
    return abi::encode(ParticipantInfo{.bic = row.bic,
                                       .lei = row.lei,
                                       .name = participant_name(participants, party->index),
                                       .status = party->status,
                                       .read_key = participant_read_key(participants, party->index),
                                       .registered_at = row.registered_at,
                                       .keys = row.keys});
}

core::Gas list_gas(const Invocation& call) {
    return gas_of({.reads = 1 + rows_asked<>(call)});
}

MethodResult list(Invocation& call) {
    const auto arguments = abi::decode<core::Uint256, core::Uint256>(call.arguments);
    if (!arguments) return malformed();
    const Storage participants = call.storage();
    const auto& [from, max] = *arguments;
    const Page page = page_of(from, max, participant_count(participants));
    std::vector<BicText> bics;
    for (std::uint64_t i = page.begin; i < page.end; ++i)
        bics.push_back(bic_at(participants, static_cast<ParticipantIndex>(i + 1)));
    return abi::encode(bics);
}

core::Gas keys_gas(const Invocation& call) {
    return gas_of({.reads = 3 + 2 * rows_asked<BicText>(call)});
}

MethodResult keys_of(Invocation& call) {
    const auto arguments = abi::decode<BicText, core::Uint256, core::Uint256>(call.arguments);
    if (!arguments) return malformed();
    const Storage participants = call.storage();
    const auto& [bic, from, max] = *arguments;
    std::vector<KeyInfo> keys;
    if (const auto party = find_party(participants, bic)) {
        const Page page = page_of(from, max, participant_row(participants, party->index).keys);
        for (std::uint64_t i = page.begin; i < page.end; ++i) {
            const KeyEntry key = key_at(participants, party->index, static_cast<std::uint32_t>(i));
            keys.push_back({key.address, key.duty, key.from, key.until});
        }
    }
    return abi::encode(keys);
}

MethodResult offer_of(Invocation& call) {
    const auto arguments = abi::decode<BicText, core::KeyDuty, core::Address>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, duty, key] = *arguments;
    const Storage participants = call.storage();
    const auto party = find_party(participants, bic);
    const KeyOffer offer = party ? key_offer(participants, party->index, duty, key) : KeyOffer{};
    return abi::encode(offer.is_open, offer.from);
}

core::Gas key_at_gas(const Invocation& call) {
    const core::Gas of_grants = gas_of({.reads = 6});
    const auto arguments = abi::decode<core::Address, std::uint64_t>(call.arguments);
    if (!arguments || call.gas < of_grants) return of_grants;
    std::size_t periods = 0;
    for (std::uint8_t duty = 1; is_duty(static_cast<core::KeyDuty>(duty)); ++duty)
        periods +=
            key_grant(call.storage(), static_cast<core::KeyDuty>(duty), std::get<0>(*arguments)).periods;
    return gas_of({.reads = 6 + 2 * periods});
}

MethodResult served_by_key(Invocation& call) {
    const auto arguments = abi::decode<core::Address, std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    const auto& [key, height] = *arguments;
    const Storage participants = call.storage();
    ParticipantIndex participant = 0;
    std::uint8_t duties = 0;
    for (std::uint8_t duty = 1; is_duty(static_cast<core::KeyDuty>(duty)); ++duty) {
        const ParticipantIndex served =
            served_at(participants, static_cast<core::KeyDuty>(duty), key, height);
        if (served == 0) continue;
        participant = served;
        duties = static_cast<std::uint8_t>(duties | 1u << duty);
    }
    return abi::encode(participant == 0 ? BicText{} : bic_at(participants, participant), duties);
}

MethodResult participant_of(Invocation& call) {
    const auto arguments = abi::decode<core::Address>(call.arguments);
    if (!arguments) return malformed();
    const Storage participants = call.storage();
    ParticipantIndex participant = 0;
    std::uint8_t duties = 0;
    for (std::uint8_t duty = 1; is_duty(static_cast<core::KeyDuty>(duty)); ++duty) {
        const KeyGrant grant =
            key_grant(participants, static_cast<core::KeyDuty>(duty), std::get<0>(*arguments));
        if (!grant.covers(call.block.height)) continue;
        participant = grant.participant;
        duties = static_cast<std::uint8_t>(duties | 1u << duty);
    }
    return abi::encode(participant == 0 ? BicText{} : bic_at(participants, participant), duties);
}

MethodResult holds_role(Invocation& call) {
    const auto arguments = abi::decode<RoleName, core::Address>(call.arguments);
    if (!arguments) return malformed();
    const auto role = role_of(std::get<0>(*arguments));
    return abi::encode(role && has_role(call.storage(), std::get<1>(*arguments), *role));
}

MethodResult operator_threshold(Invocation& call) {
    const OperatorQuorum quorum = operator_quorum(call.storage());
    return abi::encode(quorum.operators, quorum.threshold);
}

MethodResult approval_threshold_of(Invocation& call) {
    const auto arguments = abi::decode<BicText, CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const Storage participants = call.storage();
    const auto party = find_party(participants, std::get<0>(*arguments));
    const auto currency = find_currency(Storage(call.state, governance_address), std::get<1>(*arguments));
    if (!party || !currency) return abi::encode(core::Minor{0});
    return abi::encode(approval_threshold(participants, {party->index, currency->index}));
}

MethodResult act(Invocation& call) {
    const auto arguments = abi::decode<core::Uint256>(call.arguments);
    if (!arguments) return malformed();
    const core::Uint256& number = std::get<0>(*arguments);
    return abi::encode(number.fits_u64() ? read_act(call.storage(), number.low_u64()) : Act{});
}

}  // namespace sluice::contracts::native::views
