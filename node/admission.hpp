/// Which identities may hold a connection to this node, beyond having a certificate.
#pragma once

#include <atomic>
#include <memory>
#include <set>

#include "core/validator_set.hpp"
#include "node/config.hpp"

namespace sluice::node {

/// Without `p2p.observers` everybody with a certificate may connect. With it, also when it is empty: the
/// validators of the next height, peers configured with their address, and the observers listed.
class Admission {
  public:
    Admission(const NodeConfig& config, const core::ValidatorSet& validators);

    /// Any thread.
    bool allows(const core::Address& peer) const;
    /// Says who votes at the next height: true if that has changed. One thread at a time.
    bool renew(const core::ValidatorSet& validators);

  private:
    using Identities = std::set<core::Address>;

    bool is_open_ = true;
    Identities configured_;
    core::Hash set_{};                              ///< of the validators below
    std::shared_ptr<const Identities> validators_;  ///< replaced as a whole, by atomic store
};

}  // namespace sluice::node
