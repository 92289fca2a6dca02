/// A node around one replica: a ledger and a vote log that survive crashes, and a driver that performs
/// effects in order.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "consensus/replica.hpp"
#include "support/toy_block.hpp"
#include "support/toy_crypto.hpp"

namespace sluice::consensus::testing {

struct StoredBlock {
    core::Hash digest{};
    core::SharedBytes payload;
    core::CommitCertificate certificate;
    core::ValidatorSet next_validators;
};

/// What a crash leaves.
struct Disk {
    std::vector<StoredBlock> blocks;  ///< blocks[i] has height i + 1
    std::vector<VoteRecord> records;  ///< of the vote log; only what was made durable
};

/// The chain that all nodes of a test share.
struct ToyChain {
    core::ChainIdentity identity{.chain_id = 7, .genesis_hash = core::keccak256(core::view("toy genesis"))};
    core::ValidatorSet genesis_validators;
    ReplicaConfig config;
};

/// A set of the toy validators 0 … count - 1.
core::ValidatorSet toy_validators(std::size_t count);
ToyChain toy_chain(std::size_t validators);

class SimulatedNode {
  public:
    SimulatedNode(ToyChain chain, std::size_t number);

    std::size_t number() const { return number_; }
    const ToyChain& chain() const { return chain_; }
    const Address& address() const { return address_; }
    bool is_up() const { return replica_ != nullptr; }
    Replica& replica() { return *replica_; }
    const Replica& replica() const { return *replica_; }
    Disk& disk() { return disk_; }
    const Disk& disk() const { return disk_; }
    ToySigner& signer() { return signer_; }
    Height head() const { return disk_.blocks.size(); }
    core::Hash head_digest() const;
    core::ValidatorSet validators() const;  ///< of head + 1
    const MessageVerifier& verifier() const { return *verifier_; }

    /// Starts from the disk; the effects of the start are queued. False if the log refuses to be replayed.
    bool boot(core::Instant now, const Hash& nonce = {});
    /// Forgets everything but the disk.
    void crash();
    /// The vote log is gone, and an operator has had a new one made.
    void lose_vote_log() { disk_.records = {lost_record(head())}; }

    /// Gives one input; its effects are queued behind those that wait.
    void give(core::Instant now, const Input& input);
    /// Verifies and gives. The reason if the verifier refuses.
    std::optional<MessageError> hear(core::Instant now, const Message& message);

    std::deque<Effect>& effects() { return effects_; }
    /// The part of an effect that concerns only this node: Persist and Finalize change the disk. Answers the
    /// block to be reported by `report_append`, if the effect was a Finalize of a height not yet here.
    void perform_local(const Effect& effect);
    /// Appends a certified block found elsewhere; false if it does not fit or does not hold.
    bool import(const StoredBlock& block);
    /// Tells the replica about appended blocks it does not know of yet.
    void report_appends(core::Instant now);

    /// Checks a proposal as the real node would.
    ProposalChecked check(const CheckProposal& request) const;
    /// Builds on the head.
    ProposalBuilt build(const BuildProposal& request, const std::string& salt,
                        std::optional<Address> change = std::nullopt) const;
    core::SharedBytes find_body(const Hash& digest) const;

  private:
    void append(StoredBlock block);
    void rebuild_verifier();

    ToyChain chain_;
    std::size_t number_;
    Address address_;
    ToySigner signer_;
    Disk disk_;
    ValidatorHistory history_;
    std::unique_ptr<MessageVerifier> verifier_;
    std::unique_ptr<Replica> replica_;
    std::deque<Effect> effects_;
    Height reported_ = 0;
};

}  // namespace sluice::consensus::testing
