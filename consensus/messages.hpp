/// The messages of the protocol. Each signed one starts with an Envelope; docs/formats/consensus-messages.md
/// has the bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "consensus/certificate.hpp"
#include "core/commit_certificate.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace sluice::consensus {

using core::Address;
using core::Hash;
using core::Height;
using core::ValidatorIndex;
using core::View;
using core::VoteType;

/// Who says something about which height and view, under which validator set. All of it is signed.
struct Envelope {
    Height height = 0;  ///< the height spoken of; a validator at head h speaks of h + 1
    View view = 0;
    Hash validators_hash{};     ///< the set of `height`, as the sender knows it
    ValidatorIndex sender = 0;  ///< position in that set
    core::Signature signature;
    bool operator==(const Envelope&) const = default;
};

/// The primary's proposal (PBFT PRE-PREPARE). The signature covers the digest; the verifier binds payload to
/// digest.
struct PrePrepare {
    Envelope envelope;
    Hash digest{};
    core::SharedBytes payload;  ///< never null in a decoded message
};

/// "I have executed this block and would commit it in this view."
struct Prepare {
    Envelope envelope;
    Hash digest{};
    bool operator==(const Prepare&) const = default;
};

/// "I hold a prepare certificate for this block in this view, and am locked on it."
struct Commit {
    Envelope envelope;
    Hash digest{};
    bool operator==(const Commit&) const = default;
};

/// "I vote no more below `view`. My head is height - 1, and this is my lock at `height`."
struct ViewChange {
    Envelope envelope;
    std::optional<core::CommitCertificate> head;  ///< of height - 1; absent exactly for height 1
    std::optional<PrepareCertificate> lock;       ///< of `height`, from a view below `view`
    bool operator==(const ViewChange&) const = default;
};

/// The new primary's proof that the view may begin: q VIEW-CHANGEs for one height, ordered by sender.
struct NewView {
    Envelope envelope;
    std::vector<ViewChange> view_changes;
    bool operator==(const NewView&) const = default;
};

/// "I am alive": each second, so that quiet and dead differ. height = head + 1, view = highest promised view.
struct Heartbeat {
    Envelope envelope;
    core::UnixMs clock = 0;
    std::uint32_t version = 0;
    bool operator==(const Heartbeat&) const = default;
};

/// Head and view of a validator, asked for by one that lost its vote log. A question is a report of a
/// recovering validator with a nonce of its own; the answers repeat that nonce. height = head + 1, view =
/// highest promised view.
struct StatusReport {
    Envelope envelope;
    bool recovering = false;  ///< the sender has no vote log: its report is a question and never counts
    Hash nonce{};
    bool operator==(const StatusReport&) const = default;
};

/// Everything that travels. A bare commit certificate answers those who are behind; it needs no signature of
/// its own.
using Message = std::variant<PrePrepare, Prepare, Commit, ViewChange, NewView, Heartbeat, StatusReport,
                             core::CommitCertificate>;

/// A block's bytes fetched by its digest.
struct Body {
    Hash digest{};
    core::SharedBytes payload;
};

/// What the signature of a message covers. For PRE-PREPARE, PREPARE and COMMIT the digest is the block's; for
/// the others it is the keccak256 of their canonical body, recomputed here and never transmitted.
core::VoteSubject subject_of(const PrePrepare& message);
core::VoteSubject subject_of(const Prepare& message);
core::VoteSubject subject_of(const Commit& message);
core::VoteSubject subject_of(const ViewChange& message);
core::VoteSubject subject_of(const NewView& message);
core::VoteSubject subject_of(const Heartbeat& message);
core::VoteSubject subject_of(const StatusReport& message);

/// The envelope of a signed message; null for a bare certificate.
const Envelope* envelope_of(const Message& message);
/// "PRE-PREPARE", "PREPARE", …: for logs and transcripts.
std::string_view name_of(const Message& message);

}  // namespace sluice::consensus
