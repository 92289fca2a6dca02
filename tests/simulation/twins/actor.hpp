/// A faulty validator: a correct replica between two hands that decide what of its words goes where.
#pragma once

#include <vector>

#include "consensus/messages.hpp"
#include "core/time.hpp"

namespace sluice::simulation::twins {

/// One message to one receiver, perhaps held back.
struct Utterance {
    consensus::Message message;
    core::Duration delay;
};

class Actor {
  public:
    virtual ~Actor() = default;
    /// Anything that anybody put on the wire: the faulty hear each other and everybody.
    virtual void hear(const consensus::Message&) {}
    /// What goes to validator `to` instead of `message`.
    virtual std::vector<Utterance> speak(const consensus::Message& message, std::size_t to) = 0;
    /// What is said to validator `to` out of turn, each time that nothing else is under way.
    virtual std::vector<Utterance> interject(std::size_t) { return {}; }
};

}  // namespace sluice::simulation::twins
