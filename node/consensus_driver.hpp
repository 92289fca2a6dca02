/// Performs a replica's effects strictly in order: what must be durable is durable before what depends on it
/// leaves.
#pragma once

#include <deque>
#include <vector>

#include "consensus/replica.hpp"
#include "node/ports.hpp"

namespace sluice::node {

/// Owns the replica. Votes go to the disk lane, messages to the outbox; everything else is handed to the
/// node, in order, through `take_requests`. Owned by the node's thread.
class ConsensusDriver {
  public:
    ConsensusDriver(consensus::Replica replica, Outbox& outbox, Workers& workers)
        : replica_(std::move(replica)), outbox_(outbox), workers_(workers) {}

    void start(Now now);
    void step(Now now, const consensus::Input& input);
    void on_persisted(const VotesPersisted& result);

    /// Effects that are not about sending or persisting, performed up to here, in order.
    std::vector<consensus::Effect> take_requests() { return std::exchange(requests_, {}); }
    bool has_requests() const { return !requests_.empty(); }
    std::optional<core::Instant> next_deadline() const { return replica_.next_deadline(); }

    const consensus::Replica& replica() const { return replica_; }
    std::uint64_t vote_log_sequence() const { return vote_log_sequence_; }
    void note_sequence(std::uint64_t next_sequence) { vote_log_sequence_ = next_sequence; }

  private:
    void take(consensus::Effects effects);
    void pump();

    consensus::Replica replica_;
    Outbox& outbox_;
    Workers& workers_;
    std::deque<consensus::Effect> waiting_;
    bool persisting_ = false;
    std::uint64_t vote_log_sequence_ = 0;
    std::vector<consensus::Effect> requests_;
};

}  // namespace sluice::node
