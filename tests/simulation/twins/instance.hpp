/// One running replica of a validator, with the disk that outlives it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "consensus/replica.hpp"
#include "support/toy_crypto.hpp"

namespace sluice::simulation::twins {

/// The chain that all instances of a scenario share: toy blocks, toy signatures, one validator set.
struct Chain {
    core::ChainIdentity identity;
    core::ValidatorSet validators;
    consensus::ReplicaConfig config;
};
Chain make_chain(std::size_t validators, std::uint64_t rotation_period);

struct StoredBlock {
    core::Hash digest{};
    core::SharedBytes payload;
    core::CommitCertificate certificate;
};

/// What a crash leaves.
struct Disk {
    std::vector<StoredBlock> blocks;             ///< blocks[i] has height i + 1
    std::vector<consensus::VoteRecord> records;  ///< of the vote log
};

class Instance {
  public:
    Instance(const Chain& chain, std::size_t validator);

    bool is_up() const { return replica_ != nullptr; }
    std::size_t validator() const { return validator_; }
    core::Height head() const { return disk_.blocks.size(); }
    core::Hash head_digest() const;
    consensus::Replica& replica() { return *replica_; }
    const consensus::Replica& replica() const { return *replica_; }
    consensus::testing::ToySigner& signer() { return signer_; }
    Disk& disk() { return disk_; }
    const Disk& disk() const { return disk_; }
    std::uint64_t life() const { return life_; }

    /// Starts from the disk, as the production node does; the reason if the vote log refuses to be replayed.
    core::Result<consensus::Effects, consensus::RecoveryError> boot(core::Instant now);
    void crash();

    /// A good block on the head. `salt` makes the blocks of two instances of one validator differ.
    consensus::ProposalBuilt build(const consensus::BuildProposal& request, const std::string& salt) const;
    /// As the production node judges a proposal.
    consensus::ProposalChecked check(const consensus::CheckProposal& request) const;
    /// Makes a block durable. Precondition: it is at head + 1.
    void append(StoredBlock block);
    /// What the replica must be told about the disk: the next block it does not know of yet.
    std::optional<consensus::BlockAppended> unreported();
    /// A body of any height that is here; null if it is not.
    core::SharedBytes find_body(const core::Hash& digest) const;

  private:
    const Chain* chain_;
    std::size_t validator_;
    consensus::testing::ToySigner signer_;
    Disk disk_;
    std::unique_ptr<consensus::Replica> replica_;
    std::uint64_t life_ = 0;
    core::Height reported_ = 0;
};

}  // namespace sluice::simulation::twins
