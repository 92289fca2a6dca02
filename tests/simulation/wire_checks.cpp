#include "tests/simulation/wire_checks.hpp"

#include <fmt/format.h>

#include "consensus/limits.hpp"
#include "consensus/view_change.hpp"
#include "tests/simulation/process.hpp"
#include "tests/simulation/stage.hpp"

namespace sluice::simulation {
namespace {

namespace limits = consensus::limits;

/// A signature on the wire takes this many bytes; none may be checked twice for one message.
constexpr std::size_t signature_bytes = 65;

/// Log events that stand for a situation of their own.
struct Situation {
    std::string_view event;
    std::string_view name;
};
constexpr std::array situations{
    Situation{"view_entered", "view entered"},
    Situation{"proposal_built", "block built"},
    Situation{"nothing_to_build", "nothing to build"},
    Situation{"syncing", "catching up begun or ended"},
    Situation{"rejoin_agreed", "rejoin agreed: votes again"},
    Situation{"passed_over", "transaction passed over by the primary"},
    Situation{"proposal_refused", "proposal refused"},
    Situation{"consensus_message_refused", "consensus message refused"},
};

}  // namespace

void WireChecks::violate(const Process& process, std::string_view rule, const consensus::Envelope& envelope) {
    stage_.checkers.violate(
        fmt::format("{}: node {} at height {} view {}", rule, process.index, envelope.height, envelope.view));
}

void WireChecks::on_sent(Process& process, const consensus::Message& message) {
    const auto* envelope = consensus::envelope_of(message);
    if (envelope == nullptr) return hit(stage_.coverage, "bare commit certificate sent");
    // Every replica proves a NEW-VIEW for itself, so it binds whoever sent it.
    if (const auto* new_view = std::get_if<consensus::NewView>(&message)) return note_new_view(*new_view);
    if (process.memory == Memory::unaware) return;
    if (const auto* proposal = std::get_if<consensus::PrePrepare>(&message)) {
        check_primary(process, *proposal);
        check_vote(process, core::VoteType::pre_prepare, *envelope, proposal->digest);
        check_durable(process, message, *envelope);
    } else if (const auto* prepare = std::get_if<consensus::Prepare>(&message)) {
        check_lock(process, *prepare);
        check_vote(process, core::VoteType::prepare, *envelope, prepare->digest);
        check_durable(process, message, *envelope);
    } else if (const auto* commit = std::get_if<consensus::Commit>(&message)) {
        check_vote(process, core::VoteType::commit, *envelope, commit->digest);
        check_durable(process, message, *envelope);
        const Place place{envelope->height, envelope->view};
        auto& last = nodes_[process.index].commit;
        if (!last || last->place < place) last = {place, commit->digest};
        if (envelope->view > 0) hit(stage_.coverage, "commit in a view above the first");
    } else if (const auto* change = std::get_if<consensus::ViewChange>(&message)) {
        note_view_change(process, *change);
        check_vote(process, core::VoteType::view_change, *envelope, consensus::subject_of(*change).digest);
        check_durable(process, message, *envelope);
    } else if (const auto* report = std::get_if<consensus::StatusReport>(&message)) {
        hit(stage_.coverage,
            report->recovering ? "recovering validator asks" : "recovering validator answered");
    }
}

/// One digest per (height, view, type), and nothing below a promise, over the whole life of the validator.
void WireChecks::check_vote(Process& process, core::VoteType type, const consensus::Envelope& envelope,
                            const core::Hash& digest) {
    auto& node = nodes_[process.index];
    const auto [place, is_first] = node.said.try_emplace({type, {envelope.height, envelope.view}}, digest);
    if (place->second != digest) violate(process, "equivocation", envelope);
    if (!is_first) hit(stage_.coverage, "own vote sent again");
    if (type != core::VoteType::view_change && envelope.view < node.promised)
        violate(process, "vote below a promised view", envelope);
}

/// The record is on the platter at the moment the message leaves.
void WireChecks::check_durable(Process& process, const consensus::Message& message,
                               const consensus::Envelope& envelope) {
    if (!process.disk.holds_vote(consensus::sent_record(message).payload))
        violate(process, "sent before it was durable", envelope);
}

/// After COMMIT(h, r, d): PREPARE(h, r' > r, d' != d) only where a NEW-VIEW for h itself, of a view above r,
/// is free to propose or bound to d'. A quorum then shows that d was not committed in r.
void WireChecks::check_lock(Process& process, const consensus::Prepare& prepare) {
    const auto& lock = nodes_[process.index].commit;
    const auto& envelope = prepare.envelope;
    if (!lock || lock->place.height != envelope.height || lock->place.view >= envelope.view) return;
    if (lock->digest == prepare.digest) return hit(stage_.coverage, "locked block prepared again");
    for (const auto& [place, demanded] : proven_)
        if (place.height == envelope.height && place.view > lock->place.view && place.view <= envelope.view &&
            (demanded.contains(std::nullopt) || demanded.contains(prepare.digest)))
            return hit(stage_.coverage, "lock overruled by a proof");
    violate(process, "lock broken", envelope);
}

void WireChecks::check_primary(Process& process, const consensus::PrePrepare& proposal) {
    const auto& envelope = proposal.envelope;
    const auto validators = process.running().snapshot()->validators(envelope.height);
    if (!validators) return;
    const auto period = stage_.options.rotation_period;
    const auto expected = (envelope.height / period + envelope.view) % validators->members().size();
    if (validators->at(static_cast<core::ValidatorIndex>(expected)) != process.signer.address())
        violate(process, "proposal by another than the primary", envelope);
}

void WireChecks::note_view_change(Process& process, const consensus::ViewChange& change) {
    auto& node = nodes_[process.index];
    const auto view = change.envelope.view;
    if (view < node.promised) violate(process, "view went back", change.envelope);
    if (view == node.promised &&
        !node.said.contains({core::VoteType::view_change, {change.envelope.height, view}}))
        hit(stage_.coverage, "VIEW-CHANGE issued anew for a later height");
    if (view > node.promised)
        hit(stage_.coverage, change.lock ? "VIEW-CHANGE with a lock" : "VIEW-CHANGE without a lock");
    node.promised = std::max(node.promised, view);
}

void WireChecks::note_new_view(const consensus::NewView& new_view) {
    const Place place{new_view.envelope.height, new_view.envelope.view};
    const auto* lock = consensus::highest_lock(new_view.view_changes);
    proven_[place].insert(lock != nullptr ? std::optional(lock->digest) : std::nullopt);
    hit(stage_.coverage, lock != nullptr ? "NEW-VIEW bound to a prepared block" : "NEW-VIEW free to propose");
}

void WireChecks::on_log(Process& process, std::string_view event, std::span<const node::LogField> fields) {
    for (const auto& [name, situation] : situations)
        if (name == event) hit(stage_.coverage, situation);
    if (event == "view_change") return on_view_change_log(process, fields);
    if (event == "proposal_refused" && fields.size() > 2 &&
        fields[2].value.find("ahead of") != std::string::npos)
        hit(stage_.coverage, "proposal refused for its time");
    if (event == "alarm" && process.memory != Memory::unaware)
        stage_.checkers.violate(fmt::format("alarm at node {}: {}", process.index, fields[0].value));
    if (event == "equivocation") {
        const auto accused = stage_.index_of_text(fields[0].value);
        if (stage_.processes[accused]->memory != Memory::unaware)
            stage_.checkers.violate(
                fmt::format("node {} holds evidence against honest node {}", process.index, accused));
        hit(stage_.coverage, "evidence of an equivocation");
    }
}

void WireChecks::on_view_change_log(Process& process, std::span<const node::LogField> fields) {
    const auto& cause = fields[1].value;
    hit(stage_.coverage, "view change: " + cause);
    const bool by_timeout = cause == consensus::describe(consensus::ViewChangeCause::timeout);
    const bool by_patience = cause == consensus::describe(consensus::ViewChangeCause::slow_proposal);
    if (!by_timeout && !by_patience) return;
    const auto least = by_timeout ? limits::view_timeout_base : limits::proposal_timeout_min;
    const auto at = process.now().instant;
    auto& last = nodes_[process.index].changed_at;
    if (last && at - *last < least)
        stage_.checkers.violate(fmt::format("view-change storm: node {} gave up twice within {} ms",
                                            process.index, (at - *last).us / 1000));
    last = at;
}

core::View WireChecks::highest_promise() const {
    core::View highest = 0;
    for (const auto& node : nodes_)
        highest = std::max(highest, node.promised);
    return highest;
}

void WireChecks::on_verified(Process& process, std::size_t bytes, std::uint64_t checks) {
    if (checks > bytes / signature_bytes)
        stage_.checkers.violate(fmt::format("work: node {} checked {} signatures for a message of {} bytes",
                                            process.index, checks, bytes));
}

void WireChecks::on_recovered(Process& process, const consensus::RecoveredState& state, core::Height head) {
    auto& node = nodes_[process.index];
    node.changed_at.reset();
    if (state.lock) hit(stage_.coverage, "restart with a lock");
    if (state.promised > state.entry.view) hit(stage_.coverage, "restart in the middle of a view change");
    if (state.own.prepare && !state.own.commit) hit(stage_.coverage, "restart between PREPARE and COMMIT");
    if (state.own.commit) hit(stage_.coverage, "restart after COMMIT");
    if (state.log_lost) hit(stage_.coverage, "start with a lost vote log");
    if (head == 0) hit(stage_.coverage, "start at genesis");
    if (process.memory == Memory::whole && state.promised < node.promised)
        stage_.checkers.violate(
            fmt::format("node {} forgot its promise of view {}", process.index, node.promised));
}

}  // namespace sluice::simulation
