#include "node/entry_index.hpp"

#include <map>
#include <optional>

#include "contracts/native/settlement_events.hpp"
#include "core/check.hpp"

namespace sluice::node {
namespace {

namespace native = contracts::native;

/// First byte of the rows; those of payments begin with another one (payment_index.cpp).
constexpr std::uint8_t row_kind = 0x02;
constexpr std::size_t prefix_bytes = 1 + 11 + 3;
constexpr std::size_t height_bytes = 8;
constexpr std::size_t place_bytes = 8;
/// Rows read at a time.
constexpr std::size_t rows_per_scan = 64;

core::Bytes prefix_of(const AccountKey& account) {
    core::Bytes key{row_kind};
    key.insert(key.end(), account.bic.begin(), account.bic.end());
    key.insert(key.end(), account.currency.begin(), account.currency.end());
    return key;
}

core::Bytes row_key(const AccountKey& account, std::uint64_t last_entry) {
    auto key = prefix_of(account);
    core::append_be64(key, last_entry);
    return key;
}

/// The entries of one account in one block.
struct BlockEntries {
    std::uint64_t last_entry = 0;
    core::Bytes value;
};

/// Adds those entries of a row that are wanted.
void read_row(const ledger::IndexRow& row, std::uint64_t from, std::size_t limit,
              std::vector<EntryPlace>& places) {
    CHECK(row.key.size() == prefix_bytes + 8 && row.value.size() >= height_bytes);
    const std::uint64_t last = core::read_be64(row.key.data() + prefix_bytes);
    core::ByteReader reader(row.value);
    const core::Height height = reader.be64();
    const std::uint64_t count = (row.value.size() - height_bytes) / place_bytes;
    for (std::uint64_t entry = last - count + 1; entry <= last && places.size() < limit; ++entry) {
        const auto transaction = reader.be32();
        const auto log = reader.be32();
        if (entry >= from) places.push_back({entry, height, transaction, log});
    }
}

}  // namespace

std::vector<ledger::IndexRow> entry_index_rows(core::Height height,
                                               const std::vector<core::Receipt>& receipts) {
    std::map<AccountKey, BlockEntries> accounts;
    for (std::uint32_t t = 0; t < receipts.size(); ++t) {
        const auto& logs = receipts[t].logs;
        for (std::uint32_t l = 0; l < logs.size(); ++l) {
            if (logs[l].address != native::accounts_address || logs[l].topics.empty() ||
                logs[l].topics[0] != native::account_entry_topic)
                continue;
            const auto event = native::decode_event(logs[l]);
            if (!event) continue;
            const auto& entry = std::get<native::AccountEntryEvent>(*event);
            auto& block = accounts[{entry.bic, entry.currency}];
            if (block.value.empty()) core::append_be64(block.value, height);
            block.last_entry = entry.entry;
            core::append_be32(block.value, t);
            core::append_be32(block.value, l);
        }
    }
    std::vector<ledger::IndexRow> rows;
    for (auto& [account, block] : accounts)
        rows.push_back({row_key(account, block.last_entry), std::move(block.value)});
    return rows;
}

std::vector<EntryPlace> find_entries(const ledger::LedgerSnapshot& snapshot, const AccountKey& account,
                                     std::uint64_t from, std::size_t limit) {
    from = std::max<std::uint64_t>(from, 1);
    std::vector<EntryPlace> places;
    // Rows are named by their last entry, so the first one at or above `from` holds it.
    auto after = row_key(account, from - 1);
    while (places.size() < limit) {
        const auto rows = snapshot.scan_index(prefix_of(account), after, rows_per_scan);
        for (const auto& row : rows)
            read_row(row, from, limit, places);
        if (rows.size() < rows_per_scan) break;
        after = rows.back().key;
    }
    if (!places.empty() && places.front().entry != from) throw ledger::BlockNotKept{0, snapshot.first_body()};
    return places;
}

}  // namespace sluice::node
