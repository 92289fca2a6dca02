#include "node/rpc/entry_reading.hpp"

#include "node/rpc/chain_reading.hpp"

namespace sluice::node::rpc {

core::Result<std::vector<EntryPlace>, Error> entries_from(const ledger::LedgerSnapshot& snapshot,
                                                          const SettlementReader& settlement,
                                                          const AccountKey& account, std::uint64_t from,
                                                          std::size_t limit) {
    auto places = find_entries(snapshot, account, from, limit);
    if (!places.empty()) return places;
    const auto count =
        settlement.entry_count(native::bic_of(account.bic), native::currency_of(account.currency));
    if (!count) return core::fail(count.error());
    // There are some, but from before this node's time.
    if (*count >= from) throw ledger::BlockNotKept{0, snapshot.first_body()};
    return places;
}

}  // namespace sluice::node::rpc
