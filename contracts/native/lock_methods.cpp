#include "contracts/native/lock_methods.hpp"

#include "contracts/native/currency_table.hpp"
#include "contracts/native/lock_structs.hpp"
#include "contracts/native/locks.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/page.hpp"
#include "contracts/native/participant_directory.hpp"

namespace sluice::contracts::native::locks {

namespace {

constexpr core::Gas lock_more = cost::log(4, 160) + cost::log(4, 96) + 2 * cost::hash(64);
constexpr core::Gas close_more = cost::log(4, 96) + cost::log(4, 96) + 5 * cost::hash(32);
/// A row of a lock and the names of its parties.
constexpr std::size_t info_reads = 8;

// A lock writes its row, a count and an entry in three lists, a path of the ordered set, a mandate, a
// limit, the account.
constexpr Work lock_work{.reads = 39, .again = 10, .writes = 20};
// Closing rewrites as much, moves up to three other locks in their lists, counts limits, and lets a queue
// try.
constexpr Work close_work{.reads = 48, .again = 12, .writes = 33};
static_assert(gas_of(lock_work) + lock_more == 147'482);
static_assert(gas_of(close_work) + close_more == 203'866);

LockInfo info_of(const Books& books, const LockId& id) {
    const Lock lock = read_lock(books.accounts, id);
    if (lock.status == LockStatus::none) return {.id = id};
    return {.id = id,
            .operation = lock.operation,
            .payer = bic_at(books.participants, lock.payer),
            .beneficiary = bic_at(books.participants, lock.beneficiary),
            .currency = currency_code(books.governance, lock.currency),
            .amount = lock.amount,
            .expiry_ms = lock.expiry_ms,
            .agent = lock.agent,
            .status = lock.status};
}

using Close = core::Result<bool, ReasonCode> (*)(const Books&, const LockId&, const core::Address&);

MethodResult close_with(Invocation& call, Close close) {
    const auto arguments = abi::decode<LockId>(call.arguments);
    if (!arguments) return malformed();
    const auto is_closed = close(Books(call.state, call.block), std::get<0>(*arguments), call.caller);
    if (!is_closed) return refused(is_closed.error());
    return abi::encode(*is_closed);
}

using PageArguments = std::tuple<BicText, CurrencyText, bool, core::Uint256, core::Uint256>;
core::Result<PageArguments, abi::Error> page_arguments(const Invocation& call) {
    return abi::decode<BicText, CurrencyText, bool, core::Uint256, core::Uint256>(call.arguments);
}

}  // namespace

core::Gas lock_gas(const Invocation& call) {
    return fixed_gas<lock_work, lock_more>(call);
}

MethodResult lock(Invocation& call) {
    const auto arguments =
        abi::decode<core::Word, BicText, BicText, CurrencyText, core::Minor, std::uint64_t>(call.arguments);
    if (!arguments) return malformed();
    const auto& [operation, payer, beneficiary, currency, amount, expiry] = *arguments;
    const auto placed = place_lock(Books(call.state, call.block),
                                   {operation, payer, beneficiary, currency, amount, expiry}, call.caller);
    if (!placed) return refused(placed.error());
    return abi::encode(placed->id, placed->is_new);
}

core::Gas close_gas(const Invocation& call) {
    return fixed_gas<close_work, close_more>(call);
}

MethodResult release(Invocation& call) {
    return close_with(call, release_lock);
}

MethodResult refund(Invocation& call) {
    return close_with(call, refund_lock);
}

core::Gas lock_of_gas(const Invocation&) {
    return gas_of({.reads = info_reads}) + cost::hash(32);
}

MethodResult lock_of(Invocation& call) {
    const auto arguments = abi::decode<LockId>(call.arguments);
    if (!arguments) return malformed();
    return abi::encode(info_of(Books(call.state, call.block), std::get<0>(*arguments)));
}

core::Gas locks_of_gas(const Invocation& call) {
    const auto arguments = page_arguments(call);
    const std::uint64_t rows = arguments ? page_rows(std::get<4>(*arguments)) : 0;
    return gas_of({.reads = 3 + (1 + info_reads) * rows}) + rows * cost::hash(32);
}

MethodResult locks_of(Invocation& call) {
    const auto arguments = page_arguments(call);
    if (!arguments) return malformed();
    const auto& [bic, code, incoming, from, max] = *arguments;
    const Books books(call.state, call.block);
    const auto party = find_party(books.participants, bic);
    const auto currency = find_currency(books.governance, code);
    std::vector<LockInfo> rows;
    if (party && currency) {
        const AccountId account{party->index, currency->index};
        const LockSide side = incoming ? LockSide::incoming : LockSide::outgoing;
        const Page page = page_of(from, max, open_lock_count(books.accounts, side, account));
        for (std::uint64_t i = page.begin; i < page.end; ++i)
            rows.push_back(
                info_of(books, open_lock_at(books.accounts, side, account, static_cast<std::uint32_t>(i))));
    }
    return abi::encode(rows);
}

}  // namespace sluice::contracts::native::locks
