/// Voting again after the vote log was lost: from where on, as told by q others.
#pragma once

#include <map>
#include <optional>

#include "consensus/durable_state.hpp"
#include "core/validator_set.hpp"

namespace sluice::consensus {

/// Heights beyond the highest reported head at which a validator without memory votes again. Head + 1 forks:
/// the validator may have voted at the reporter's head + 1, and a reporter may be one block behind the
/// committers.
inline constexpr Height rejoin_distance = 3;

/// Reports of others, one per validator, the highest. Only answers to the own nonce count, and only of
/// validators that are not recovering themselves.
class RejoinReports {
  public:
    /// True if the report counts. Precondition: the message is verified, and its sender is not this
    /// validator.
    bool add(const StatusReport& report, const Address& signer, const Hash& nonce);
    /// With q others heard whose heads this replica has reached: heights >= H + 3, H the highest of these
    /// heads, and views >= V, which f + 1 of them have reached. A head that nobody can prove and a view that
    /// only f claim count for nothing, so a liar neither bars the validator nor carries it away.
    std::optional<RejoinFloor> floor(const core::ValidatorSet& validators, Height own_head) const;

  private:
    struct Report {
        Height head = 0;
        View view = 0;
    };
    std::map<Address, Report> reports_;
};

}  // namespace sluice::consensus
