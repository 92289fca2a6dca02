#include "contracts/native/limit_acts.hpp"

#include <algorithm>

#include "contracts/native/currency_table.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/operator_roles.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/retry_list.hpp"
#include "contracts/native/spending_rules.hpp"

namespace sluice::contracts::native {

void emit_limit_change(const Books& books, const LimitChangedEvent& event) {
    books.emit(accounts_address, limit_changed_topic, {word_of(event.bic), word_of(event.currency)},
               abi::encode(event.kind, event.to, event.value));
}

namespace acts {

namespace {

/// Longest reason of a freeze, in bytes.
constexpr std::size_t reason_bytes_max = 140;

/// An account that an act names, and how events name it.
struct NamedAccount {
    AccountId id;
    AccountName name;
};

core::Result<NamedAccount, ReasonCode> find_account(const Books& books, const BicText& bic,
                                                    const CurrencyText& code) {
    const auto party = find_party(books.participants, bic);
    if (!party) return core::fail(reason::bad_bank);
    if (party->status == ParticipantStatus::withdrawn) return core::fail(reason::closed_account);
    const auto currency = find_currency(books.governance, code);
    if (!currency) return core::fail(reason::unknown_currency);
    return NamedAccount{{party->index, currency->index}, {bic, code}};
}

/// Which bank a key steers the liquidity of: that of an admin or an approver. Makers pay; what bounds them is
/// set by others.
ParticipantIndex bank_of_treasurer(const Books& books, const core::Address& key) {
    for (const core::KeyDuty duty : {core::KeyDuty::approver, core::KeyDuty::admin}) {
        const KeyGrant grant = key_grant(books.participants, duty, key);
        if (grant.covers(books.block.height)) return grant.participant;
    }
    return 0;
}

core::Result<NamedAccount, ReasonCode> find_own_account(const Books& books, const core::Address& key,
                                                        const CurrencyText& code) {
    const ParticipantIndex bank = bank_of_treasurer(books, key);
    if (bank == 0) return core::fail(reason::forbidden);
    const auto currency = find_currency(books.governance, code);
    if (!currency) return core::fail(reason::unknown_currency);
    return NamedAccount{{bank, currency->index}, {bic_at(books.participants, bank), code}};
}

/// An amount of an act, or `no_limit`.
bool is_limit_value(core::Minor value) {
    return value <= amount_max || value == no_limit;
}
std::optional<std::uint64_t> limit_of(core::Minor value) {
    if (value == no_limit) return std::nullopt;
    return static_cast<std::uint64_t>(value);
}

/// Any change of what an account may spend lets its queue try.
void store_and_retry(const Books& books, const Account& account) {
    account.store();
    if (account.has_queue()) add_to_retry(books.payments, account.id());
}

}  // namespace

// ---- credit line: operator

namespace {

/// A line below what the balance already uses takes effect only as far as it is not used: an account never
/// lies below its floor.
core::Minor line_in_force(const Account& account, core::Minor asked) {
    const core::SignedMinor balance = account.money().balance;
    const core::Minor used = balance < 0 ? static_cast<core::Minor>(-balance) : 0;
    return std::max(asked, used);
}

}  // namespace

MethodResult set_credit_line(Invocation& call) {
    const auto arguments = abi::decode<BicText, CurrencyText, core::Minor>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, code, asked] = *arguments;
    const Books books(call.state, call.block);
    if (!may_act(books.participants, call.caller, Role::operator_)) return refused(reason::forbidden);
    if (asked > amount_max) return refused(reason::amount_too_large);
    const auto named = find_account(books, bic, code);
    if (!named) return refused(named.error());

    Account account(books.accounts, named->id);
    const core::Minor line = line_in_force(account, asked);
    if (line == account.terms().credit_line) return abi::encode(line);
    account.set_credit_line(line);
    store_and_retry(books, account);
    emit_limit_change(books, {.bic = bic, .currency = code, .kind = LimitKind::credit_line, .value = line});
    return abi::encode(line);
}

// ---- limits and reservations: the bank itself

MethodResult set_bilateral_limit(Invocation& call) {
    const auto arguments = abi::decode<BicText, CurrencyText, core::Minor>(call.arguments);
    if (!arguments) return malformed();
    const auto& [to, code, value] = *arguments;
    const Books books(call.state, call.block);
    const auto own = find_own_account(books, call.caller, code);
    if (!own) return refused(own.error());
    if (!is_limit_value(value)) return refused(reason::amount_too_large);
    const auto payee = find_party(books.participants, to);
    if (!payee) return refused(reason::bad_bank);
    if (payee->index == own->id.participant) return refused(reason::bad_creditor);

    Account account(books.accounts, own->id);
    const BilateralLimit before = bilateral_limit(books.accounts, own->id, payee->index);
    const bool same = before.exists() ? value == before.limit : value == no_limit;
    if (same) return core::Bytes{};
    if (!before.exists() &&
        multilateral_limit(books.accounts, own->id).bilateral_limits >= bilateral_limits_max)
        return refused(reason::unsupported);
    native::set_bilateral_limit(books.accounts, account, payee->index, limit_of(value));
    store_and_retry(books, account);
    emit_limit_change(
        books,
        {.bic = own->name.bic, .currency = code, .kind = LimitKind::bilateral, .to = to, .value = value});
    return core::Bytes{};
}

MethodResult set_multilateral_limit(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText, core::Minor>(call.arguments);
    if (!arguments) return malformed();
    const auto& [code, value] = *arguments;
    const Books books(call.state, call.block);
    const auto own = find_own_account(books, call.caller, code);
    if (!own) return refused(own.error());
    if (!is_limit_value(value)) return refused(reason::amount_too_large);

    Account account(books.accounts, own->id);
    const core::Minor before = account.has(AccountRule::multilateral_limit)
                                   ? multilateral_limit(books.accounts, own->id).limit
                                   : no_limit;
    if (value == before) return core::Bytes{};
    native::set_multilateral_limit(books.accounts, account, limit_of(value));
    store_and_retry(books, account);
    emit_limit_change(
        books, {.bic = own->name.bic, .currency = code, .kind = LimitKind::multilateral, .value = value});
    return core::Bytes{};
}

MethodResult set_reservation(Invocation& call) {
    const auto arguments = abi::decode<Priority, CurrencyText, core::Minor>(call.arguments);
    if (!arguments) return malformed();
    const auto& [priority, code, value] = *arguments;
    const Books books(call.state, call.block);
    const auto own = find_own_account(books, call.caller, code);
    if (!own) return refused(own.error());
    if (is_limited(priority)) return refused(reason::bad_form);
    if (!is_limit_value(value)) return refused(reason::amount_too_large);

    Account account(books.accounts, own->id);
    const Reservations before = reservations(books.accounts, own->id);
    const core::Minor amount = value == no_limit ? 0 : value;
    const bool is_urgent = priority == Priority::urgent;
    if (amount == (is_urgent ? before.urgent : before.high)) return core::Bytes{};
    native::set_reservation(books.accounts, account, priority, amount);
    store_and_retry(books, account);
    emit_limit_change(books, {.bic = own->name.bic,
                              .currency = code,
                              .kind = is_urgent ? LimitKind::urgent_reservation : LimitKind::high_reservation,
                              .value = amount});
    return core::Bytes{};
}

// ---- freeze: freezer

namespace {

/// Freezes or frees the whole account. False if that changes nothing.
bool freeze_whole(Account& account, bool on) {
    if (account.has(AccountRule::frozen) == on) return false;
    account.set_rule(AccountRule::frozen, on);
    return true;
}

/// Sets how much of the account is frozen. False if that changes nothing.
bool freeze_part(const Books& books, Account& account, core::Minor amount) {
    if (held_back(books.accounts, account.id()).frozen == amount) return false;
    set_frozen_amount(books.accounts, account, amount);
    return true;
}

/// On: an amount, or the whole account. Off: of the whole account, or (by 0) of whatever amount is frozen.
std::optional<ReasonCode> find_freeze_fault(core::Minor amount, bool on, std::string_view why) {
    if (why.size() > reason_bytes_max) return reason::bad_form;
    if (amount == no_limit) return std::nullopt;
    if (amount > amount_max) return reason::amount_too_large;
    if (on == (amount != 0)) return std::nullopt;
    return on ? reason::zero_amount : reason::bad_form;
}

}  // namespace

MethodResult freeze(Invocation& call) {
    const auto arguments =
        abi::decode<BicText, CurrencyText, core::Minor, bool, std::string_view>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, code, amount, on, why] = *arguments;
    const Books books(call.state, call.block);
    if (!may_act(books.participants, call.caller, Role::freezer)) return refused(reason::forbidden);
    if (const auto fault = find_freeze_fault(amount, on, why)) return refused(*fault);
    const auto named = find_account(books, bic, code);
    if (!named) return refused(named.error());

    Account account(books.accounts, named->id);
    const bool changes = amount == no_limit ? freeze_whole(account, on) : freeze_part(books, account, amount);
    if (!changes) return core::Bytes{};
    store_and_retry(books, account);
    books.emit(accounts_address, frozen_topic, {word_of(bic), word_of(code)}, abi::encode(amount, on, why));
    return core::Bytes{};
}

// ---- what they cost

namespace {

/// Role, quorum, party, currency, the account's slots, and its place in the retry list.
constexpr Work authority_work{.reads = 10, .again = 2, .writes = 5};
/// Two duties, the bank's name, currency, the account's slots, and its place in the retry list.
constexpr Work own_work{.reads = 10, .again = 2, .writes = 5};
/// And the payee, its limit, the list, and the limit that takes a removed one's position.
constexpr Work bilateral_work{.reads = 15, .again = 4, .writes = 9};
constexpr core::Gas limit_more = cost::log(3, 96);
constexpr core::Gas freeze_more = cost::log(3, 160 + reason_bytes_max);
static_assert(gas_of(authority_work) + limit_more == 38'668);
static_assert(gas_of(bilateral_work) + limit_more == 60'968);

}  // namespace

core::Gas credit_line_gas(const Invocation& call) {
    return fixed_gas<authority_work, limit_more>(call);
}
core::Gas own_limit_gas(const Invocation& call) {
    return fixed_gas<own_work, limit_more>(call);
}
core::Gas bilateral_limit_gas(const Invocation& call) {
    return fixed_gas<bilateral_work, limit_more>(call);
}
core::Gas freeze_gas(const Invocation& call) {
    return fixed_gas<authority_work, freeze_more>(call);
}

}  // namespace acts

}  // namespace sluice::contracts::native
