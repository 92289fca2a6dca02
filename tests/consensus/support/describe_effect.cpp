#include "support/describe_effect.hpp"

#include <sstream>

namespace sluice::consensus::testing {

namespace {

struct MessageDetail {
    std::ostream& out;
    void operator()(const PrePrepare& message) const { out << " d=" << short_digest(message.digest); }
    void operator()(const Prepare& message) const { out << " d=" << short_digest(message.digest); }
    void operator()(const Commit& message) const { out << " d=" << short_digest(message.digest); }
    void operator()(const ViewChange& message) const {
        if (message.lock)
            out << " lock v=" << message.lock->view << " d=" << short_digest(message.lock->digest);
    }
    void operator()(const NewView& message) const {
        out << " of";
        for (const ViewChange& view_change : message.view_changes) {
            out << ' ' << view_change.envelope.sender;
            if (view_change.lock) out << "(lock v=" << view_change.lock->view << ')';
        }
    }
    void operator()(const Heartbeat&) const {}
    void operator()(const StatusReport& message) const {
        out << (message.recovering ? " question" : " answer");
    }
    void operator()(const core::CommitCertificate& message) const {
        out << " h=" << message.height << " v=" << message.view << " d=" << short_digest(message.block_hash);
    }
};

struct EffectText {
    std::ostream& out;
    void operator()(const Persist& effect) const {
        out << "persist";
        for (const VoteRecord& record : effect.records) {
            static constexpr const char* names[] = {"?",       "body",     "sent",  "lock",
                                                    "entered", "promised", "rejoin"};
            out << ' ' << names[static_cast<std::size_t>(record.kind)] << '(' << record.height << ','
                << record.view << ')';
        }
    }
    void operator()(const Broadcast& effect) const { out << "broadcast " << describe(effect.message); }
    void operator()(const Send& effect) const {
        out << "send to " << static_cast<int>(effect.to[19]) - 1 << ' ' << describe(effect.message);
    }
    void operator()(const SendCertificates& effect) const {
        out << "send certificates to " << static_cast<int>(effect.to[19]) - 1
            << " from h=" << effect.from_height;
    }
    void operator()(const BuildProposal& effect) const {
        out << "build h=" << effect.height << " v=" << effect.view
            << (effect.allow_empty ? " even empty" : "");
    }
    void operator()(const CheckProposal& effect) const {
        out << "check h=" << effect.height << " v=" << effect.view << " d=" << short_digest(effect.digest);
    }
    void operator()(const Finalize& effect) const {
        out << "finalize h=" << effect.height << " v=" << effect.certificate.view
            << " d=" << short_digest(effect.digest);
    }
    void operator()(const RequestSync& effect) const { out << "request sync to h=" << effect.height; }
    void operator()(const RequestBody& effect) const {
        out << "request body h=" << effect.height << " d=" << short_digest(effect.digest);
    }
    void operator()(const ReportEvidence& effect) const {
        out << "evidence against " << static_cast<int>(effect.evidence.validator[19]) - 1;
    }
    void operator()(const ViewPromised& effect) const {
        out << "promised v=" << effect.view << ": " << consensus::describe(effect.cause);
    }
    void operator()(const ViewEntered& effect) const {
        out << "entered v=" << effect.view << (effect.by_new_view ? " by new view" : " by certificate");
    }
    void operator()(const RaiseAlarm& effect) const { out << "alarm: " << consensus::describe(effect.kind); }
    void operator()(const RejoinAgreed& effect) const {
        out << "rejoins at h=" << effect.from_height << " v=" << effect.from_view;
    }
};

}  // namespace

std::string short_digest(const Hash& digest) {
    return core::to_hex(core::ByteView(digest).first(2));
}

std::string describe(const Message& message) {
    std::ostringstream text;
    text << name_of(message);
    if (const Envelope* envelope = envelope_of(message)) {
        text << " h=" << envelope->height << " v=" << envelope->view;
    }
    std::visit(MessageDetail{text}, message);
    return text.str();
}

std::string describe(const Effect& effect) {
    std::ostringstream text;
    std::visit(EffectText{text}, effect);
    return text.str();
}

}  // namespace sluice::consensus::testing
