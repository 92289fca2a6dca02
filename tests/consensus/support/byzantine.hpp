/// What a faulty validator makes of the messages that correct code wanted to send: it changes one thing and
/// signs again.
#pragma once

#include <vector>

#include "support/dice.hpp"
#include "support/toy_crypto.hpp"

namespace sluice::consensus::testing {

/// Remembers what it has seen, and lies with it.
class Liar {
  public:
    explicit Liar(Dice dice) : dice_(dice) {}

    /// Takes note of anything on the wire.
    void see(const Message& message);
    /// What goes to one receiver instead of `message`: nothing, the truth, or lies.
    std::vector<Message> lie(const Message& message, ToySigner& signer, const core::ChainIdentity& chain);

  private:
    Message changed(Message message);

    Dice dice_;
    std::vector<Hash> digests_;
    std::vector<PrepareCertificate> locks_;
    std::vector<ViewChange> view_changes_;
    std::vector<Message> own_;
};

}  // namespace sluice::consensus::testing
