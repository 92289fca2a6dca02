#include "support/forgery.hpp"

namespace sluice::consensus::testing {

core::Signature Forger::signature(std::size_t signer, const core::VoteSubject& subject) const {
    return ToySigner(signer).sign(core::signing_digest(chain_.identity, subject));
}

PrePrepare Forger::pre_prepare(std::size_t sender, Height height, View view,
                               core::SharedBytes payload) const {
    const Hash digest = core::keccak256(*payload);
    return sign(PrePrepare{.envelope = {}, .digest = digest, .payload = std::move(payload)}, sender, height,
                view);
}

Prepare Forger::prepare(std::size_t sender, Height height, View view, const Hash& digest) const {
    return sign(Prepare{.envelope = {}, .digest = digest}, sender, height, view);
}

Commit Forger::commit(std::size_t sender, Height height, View view, const Hash& digest) const {
    return sign(Commit{.envelope = {}, .digest = digest}, sender, height, view);
}

ViewChange Forger::view_change(std::size_t sender, Height height, View view,
                               std::optional<core::CommitCertificate> head,
                               std::optional<PrepareCertificate> lock) const {
    return sign(ViewChange{.envelope = {}, .head = std::move(head), .lock = std::move(lock)}, sender, height,
                view);
}

NewView Forger::new_view(std::size_t sender, Height height, View view,
                         std::vector<ViewChange> view_changes) const {
    return sign(NewView{.envelope = {}, .view_changes = std::move(view_changes)}, sender, height, view);
}

std::vector<CertificateSignature> Forger::signatures(VoteType type, Height height, View view,
                                                     const Hash& digest,
                                                     const std::vector<std::size_t>& signers) const {
    const core::VoteSubject subject{.type = type,
                                    .height = height,
                                    .view = view,
                                    .digest = digest,
                                    .validators_hash = validators_.hash()};
    std::vector<CertificateSignature> list;
    for (const std::size_t signer : signers) {
        list.push_back(
            {.index = static_cast<ValidatorIndex>(signer), .signature = signature(signer, subject)});
    }
    return list;
}

PrepareCertificate Forger::lock(Height height, View view, const Hash& digest,
                                const std::vector<std::size_t>& signers) const {
    return {.height = height,
            .view = view,
            .digest = digest,
            .signatures = signatures(VoteType::prepare, height, view, digest, signers)};
}

core::CommitCertificate Forger::certificate(Height height, View view, const Hash& digest,
                                            const std::vector<std::size_t>& signers) const {
    return {.height = height,
            .view = view,
            .block_hash = digest,
            .signatures = signatures(VoteType::commit, height, view, digest, signers)};
}

core::SharedBytes toy_payload(const std::string& salt, Height height) {
    return core::share(encode(ToyBlock{
        .height = height, .parent = {}, .proposer = {}, .salt = salt, .change = std::nullopt, .good = true}));
}

Hash digest_of(const core::SharedBytes& payload) {
    return core::keccak256(*payload);
}

}  // namespace sluice::consensus::testing
