#include "contracts/native/retry_list.hpp"

#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x06, 0x07, 0x0a and 0x0c of the payments contract: a list through the accounts in it.
// 0x06                                      struct RetryEnds
// 0x07 ‖ uint32 participant ‖ uint16 ccy    struct RetryLink, while in the list
// 0x0a                                      struct AccountId: where the sweep stands, 0 for none
// 0x0c                                      uint64 time of the next sweep, 0 for none
constexpr std::uint8_t ends_table = 0x06;
constexpr std::uint8_t link_table = 0x07;
constexpr std::uint8_t sweep_table = 0x0a;
constexpr std::uint8_t sweep_time_table = 0x0c;

struct RetryEnds {
    ParticipantIndex first_participant = 0;
    CurrencyIndex first_currency = 0;
    ParticipantIndex last_participant = 0;
    CurrencyIndex last_currency = 0;
    static constexpr auto storage_members() {
        return std::make_tuple(&RetryEnds::first_participant, &RetryEnds::first_currency,
                               &RetryEnds::last_participant, &RetryEnds::last_currency);
    }
    AccountId first() const { return {first_participant, first_currency}; }
    AccountId last() const { return {last_participant, last_currency}; }
};

struct RetryLink {
    bool in_list = false;
    ParticipantIndex next_participant = 0;
    CurrencyIndex next_currency = 0;
    static constexpr auto storage_members() {
        return std::make_tuple(&RetryLink::in_list, &RetryLink::next_participant, &RetryLink::next_currency);
    }
};

Place<RetryEnds> ends_place(const Storage& payments) {
    return {payments, row_key(ends_table)};
}
Place<AccountId> sweep_place(const Storage& payments) {
    return {payments, row_key(sweep_table)};
}
Place<core::UnixMs> sweep_time_place(const Storage& payments) {
    return {payments, row_key(sweep_time_table)};
}
Place<RetryLink> link_place(const Storage& payments, const AccountId& account) {
    return {payments, row_key(link_table, account.participant, account.currency)};
}

}  // namespace

void add_to_retry(const Storage& payments, const AccountId& account) {
    const auto link = link_place(payments, account);
    if (link.read().in_list) return;
    link.write({.in_list = true});
    RetryEnds ends = ends_place(payments).read();
    if (ends.first_participant == 0) {
        ends.first_participant = account.participant;
        ends.first_currency = account.currency;
    } else {
        link_place(payments, ends.last()).write({true, account.participant, account.currency});
    }
    ends.last_participant = account.participant;
    ends.last_currency = account.currency;
    ends_place(payments).write(ends);
}

std::optional<AccountId> first_to_retry(const Storage& payments) {
    const RetryEnds ends = ends_place(payments).read();
    if (ends.first_participant == 0) return std::nullopt;
    return ends.first();
}

void drop_first_to_retry(const Storage& payments) {
    RetryEnds ends = ends_place(payments).read();
    CHECK(ends.first_participant != 0);
    const auto link = link_place(payments, ends.first());
    const RetryLink next = link.read();
    link.clear();
    if (ends.first() == ends.last()) {
        ends_place(payments).clear();
        return;
    }
    ends.first_participant = next.next_participant;
    ends.first_currency = next.next_currency;
    ends_place(payments).write(ends);
}

void request_sweep(const Storage& payments) {
    sweep_place(payments).write({1, 1});
}

void request_sweep_at(const Storage& payments, core::UnixMs time_ms) {
    const auto asked = next_sweep_at(payments);
    if (!asked || time_ms < *asked) sweep_time_place(payments).write(time_ms);
}

std::optional<core::UnixMs> next_sweep_at(const Storage& payments) {
    const core::UnixMs time_ms = sweep_time_place(payments).read();
    if (time_ms == 0) return std::nullopt;
    return time_ms;
}

void begin_due_sweep(const Storage& payments, core::UnixMs now_ms) {
    const auto asked = next_sweep_at(payments);
    if (!asked || *asked > now_ms) return;
    sweep_time_place(payments).clear();
    request_sweep(payments);
}

std::optional<AccountId> sweep_position(const Storage& payments) {
    const AccountId position = sweep_place(payments).read();
    if (position.participant == 0) return std::nullopt;
    return position;
}

void move_sweep(const Storage& payments, const std::optional<AccountId>& next) {
    sweep_place(payments).write(next.value_or(AccountId{}));
}

}  // namespace sluice::contracts::native
