#include "tests/simulation/twins/instance.hpp"

#include <utility>

#include "core/check.hpp"
#include "support/toy_block.hpp"

namespace sluice::simulation::twins {

Chain make_chain(std::size_t validators, std::uint64_t rotation_period) {
    std::vector<core::Address> members;
    for (std::size_t i = 0; i < validators; ++i)
        members.push_back(consensus::testing::toy_address(i));
    Chain chain{.identity = {.chain_id = 7, .genesis_hash = core::keccak256(core::view("twins"))},
                .validators = *core::ValidatorSet::make(std::move(members)),
                .config = {}};
    chain.config.chain = chain.identity;
    chain.config.rotation_period = rotation_period;
    return chain;
}

Instance::Instance(const Chain& chain, std::size_t validator)
    : chain_(&chain), validator_(validator), signer_(validator) {}

core::Hash Instance::head_digest() const {
    return disk_.blocks.empty() ? chain_->identity.genesis_hash : disk_.blocks.back().digest;
}

core::Result<consensus::Effects, consensus::RecoveryError> Instance::boot(core::Instant now) {
    CHECK(replica_ == nullptr);
    auto recovered = consensus::recover(disk_.records, head());
    if (!recovered) return core::fail(recovered.error());
    recovered->rejoin_nonce[0] = static_cast<std::uint8_t>(life_ + 1);
    recovered->rejoin_nonce[1] = static_cast<std::uint8_t>(validator_ + 1);
    consensus::Head at{.height = head(),
                       .digest = head_digest(),
                       .certificate = std::nullopt,
                       .validators = chain_->validators};
    if (!disk_.blocks.empty()) at.certificate = disk_.blocks.back().certificate;
    ++life_;
    reported_ = head();
    replica_ =
        std::make_unique<consensus::Replica>(chain_->config, std::move(at), std::move(*recovered), &signer_);
    return replica_->start(now);
}

void Instance::crash() {
    replica_.reset();
    ++life_;
}

consensus::ProposalBuilt Instance::build(const consensus::BuildProposal& request,
                                         const std::string& salt) const {
    const consensus::testing::ToyBlock block{.height = request.height,
                                             .parent = head_digest(),
                                             .proposer = signer_.address(),
                                             .salt = salt,
                                             .change = std::nullopt,
                                             .good = true};
    core::SharedBytes payload = core::share(encode(block));
    const core::Hash digest = core::keccak256(*payload);
    return {.height = request.height, .view = request.view, .digest = digest, .payload = std::move(payload)};
}

consensus::ProposalChecked Instance::check(const consensus::CheckProposal& request) const {
    consensus::ProposalChecked answer{
        .height = request.height, .digest = request.digest, .ok = false, .proposer = {}};
    const auto block = consensus::testing::decode_toy_block(*request.payload);
    if (!block) return answer;
    answer.ok = block->good && block->height == request.height && request.height == head() + 1 &&
                block->parent == head_digest();
    answer.proposer = block->proposer;
    return answer;
}

void Instance::append(StoredBlock block) {
    CHECK(block.certificate.height == head() + 1);
    disk_.blocks.push_back(std::move(block));
}

std::optional<consensus::BlockAppended> Instance::unreported() {
    if (!is_up() || reported_ == head()) return std::nullopt;
    const StoredBlock& block = disk_.blocks[reported_++];
    return consensus::BlockAppended{.height = reported_,
                                    .digest = block.digest,
                                    .certificate = block.certificate,
                                    .next_validators = chain_->validators};
}

core::SharedBytes Instance::find_body(const core::Hash& digest) const {
    for (const StoredBlock& block : disk_.blocks)
        if (block.digest == digest) return block.payload;
    return is_up() ? replica_->find_body(digest) : nullptr;
}

}  // namespace sluice::simulation::twins
