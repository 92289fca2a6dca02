#include "node/censorship_watch.hpp"

#include "core/limits.hpp"

namespace sluice::node {
namespace {

bool had_room(const core::Block& block, std::size_t block_bytes,
              const core::RecoveredTransaction& transaction) {
    const auto& header = block.header;
    return header.gas_limit - header.gas_used >= transaction.transaction.gas_limit &&
           block.transactions.size() < core::limits::block_transactions_max &&
           block_bytes + transaction.encoded->size() <= core::limits::block_bytes_max;
}

}  // namespace

CensorshipWatch::Findings CensorshipWatch::on_block(const core::Block& block, std::size_t block_bytes,
                                                    const Mempool& pool) {
    Findings findings;
    std::map<core::Hash, unsigned> still_here;
    for (auto& transaction :
         pool.executable(watched_max, watched_max * core::limits::transaction_bytes_max)) {
        const auto known = passed_over_.find(transaction->hash);
        unsigned count = known == passed_over_.end() ? 0 : known->second;
        if (known != passed_over_.end() && had_room(block, block_bytes, *transaction)) {
            ++count;
            if (count == blocks_until_gossip) findings.to_gossip.push_back(transaction);
            if (count == blocks_until_suspicion) {
                count = 0;
                findings.passed_over.push_back(transaction);
            }
        }
        still_here.emplace(transaction->hash, count);
    }
    passed_over_ = std::move(still_here);
    return findings;
}

}  // namespace sluice::node
