/// PBFT as a state machine without input or output: it is told things and answers what it wants done.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "consensus/durable_state.hpp"
#include "consensus/effects.hpp"
#include "consensus/inputs.hpp"
#include "core/commit_certificate.hpp"
#include "core/time.hpp"
#include "core/validator_set.hpp"
#include "crypto/signer.hpp"

namespace sluice::consensus {

/// Fixed for the life of a replica.
struct ReplicaConfig {
    core::ChainIdentity chain;
    std::uint64_t rotation_period = 256;  ///< heights per primary within a view; at least 1
    core::Duration block_interval = core::milliseconds(10);  ///< least spacing between proposals
    core::Duration view_timeout_base = limits::view_timeout_base;
    core::Duration view_timeout_max = limits::view_timeout_max;
    core::Duration resend_interval = limits::resend_interval;
    core::Duration execution_time_max = limits::execution_time_max;
    std::uint32_t version = 0;  ///< carried by heartbeats
};

/// The last block of the ledger, as found at start.
struct Head {
    Height height = 0;
    Hash digest{};
    std::optional<core::CommitCertificate> certificate;  ///< absent exactly for genesis
    core::ValidatorSet validators;                       ///< of height + 1
};

/// What a person or a metric wants to know.
struct ReplicaStatus {
    Height head = 0;
    View promised = 0;
    View entered = 0;
    Address primary{};          ///< of head + 1 in the entered view
    bool is_validator = false;  ///< of head + 1, with a key here
    bool is_primary = false;
    bool recovering = false;  ///< lost its vote log and does not know yet where to vote again
    bool silenced = false;    ///< saw its own key used elsewhere
    std::optional<RejoinFloor> rejoin;
    Height certified = 0;  ///< highest height known to be final anywhere
    bool locked = false;
    std::uint64_t timeouts_in_row = 0;  ///< exponent of the view timer
};

/// One validator, or an observer that follows without voting. Owned by one thread. `step` never blocks,
/// throws, reads a clock or sends; the same inputs give the same effects. It signs its own messages with the
/// signer given at construction: signing is deterministic (RFC 6979) and must lie between "decide" and
/// "persist", which is inside a step, so handing unsigned messages out would put half of the protocol's order
/// into the driver.
class Replica {
  public:
    /// `signer` is null for an observer and must outlive the replica. `recovered` comes from
    /// `recover(records, head)`, or is empty on a log that `init` has just created.
    Replica(ReplicaConfig config, Head head, RecoveredState recovered, crypto::Signer* signer);

    /// To be called once, before any step: re-sends the last own messages and takes up what a crash
    /// interrupted.
    Effects start(core::Instant now);
    /// Takes one input. The effects must be performed strictly in order, before those of the next step.
    Effects step(core::Instant now, const Input& input);
    /// When DeadlineReached is wanted next; it may move with every step. Nothing: only inputs move this
    /// replica.
    std::optional<core::Instant> next_deadline() const;

    /// The least that a new log must hold so that nothing is forgotten: for rotation after a BlockAppended.
    std::vector<VoteRecord> durable_records() const;
    /// The body of a proposal of the height at work, for a peer that asked for it; null if it is not here.
    core::SharedBytes find_body(const Hash& digest) const;
    const std::vector<Evidence>& evidence() const;
    ReplicaStatus status() const;
};

}  // namespace sluice::consensus
