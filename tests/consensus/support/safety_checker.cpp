#include "support/safety_checker.hpp"

#include <algorithm>
#include <sstream>

namespace sluice::consensus::testing {

namespace {

std::optional<core::VoteSubject> binding_subject(const Message& message) {
    return std::visit(
        [](const auto& alternative) -> std::optional<core::VoteSubject> {
            using M = std::decay_t<decltype(alternative)>;
            if constexpr (std::is_same_v<M, core::CommitCertificate> || std::is_same_v<M, Heartbeat> ||
                          std::is_same_v<M, StatusReport>) {
                return std::nullopt;
            } else {
                return subject_of(alternative);
            }
        },
        message);
}

bool is_logged(const std::vector<VoteRecord>& records, const Message& message) {
    if (const auto* new_view = std::get_if<NewView>(&message)) {
        const VoteRecord wanted =
            entered_record({.view = new_view->envelope.view, .new_view = *new_view, .above = 0});
        return std::find(records.rbegin(), records.rend(), wanted) != records.rend();
    }
    return std::find(records.rbegin(), records.rend(), sent_record(message)) != records.rend();
}

}  // namespace

void SafetyChecker::fail(const SimulatedNode& node, const std::string& what) {
    if (failure_) return;
    std::ostringstream text;
    text << "validator " << node.number() << ": " << what;
    failure_ = text.str();
}

void SafetyChecker::on_wire(const Message& message) {
    if (const auto* new_view = std::get_if<NewView>(&message)) {
        new_views_.emplace(new_view->envelope.height, new_view->envelope.view);
    }
}

void SafetyChecker::on_send(const SimulatedNode& node, const Message& message) {
    on_wire(message);
    const std::optional<core::VoteSubject> subject = binding_subject(message);
    if (!subject) return;
    // A NEW-VIEW of somebody else is an answer, not a statement of this node.
    if (toy_recover(core::signing_digest(node.chain().identity, *subject), envelope_of(message)->signature) !=
        node.address()) {
        return;
    }
    // The own NEW-VIEW stays useful to those behind until a certificate of its view exists.
    if (subject->height <= finalized_[node.number()] && subject->type != VoteType::new_view) {
        fail(node, "sent a vote for a height that it has finished");
    }
    // What waited for the disk while its height came by import is spent, but was decided in time.
    if (subject->height <= node.head()) return;
    check_single(node, *subject);
    check_durable(node, message);
    check_lock(node, *subject);
    // Answering with the NEW-VIEW of the entered view repeats an old statement; it is no vote.
    if (subject->type == VoteType::new_view) return;
    View& promised = promised_[node.number()];
    if (subject->view < promised) fail(node, "voted below a view that it had promised");
    promised = std::max(promised, subject->view);
}

void SafetyChecker::check_single(const SimulatedNode& node, const core::VoteSubject& subject) {
    const auto [said, first] =
        said_.try_emplace({node.number(), subject.type, subject.height, subject.view}, subject.digest);
    if (!first && said->second != subject.digest) fail(node, "equivocated");
}

void SafetyChecker::check_durable(const SimulatedNode& node, const Message& message) {
    if (!is_logged(node.disk().records, message)) fail(node, "sent a message before it was durable");
}

void SafetyChecker::check_lock(const SimulatedNode& node, const core::VoteSubject& subject) {
    Locked& locked = locked_[node.number()];
    if (subject.type == VoteType::commit) {
        locked = {.height = subject.height, .view = subject.view, .digest = subject.digest};
    } else if (subject.type == VoteType::prepare && locked.height == subject.height &&
               subject.view > locked.view && subject.digest != locked.digest) {
        if (!new_views_.contains({subject.height, subject.view})) {
            fail(node, "prepared against its lock without a NEW-VIEW for that height");
        }
    }
}

void SafetyChecker::on_finalize(const SimulatedNode& node, Height height) {
    Height& last = finalized_[node.number()];
    last = std::max(last, height);
}

void SafetyChecker::on_append(const SimulatedNode& node, Height height, const Hash& digest) {
    const auto [block, first] = chain_.try_emplace(height, digest);
    if (!first && block->second != digest) fail(node, "holds another block final: the chain has forked");
}

void SafetyChecker::on_alarm(const SimulatedNode& node, const RaiseAlarm& alarm) {
    fail(node, "raised an alarm: " + std::string(describe(alarm.kind)));
}

}  // namespace sluice::consensus::testing
