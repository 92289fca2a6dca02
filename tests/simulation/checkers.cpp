#include "tests/simulation/checkers.hpp"

#include <fmt/format.h>

namespace sluice::simulation {

Checkers::Checkers(core::ChainIdentity chain, core::Hash genesis_hash, std::size_t nodes)
    : chain_(chain), canonical_{{0, genesis_hash}}, shown_(nodes, 0) {}

void Checkers::violate(std::string what) {
    if (!violation_) violation_ = std::move(what);
}

void Checkers::check_certificate(const ledger::LedgerSnapshot& snapshot, core::Height height,
                                 const core::Hash& hash) {
    const auto certificate = snapshot.certificate(height);
    const auto validators = snapshot.validators(height);
    if (!certificate || !validators || certificate->block_hash != hash ||
        !core::verify(*certificate, chain_, *validators))
        violate(fmt::format("certificate: block {} is stored without a certificate that holds", height));
}

void Checkers::note_transaction(const core::Hash& hash) {
    if (!transactions_.insert(hash).second)
        violate(fmt::format("exactly once: transaction {} is in the chain twice", core::to_hex_0x(hash)));
}

void Checkers::on_final_block(std::size_t index, const node::FinalBlock& block) {
    const auto& header = block.block->block.header;
    const auto [place, is_first] = canonical_.try_emplace(header.height, block.block->hash);
    if (place->second != block.block->hash)
        violate(
            fmt::format("agreement: node {} made another block final at height {}", index, header.height));
    if (header.height != shown_[index] + 1)
        violate(fmt::format("contiguity: node {} went from height {} to {}", index, shown_[index],
                            header.height));
    shown_[index] = header.height;
    if (!is_first) return;
    check_certificate(*block.snapshot, header.height, block.block->hash);
    for (const auto& transaction : block.block->block.transactions)
        note_transaction(transaction->hash);
}

void Checkers::on_restarted(std::size_t index, const ledger::LedgerSnapshot& snapshot) {
    const auto height = snapshot.height();
    if (height < shown_[index])
        violate(fmt::format("durability: node {} had shown height {} and restarted at {}", index,
                            shown_[index], height));
    const auto [place, is_first] = canonical_.try_emplace(height, snapshot.hash());
    if (place->second != snapshot.hash())
        violate(fmt::format("agreement: node {} restarted with another block at height {}", index, height));
    shown_[index] = height;
    if (!is_first) return;
    check_certificate(snapshot, height, snapshot.hash());
    const auto block = snapshot.block(height);
    if (!block) return violate(fmt::format("contiguity: node {} restarted without its head", index));
    for (const auto& encoded : block->transactions)
        note_transaction(core::keccak256(*encoded));
}

void Checkers::on_sent(const core::Address& sender, const consensus::Message& message) {
    const auto note = [&](core::VoteType type, const consensus::Envelope& envelope,
                          const core::Hash& digest) {
        const auto [place, is_first] =
            said_.try_emplace({sender, type, envelope.height, envelope.view}, digest);
        if (place->second != digest)
            violate(fmt::format("equivocation: {} said two things (type {}) at height {} view {}",
                                core::to_hex_0x(sender), static_cast<int>(type), envelope.height,
                                envelope.view));
    };
    if (const auto* proposal = std::get_if<consensus::PrePrepare>(&message))
        note(core::VoteType::pre_prepare, proposal->envelope, proposal->digest);
    else if (const auto* prepare = std::get_if<consensus::Prepare>(&message))
        note(core::VoteType::prepare, prepare->envelope, prepare->digest);
    else if (const auto* commit = std::get_if<consensus::Commit>(&message))
        note(core::VoteType::commit, commit->envelope, commit->digest);
    else if (const auto* change = std::get_if<consensus::ViewChange>(&message))
        note(core::VoteType::view_change, change->envelope, consensus::subject_of(*change).digest);
}

core::Hash Checkers::digest() const {
    core::Bytes all;
    for (const auto& [height, hash] : canonical_)
        core::append(all, hash);
    return core::keccak256(all);
}

}  // namespace sluice::simulation
