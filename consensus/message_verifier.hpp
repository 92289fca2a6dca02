/// The only maker of Verified messages. A pure function of message and context, so that it runs on any
/// worker.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "consensus/message_codec.hpp"
#include "consensus/messages.hpp"
#include "core/result.hpp"
#include "core/validator_set.hpp"

namespace sluice::consensus {

class MessageVerifier;

/// A message whose signatures, signers, certificates and payload were checked. Only MessageVerifier makes
/// one.
template <typename M>
class Verified {
  public:
    const M& operator*() const { return message_; }
    const M* operator->() const { return &message_; }
    /// Address of the validator that signed it; all zero for what carries no signature of its own.
    const Address& signer() const { return signer_; }
    /// Hash of the set that the commit certificate in it was verified against: of its own height for a bare
    /// one, of the head's height for VIEW-CHANGE and NEW-VIEW. All zero where there is no commit certificate.
    const Hash& certificate_validators() const { return certificate_validators_; }

  private:
    friend class MessageVerifier;
    Verified(M message, const Address& signer, const Hash& certificate_validators)
        : message_(std::move(message)), signer_(signer), certificate_validators_(certificate_validators) {}
    M message_;
    Address signer_;
    Hash certificate_validators_;
};

using VerifiedMessage = std::variant<Verified<PrePrepare>, Verified<Prepare>, Verified<Commit>,
                                     Verified<ViewChange>, Verified<NewView>, Verified<Heartbeat>,
                                     Verified<StatusReport>, Verified<core::CommitCertificate>>;

enum class MessageError {
    undecodable,         ///< not the canonical bytes of a message (DecodeError says more)
    unknown_validators,  ///< signed under a set that is not known here: import first
    wrong_validators,    ///< signed under another set than that height has
    unknown_sender,      ///< an index outside the set
    wrong_primary,       ///< PRE-PREPARE or NEW-VIEW of somebody who is not primary(height, view)
    impossible_height,   ///< height 0, or a VIEW-CHANGE for view 0
    bad_head,            ///< head certificate absent, unasked for, of another height, or not a certificate
    bad_lock,  ///< lock of another height, from a view not below the promised one, or not a certificate
    bad_view_changes,  ///< fewer than q, unordered or duplicate senders, other height, view or set
    payload_mismatch,  ///< the payload is not what the digest names
    high_s,            ///< a signature in its malleated form
    bad_signature,     ///< does not recover to the validator it claims
    bad_certificate,   ///< a bare commit certificate that does not hold
};
std::string_view describe(MessageError error);
/// True if only a faulty or hostile *sender* produces it. False where an honest validator ahead of this node
/// does too: such a message is dropped without blame.
bool blames_sender(MessageError error);

/// The digest of a payload, or nothing if the bytes are no payload. Must be collision-free over the whole
/// payload and pure. In the node: the header's hash, if the transactions are those of its transactions root.
using PayloadDigest = std::optional<Hash> (*)(core::ByteView payload);

/// The author of a signature over a digest; nothing if there is none. `crypto::recover_address`, or a cheap
/// stand-in where a simulation runs a hundred thousand histories.
using RecoverAddress = std::optional<Address> (*)(const Hash& digest, const core::Signature& signature);

/// Which set votes at which height, as far as this node knows. A value; copy it into a verifier's snapshot.
class ValidatorHistory {
  public:
    /// `set` votes from height `from` on. `certain_up_to` starts as `from`.
    ValidatorHistory(Height from, core::ValidatorSet set);
    /// States the set of the next height (certain_up_to + 1). Keeps the last limits::validator_history_max
    /// changes.
    void extend(core::ValidatorSet set);
    /// The set of `height`; beyond certain_up_to the last one, provisionally; null below the first height
    /// known.
    const core::ValidatorSet* set_of(Height height) const;
    Height certain_up_to() const { return certain_up_to_; }

  private:
    struct Span {
        Height from;
        core::ValidatorSet set;
    };
    std::vector<Span> spans_;  ///< rising `from`; never empty
    Height certain_up_to_;
};

/// Checks messages against one chain and the sets known when it was made. Immutable, thread-safe.
class MessageVerifier {
  public:
    MessageVerifier(core::ChainIdentity chain, std::uint64_t rotation_period, ValidatorHistory validators,
                    PayloadDigest payload_digest, RecoverAddress recover_address = crypto::recover_address);

    /// Decodes and verifies.
    core::Result<VerifiedMessage, MessageError> verify(core::ByteView encoded) const;
    /// Cheap checks first; then the sender's signature; then, once each, the signatures it carries. If
    /// `recoveries` is given, the number of signature recoveries is added to it.
    core::Result<VerifiedMessage, MessageError> verify(Message message,
                                                       std::size_t* recoveries = nullptr) const;
    /// A body fetched by digest: nothing unless the payload is what `digest` names.
    std::optional<Verified<Body>> verify_body(const Hash& digest, core::SharedBytes payload) const;

    const core::ChainIdentity& chain() const { return chain_; }
    const ValidatorHistory& validators() const { return validators_; }

  private:
    class Pass;  ///< the state of one verification: context, memo of checked signatures, count

    core::ChainIdentity chain_;
    std::uint64_t rotation_period_;
    ValidatorHistory validators_;
    PayloadDigest payload_digest_;
    RecoverAddress recover_address_;
};

}  // namespace sluice::consensus
