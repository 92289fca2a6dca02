/// Catching up: asks peers for certified blocks, one range at a time, and survives peers that lie or stay
/// silent.
#pragma once

#include <deque>
#include <map>
#include <optional>

#include "node/ports.hpp"
#include "node/sync_messages.hpp"

namespace sluice::node {

/// Knows who has said to be how far, and which range is asked of whom. Blocks go to the pipeline one by one
/// and prove themselves there. Owned by the node's thread.
class BlockSync {
  public:
    explicit BlockSync(Outbox& outbox) : outbox_(outbox) {}

    void peer_up(const core::Address& peer);
    void peer_down(const core::Address& peer);
    /// `peer` says it is at `height`; a notice also says from which block on it serves, a heartbeat does not.
    void peer_has(const core::Address& peer, core::Height height,
                  std::optional<core::Height> first_block = std::nullopt);
    /// A certificate for `height` has been seen: blocks up to it exist for certain.
    void certified(core::Height height);
    void answer(const core::Address& peer, BlocksAnswer answer);
    /// A block of `peer` did not hold: it serves nobody any more.
    void refused(const core::Address& peer);

    /// To be called after every change and at `next_deadline`: asks again where an answer is overdue, asks
    /// for more where there is room. `head` is this node's.
    void advance(Now now, core::Height head);
    /// The next block to import for head + 1, if it is here. To be called only while none is being imported.
    std::optional<std::pair<CertifiedBlock, core::Address>> take_next(core::Height head);
    std::optional<core::Instant> next_deadline() const { return wake_at_; }

    /// Blocks up to this height are proven to exist; higher than the head means: catching up.
    core::Height certified_height() const { return certified_; }
    /// The highest head any live peer has claimed.
    core::Height best_claim() const;
    /// Some live peer is above `head`, and none of those serves the next block.
    bool is_unserved(core::Height head) const;

  private:
    struct Peer {
        core::Height height = 0;
        core::Height first_block = 0;  ///< it has dropped the blocks below
        core::Instant quiet_until;     ///< did not deliver: asked again only after this
    };
    struct Request {
        std::uint64_t id = 0;
        core::Address peer{};
        core::Height from = 0;
        std::uint32_t count = 0;
        core::Instant deadline;
    };
    struct Received {
        core::Height height = 0;
        CertifiedBlock block;
        core::Address from{};
    };

    /// Whom to ask for `from`: the peers that claim it, in turn. If all of them have failed to answer lately,
    /// the one of which that is longest ago, provided that the block certainly exists or nobody answers at
    /// all.
    std::optional<core::Address> choose_peer(core::Height from, core::Instant now);
    void drop_received_up_to(core::Height head);
    void start_over();
    core::Height next_wanted(core::Height head) const;
    void ask(core::Instant now, core::Height head);

    Outbox& outbox_;
    std::map<core::Address, Peer> peers_;
    std::optional<Request> request_;
    std::deque<Received> received_;  ///< consecutive heights
    core::Height at_work_ = 0;       ///< the last one that was taken
    core::Height certified_ = 0;
    std::uint64_t next_request_ = 1;
    core::Address last_asked_{};
    std::optional<core::Instant> behind_since_;
    core::Height behind_at_ = 0;
    std::optional<core::Instant> wake_at_;
};

}  // namespace sluice::node
