/// What the operators of validators do when the set is to change: proposals, votes, acceptances.
#pragma once

#include <vector>

#include "core/state.hpp"
#include "core/transaction.hpp"
#include "crypto/signature.hpp"
#include "tests/simulation/random.hpp"

namespace sluice::simulation {

/// Reads off a state what has to be signed next, so that it does not matter which of the earlier
/// transactions got lost: a proposal if none is open, else the votes and the acceptance that are missing.
class MembershipActs {
  public:
    struct Wishes {
        std::uint64_t changes = 3;  ///< proposals to carry; then nothing more is signed
        std::size_t least = 1;      ///< sets to stay within
        std::size_t most = 10;
    };
    /// `keys` of every node that is or may become a validator.
    MembershipActs(std::uint64_t chain_id, std::vector<crypto::PrivateKey> keys, Random random,
                   Wishes wishes);

    /// The transactions wanted on `head`, the state after the block of `height`. The same one may come
    /// again while it is not mined.
    std::vector<core::TransactionPtr> next(const core::StateView& head, core::Height height);
    /// Proposals carried by this state.
    static std::uint64_t carried(const core::StateView& head);
    /// As many as wanted, and none of them halfway.
    bool is_over(const core::StateView& head) const;

  private:
    core::TransactionPtr sign(const core::StateView& head, const core::Address& by, core::Bytes data);
    core::TransactionPtr proposal(const core::StateView& head, const std::vector<core::Address>& members);

    std::uint64_t chain_id_;
    std::vector<crypto::PrivateKey> keys_;
    std::vector<core::Address> addresses_;  ///< of the keys
    Random random_;
    Wishes wishes_;
};

}  // namespace sluice::simulation
