#include "consensus/messages.hpp"

#include "consensus/message_codec.hpp"

namespace sluice::consensus {

namespace {

core::VoteSubject subject(VoteType type, const Envelope& envelope, const Hash& digest) {
    return {.type = type,
            .height = envelope.height,
            .view = envelope.view,
            .digest = digest,
            .validators_hash = envelope.validators_hash};
}

}  // namespace

core::VoteSubject subject_of(const PrePrepare& message) {
    return subject(VoteType::pre_prepare, message.envelope, message.digest);
}
core::VoteSubject subject_of(const Prepare& message) {
    return subject(VoteType::prepare, message.envelope, message.digest);
}
core::VoteSubject subject_of(const Commit& message) {
    return subject(VoteType::commit, message.envelope, message.digest);
}
core::VoteSubject subject_of(const ViewChange& message) {
    return subject(VoteType::view_change, message.envelope, core::keccak256(body_of(message)));
}
core::VoteSubject subject_of(const NewView& message) {
    return subject(VoteType::new_view, message.envelope, core::keccak256(body_of(message)));
}
core::VoteSubject subject_of(const Heartbeat& message) {
    return subject(VoteType::heartbeat, message.envelope, core::keccak256(body_of(message)));
}
core::VoteSubject subject_of(const StatusReport& message) {
    return subject(VoteType::status_report, message.envelope, core::keccak256(body_of(message)));
}

const Envelope* envelope_of(const Message& message) {
    return std::visit(
        [](const auto& alternative) -> const Envelope* {
            if constexpr (std::is_same_v<std::decay_t<decltype(alternative)>, core::CommitCertificate>) {
                return nullptr;
            } else {
                return &alternative.envelope;
            }
        },
        message);
}

std::string_view name_of(const Message& message) {
    struct Visitor {
        std::string_view operator()(const PrePrepare&) const { return "PRE-PREPARE"; }
        std::string_view operator()(const Prepare&) const { return "PREPARE"; }
        std::string_view operator()(const Commit&) const { return "COMMIT"; }
        std::string_view operator()(const ViewChange&) const { return "VIEW-CHANGE"; }
        std::string_view operator()(const NewView&) const { return "NEW-VIEW"; }
        std::string_view operator()(const Heartbeat&) const { return "HEARTBEAT"; }
        std::string_view operator()(const StatusReport&) const { return "STATUS-REPORT"; }
        std::string_view operator()(const core::CommitCertificate&) const { return "CERTIFICATE"; }
    };
    return std::visit(Visitor{}, message);
}

}  // namespace sluice::consensus
