#include "node/vote_records.hpp"

namespace sluice::node {

std::vector<ledger::VoteRecord> to_ledger(std::span<const consensus::VoteRecord> records) {
    std::vector<ledger::VoteRecord> converted;
    converted.reserve(records.size());
    for (const auto& record : records)
        converted.push_back(
            {static_cast<std::uint8_t>(record.kind), record.height, record.view, record.payload});
    return converted;
}

std::vector<consensus::VoteRecord> to_consensus(std::span<const ledger::VoteRecord> records) {
    std::vector<consensus::VoteRecord> converted;
    converted.reserve(records.size());
    for (const auto& record : records)
        converted.push_back(
            {static_cast<consensus::RecordKind>(record.kind), record.height, record.view, record.payload});
    return converted;
}

}  // namespace sluice::node
