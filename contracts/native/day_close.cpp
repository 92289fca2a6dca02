#include "contracts/native/day_close.hpp"

#include "contracts/native/account_book.hpp"
#include "contracts/native/day_clock.hpp"
#include "contracts/native/day_phases.hpp"
#include "contracts/native/day_warehouse.hpp"
#include "contracts/native/liquidity_book.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/payment_lifecycle.hpp"
#include "contracts/native/retry_list.hpp"
#include "contracts/native/settlement_events.hpp"
#include "core/calendar.hpp"

namespace sluice::contracts::native {

namespace {

/// One closing currency while its work is carried on.
struct Close {
    const Books& books;
    Storage days;
    Currency currency;
    BusinessDay day;
    ClosingWork work;
    core::DateYmd date() const { return core::date_from_days(day.value_day); }
};

Close close_of(const Books& books, CurrencyIndex index) {
    const Storage days = days_of(books);
    const auto currency = find_currency(books.governance, currency_code(books.governance, index));
    const auto day = read_day(days, index);
    CHECK(currency.has_value());
    CHECK(day.has_value());
    CHECK(day->phase == Phase::closing);
    return {books, days, *currency, *day, read_closing(days, index)};
}

void expire_payments(Close& close, std::uint32_t& steps_left) {
    for (; steps_left > 0; --steps_left) {
        const auto arrival = first_open_payment(close.days, close.currency.index);
        if (!arrival) {
            close.work.stage = ClosingStage::balances;
            close.work.next_participant = 1;
            return;
        }
        Payment payment = pending_payment(close.books, payment_at_arrival(close.books.payments, *arrival));
        end(close.books, payment, Status::expired, reason::timed_out);
        ++close.work.expired;
    }
}

/// Writes down what an account holds. Credit that is used at the close is credit over night.
void write_balance(Close& close, ParticipantIndex participant) {
    const Books& books = close.books;
    const AccountId id{participant, close.currency.index};
    const Account account(books.accounts, id);
    const std::uint64_t entries = account.terms().entries;
    if (entries == 0) return;
    const core::SignedMinor balance = account.money().balance;
    write_closing_balance(close.days, id, {close.date(), entries, balance});
    ++close.work.accounts;
    const BicText bic = bic_at(books.participants, participant);
    books.emit(business_day_address, closing_balance_topic,
               {word_of(bic), word_of(close.currency.code), word_of(close.date())},
               abi::encode(entries, balance));
    if (balance < 0)
        books.emit(business_day_address, overnight_credit_topic,
                   {word_of(bic), word_of(close.currency.code), word_of(close.date())},
                   abi::encode(static_cast<core::Minor>(-balance)));
}

void finish(Close& close) {
    const Books& books = close.books;
    const CurrencyIndex index = close.currency.index;
    const ClosedDay closed{.height = books.block.height,
                           .time_ms = books.block.time_ms,
                           .expired = close.work.expired,
                           .accounts = close.work.accounts};
    write_closed_day(close.days, index, close.date(), closed);
    books.emit(business_day_address, day_closed_topic, {word_of(close.currency.code), word_of(close.date())},
               abi::encode(closed));
    close.work = {};
    set_closing(close.days, index, false);
    finish_day(books, close.currency, close.day);
}

void write_balances(Close& close, std::uint32_t& steps_left) {
    const std::uint32_t participants = participant_count(close.books.participants);
    for (; steps_left > 0; --steps_left) {
        if (close.work.next_participant > participants) return finish(close);
        write_balance(close, close.work.next_participant++);
    }
}

/// Calls `act` for each closing currency.
template <typename Act>
void each_closing(const Books& books, Act act) {
    for (auto index = next_closing(days_of(books), 0); index;
         index = next_closing(days_of(books), static_cast<CurrencyIndex>(*index + 1)))
        act(*index);
}

}  // namespace

void begin_closing(const Books& books, CurrencyIndex currency) {
    const Storage days = days_of(books);
    set_closing(days, currency, true);
    write_closing(days, currency, {.stage = ClosingStage::final_run, .since_height = books.block.height});
}

void end_final_runs(const Books& books) {
    const bool all_tried = !first_to_retry(books.payments) && !sweep_position(books.payments);
    each_closing(books, [&](CurrencyIndex index) {
        ClosingWork work = read_closing(days_of(books), index);
        if (work.stage != ClosingStage::final_run) return;
        const bool is_tried = all_tried && requested_run(books, index) == RunRequest::none;
        if (!is_tried && books.block.height < work.since_height + final_run_blocks_max) return;
        work.stage = ClosingStage::expiry;
        write_closing(days_of(books), index, work);
    });
}

void continue_closings(const Books& books, std::uint32_t& steps_left) {
    each_closing(books, [&](CurrencyIndex index) {
        if (steps_left == 0 || read_closing(days_of(books), index).stage == ClosingStage::final_run) return;
        Close close = close_of(books, index);
        if (close.work.stage == ClosingStage::expiry) expire_payments(close, steps_left);
        if (close.work.stage == ClosingStage::balances) write_balances(close, steps_left);
        write_closing(close.days, index, close.work);
    });
}

}  // namespace sluice::contracts::native
