/// Proposals waiting for their turn, and bodies fetched by digest; bounded in bytes per primary and in all.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <utility>

#include "consensus/messages.hpp"

namespace sluice::consensus {

/// One proposal per height and view. When room is short the least useful one leaves: the furthest height
/// first, then the furthest view; what is at work stays.
class ProposalStore {
  public:
    enum class Outcome {
        stored,
        repeated,
        conflicting,  ///< another digest than the proposal that is kept: equivocation
        no_room,      ///< of less use than everything that is here
    };
    /// What is at work: the height after the head, and the entered view.
    struct Position {
        Height height = 0;
        View view = 0;
    };

    /// Precondition: the sender is the primary of the message's height and view, and the height is not below
    /// `now.height`.
    Outcome add(const PrePrepare& message, Position now);
    /// A body of the height at work, fetched or recovered. False if there is no room for it.
    bool add_body(const Hash& digest, core::SharedBytes payload, Position now);

    const PrePrepare* find(Height height, View view) const;
    /// The payload of any proposal or body with this digest; null if it is not here.
    core::SharedBytes body(const Hash& digest) const;

    /// Drops everything up to `head`, and what was proposed under another validator set.
    void forget(Height head, const Hash& validators_hash);

    std::size_t bytes() const { return bytes_; }
    std::size_t size() const { return proposals_.size() + bodies_.size(); }

  private:
    using Key = std::pair<Height, View>;
    using Proposals = std::map<Key, PrePrepare>;

    bool make_room(std::size_t wanted, Position now, std::optional<Key> newcomer);
    std::size_t bytes_of(ValidatorIndex sender) const;
    Proposals::iterator least_useful(Position now, std::optional<ValidatorIndex> of);
    void erase(Proposals::iterator proposal);

    Proposals proposals_;
    std::map<Hash, core::SharedBytes> bodies_;
    std::size_t bytes_ = 0;
};

}  // namespace sluice::consensus
