/// Signed messages and certificates of any toy validators, right or wrong: tests hold every key.
#pragma once

#include <initializer_list>
#include <vector>

#include "support/simulated_node.hpp"

namespace sluice::consensus::testing {

/// Makes messages of one chain under one validator set.
class Forger {
  public:
    explicit Forger(const ToyChain& chain) : chain_(chain), validators_(chain.genesis_validators) {}
    Forger(const ToyChain& chain, core::ValidatorSet validators)
        : chain_(chain), validators_(std::move(validators)) {}

    /// Fills the envelope and signs with the key of the validator at `sender` of the set.
    template <typename M>
    M sign(M message, std::size_t sender, Height height, View view) const {
        message.envelope.height = height;
        message.envelope.view = view;
        message.envelope.validators_hash = validators_.hash();
        message.envelope.sender = static_cast<ValidatorIndex>(sender);
        return sign_again(std::move(message), sender);
    }
    /// Signs what the envelope already says, with the key of `signer`.
    template <typename M>
    M sign_again(M message, std::size_t signer) const {
        message.envelope.signature = signature(signer, subject_of(message));
        return message;
    }
    core::Signature signature(std::size_t signer, const core::VoteSubject& subject) const;

    PrePrepare pre_prepare(std::size_t sender, Height height, View view, core::SharedBytes payload) const;
    Prepare prepare(std::size_t sender, Height height, View view, const Hash& digest) const;
    Commit commit(std::size_t sender, Height height, View view, const Hash& digest) const;
    ViewChange view_change(std::size_t sender, Height height, View view,
                           std::optional<core::CommitCertificate> head = std::nullopt,
                           std::optional<PrepareCertificate> lock = std::nullopt) const;
    NewView new_view(std::size_t sender, Height height, View view,
                     std::vector<ViewChange> view_changes) const;
    PrepareCertificate lock(Height height, View view, const Hash& digest,
                            const std::vector<std::size_t>& signers) const;
    core::CommitCertificate certificate(Height height, View view, const Hash& digest,
                                        const std::vector<std::size_t>& signers) const;

    const core::ValidatorSet& validators() const { return validators_; }

  private:
    std::vector<CertificateSignature> signatures(VoteType type, Height height, View view, const Hash& digest,
                                                 const std::vector<std::size_t>& signers) const;

    ToyChain chain_;
    core::ValidatorSet validators_;
};

/// A payload that the toy chain accepts as bytes, and its digest.
core::SharedBytes toy_payload(const std::string& salt, Height height = 1);
Hash digest_of(const core::SharedBytes& payload);

}  // namespace sluice::consensus::testing
