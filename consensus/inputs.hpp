/// Everything that a replica can be told. Values only; the replica never asks.
#pragma once

#include <optional>
#include <variant>

#include "consensus/message_verifier.hpp"
#include "core/time.hpp"
#include "core/validator_set.hpp"

namespace sluice::consensus {

/// Answer to BuildProposal: a block executed on the head, for exactly that height and view.
struct ProposalBuilt {
    Height height = 0;
    View view = 0;
    Hash digest{};
    core::SharedBytes payload;
};

/// Answer to BuildProposal when nothing executable was left and an empty block was not asked for. The replica
/// asks again after the next WorkPending.
struct NothingToPropose {
    Height height = 0;
    View view = 0;
};

/// Answer to CheckProposal: whether the block executes to what its header claims.
struct ProposalChecked {
    Height height = 0;
    Hash digest{};
    bool ok = false;
    Address proposer{};  ///< the validator that the block names as its first builder
};

/// The ledger durably holds a block at head + 1: answer to Finalize, or an import of sync. Heights come in
/// order.
struct BlockAppended {
    Height height = 0;
    Hash digest{};
    core::CommitCertificate certificate;  ///< of this block, verified
    core::ValidatorSet next_validators;   ///< of height + 1
};

/// Whether work waits that is executable at the head, or due. Sent when it changes, and after each
/// BlockAppended.
struct WorkPending {
    bool pending = false;
    core::Instant since;  ///< when the oldest of it became executable here; read only if pending
};

/// The node is importing blocks up to a height whose certificate it has seen. True only while it holds that
/// proof: the view timer is off meanwhile.
struct Syncing {
    bool on = false;
};

/// An executable transaction was passed over by eight consecutive blocks that had room for it.
struct PrimaryCensors {};

/// A second has passed: send a heartbeat with this clock.
struct HeartbeatDue {
    core::UnixMs clock = 0;
};

/// The instant that next_deadline() named has come. Early or late calls do no harm.
struct DeadlineReached {};

using Input = std::variant<Verified<PrePrepare>, Verified<Prepare>, Verified<Commit>, Verified<ViewChange>,
                           Verified<NewView>, Verified<Heartbeat>, Verified<StatusReport>,
                           Verified<core::CommitCertificate>, Verified<Body>, ProposalBuilt, NothingToPropose,
                           ProposalChecked, BlockAppended, WorkPending, Syncing, PrimaryCensors, HeartbeatDue,
                           DeadlineReached>;

/// A verified message as an input.
Input to_input(VerifiedMessage message);

}  // namespace sluice::consensus
