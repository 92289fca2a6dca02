/// The accounts contract, 0x…5e02: issue, redemption, positions.
#include <algorithm>

#include "contracts/native/account_book.hpp"
#include "contracts/native/account_views.hpp"
#include "contracts/native/currency_table.hpp"
#include "contracts/native/day_gate.hpp"
#include "contracts/native/forced_transfer.hpp"
#include "contracts/native/holder_methods.hpp"
#include "contracts/native/limit_acts.hpp"
#include "contracts/native/limit_views.hpp"
#include "contracts/native/lock_methods.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/operator_roles.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/redemptions.hpp"
#include "contracts/native/retry_list.hpp"
#include "contracts/native/settlement_contracts.hpp"
#include "contracts/native/settlement_events.hpp"
#include "contracts/native/spending_rules.hpp"

namespace sluice::contracts::native {

namespace {

/// All money of a currency stays below this: sums of balances cannot overflow.
constexpr core::Minor issued_max = core::Minor{1} << 110;

std::optional<ReasonCode> find_amount_fault(core::Minor amount) {
    if (amount == 0) return reason::zero_amount;
    if (amount > amount_max) return reason::amount_too_large;
    return std::nullopt;
}

bool is_zero(std::span<const std::uint8_t> reference) {
    return std::all_of(reference.begin(), reference.end(), [](std::uint8_t byte) { return byte == 0; });
}

/// More money on an account may let its queue move.
void store_after_inflow(const Books& books, const Account& account) {
    account.store();
    if (account.has_queue()) add_to_retry(books.payments, account.id());
}

// ---- issue: issuer

constexpr core::Gas issue_more = cost::log(4, 96) + cost::log(3, 64) + 2 * cost::hash(64);

struct IssueArguments {
    BicText bic{};
    CurrencyText currency{};
    core::Minor amount = 0;
    core::Word rtgs_reference{};
    static constexpr auto abi_members() {
        using I = IssueArguments;
        return std::make_tuple(&I::bic, &I::currency, &I::amount, &I::rtgs_reference);
    }
};

core::Result<bool, ReasonCode> issue_money(const Books& books, const IssueArguments& issue) {
    if (const auto fault = find_amount_fault(issue.amount)) return core::fail(*fault);
    if (is_zero(issue.rtgs_reference)) return core::fail(reason::bad_form);
    const auto party = find_party(books.participants, issue.bic);
    if (!party) return core::fail(reason::bad_bank);
    const auto currency = find_currency(books.governance, issue.currency);
    if (!currency) return core::fail(reason::unknown_currency);
    const core::Hash content = core::keccak256(abi::encode(issue.bic, issue.currency, issue.amount));
    const core::Hash earlier = read_issue(books.accounts, issue.rtgs_reference);
    if (earlier != core::Hash{}) {
        if (earlier != content) return core::fail(reason::duplicate);
        return false;
    }
    if (party->status == ParticipantStatus::withdrawn) return core::fail(reason::closed_account);
    if (!is_booking_open(books, currency->index)) return core::fail(reason::too_late);
    IssuedTotals totals = issued_totals(books.accounts, currency->index);
    if (totals.issued + issue.amount > issued_max) return core::fail(reason::amount_too_large);

    totals.issued += issue.amount;
    set_issued_totals(books.accounts, currency->index, totals);
    write_issue(books.accounts, issue.rtgs_reference, content);
    Account account(books.accounts, {party->index, currency->index});
    book_entry(books, account, {issue.bic, issue.currency}, static_cast<core::SignedMinor>(issue.amount),
               issue.rtgs_reference);
    store_after_inflow(books, account);
    books.emit(accounts_address, issued_topic, {word_of(issue.bic), word_of(issue.currency)},
               abi::encode(issue.amount, issue.rtgs_reference));
    return true;
}

MethodResult issue(Invocation& call) {
    const auto arguments = abi::decode<BicText, CurrencyText, core::Minor, core::Word>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    if (!may_act(books.participants, call.caller, Role::issuer)) return refused(reason::forbidden);
    const auto& [bic, currency, amount, reference] = *arguments;
    const auto is_booked = issue_money(books, {bic, currency, amount, reference});
    if (!is_booked) return refused(is_booked.error());
    return abi::encode(*is_booked);
}

// ---- redemption: requested by a maker, decided by an issuer

core::Word reference_word(const UetrBytes& reference) {
    return word_of(reference);
}

core::Result<bool, ReasonCode> request_redemption(const Books& books, ParticipantIndex participant,
                                                  const core::Address& maker, const CurrencyText& code,
                                                  core::Minor amount, const UetrBytes& reference) {
    if (const auto fault = find_amount_fault(amount)) return core::fail(*fault);
    if (is_zero(reference)) return core::fail(reason::bad_form);
    const auto currency = find_currency(books.governance, code);
    if (!currency) return core::fail(reason::unknown_currency);
    const RedemptionKey key{participant, reference};
    const Redemption earlier = read_redemption(books.accounts, key);
    if (earlier.status != RedemptionStatus::none) {
        if (earlier.currency != currency->index || earlier.amount != amount)
            return core::fail(reason::duplicate);
        return false;
    }
    const BicText bic = bic_at(books.participants, participant);
    const auto party = find_party(books.participants, bic);
    CHECK(party.has_value());
    if (party->status != ParticipantStatus::active) return core::fail(reason::blocked_account);
    if (!is_booking_open(books, currency->index)) return core::fail(reason::too_late);
    Account account(books.accounts, {participant, currency->index});
    if (const auto obstacle = find_spending_obstacle(books, account, {.amount = amount}))
        return core::fail(*obstacle);

    const Redemption request{.currency = currency->index,
                             .amount = static_cast<std::uint64_t>(amount),
                             .requested_at_ms = books.block.time_ms,
                             .maker = maker};
    const bool waits = needs_approval(books.participants, account.id(), amount);
    if (waits)
        await_approval(books.accounts, key, request);
    else
        open_redemption(books.accounts, key, request);
    book_entry(books, account, {bic, code}, -static_cast<core::SignedMinor>(amount),
               reference_word(reference));
    account.lock(amount);
    account.store();
    books.emit(accounts_address, waits ? redeem_awaiting_topic : redeem_requested_topic,
               {word_of(bic), word_of(code)}, abi::encode(amount, reference));
    return true;
}

constexpr core::Gas redeem_more = cost::log(4, 96) + cost::log(3, 64);

MethodResult request_redeem(Invocation& call) {
    const auto arguments = abi::decode<CurrencyText, core::Minor, UetrBytes>(call.arguments);
    if (!arguments) return malformed();
    const Books books(call.state, call.block);
    const KeyGrant maker = key_grant(books.participants, core::KeyDuty::maker, call.caller);
    if (!maker.covers(call.block.height)) return refused(reason::forbidden);
    const auto& [currency, amount, reference] = *arguments;
    const auto is_new =
        request_redemption(books, maker.participant, call.caller, currency, amount, reference);
    if (!is_new) return refused(is_new.error());
    return abi::encode(*is_new);
}

/// Burns what was locked.
void redeem(const Books& books, Account& account, const Redemption& redemption) {
    account.unlock(redemption.amount);
    account.store();
    IssuedTotals totals = issued_totals(books.accounts, redemption.currency);
    totals.redeemed += redemption.amount;
    set_issued_totals(books.accounts, redemption.currency, totals);
}

/// Gives back what was locked.
void give_back(const Books& books, Account& account, const AccountName& name, const Redemption& redemption,
               const UetrBytes& reference) {
    account.unlock(redemption.amount);
    book_entry(books, account, name, static_cast<core::SignedMinor>(redemption.amount),
               reference_word(reference));
    store_after_inflow(books, account);
}

/// Decision of the bank's own approver, where its threshold asks for one.
MethodResult confirm_redeem(Invocation& call) {
    const auto arguments = abi::decode<UetrBytes, bool>(call.arguments);
    if (!arguments) return malformed();
    const auto& [reference, ok] = *arguments;
    const Books books(call.state, call.block);
    const KeyGrant approver = key_grant(books.participants, core::KeyDuty::approver, call.caller);
    if (!approver.covers(call.block.height)) return refused(reason::forbidden);
    const RedemptionKey key{approver.participant, reference};
    const Redemption redemption = read_redemption(books.accounts, key);
    if (redemption.status == RedemptionStatus::none) return refused(reason::unknown_reference);
    if (redemption.maker == call.caller) return refused(reason::forbidden);
    if (redemption.status != RedemptionStatus::awaiting_approval) return abi::encode(redemption.status);

    const BicText bic = bic_at(books.participants, key.participant);
    const AccountName name{bic, currency_code(books.governance, redemption.currency)};
    if (ok) {
        open_redemption(books.accounts, key, redemption);
    } else {
        refuse_awaiting(books.accounts, key);
        Account account(books.accounts, {key.participant, redemption.currency});
        give_back(books, account, name, redemption, reference);
    }
    call.emit(ok ? redeem_requested_topic : redeem_refused_topic, {word_of(bic), word_of(name.currency)},
              abi::encode(core::Minor{redemption.amount}, reference));
    return abi::encode(ok ? RedemptionStatus::open : RedemptionStatus::refused);
}

MethodResult approve_redeem(Invocation& call) {
    const auto arguments = abi::decode<BicText, UetrBytes, bool>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, reference, ok] = *arguments;
    const Books books(call.state, call.block);
    if (!may_act(books.participants, call.caller, Role::issuer)) return refused(reason::forbidden);
    const auto party = find_party(books.participants, bic);
    if (!party) return refused(reason::bad_bank);
    const RedemptionKey key{party->index, reference};
    const Redemption redemption = read_redemption(books.accounts, key);
    const RedemptionStatus decision = ok ? RedemptionStatus::redeemed : RedemptionStatus::refused;
    if (redemption.status == decision) return core::Bytes{};
    if (redemption.status != RedemptionStatus::open) return refused(reason::unknown_reference);
    if (!is_booking_open(books, redemption.currency)) return refused(reason::too_late);

    close_redemption(books.accounts, key, decision);
    const AccountName name{bic, currency_code(books.governance, redemption.currency)};
    Account account(books.accounts, {party->index, redemption.currency});
    if (ok)
        redeem(books, account, redemption);
    else
        give_back(books, account, name, redemption, reference);
    call.emit(ok ? redeemed_topic : redeem_refused_topic, {word_of(bic), word_of(name.currency)},
              abi::encode(core::Minor{redemption.amount}, reference));
    return core::Bytes{};
}

constexpr Work issue_work{.reads = 5, .again = 5, .writes = 8};
constexpr Work request_work{.reads = 8, .again = 5, .writes = 8};
constexpr Work confirm_work{.reads = 9, .again = 3, .writes = 6};
constexpr Work approve_work{.reads = 11, .again = 4, .writes = 8};
static_assert(gas_of(issue_work) + issue_more == 39'639);
static_assert(gas_of(request_work) + redeem_more == 45'855);
static_assert(gas_of(confirm_work) + redeem_more == 41'955);
static_assert(gas_of(approve_work) + redeem_more == 52'055);

constexpr std::array methods{
    Method{"issue(bytes11,bytes3,uint128,bytes32)", selector_of("issue(bytes11,bytes3,uint128,bytes32)"),
           Access::write, fixed_gas<issue_work, issue_more>, issue},
    Method{"requestRedeem(bytes3,uint128,bytes16)", selector_of("requestRedeem(bytes3,uint128,bytes16)"),
           Access::write, fixed_gas<request_work, redeem_more>, request_redeem},
    Method{"confirmRedeem(bytes16,bool)", selector_of("confirmRedeem(bytes16,bool)"), Access::write,
           fixed_gas<confirm_work, redeem_more>, confirm_redeem},
    Method{"approveRedeem(bytes11,bytes16,bool)", selector_of("approveRedeem(bytes11,bytes16,bool)"),
           Access::write, fixed_gas<approve_work, redeem_more>, approve_redeem},
    Method{"forceTransfer(bytes11,bytes11,bytes3,uint128,bytes32,string)",
           selector_of("forceTransfer(bytes11,bytes11,bytes3,uint128,bytes32,string)"), Access::write,
           force_transfer_gas, force_transfer},
    Method{"position(bytes11,bytes3)", selector_of("position(bytes11,bytes3)"), Access::view,
           fixed_gas<Work{.reads = 7, .again = 1}>, views::position},
    Method{"totals(bytes3)", selector_of("totals(bytes3)"), Access::view, fixed_gas<Work{.reads = 2}>,
           views::totals},
    Method{"entryCount(bytes11,bytes3)", selector_of("entryCount(bytes11,bytes3)"), Access::view,
           fixed_gas<Work{.reads = 4}>, views::entry_count},
    Method{"redemption(bytes11,bytes16)", selector_of("redemption(bytes11,bytes16)"), Access::view,
           fixed_gas<Work{.reads = 3}>, views::redemption},
    Method{"openRedemptions(uint256,uint256)", selector_of("openRedemptions(uint256,uint256)"), Access::view,
           views::open_redemptions_gas, views::open_redemptions},
    Method{"setCreditLine(bytes11,bytes3,uint128)", selector_of("setCreditLine(bytes11,bytes3,uint128)"),
           Access::write, acts::credit_line_gas, acts::set_credit_line},
    Method{"setBilateralLimit(bytes11,bytes3,uint128)",
           selector_of("setBilateralLimit(bytes11,bytes3,uint128)"), Access::write, acts::bilateral_limit_gas,
           acts::set_bilateral_limit},
    Method{"setMultilateralLimit(bytes3,uint128)", selector_of("setMultilateralLimit(bytes3,uint128)"),
           Access::write, acts::own_limit_gas, acts::set_multilateral_limit},
    Method{"setReservation(uint8,bytes3,uint128)", selector_of("setReservation(uint8,bytes3,uint128)"),
           Access::write, acts::own_limit_gas, acts::set_reservation},
    Method{"freeze(bytes11,bytes3,uint128,bool,string)",
           selector_of("freeze(bytes11,bytes3,uint128,bool,string)"), Access::write, acts::freeze_gas,
           acts::freeze},
    Method{"limits(bytes11,bytes3)", selector_of("limits(bytes11,bytes3)"), Access::view,
           fixed_gas<Work{.reads = 8, .again = 4}>, views::limits},
    Method{"bilateralLimits(bytes11,bytes3,uint256,uint256)",
           selector_of("bilateralLimits(bytes11,bytes3,uint256,uint256)"), Access::view,
           views::bilateral_limits_gas, views::bilateral_limits},
    Method{"lock(bytes32,bytes11,bytes11,bytes3,uint128,uint64)",
           selector_of("lock(bytes32,bytes11,bytes11,bytes3,uint128,uint64)"), Access::write, locks::lock_gas,
           locks::lock},
    Method{"release(bytes32)", selector_of("release(bytes32)"), Access::write, locks::close_gas,
           locks::release},
    Method{"refund(bytes32)", selector_of("refund(bytes32)"), Access::write, locks::close_gas, locks::refund},
    Method{"lockOf(bytes32)", selector_of("lockOf(bytes32)"), Access::view, locks::lock_of_gas,
           locks::lock_of},
    Method{"locksOf(bytes11,bytes3,bool,uint256,uint256)",
           selector_of("locksOf(bytes11,bytes3,bool,uint256,uint256)"), Access::view, locks::locks_of_gas,
           locks::locks_of},
    Method{"bindAddress(address)", selector_of("bindAddress(address)"), Access::write,
           holders::bind_address_gas, holders::bind_address},
    Method{"setHolder(address,uint8)", selector_of("setHolder(address,uint8)"), Access::write,
           holders::set_holder_gas, holders::set_holder},
    Method{"addressOf(bytes11)", selector_of("addressOf(bytes11)"), Access::view, holders::address_of_gas,
           holders::address_of},
    Method{"settlesFor(address)", selector_of("settlesFor(address)"), Access::view, holders::settles_for_gas,
           holders::settles_for_bank},
    Method{"holderOf(address)", selector_of("holderOf(address)"), Access::view, holders::holder_of_gas,
           holders::holder_of},
    Method{"holders(uint256,uint256)", selector_of("holders(uint256,uint256)"), Access::view,
           holders::list_holders_gas, holders::list_holders},
    Method{"holderEntryCount(address,bytes3)", selector_of("holderEntryCount(address,bytes3)"), Access::view,
           holders::holder_entry_count_gas, holders::holder_entry_count},
};

}  // namespace

constinit const NativeContract accounts_contract{
    .address = accounts_address, .name = "accounts", .methods = methods};

}  // namespace sluice::contracts::native
