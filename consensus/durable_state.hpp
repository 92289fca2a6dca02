/// What a validator must remember across crashes, as records of the vote log, and how it is found again.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "consensus/messages.hpp"
#include "core/result.hpp"

namespace sluice::consensus {

/// One byte in the log; never renumbered.
enum class RecordKind : std::uint8_t {
    body = 1,  ///< a block's bytes, once per digest: digest ‖ payload
    sent = 2,  ///< an own vote or VIEW-CHANGE as it goes on the wire (PRE-PREPARE without its payload)
    lock = 3,  ///< the prepare certificate that goes with the COMMIT after it
    entered =
        4,  ///< the view at work and how it was entered: by NEW-VIEW (its bytes) or above a certified height
    promised = 5,  ///< the highest promised view, where a rotated log has no own message that shows it
    rejoin = 6,  ///< after a lost log: votes begin at this height and view (payload 1: on an operator's word)
    lost = 7,    ///< the log before this one was lost: no vote before a rejoin record
};

/// A record, opaque to whoever stores it. Records add up: an older one after a newer one changes nothing.
struct VoteRecord {
    RecordKind kind{};
    Height height = 0;
    View view = 0;
    core::Bytes payload;
    bool operator==(const VoteRecord&) const = default;
};

/// How a view was entered, and with it what may be voted in it.
struct Entry {
    View view = 0;
    std::optional<NewView> new_view;  ///< absent: entered by a commit certificate, or the start of the chain
    Height above = 0;                 ///< without NEW-VIEW: votes only above this height

    /// The lowest height at which the view permits votes.
    Height first_height() const { return new_view ? new_view->envelope.height : above + 1; }
    bool operator==(const Entry&) const = default;
};

/// From where on a validator that lost its log votes again.
struct RejoinFloor {
    Height height = 0;
    View view = 0;
    bool by_operator = false;  ///< an operator answered for the lost votes; nobody else was asked
    bool operator==(const RejoinFloor&) const = default;
};

/// The own votes of one height and view.
struct OwnMessages {
    std::optional<PrePrepare> pre_prepare;
    std::optional<Prepare> prepare;
    std::optional<Commit> commit;
};

/// The state that the records of a vote log add up to, seen from one head.
struct RecoveredState {
    View promised = 0;
    Entry entry;
    std::optional<PrepareCertificate> lock;    ///< at head + 1
    std::map<Hash, core::SharedBytes> bodies;  ///< of head + 1
    OwnMessages own;                           ///< of (head + 1, entered view)
    std::optional<ViewChange> view_change;     ///< own, of (head + 1, promised)
    std::optional<RejoinFloor> rejoin;
    /// The log before this one was lost, and q others have not reported yet (`rejoin`): vote nothing.
    bool log_lost = false;
    /// Fresh randomness for the questions of a recovering validator, from whoever starts the replica; unused
    /// otherwise.
    Hash rejoin_nonce{};
};

enum class RecoveryError {
    undecodable_record,  ///< a record that this version did not write
    body_missing,        ///< a vote or lock for a block whose body is not in the log
    head_behind_votes,   ///< the log holds votes above head + 1: the ledger has lost blocks (do not vote)
};
std::string_view describe(RecoveryError error);

/// Replays the records of a log in order. Total.
core::Result<RecoveredState, RecoveryError> recover(std::span<const VoteRecord> records, Height head);

VoteRecord body_record(Height height, View view, const Hash& digest, core::ByteView payload);
VoteRecord sent_record(const Message& message);
VoteRecord lock_record(const PrepareCertificate& lock);
VoteRecord entered_record(const Entry& entry);
VoteRecord promised_record(Height height, View promised);
VoteRecord rejoin_record(const RejoinFloor& floor);
VoteRecord lost_record(Height head);

/// The fewest records that recover to `state`: what a rotated log starts with.
std::vector<VoteRecord> records_of(const RecoveredState& state, Height head);

}  // namespace sluice::consensus
