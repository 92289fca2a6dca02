#include "tests/simulation/twins/judge.hpp"

#include <set>

namespace sluice::simulation::twins {

namespace {

using consensus::VoteType;

bool is_quorum(VoteType type, core::Height height, core::View view, const core::Hash& digest,
               const std::vector<consensus::CertificateSignature>& signatures, const Chain& chain) {
    const core::VoteSubject subject{.type = type,
                                    .height = height,
                                    .view = view,
                                    .digest = digest,
                                    .validators_hash = chain.validators.hash()};
    const core::Hash signed_digest = core::signing_digest(chain.identity, subject);
    std::set<core::Address> signers;
    for (const auto& vote : signatures)
        if (const auto signer = consensus::testing::toy_recover(signed_digest, vote.signature);
            signer && chain.validators.index_of(*signer))
            signers.insert(*signer);
    return signers.size() * 3 >= chain.validators.size() * 2;
}

bool is_primary(const consensus::Envelope& envelope, const Chain& chain) {
    const std::uint64_t n = chain.validators.size();
    const std::uint64_t turn = envelope.height / chain.config.rotation_period % n + envelope.view % n;
    return envelope.sender == turn % n;
}

std::string fault_of_change(const consensus::ViewChange& change, const Chain& chain) {
    const consensus::Envelope& envelope = change.envelope;
    if (change.head && (change.head->height + 1 != envelope.height ||
                        !is_quorum(VoteType::commit, change.head->height, change.head->view,
                                   change.head->block_hash, change.head->signatures, chain)))
        return "a VIEW-CHANGE whose head is not certified";
    if (!change.lock) return "";
    if (change.lock->height != envelope.height) return "a lock of another height";
    if (change.lock->view >= envelope.view) return "a lock from the future";
    if (!is_quorum(VoteType::prepare, change.lock->height, change.lock->view, change.lock->digest,
                   change.lock->signatures, chain))
        return "a lock without a quorum of PREPAREs";
    return "";
}

std::string fault_of_view(const consensus::NewView& view, const Chain& chain) {
    std::set<core::ValidatorIndex> senders;
    for (const consensus::ViewChange& change : view.view_changes) {
        if (change.envelope.height != view.envelope.height || change.envelope.view != view.envelope.view)
            return "a NEW-VIEW with a VIEW-CHANGE of another height or view";
        if (std::string fault = fault_of_change(change, chain); !fault.empty()) return fault;
        senders.insert(change.envelope.sender);
    }
    if (senders.size() != view.view_changes.size()) return "a NEW-VIEW with one sender twice";
    if (senders.size() * 3 < chain.validators.size() * 2) return "a NEW-VIEW without a quorum";
    if (!is_primary(view.envelope, chain)) return "a NEW-VIEW of one who is not primary";
    return "";
}

}  // namespace

std::string fault_of(const consensus::Message& message, const Chain& chain) {
    if (const auto* change = std::get_if<consensus::ViewChange>(&message))
        return fault_of_change(*change, chain);
    if (const auto* view = std::get_if<consensus::NewView>(&message)) return fault_of_view(*view, chain);
    if (const auto* proposal = std::get_if<consensus::PrePrepare>(&message);
        proposal != nullptr && !is_primary(proposal->envelope, chain))
        return "a proposal of one who is not primary";
    if (const auto* certificate = std::get_if<core::CommitCertificate>(&message);
        certificate != nullptr && !is_quorum(VoteType::commit, certificate->height, certificate->view,
                                             certificate->block_hash, certificate->signatures, chain))
        return "a certificate without a quorum";
    return "";
}

}  // namespace sluice::simulation::twins
