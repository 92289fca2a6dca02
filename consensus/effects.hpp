/// Everything that a replica can want done. The driver performs the effects of a step strictly in order, and
/// those of one step before those of the next: that order is the durability rule.
#pragma once

#include <variant>
#include <vector>

#include "consensus/durable_state.hpp"
#include "consensus/evidence.hpp"
#include "consensus/messages.hpp"
#include "core/time.hpp"

namespace sluice::consensus {

/// Append to the vote log and make durable, before any later effect. A failure is fatal: nothing more may be
/// sent.
struct Persist {
    std::vector<VoteRecord> records;
};

/// Send to every validator. The sender has already counted it.
struct Broadcast {
    Message message;
};

/// Send to one validator.
struct Send {
    Address to{};
    Message message;
};

/// Send certified blocks to one that is behind: from_height up to the head, in order, as many as a batch
/// holds.
struct SendCertificates {
    Address to{};
    Height from_height = 0;
};

/// Build and execute a block on the head; answer with ProposalBuilt or NothingToPropose.
struct BuildProposal {
    Height height = 0;
    View view = 0;
    core::Instant not_before;  ///< the least spacing of proposals allows it from here on
    bool allow_empty = false;  ///< a new view demands a block even if there is nothing to do
};

/// Execute a proposed block on the head and compare every header field; answer with ProposalChecked.
struct CheckProposal {
    Height height = 0;
    View view = 0;
    Hash digest{};
    core::SharedBytes payload;
};

/// Append the block: it is final. Execute it first if it was not checked here. Answer with BlockAppended.
struct Finalize {
    Height height = 0;
    Hash digest{};
    core::SharedBytes payload;
    core::CommitCertificate certificate;
};

/// A commit certificate of `height` was seen, and blocks up to it are not here: import them from anybody.
struct RequestSync {
    Height height = 0;
};

/// Ask peers for the block body of this digest; answer with Verified<Body>. Asked again while it is missing.
struct RequestBody {
    Height height = 0;
    Hash digest{};
};

/// A validator signed two different messages for one height, view and type.
struct ReportEvidence {
    Evidence evidence;
};

/// Why a view was left.
enum class ViewChangeCause {
    timeout,        ///< the view timer ran out
    slow_proposal,  ///< executable work was not proposed in time
    slow_check,     ///< the own execution of a proposal took too long
    joined,         ///< f + 1 validators are at higher views
    censorship,     ///< the primary passes over an executable transaction
};
std::string_view describe(ViewChangeCause cause);

/// The replica has promised a higher view and works in none. For log, metric and status.
struct ViewPromised {
    View view = 0;
    ViewChangeCause cause{};
};

/// The replica works in this view. For log, metric and status.
struct ViewEntered {
    View view = 0;
    bool by_new_view = false;  ///< otherwise by a commit certificate
};

/// What must never happen while at most f validators are faulty. Shown to an operator; never ignored
/// silently.
enum class AlarmKind {
    lock_contradicted,  ///< a proposal without its proof contradicts the own lock; refused
    fork_seen,          ///< a commit certificate for another block than the own one at a height
    own_key_elsewhere,  ///< a message signed with the own key that this replica did not send; it votes no
                        ///< more
};
std::string_view describe(AlarmKind kind);
struct RaiseAlarm {
    AlarmKind kind{};
    Height height = 0;
    View view = 0;
};

/// A validator that had lost its vote log knows from where on it may vote.
struct RejoinAgreed {
    Height from_height = 0;
    View from_view = 0;
};

using Effect = std::variant<Persist, Broadcast, Send, SendCertificates, BuildProposal, CheckProposal,
                            Finalize, RequestSync, RequestBody, ReportEvidence, ViewPromised, ViewEntered,
                            RaiseAlarm, RejoinAgreed>;
using Effects = std::vector<Effect>;

}  // namespace sluice::consensus
