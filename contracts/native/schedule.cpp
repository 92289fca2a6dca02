#include "contracts/native/schedule.hpp"

#include "contracts/native/ordered_set.hpp"
#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x08 and 0x09 of the payments contract, and slot 4 of a payment's row.
// 0x08                   OrderedSet of times at which something is due
// 0x09 ‖ uint64 time     struct DueList: the payments of that time, by arrival number
// slot 4 of a payment    struct DueLinks
constexpr std::uint8_t times_table = 0x08;
constexpr std::uint8_t list_table = 0x09;
constexpr std::uint8_t links_slot = 4;

struct DueList {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    static constexpr auto storage_members() { return std::make_tuple(&DueList::first, &DueList::last); }
};

struct DueLinks {
    std::uint64_t time_ms = 0;  ///< 0: not scheduled
    std::uint64_t previous = 0;
    std::uint64_t next = 0;
    static constexpr auto storage_members() {
        return std::make_tuple(&DueLinks::time_ms, &DueLinks::previous, &DueLinks::next);
    }
};
static_assert(Place<DueLinks>::slots == 1);

OrderedSet times(const Storage& payments) {
    return {payments, row_key(times_table)};
}
Place<DueList> list_place(const Storage& payments, core::UnixMs time_ms) {
    return {payments, row_key(list_table, time_ms)};
}
Place<DueLinks> links_place(const Storage& payments, std::uint64_t arrival) {
    return {payments, row_slot(row_of(payment_at_arrival(payments, arrival)).key, links_slot)};
}

void set_next(const Storage& payments, std::uint64_t arrival, std::uint64_t next) {
    const auto place = links_place(payments, arrival);
    DueLinks links = place.read();
    links.next = next;
    place.write(links);
}

void set_previous(const Storage& payments, std::uint64_t arrival, std::uint64_t previous) {
    const auto place = links_place(payments, arrival);
    DueLinks links = place.read();
    links.previous = previous;
    place.write(links);
}

}  // namespace

void schedule(const Storage& payments, std::uint64_t arrival, core::UnixMs time_ms) {
    const auto place = links_place(payments, arrival);
    CHECK(place.read().time_ms == 0);
    CHECK(time_ms != 0);
    const auto list_at = list_place(payments, time_ms);
    DueList list = list_at.read();
    place.write({.time_ms = time_ms, .previous = list.last});
    if (list.first == 0) {
        list.first = arrival;
        times(payments).insert(time_ms);
    } else {
        set_next(payments, list.last, arrival);
    }
    list.last = arrival;
    list_at.write(list);
}

void unschedule(const Storage& payments, std::uint64_t arrival) {
    const auto place = links_place(payments, arrival);
    const DueLinks links = place.read();
    if (links.time_ms == 0) return;
    place.clear();
    const auto list_at = list_place(payments, links.time_ms);
    DueList list = list_at.read();
    if (links.previous != 0)
        set_next(payments, links.previous, links.next);
    else
        list.first = links.next;
    if (links.next != 0)
        set_previous(payments, links.next, links.previous);
    else
        list.last = links.previous;
    list_at.write(list);
    if (list.first == 0) times(payments).erase(links.time_ms);
}

core::UnixMs due_time(const Storage& payments, std::uint64_t arrival) {
    return links_place(payments, arrival).read().time_ms;
}

std::optional<core::UnixMs> first_due(const Storage& payments) {
    return times(payments).first();
}

std::optional<std::uint64_t> due_by(const Storage& payments, core::UnixMs now_ms) {
    const auto time_ms = first_due(payments);
    if (!time_ms || *time_ms > now_ms) return std::nullopt;
    return list_place(payments, *time_ms).read().first;
}

}  // namespace sluice::contracts::native
