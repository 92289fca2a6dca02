#include "node/rpc/chain_reading.hpp"

#include "core/check.hpp"

namespace sluice::node::rpc {

BlockPlace place_of(const core::Header& header, const core::Hash& hash) {
    return {header.height, hash, header.timestamp, core::time_ms_of(header), header.base_fee};
}

void require_all_blocks(const ledger::LedgerSnapshot& snapshot) {
    if (snapshot.first_header() > 0) throw ledger::BlockNotKept{0, snapshot.first_header()};
}

std::optional<core::Height> find_block(const ledger::LedgerSnapshot& snapshot, const core::Hash& hash) {
    const auto height = snapshot.height_of(hash);
    if (!height) require_all_blocks(snapshot);
    return height;
}

std::optional<BlockPlace> ChainReader::place(core::Height height) const {
    if (height == snapshot_.height()) return place_of(snapshot_.head(), snapshot_.hash());
    const auto header = snapshot_.header(height);
    const auto hash = snapshot_.hash_at(height);
    if (!header || !hash) return std::nullopt;
    return place_of(*header, *hash);
}

std::optional<FoundBlock> ChainReader::block(core::Height height, bool with_transactions) const {
    FoundBlock found;
    if (const auto recent = recent_.find(height); recent && height <= snapshot_.height()) {
        const auto header = snapshot_.header(height);
        CHECK(header.has_value());
        found.header = *header;
        found.hash = recent->hash;
        found.size_bytes = recent->size_bytes;
        for (const auto& transaction : recent->transactions)
            found.transaction_hashes.push_back(transaction->hash);
        if (with_transactions) found.transactions = recent->transactions;
        return found;
    }
    const auto encoded = snapshot_.encoded_block(height);
    if (!encoded) return std::nullopt;
    auto block = core::decode_block(*encoded);
    CHECK(block.has_value());
    found.header = std::move(block->header);
    found.hash = block->hash;
    found.size_bytes = encoded->size();
    for (auto& transaction : block->transactions) {
        if (with_transactions) {
            found.transactions.push_back(recover(std::move(transaction)));
            found.transaction_hashes.push_back(found.transactions.back()->hash);
        } else {
            found.transaction_hashes.push_back(core::keccak256(*transaction));
        }
    }
    return found;
}

std::optional<FoundTransaction> ChainReader::transaction(const core::Hash& hash) const {
    const auto found = snapshot_.find_transaction(hash);
    if (!found) return std::nullopt;
    const auto block = place(found->height);
    CHECK(block.has_value());
    if (const auto recent = recent_.find(found->height))
        return FoundTransaction{recent->transactions.at(found->index), *block, found->index};
    return FoundTransaction{recover(core::share(snapshot_.encoded_transaction(*found))), *block,
                            found->index};
}

std::optional<FoundTransaction> ChainReader::transaction(core::Height height, std::uint32_t index) const {
    const auto block = place(height);
    if (!block) return std::nullopt;
    if (const auto recent = recent_.find(height)) {
        if (index >= recent->transactions.size()) return std::nullopt;
        return FoundTransaction{recent->transactions[index], *block, index};
    }
    auto encoded = encoded_transactions(height);
    CHECK(encoded.has_value());
    if (index >= encoded->size()) return std::nullopt;
    return FoundTransaction{recover(std::move((*encoded)[index])), *block, index};
}

std::optional<std::vector<core::SharedBytes>> ChainReader::encoded_transactions(core::Height height) const {
    auto block = snapshot_.block(height);
    if (!block) return std::nullopt;
    return std::move(block->transactions);
}

core::TransactionPtr ChainReader::recover(core::SharedBytes encoded) const {
    auto transaction = core::recover_transaction(std::move(encoded));
    // It was recovered before it came into a final block.
    CHECK(transaction.has_value());
    return std::move(*transaction);
}

}  // namespace sluice::node::rpc
