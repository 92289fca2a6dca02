#include "consensus/evidence.hpp"

#include <algorithm>

#include "consensus/limits.hpp"

namespace sluice::consensus {

namespace {

bool is_signed_by(const SignedStatement& statement, const core::Address& validator,
                  const core::ChainIdentity& chain) {
    if (!crypto::is_low_s(statement.signature)) return false;
    return crypto::recover_address(core::signing_digest(chain, statement.subject), statement.signature) ==
           validator;
}

/// A validator may say these once per height and view; a heartbeat or a report as often as it likes.
bool binds(core::VoteType type) {
    return type != core::VoteType::heartbeat && type != core::VoteType::status_report;
}

}  // namespace

bool verify(const Evidence& evidence, const core::ChainIdentity& chain) {
    const core::VoteSubject& first = evidence.first.subject;
    const core::VoteSubject& second = evidence.second.subject;
    if (!binds(first.type) || first.type != second.type) return false;
    if (first.height != second.height || first.view != second.view) return false;
    if (first.digest == second.digest) return false;
    return is_signed_by(evidence.first, evidence.validator, chain) &&
           is_signed_by(evidence.second, evidence.validator, chain);
}

bool EvidenceLog::add(const Evidence& evidence) {
    if (entries_.size() >= limits::evidence_max) return false;
    const auto same = [&evidence](const Evidence& known) {
        return known.validator == evidence.validator &&
               known.first.subject.type == evidence.first.subject.type &&
               known.first.subject.height == evidence.first.subject.height &&
               known.first.subject.view == evidence.first.subject.view;
    };
    if (std::any_of(entries_.begin(), entries_.end(), same)) return false;
    entries_.push_back(evidence);
    return true;
}

}  // namespace sluice::consensus
