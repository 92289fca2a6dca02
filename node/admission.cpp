#include "node/admission.hpp"

namespace sluice::node {

Admission::Admission(const NodeConfig& config, const core::ValidatorSet& validators)
    : is_open_(!config.p2p_observers) {
    if (config.p2p_observers) configured_.insert(config.p2p_observers->begin(), config.p2p_observers->end());
    for (const auto& peer : config.p2p_peers)
        if (peer.address) configured_.insert(*peer.address);
    static_cast<void>(renew(validators));
}

bool Admission::allows(const core::Address& peer) const {
    return is_open_ || configured_.contains(peer) || std::atomic_load(&validators_)->contains(peer);
}

bool Admission::renew(const core::ValidatorSet& validators) {
    if (validators.hash() == set_) return false;
    set_ = validators.hash();
    const auto members = validators.members();
    std::atomic_store(&validators_, std::make_shared<const Identities>(members.begin(), members.end()));
    return true;
}

}  // namespace sluice::node
