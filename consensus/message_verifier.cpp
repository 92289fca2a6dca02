#include "consensus/message_verifier.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "consensus/limits.hpp"
#include "core/check.hpp"

namespace sluice::consensus {

ValidatorHistory::ValidatorHistory(Height from, core::ValidatorSet set) : certain_up_to_(from) {
    spans_.push_back({from, std::move(set)});
}

void ValidatorHistory::extend(core::ValidatorSet set) {
    ++certain_up_to_;
    if (spans_.back().set == set) return;
    spans_.push_back({certain_up_to_, std::move(set)});
    if (spans_.size() > limits::validator_history_max) spans_.erase(spans_.begin());
}

const core::ValidatorSet* ValidatorHistory::set_of(Height height) const {
    const auto after = std::upper_bound(spans_.begin(), spans_.end(), height,
                                        [](Height wanted, const Span& span) { return wanted < span.from; });
    return after == spans_.begin() ? nullptr : &std::prev(after)->set;
}

namespace {

using Outcome = core::Result<void, MessageError>;

MessageError from_shape(core::CertificateError error, MessageError otherwise) {
    return error == core::CertificateError::high_s ? MessageError::high_s : otherwise;
}

}  // namespace

/// Memo: in a NEW-VIEW the same PREPARE or COMMIT appears in many certificates and is recovered once.
class MessageVerifier::Pass {
  public:
    explicit Pass(const MessageVerifier& verifier) : verifier_(verifier) {}

    std::size_t recoveries() const { return recoveries_; }

    core::Result<VerifiedMessage, MessageError> verify(PrePrepare message) {
        if (Outcome cheap = begin(message.envelope); !cheap) return core::fail(cheap.error());
        if (!is_primary(message.envelope)) return core::fail(MessageError::wrong_primary);
        if (message.payload->empty()) return core::fail(MessageError::payload_mismatch);
        if (Outcome signer = check_sender(message); !signer) return core::fail(signer.error());
        // Last, because hashing a block costs more than a signature: only a validator can make this node do
        // it.
        if (verifier_.payload_digest_(*message.payload) != message.digest) {
            return core::fail(MessageError::payload_mismatch);
        }
        return finish(std::move(message));
    }

    template <typename SimpleMessage>
    core::Result<VerifiedMessage, MessageError> verify(SimpleMessage message) {
        if (Outcome cheap = begin(message.envelope); !cheap) return core::fail(cheap.error());
        if (Outcome signer = check_sender(message); !signer) return core::fail(signer.error());
        return finish(std::move(message));
    }

    core::Result<VerifiedMessage, MessageError> verify(ViewChange message) {
        if (Outcome cheap = begin(message.envelope); !cheap) return core::fail(cheap.error());
        if (Outcome cheap = check_form(message); !cheap) return core::fail(cheap.error());
        if (Outcome signer = check_sender(message); !signer) return core::fail(signer.error());
        if (Outcome carried = check_carried(message); !carried) return core::fail(carried.error());
        return finish(std::move(message));
    }

    core::Result<VerifiedMessage, MessageError> verify(NewView message) {
        if (Outcome cheap = begin(message.envelope); !cheap) return core::fail(cheap.error());
        if (Outcome cheap = check_form(message); !cheap) return core::fail(cheap.error());
        if (Outcome signer = check_sender(message); !signer) return core::fail(signer.error());
        for (const ViewChange& view_change : message.view_changes) {
            if (Outcome signer = check_sender(view_change); !signer) return core::fail(signer.error());
        }
        for (const ViewChange& view_change : message.view_changes) {
            if (Outcome carried = check_carried(view_change); !carried) return core::fail(carried.error());
        }
        return finish(std::move(message));
    }

    core::Result<VerifiedMessage, MessageError> verify(core::CommitCertificate certificate) {
        if (certificate.height == 0) return core::fail(MessageError::impossible_height);
        const core::ValidatorSet* set = verifier_.validators_.set_of(certificate.height);
        if (set == nullptr) return core::fail(MessageError::unknown_validators);
        if (Outcome held = check_commits(certificate, *set, MessageError::bad_certificate); !held) {
            return core::fail(held.error());
        }
        certificate_validators_ = set->hash();
        return VerifiedMessage(Verified<core::CommitCertificate>(std::move(certificate), {}, set->hash()));
    }

  private:
    /// Checks without a curve operation that every signed message shares; finds the set.
    Outcome begin(const Envelope& envelope) {
        if (envelope.height == 0) return core::fail(MessageError::impossible_height);
        set_ = verifier_.validators_.set_of(envelope.height);
        if (set_ == nullptr) return core::fail(MessageError::unknown_validators);
        if (envelope.validators_hash != set_->hash()) {
            const bool ahead = envelope.height > verifier_.validators_.certain_up_to();
            return core::fail(ahead ? MessageError::unknown_validators : MessageError::wrong_validators);
        }
        if (envelope.sender >= set_->size()) return core::fail(MessageError::unknown_sender);
        if (!crypto::is_low_s(envelope.signature)) return core::fail(MessageError::high_s);
        return {};
    }

    bool is_primary(const Envelope& envelope) const {
        return envelope.sender == set_->primary(envelope.height, envelope.view, verifier_.rotation_period_);
    }

    Outcome check_form(const ViewChange& message) {
        const Envelope& envelope = message.envelope;
        if (envelope.view == 0) return core::fail(MessageError::impossible_height);
        if (message.head.has_value() != (envelope.height > 1)) return core::fail(MessageError::bad_head);
        if (message.head) {
            if (message.head->height != envelope.height - 1) return core::fail(MessageError::bad_head);
            head_set_ = verifier_.validators_.set_of(message.head->height);
            if (head_set_ == nullptr) return core::fail(MessageError::unknown_validators);
            if (auto shape = check_shape(message.head->signatures, *head_set_); !shape) {
                return core::fail(
                    doubtful(message.head->height, from_shape(shape.error(), MessageError::bad_head)));
            }
        }
        if (!message.lock) return {};
        if (message.lock->height != envelope.height) return core::fail(MessageError::bad_lock);
        if (message.lock->view >= envelope.view) return core::fail(MessageError::bad_lock);
        if (auto shape = check_shape(message.lock->signatures, *set_); !shape) {
            return core::fail(from_shape(shape.error(), MessageError::bad_lock));
        }
        return {};
    }

    Outcome check_form(const NewView& message) {
        const Envelope& envelope = message.envelope;
        if (envelope.view == 0) return core::fail(MessageError::impossible_height);
        if (!is_primary(envelope)) return core::fail(MessageError::wrong_primary);
        if (message.view_changes.size() < set_->quorum() || message.view_changes.size() > set_->size()) {
            return core::fail(MessageError::bad_view_changes);
        }
        for (std::size_t i = 0; i < message.view_changes.size(); ++i) {
            const Envelope& other = message.view_changes[i].envelope;
            if (i > 0 && other.sender <= message.view_changes[i - 1].envelope.sender) {
                return core::fail(MessageError::bad_view_changes);
            }
            if (other.height != envelope.height || other.view != envelope.view ||
                other.validators_hash != envelope.validators_hash || other.sender >= set_->size()) {
                return core::fail(MessageError::bad_view_changes);
            }
            if (!crypto::is_low_s(other.signature)) return core::fail(MessageError::high_s);
            if (Outcome form = check_form(message.view_changes[i]); !form) return form;
        }
        return {};
    }

    Outcome check_carried(const ViewChange& message) {
        if (message.head) {
            if (Outcome held = check_commits(*message.head, *head_set_, MessageError::bad_head); !held)
                return held;
            certificate_validators_ = head_set_->hash();
        }
        if (!message.lock) return {};
        const core::VoteSubject subject{.type = VoteType::prepare,
                                        .height = message.lock->height,
                                        .view = message.lock->view,
                                        .digest = message.lock->digest,
                                        .validators_hash = set_->hash()};
        return check_signatures(subject, message.lock->signatures, *set_, MessageError::bad_lock);
    }

    Outcome check_commits(const core::CommitCertificate& certificate, const core::ValidatorSet& set,
                          MessageError defect) {
        if (auto shape = check_shape(certificate.signatures, set); !shape) {
            return core::fail(doubtful(certificate.height, from_shape(shape.error(), defect)));
        }
        const core::VoteSubject subject{.type = VoteType::commit,
                                        .height = certificate.height,
                                        .view = certificate.view,
                                        .digest = certificate.block_hash,
                                        .validators_hash = set.hash()};
        Outcome held = check_signatures(subject, certificate.signatures, set, defect);
        if (!held) return core::fail(doubtful(certificate.height, held.error()));
        return held;
    }

    /// Beyond the heights whose sets are certain, a failed certificate may merely be of a set not known here.
    MessageError doubtful(Height height, MessageError error) const {
        return height > verifier_.validators_.certain_up_to() ? MessageError::unknown_validators : error;
    }

    Outcome check_signatures(const core::VoteSubject& subject,
                             std::span<const CertificateSignature> signatures, const core::ValidatorSet& set,
                             MessageError defect) {
        const Hash digest = core::signing_digest(verifier_.chain_, subject);
        for (const CertificateSignature& vote : signatures) {
            if (!is_by(digest, vote.signature, set.at(vote.index))) return core::fail(defect);
        }
        return {};
    }

    template <typename M>
    Outcome check_sender(const M& message) {
        const Hash digest = core::signing_digest(verifier_.chain_, subject_of(message));
        if (!is_by(digest, message.envelope.signature, set_->at(message.envelope.sender))) {
            return core::fail(MessageError::bad_signature);
        }
        return {};
    }

    bool is_by(const Hash& digest, const core::Signature& signature, const Address& signer) {
        const Checked checked{digest, signature.r, signature.s, signature.recovery_id, signer};
        if (good_.contains(checked)) return true;
        ++recoveries_;
        if (verifier_.recover_address_(digest, signature) != signer) return false;
        good_.insert(checked);
        return true;
    }

    template <typename M>
    VerifiedMessage finish(M message) {
        const Address signer = set_->at(message.envelope.sender);
        return Verified<M>(std::move(message), signer, certificate_validators_);
    }

    using Checked =
        std::tuple<Hash, std::array<std::uint8_t, 32>, std::array<std::uint8_t, 32>, std::uint8_t, Address>;

    const MessageVerifier& verifier_;
    const core::ValidatorSet* set_ = nullptr;
    const core::ValidatorSet* head_set_ = nullptr;
    Hash certificate_validators_{};
    std::set<Checked> good_;
    std::size_t recoveries_ = 0;
};

MessageVerifier::MessageVerifier(core::ChainIdentity chain, std::uint64_t rotation_period,
                                 ValidatorHistory validators, PayloadDigest payload_digest,
                                 RecoverAddress recover_address)
    : chain_(chain),
      rotation_period_(rotation_period),
      validators_(std::move(validators)),
      payload_digest_(payload_digest),
      recover_address_(recover_address) {
    CHECK(rotation_period_ >= 1);
    CHECK(payload_digest_ != nullptr);
}

core::Result<VerifiedMessage, MessageError> MessageVerifier::verify(core::ByteView encoded) const {
    core::Result<Message, DecodeError> message = decode_message(encoded);
    if (!message) return core::fail(MessageError::undecodable);
    return verify(std::move(*message));
}

core::Result<VerifiedMessage, MessageError> MessageVerifier::verify(Message message,
                                                                    std::size_t* recoveries) const {
    Pass pass(*this);
    auto verified = std::visit(
        [&pass](auto&& alternative) { return pass.verify(std::forward<decltype(alternative)>(alternative)); },
        std::move(message));
    if (recoveries != nullptr) *recoveries += pass.recoveries();
    return verified;
}

std::optional<Verified<Body>> MessageVerifier::verify_body(const Hash& digest,
                                                           core::SharedBytes payload) const {
    if (payload == nullptr || payload->empty()) return std::nullopt;
    if (payload->size() > core::limits::block_bytes_max) return std::nullopt;
    if (payload_digest_(*payload) != digest) return std::nullopt;
    return Verified<Body>({digest, std::move(payload)}, {}, {});
}

std::string_view describe(MessageError error) {
    switch (error) {
        case MessageError::undecodable:
            return "the bytes are not a consensus message";
        case MessageError::unknown_validators:
            return "the message is signed under a validator set that is not known here yet";
        case MessageError::wrong_validators:
            return "the message is signed under another validator set than its height has";
        case MessageError::unknown_sender:
            return "the sender's index lies outside the validator set";
        case MessageError::wrong_primary:
            return "the sender is not the primary of this height and view";
        case MessageError::impossible_height:
            return "no such message exists for this height and view";
        case MessageError::bad_head:
            return "the certificate of the head is missing, unasked for or does not hold";
        case MessageError::bad_lock:
            return "the lock does not hold";
        case MessageError::bad_view_changes:
            return "the view changes are not those of a quorum for one height and view";
        case MessageError::payload_mismatch:
            return "the block is not the one that its digest names";
        case MessageError::high_s:
            return "a signature is in its malleated form (s above half the group order)";
        case MessageError::bad_signature:
            return "the signature is not the sender's";
        case MessageError::bad_certificate:
            return "the commit certificate does not hold";
    }
    return "unknown message error";
}

bool blames_sender(MessageError error) {
    return error != MessageError::unknown_validators;
}

}  // namespace sluice::consensus
