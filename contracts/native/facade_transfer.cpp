#include "contracts/native/facade_transfer.hpp"

#include "contracts/native/day_gate.hpp"
#include "contracts/native/mandates.hpp"
#include "contracts/native/outflow.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/payment_lifecycle.hpp"
#include "contracts/native/settlement_events.hpp"

namespace sluice::contracts::native {

namespace {

// ERC-6093.
constexpr Selector invalid_sender = selector_of("ERC20InvalidSender(address)");
constexpr Selector invalid_receiver = selector_of("ERC20InvalidReceiver(address)");
constexpr Selector insufficient_balance = selector_of("ERC20InsufficientBalance(address,uint256,uint256)");

using Fault = std::optional<Revert>;

Fault refusal(const ReasonCode& code) {
    return Revert{abi::encode_refused(code)};
}

ParticipantStatus bank_status(const Books& books, const Holding& bank) {
    const auto party = find_party(books.participants, bic_at(books.participants, bank.account.participant));
    CHECK(party.has_value());
    return party->status;
}

/// An agent's mandate is an admin's act and bounds the day, so it needs no second signature. Counts the
/// amount.
Fault find_mandate_refusal(const Books& books, const Holding& payer, const FacadeTransfer& transfer) {
    const auto fault = use_mandate(books, {payer.account.participant, transfer.agent, MandateAct::transfer,
                                           payer.account.currency, transfer.amount.low_u64()});
    return fault ? refusal(*fault) : std::nullopt;
}

/// Why the owner of `payer` may not pay at all.
Fault find_payer_fault(const Books& books, const Holding& payer, const FacadeTransfer& transfer) {
    if (payer.kind == Holding::Kind::none) return Revert{abi::encode_call(invalid_sender, transfer.from)};
    if (payer.kind == Holding::Kind::holder)
        return payer.status == HolderStatus::frozen ? refusal(reason::blocked_account) : std::nullopt;
    const ParticipantStatus status = bank_status(books, payer);
    if (const auto obstacle = find_obstacle(status, ParticipantStatus::active)) return refusal(*obstacle);
    const core::Minor amount = transfer.amount.low_u64();
    // The binding outlives the key's duty; the power over the money does not, for its agents either.
    if (!acts_for(books.participants, payer.account.participant, core::KeyDuty::maker, transfer.from,
                  books.block.height))
        return refusal(reason::forbidden);
    if (needs_screening(books, payer.account, amount)) return refusal(reason::regulatory);
    if (transfer.agent != core::Address{}) return find_mandate_refusal(books, payer, transfer);
    if (needs_two_signatures(books, payer.account, amount)) return refusal(reason::forbidden);
    return std::nullopt;
}

Fault find_payee_fault(const Books& books, const Holding& payee, const core::Address& to) {
    if (payee.kind == Holding::Kind::none) return Revert{abi::encode_call(invalid_receiver, to)};
    if (payee.kind == Holding::Kind::holder)
        return payee.status == HolderStatus::active ? std::nullopt : refusal(reason::blocked_account);
    const auto obstacle = find_obstacle(ParticipantStatus::active, bank_status(books, payee));
    return obstacle ? refusal(*obstacle) : std::nullopt;
}

Fault find_funds_fault(const Books& books, const Holding& payer, const Holding& payee,
                       const FacadeTransfer& transfer) {
    const core::Minor amount = transfer.amount.low_u64();
    const Account account(books.accounts, payer.account);
    std::optional<ReasonCode> obstacle;
    if (payer.kind == Holding::Kind::bank)
        obstacle = find_outflow_obstacle(
            books, account, payee.kind == Holding::Kind::bank ? payee.account.participant : 0, amount);
    else if (account.money().balance < static_cast<core::SignedMinor>(amount))
        obstacle = reason::insufficient_funds;
    if (!obstacle) return std::nullopt;
    if (*obstacle != reason::insufficient_funds) return refusal(*obstacle);
    return Revert{
        abi::encode_call(insufficient_balance, transfer.from, balance_of(books, payer), transfer.amount)};
}

void book_holder_entry(const Books& books, const AccountId& id, const core::Address& holder,
                       const CurrencyText& currency, core::SignedMinor delta, const core::Word& reference) {
    Account account(books.accounts, id);
    const std::uint64_t entry = account.book(delta);
    account.store();
    books.emit(accounts_address, holder_entry_topic, {word_of(holder), word_of(currency), word_of(entry)},
               abi::encode(delta, account.money().balance, reference));
}

void pay_out(const Books& books, const Holding& payer, const Currency& currency,
             const FacadeTransfer& transfer) {
    const auto amount = static_cast<core::SignedMinor>(transfer.amount.low_u64());
    const core::Word reference = word_of(transfer.to);
    if (payer.kind == Holding::Kind::holder)
        return book_holder_entry(books, payer.account, transfer.from, currency.code, -amount, reference);
    Account account(books.accounts, payer.account);
    book_entry(books, account, {bic_at(books.participants, payer.account.participant), currency.code},
               -amount, reference);
    account.store();
}

void pay_in(const Books& books, const Holding& payee, const Currency& currency,
            const FacadeTransfer& transfer) {
    const core::Minor amount = transfer.amount.low_u64();
    const core::Word reference = word_of(transfer.from);
    if (payee.kind == Holding::Kind::holder)
        return book_holder_entry(books, payee.account, transfer.to, currency.code,
                                 static_cast<core::SignedMinor>(amount), reference);
    book_inflow(books, payee.account, {bic_at(books.participants, payee.account.participant), currency.code},
                amount, reference);
}

}  // namespace

Holding find_holding(const Books& books, CurrencyIndex currency, const core::Address& address) {
    if (const ParticipantIndex bank = settles_for(books.accounts, address); bank != 0)
        return {Holding::Kind::bank, {bank, currency}, HolderStatus::none};
    const Holder holder = read_holder(books.accounts, address);
    if (holder.index == 0) return {};
    return {Holding::Kind::holder, holder_account(holder.index, currency), holder.status};
}

core::Minor balance_of(const Books& books, const Holding& holding) {
    if (holding.kind == Holding::Kind::none) return 0;
    const core::SignedMinor balance = Account(books.accounts, holding.account).money().balance;
    return balance < 0 ? 0 : static_cast<core::Minor>(balance);
}

bool has_mandate(const Books& books, const Holding& payer, const core::Address& agent) {
    return payer.kind == Holding::Kind::bank &&
           is_mandated(books,
                       {payer.account.participant, agent, MandateAct::transfer, payer.account.currency, 0});
}

std::optional<Revert> transfer_money(const Books& books, const Currency& currency,
                                     const FacadeTransfer& transfer) {
    const Holding payer = find_holding(books, currency.index, transfer.from);
    const Holding payee = find_holding(books, currency.index, transfer.to);
    if (transfer.amount > core::Uint256(static_cast<std::uint64_t>(amount_max)))
        return refusal(reason::amount_too_large);
    const core::Minor amount = transfer.amount.low_u64();
    if (auto fault = find_payer_fault(books, payer, transfer)) return fault;
    if (auto fault = find_payee_fault(books, payee, transfer.to)) return fault;
    if (amount == 0) return std::nullopt;
    if (!is_settlement_open(books, currency.index)) return refusal(reason::too_late);
    if (auto fault = find_funds_fault(books, payer, payee, transfer)) return fault;
    if (transfer.from == transfer.to) return std::nullopt;
    pay_out(books, payer, currency, transfer);
    pay_in(books, payee, currency, transfer);
    if (payer.kind == Holding::Kind::bank && payee.kind == Holding::Kind::bank)
        count_outflow(books, payer.account, payee.account, amount);
    return std::nullopt;
}

}  // namespace sluice::contracts::native
