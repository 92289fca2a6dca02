#include "contracts/native/holder_methods.hpp"

#include "contracts/native/account_book.hpp"
#include "contracts/native/currency_table.hpp"
#include "contracts/native/lock_structs.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/operator_roles.hpp"
#include "contracts/native/page.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/settlement_events.hpp"
#include "core/authorization.hpp"

namespace sluice::contracts::native::holders {

namespace {

constexpr core::Address nobody{};

/// The participant that `caller` administers; 0 for nobody's admin.
ParticipantIndex administered_by(const Books& books, const core::Address& caller) {
    const KeyGrant grant = key_grant(books.participants, core::KeyDuty::admin, caller);
    return grant.covers(books.block.height) ? grant.participant : 0;
}

/// An address that delegates (EIP-7702) is a key's own: its code may change any time.
bool is_contract(JournaledState& state, const core::Address& address) {
    const core::Hash hash = state.code_hash(address);
    if (hash == core::Hash{} || hash == core::empty_code_hash || hash == native_code_hash) return false;
    return !core::delegate_in(*state.code(address)).has_value();
}

// ---- settlement addresses

constexpr Work bind_work{.reads = 11, .again = 3, .writes = 5};
constexpr core::Gas bind_more = 2 * cost::log(3, 0);
static_assert(gas_of(bind_work) + bind_more == 41'600);

void emit_binding(const Invocation& call, const Books& books, ParticipantIndex bank,
                  const core::Address& who) {
    call.emit(address_bound_topic, {word_of(bic_at(books.participants, bank)), word_of(who)}, {});
}

std::optional<ReasonCode> find_binding_fault(const Books& books, ParticipantIndex bank,
                                             const core::Address& who) {
    if (who == nobody) return std::nullopt;
    if (!acts_for(books.participants, bank, core::KeyDuty::maker, who, books.block.height))
        return reason::forbidden;
    if (read_holder(books.accounts, who).index != 0) return reason::forbidden;
    return std::nullopt;
}

// ---- holders

constexpr Work set_holder_work{.reads = 12, .again = 3, .writes = 3};
constexpr core::Gas set_holder_more = cost::log(3, 32);
static_assert(gas_of(set_holder_work) + set_holder_more == 36'656);

std::optional<ReasonCode> register_holder(const Books& books, const core::Address& who,
                                          ParticipantIndex sponsor, HolderStatus status) {
    if (status != HolderStatus::active) return reason::unknown_reference;
    if (!is_contract(books.state, who) || settles_for(books.accounts, who) != 0) return reason::bad_form;
    add_holder(books.accounts, who, sponsor);
    return std::nullopt;
}

/// `has_authority`: an operator or freezer; `bank`: whose admin calls, 0 for nobody's.
std::optional<ReasonCode> change_holder(const Books& books, const core::Address& who, HolderStatus status,
                                        ParticipantIndex bank, bool has_authority) {
    if (status == HolderStatus::none) return reason::bad_form;
    const Holder holder = read_holder(books.accounts, who);
    if (holder.index == 0) return register_holder(books, who, has_authority ? 0 : bank, status);
    const bool is_freezing = status == HolderStatus::frozen || holder.status == HolderStatus::frozen;
    if (!has_authority && (bank != holder.sponsor || is_freezing)) return reason::forbidden;
    set_holder_status(books.accounts, who, status);
    if (has_authority) end_sponsorship(books.accounts, who);
    return std::nullopt;
}

BicText sponsor_of(const Books& books, const Holder& holder) {
    return holder.sponsor == 0 ? BicText{} : bic_at(books.participants, holder.sponsor);
}

HolderInfo info_of(const Books& books, const core::Address& who) {
    const Holder holder = read_holder(books.accounts, who);
    return {who, holder.status, sponsor_of(books, holder)};
}

}  // namespace

core::Gas bind_address_gas(const Invocation& call) {
    return fixed_gas<bind_work, bind_more>(call);
}

MethodResult bind_address(Invocation& call) {
    const auto arguments = abi::decode<core::Address>(call.arguments);
    if (!arguments) return malformed();
    const auto& [who] = *arguments;
    const Books books(call.state, call.block);
    const ParticipantIndex bank = administered_by(books, call.caller);
    if (bank == 0) return refused(reason::forbidden);
    if (const auto fault = find_binding_fault(books, bank, who)) return refused(*fault);
    if (settlement_address(books.accounts, bank) == who) return core::Bytes{};
    const ParticipantIndex loser = settles_for(books.accounts, who);
    set_settlement_address(books.accounts, bank, who);
    if (loser != 0) emit_binding(call, books, loser, nobody);
    emit_binding(call, books, bank, who);
    return core::Bytes{};
}

core::Gas set_holder_gas(const Invocation& call) {
    return fixed_gas<set_holder_work, set_holder_more>(call);
}

MethodResult set_holder(Invocation& call) {
    const auto arguments = abi::decode<core::Address, HolderStatus>(call.arguments);
    if (!arguments) return malformed();
    const auto& [who, status] = *arguments;
    const Books books(call.state, call.block);
    const ParticipantIndex bank = administered_by(books, call.caller);
    const bool has_authority = may_act(books.participants, call.caller, Role::freezer);
    if (bank == 0 && !has_authority) return refused(reason::forbidden);
    const Holder before = read_holder(books.accounts, who);
    // An authority that says what is so already still takes the word from the sponsor.
    const bool takes_over = has_authority && before.sponsor != 0;
    if (before.status == status && status != HolderStatus::none && !takes_over) return core::Bytes{};
    if (const auto fault = change_holder(books, who, status, bank, has_authority)) return refused(*fault);
    const Holder holder = read_holder(books.accounts, who);
    call.emit(holder_changed_topic, {word_of(who), word_of(sponsor_of(books, holder))}, abi::encode(status));
    return core::Bytes{};
}

core::Gas address_of_gas(const Invocation&) {
    return gas_of({.reads = 2});
}

MethodResult address_of(Invocation& call) {
    const auto arguments = abi::decode<BicText>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto party = find_party(books.participants, std::get<0>(*arguments));
    return abi::encode(party ? settlement_address(books.accounts, party->index) : nobody);
}

core::Gas settles_for_gas(const Invocation&) {
    return gas_of({.reads = 3});
}

MethodResult settles_for_bank(Invocation& call) {
    const auto arguments = abi::decode<core::Address>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const ParticipantIndex bank = settles_for(books.accounts, std::get<0>(*arguments));
    return abi::encode(bank == 0 ? BicText{} : bic_at(books.participants, bank));
}

core::Gas holder_of_gas(const Invocation&) {
    return gas_of({.reads = 3});
}

MethodResult holder_of(Invocation& call) {
    const auto arguments = abi::decode<core::Address>(call.arguments);
    if (!arguments) return malformed();
    return abi::encode(info_of(Books(call.state, call.block), std::get<0>(*arguments)));
}

core::Gas list_holders_gas(const Invocation& call) {
    const auto arguments = abi::decode<core::Uint256, core::Uint256>(call.arguments);
    return gas_of({.reads = 1 + (arguments ? 4 * page_rows(std::get<1>(*arguments)) : 0)});
}

MethodResult list_holders(Invocation& call) {
    const auto arguments = abi::decode<core::Uint256, core::Uint256>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const auto& [from, max] = *arguments;
    const Page page = page_of(from, max, holder_count(books.accounts));
    std::vector<HolderInfo> rows;
    for (std::uint64_t i = page.begin; i < page.end; ++i)
        rows.push_back(info_of(books, holder_at(books.accounts, static_cast<std::uint32_t>(i + 1))));
    return abi::encode(rows);
}

core::Gas holder_entry_count_gas(const Invocation&) {
    return gas_of({.reads = 4});
}

MethodResult holder_entry_count(Invocation& call) {
    const auto arguments = abi::decode<core::Address, CurrencyText>(call.arguments);
    if (!arguments) return malformed();
    const auto& [who, code] = *arguments;
    const Books books(call.state, call.block);
    const Holder holder = read_holder(books.accounts, who);
    const auto currency = find_currency(books.governance, code);
    if (holder.index == 0 || !currency) return abi::encode(std::uint64_t{0});
    return abi::encode(
        Account(books.accounts, holder_account(holder.index, currency->index)).terms().entries);
}

}  // namespace sluice::contracts::native::holders
