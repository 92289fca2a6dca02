#include "contracts/native/liquidity_book.hpp"

#include "contracts/native/ordered_set.hpp"
#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// The liquidity saving contract.
// 0x01                                uint64 last run
// 0x02 ‖ uint16 ccy                   struct LsmCurrency
// 0x03 ‖ uint64 run mod runs kept     struct LsmRun
// 0x04                                OrderedSet of currencies with a request
constexpr std::uint8_t last_run_table = 0x01;
constexpr std::uint8_t currency_table = 0x02;
constexpr std::uint8_t run_table = 0x03;
constexpr std::uint8_t requests_table = 0x04;

struct LsmCurrency {
    bool disabled = false;
    RunRequest request{};
    std::uint64_t last_run = 0;
    static constexpr auto storage_members() {
        using C = LsmCurrency;
        return std::make_tuple(&C::disabled, &C::request, &C::last_run);
    }
};
static_assert(Place<LsmCurrency>::slots == 1 && Place<LsmRun>::slots == 3);

Storage storage_of(JournaledState& state) {
    return Storage(state, liquidity_saving_address);
}
Place<std::uint64_t> last_run_place(const Books& books) {
    return {storage_of(books.state), row_key(last_run_table)};
}
Place<LsmCurrency> currency_place(const Books& books, CurrencyIndex currency) {
    return {storage_of(books.state), row_key(currency_table, currency)};
}
Place<LsmRun> run_place(const Books& books, std::uint64_t id) {
    return {storage_of(books.state), row_key(run_table, id % lsm_runs_kept)};
}
OrderedSet requests(JournaledState& state) {
    return {storage_of(state), row_key(requests_table)};
}

}  // namespace

std::uint64_t last_run_id(const Books& books) {
    return last_run_place(books).read();
}

LsmRun read_run(const Books& books, std::uint64_t id) {
    const LsmRun run = run_place(books, id).read();
    return run.id == id ? run : LsmRun{};
}

LsmRun last_run_of(const Books& books, CurrencyIndex currency) {
    return read_run(books, currency_place(books, currency).read().last_run);
}

std::uint64_t add_run(const Books& books, LsmRun run) {
    run.id = last_run_id(books) + 1;
    last_run_place(books).write(run.id);
    run_place(books, run.id).write(run);
    LsmCurrency row = currency_place(books, run.currency).read();
    row.last_run = run.id;
    currency_place(books, run.currency).write(row);
    return run.id;
}

bool is_lsm_enabled(const Books& books, CurrencyIndex currency) {
    return !currency_place(books, currency).read().disabled;
}

void set_lsm_enabled(const Books& books, CurrencyIndex currency, bool on) {
    LsmCurrency row = currency_place(books, currency).read();
    row.disabled = !on;
    currency_place(books, currency).write(row);
}

void request_run(const Books& books, CurrencyIndex currency, RunRequest request) {
    LsmCurrency row = currency_place(books, currency).read();
    if (row.request >= request) return;
    row.request = request;
    currency_place(books, currency).write(row);
    requests(books.state).insert(currency);
}

RunRequest requested_run(const Books& books, CurrencyIndex currency) {
    return currency_place(books, currency).read().request;
}

void clear_run_request(const Books& books, CurrencyIndex currency) {
    LsmCurrency row = currency_place(books, currency).read();
    if (row.request == RunRequest::none) return;
    row.request = RunRequest::none;
    currency_place(books, currency).write(row);
    requests(books.state).erase(currency);
}

std::optional<CurrencyIndex> first_requested_run(JournaledState& state, CurrencyIndex currency) {
    const OrderedSet all = requests(state);
    // Currencies count from 1, so what comes after none is the first of all.
    const auto first = currency == 0 ? all.first() : all.after(currency);
    if (!first) return std::nullopt;
    return static_cast<CurrencyIndex>(*first);
}

}  // namespace sluice::contracts::native
