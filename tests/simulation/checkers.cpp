#include "tests/simulation/checkers.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace sluice::simulation {

Checkers::Checkers(core::ChainIdentity chain, core::Hash genesis_hash, std::size_t nodes, Coverage& coverage)
    : chain_(chain), coverage_(coverage), canonical_{{0, {genesis_hash, {}, 0}}}, shown_(nodes, 0) {}

void Checkers::violate(std::string what) {
    if (!violation_) violation_ = std::move(what);
}

bool Checkers::is_mined(const core::Address& sender, std::uint64_t nonce) const {
    const auto next = nonces_.find(sender);
    return next != nonces_.end() && nonce < next->second;
}

void Checkers::check_certificate(const ledger::LedgerSnapshot& snapshot, core::Height height,
                                 const core::Hash& hash) {
    const auto certificate = snapshot.certificate(height);
    const auto validators = snapshot.validators(height);
    if (!certificate || !validators || certificate->block_hash != hash ||
        !core::verify(*certificate, chain_, *validators))
        return violate(
            fmt::format("certificate: block {} is stored without a certificate that holds", height));
    canonical_[height].certified_in = certificate->view;
}

void Checkers::check_validators(const ledger::LedgerSnapshot& snapshot, core::Height height) {
    const auto voted = snapshot.validators(height);
    const auto next = snapshot.validators(height + 1);
    if (!voted || !next)
        return violate(fmt::format("membership: block {} does not say who votes next", height));
    const auto strangers = [](const core::ValidatorSet& of, const core::ValidatorSet& to) {
        return std::ranges::count_if(of.members(), [&](const auto& member) { return !to.index_of(member); });
    };
    const auto changes = strangers(*voted, *next) + strangers(*next, *voted);
    if (changes > 1)
        violate(fmt::format("membership: block {} changes the set by {} members", height, changes));
    if (changes == 1) hit(coverage_, "validator set changed");
}

/// Each sender's nonces are taken one after the other, and no transaction twice.
void Checkers::note_transaction(const core::RecoveredTransaction& transaction) {
    if (!transactions_.insert(transaction.hash).second)
        violate(fmt::format("exactly once: transaction {} is in the chain twice",
                            core::to_hex_0x(transaction.hash)));
    if (transaction.transaction.type == core::TransactionType::system) return;
    auto& next = nonces_[transaction.sender];
    if (transaction.transaction.nonce != next)
        violate(fmt::format("nonces: {} went from {} to {}", core::to_hex_0x(transaction.sender), next,
                            transaction.transaction.nonce));
    ++next;
    ++client_transactions_;
}

/// True if nobody has shown a block of this height before.
bool Checkers::note_block(std::size_t index, core::Height height, const core::Hash& hash,
                          const core::Hash& state_root) {
    const auto [place, is_first] = canonical_.try_emplace(height, Canonical{hash, state_root, 0});
    if (place->second.hash != hash)
        violate(fmt::format("agreement: node {} made another block final at height {}", index, height));
    if (height > 0 && place->second.state_root != state_root)
        violate(fmt::format("state: node {} has another state root at height {}", index, height));
    return is_first;
}

void Checkers::on_final_block(std::size_t index, const node::FinalBlock& block) {
    const auto& header = block.block->block.header;
    const auto height = header.height;
    if (height != shown_[index] + 1)
        violate(fmt::format("contiguity: node {} went from height {} to {}", index, shown_[index], height));
    shown_[index] = height;
    if (block.snapshot->height() != height || block.snapshot->head().state_root != header.state_root)
        violate(fmt::format("applied: node {} shows height {} over another state", index, height));
    if (!note_block(index, height, block.block->hash, header.state_root)) {
        const auto certificate = block.snapshot->certificate(height);
        if (certificate && certificate->view != canonical_[height].certified_in)
            hit(coverage_, "one block, certificates of two views");
        return;
    }
    if (const auto before = canonical_.find(height - 1);
        before == canonical_.end() || before->second.hash != header.parent_hash)
        violate(fmt::format("chain: block {} does not follow block {}", height, height - 1));
    check_certificate(*block.snapshot, height, block.block->hash);
    check_validators(*block.snapshot, height);
    for (const auto& transaction : block.block->block.transactions)
        note_transaction(*transaction);
}

void Checkers::on_restarted(std::size_t index, const ledger::LedgerSnapshot& snapshot, bool lost_ledger) {
    const auto height = snapshot.height();
    if (height < shown_[index]) {
        if (!lost_ledger)
            violate(fmt::format("durability: node {} had shown height {} and restarted at {}", index,
                                shown_[index], height));
        hit(coverage_, "restart with a ledger that lost blocks");
    }
    if (height > shown_[index]) hit(coverage_, "restart with a block that was never shown");
    shown_[index] = height;
    if (!note_block(index, height, snapshot.hash(), snapshot.head().state_root)) return;
    check_certificate(snapshot, height, snapshot.hash());
    const auto block = snapshot.block(height);
    if (!block) return violate(fmt::format("contiguity: node {} restarted without its head", index));
    for (const auto& encoded : block->transactions)
        if (const auto recovered = core::recover_transaction(encoded)) note_transaction(**recovered);
}

}  // namespace sluice::simulation
