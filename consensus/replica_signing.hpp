/// Signing an own message: the one place where the key is used.
#pragma once

#include <utility>

#include "consensus/replica.hpp"
#include "core/check.hpp"

namespace sluice::consensus {

template <typename M>
M Replica::signed_by_self(M message, Height at, View in) const {
    CHECK(signer_ != nullptr);
    CHECK(self_.has_value());
    message.envelope.height = at;
    message.envelope.view = in;
    message.envelope.validators_hash = head_.validators.hash();
    message.envelope.sender = *self_;
    message.envelope.signature = signer_->sign(core::signing_digest(config_.chain, subject_of(message)));
    return message;
}

}  // namespace sluice::consensus
