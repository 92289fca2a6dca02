#include "contracts/native/lock_book.hpp"

#include "contracts/native/ordered_set.hpp"
#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x20 to 0x23 of the accounts contract.
// 0x20 ‖ first 30 bytes of keccak256(lock id)          struct Lock
// 0x21 ‖ uint8 list ‖ uint64 name                      uint32 open locks in that list
// 0x22 ‖ uint8 list ‖ uint64 name ‖ uint32 position    lock id
// 0x23                                                 OrderedSet of times at which locks expire
// List 0 is named by the payer's account, 1 by the beneficiary's, 2 by the time.
constexpr std::uint8_t lock_table = 0x20;
constexpr std::uint8_t count_table = 0x21;
constexpr std::uint8_t entry_table = 0x22;
constexpr std::uint8_t times_table = 0x23;

static_assert(Place<Lock>::slots == 3);

/// A list of open locks. A lock knows its position in each, so that leaving one takes no search.
struct List {
    std::uint8_t kind = 0;
    std::uint64_t name = 0;
    std::uint32_t Lock::*position = nullptr;
};
List list_of(LockSide side, const AccountId& account) {
    const std::uint64_t name = std::uint64_t{account.participant} << 16 | account.currency;
    if (side == LockSide::outgoing) return {0, name, &Lock::outgoing_position};
    return {1, name, &Lock::incoming_position};
}
List due_list(core::UnixMs time_ms) {
    return {2, time_ms, &Lock::due_position};
}
core::UnixMs due_time(const Lock& lock) {
    return lock.expiry_ms + 1;
}
std::array<List, 3> lists_of(const Lock& lock) {
    return {list_of(LockSide::outgoing, lock.payer_account()),
            list_of(LockSide::incoming, lock.beneficiary_account()), due_list(due_time(lock))};
}

Place<Lock> lock_place(const Storage& accounts, const LockId& id) {
    return {accounts, hashed_row_key(lock_table, id)};
}
Place<std::uint32_t> count_place(const Storage& accounts, const List& list) {
    return {accounts, row_key(count_table, list.kind, list.name)};
}
Place<LockId> entry_place(const Storage& accounts, const List& list, std::uint32_t position) {
    return {accounts, row_key(entry_table, list.kind, list.name, position)};
}
OrderedSet times(const Storage& accounts) {
    return {accounts, row_key(times_table)};
}

void join(const Storage& accounts, const List& list, const LockId& id, Lock& lock) {
    const auto count = count_place(accounts, list);
    lock.*list.position = count.read();
    entry_place(accounts, list, lock.*list.position).write(id);
    count.write(lock.*list.position + 1);
}

/// The last of the list takes the place of the one that leaves. True if nobody is left.
bool leave(const Storage& accounts, const List& list, const Lock& lock) {
    const auto count = count_place(accounts, list);
    const std::uint32_t last = count.read() - 1;
    const std::uint32_t freed = lock.*list.position;
    if (freed != last) {
        const LockId moved = entry_place(accounts, list, last).read();
        entry_place(accounts, list, freed).write(moved);
        Lock other = read_lock(accounts, moved);
        other.*list.position = freed;
        lock_place(accounts, moved).write(other);
    }
    entry_place(accounts, list, last).clear();
    count.write(last);
    return last == 0;
}

template <std::size_t N>
LockId id_of(const std::array<std::uint8_t, N>& locker, const core::Word& operation) {
    std::array<std::uint8_t, N + 32> bytes{};
    std::copy(locker.begin(), locker.end(), bytes.begin());
    std::copy(operation.begin(), operation.end(), bytes.begin() + N);
    return core::keccak256(bytes);
}

}  // namespace

std::string_view name_of(LockStatus status) {
    constexpr std::array<std::string_view, 4> names{"None", "Open", "Released", "Refunded"};
    return names[static_cast<std::size_t>(status)];
}

LockId lock_id(const BicText& payer, const core::Word& operation) {
    std::array<std::uint8_t, 11> bytes{};
    ValueType<BicText>::put(bytes.data(), payer);
    return id_of(bytes, operation);
}

LockId lock_id(const core::Address& agent, const core::Word& operation) {
    return id_of(agent, operation);
}

Lock read_lock(const Storage& accounts, const LockId& id) {
    return lock_place(accounts, id).read();
}

void open_lock(const Storage& accounts, const LockId& id, const Lock& lock) {
    Lock opened = lock;
    opened.status = LockStatus::open;
    for (const List& list : lists_of(opened))
        join(accounts, list, id, opened);
    if (opened.due_position == 0) times(accounts).insert(due_time(opened));
    lock_place(accounts, id).write(opened);
}

void close_lock(const Storage& accounts, const LockId& id, LockStatus status) {
    CHECK(status == LockStatus::released || status == LockStatus::refunded);
    Lock lock = read_lock(accounts, id);
    CHECK(lock.status == LockStatus::open);
    bool is_last_of_time = false;
    for (const List& list : lists_of(lock))
        is_last_of_time = leave(accounts, list, lock);
    if (is_last_of_time) times(accounts).erase(due_time(lock));
    lock.status = status;
    lock.outgoing_position = lock.incoming_position = lock.due_position = 0;
    lock_place(accounts, id).write(lock);
}

std::uint32_t open_lock_count(const Storage& accounts, LockSide side, const AccountId& account) {
    return count_place(accounts, list_of(side, account)).read();
}

LockId open_lock_at(const Storage& accounts, LockSide side, const AccountId& account,
                    std::uint32_t position) {
    return entry_place(accounts, list_of(side, account), position).read();
}

std::optional<core::UnixMs> first_lock_due(const Storage& accounts) {
    return times(accounts).first();
}

std::optional<LockId> lock_due_by(const Storage& accounts, core::UnixMs now_ms) {
    const auto time_ms = first_lock_due(accounts);
    if (!time_ms || *time_ms > now_ms) return std::nullopt;
    return entry_place(accounts, due_list(*time_ms), 0).read();
}

}  // namespace sluice::contracts::native
