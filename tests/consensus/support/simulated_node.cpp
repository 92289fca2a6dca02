#include "support/simulated_node.hpp"

#include "core/check.hpp"

namespace sluice::consensus::testing {

core::ValidatorSet toy_validators(std::size_t count) {
    std::vector<Address> members;
    for (std::size_t i = 0; i < count; ++i) {
        members.push_back(toy_address(i));
    }
    return *core::ValidatorSet::make(std::move(members));
}

ToyChain toy_chain(std::size_t validators) {
    ToyChain chain{.identity = {.chain_id = 7, .genesis_hash = core::keccak256(core::view("toy genesis"))},
                   .genesis_validators = toy_validators(validators),
                   .config = {}};
    chain.config.chain = chain.identity;
    return chain;
}

SimulatedNode::SimulatedNode(ToyChain chain, std::size_t number)
    : chain_(std::move(chain)),
      number_(number),
      address_(toy_address(number)),
      signer_(number),
      history_(1, chain_.genesis_validators) {
    rebuild_verifier();
}

core::Hash SimulatedNode::head_digest() const {
    return disk_.blocks.empty() ? chain_.identity.genesis_hash : disk_.blocks.back().digest;
}

core::ValidatorSet SimulatedNode::validators() const {
    return disk_.blocks.empty() ? chain_.genesis_validators : disk_.blocks.back().next_validators;
}

bool SimulatedNode::boot(core::Instant now, const Hash& nonce) {
    CHECK(replica_ == nullptr);
    auto recovered = recover(disk_.records, head());
    if (!recovered) return false;
    recovered->rejoin_nonce = nonce;
    Head at{
        .height = head(), .digest = head_digest(), .certificate = std::nullopt, .validators = validators()};
    if (!disk_.blocks.empty()) at.certificate = disk_.blocks.back().certificate;
    reported_ = head();
    replica_ = std::make_unique<Replica>(chain_.config, std::move(at), std::move(*recovered), &signer_);
    for (Effect& effect : replica_->start(now)) {
        effects_.push_back(std::move(effect));
    }
    return true;
}

void SimulatedNode::crash() {
    replica_.reset();
    effects_.clear();
}

void SimulatedNode::give(core::Instant now, const Input& input) {
    for (Effect& effect : replica_->step(now, input)) {
        effects_.push_back(std::move(effect));
    }
}

std::optional<MessageError> SimulatedNode::hear(core::Instant now, const Message& message) {
    auto verified = verifier_->verify(message);
    if (!verified) return verified.error();
    give(now, to_input(std::move(*verified)));
    return std::nullopt;
}

void SimulatedNode::perform_local(const Effect& effect) {
    if (const auto* persist = std::get_if<Persist>(&effect)) {
        disk_.records.insert(disk_.records.end(), persist->records.begin(), persist->records.end());
    } else if (const auto* finalize = std::get_if<Finalize>(&effect)) {
        if (finalize->height != head() + 1) return;
        const auto block = decode_toy_block(*finalize->payload);
        CHECK(block.has_value());
        append({.digest = finalize->digest,
                .payload = finalize->payload,
                .certificate = finalize->certificate,
                .next_validators = next_set(validators(), *block)});
    }
}

bool SimulatedNode::import(const StoredBlock& block) {
    if (block.certificate.height != head() + 1) return false;
    if (toy_digest(*block.payload) != block.certificate.block_hash) return false;
    if (!verifier_->verify(Message(block.certificate))) return false;
    const auto toy = decode_toy_block(*block.payload);
    if (!toy) return false;
    append({.digest = block.certificate.block_hash,
            .payload = block.payload,
            .certificate = block.certificate,
            .next_validators = next_set(validators(), *toy)});
    return true;
}

void SimulatedNode::report_appends(core::Instant now) {
    while (is_up() && reported_ < head()) {
        const StoredBlock& block = disk_.blocks[static_cast<std::size_t>(reported_)];
        ++reported_;
        give(now, BlockAppended{.height = reported_,
                                .digest = block.digest,
                                .certificate = block.certificate,
                                .next_validators = block.next_validators});
    }
}

void SimulatedNode::append(StoredBlock block) {
    history_.extend(block.next_validators);
    disk_.blocks.push_back(std::move(block));
    rebuild_verifier();
}

void SimulatedNode::rebuild_verifier() {
    verifier_ = std::make_unique<MessageVerifier>(chain_.identity, chain_.config.rotation_period, history_,
                                                  toy_digest, toy_recover);
}

ProposalChecked SimulatedNode::check(const CheckProposal& request) const {
    ProposalChecked answer{.height = request.height, .digest = request.digest, .ok = false, .proposer = {}};
    const auto block = decode_toy_block(*request.payload);
    if (!block) return answer;
    answer.ok = block->good && block->height == request.height && request.height == head() + 1 &&
                block->parent == head_digest();
    answer.proposer = block->proposer;
    return answer;
}

ProposalBuilt SimulatedNode::build(const BuildProposal& request, const std::string& salt,
                                   std::optional<Address> change) const {
    const ToyBlock block{.height = request.height,
                         .parent = head_digest(),
                         .proposer = address_,
                         .salt = salt,
                         .change = change,
                         .good = true};
    core::SharedBytes payload = core::share(encode(block));
    const Hash digest = core::keccak256(*payload);
    return {.height = request.height, .view = request.view, .digest = digest, .payload = std::move(payload)};
}

core::SharedBytes SimulatedNode::find_body(const Hash& digest) const {
    for (const StoredBlock& block : disk_.blocks) {
        if (block.digest == digest) return block.payload;
    }
    return is_up() ? replica_->find_body(digest) : nullptr;
}

}  // namespace sluice::consensus::testing
