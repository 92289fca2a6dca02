#include "tests/simulation/twins/invariants.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "consensus/view_change.hpp"
#include "support/describe_effect.hpp"

namespace sluice::simulation::twins {

namespace {

using consensus::VoteType;

/// What its author may say once per height and view; nothing for the rest.
std::optional<core::VoteSubject> binding_subject(const consensus::Message& message) {
    return std::visit(
        [](const auto& alternative) -> std::optional<core::VoteSubject> {
            using M = std::decay_t<decltype(alternative)>;
            if constexpr (std::is_same_v<M, core::CommitCertificate> ||
                          std::is_same_v<M, consensus::Heartbeat> ||
                          std::is_same_v<M, consensus::StatusReport>) {
                return std::nullopt;
            } else {
                return subject_of(alternative);
            }
        },
        message);
}

bool is_logged(const std::vector<consensus::VoteRecord>& log, const consensus::Message& message) {
    const auto* new_view = std::get_if<consensus::NewView>(&message);
    const consensus::VoteRecord wanted =
        new_view == nullptr
            ? consensus::sent_record(message)
            : consensus::entered_record({.view = new_view->envelope.view, .new_view = *new_view, .above = 0});
    return std::find(log.rbegin(), log.rend(), wanted) != log.rend();
}

}  // namespace

void Invariants::violate(std::size_t instance, const std::string& what) {
    if (violation_.empty()) violation_ = fmt::format("instance {}: {}", instance, what);
}

void Invariants::on_wire(const consensus::Message& message) {
    const auto* new_view = std::get_if<consensus::NewView>(&message);
    if (new_view == nullptr) return;
    const consensus::PrepareCertificate* lock = consensus::highest_lock(new_view->view_changes);
    demands_.push_back({.height = new_view->envelope.height,
                        .view = new_view->envelope.view,
                        .digest = lock == nullptr ? std::nullopt : std::optional(lock->digest)});
}

void Invariants::on_quoted(std::size_t instance, const consensus::Message& message) {
    if (!std::holds_alternative<consensus::Prepare>(message) &&
        !std::holds_alternative<consensus::Commit>(message))
        return;
    const auto subject = binding_subject(message);
    // What waited for the disk while its height came by import was not noted.
    if (!subject || subject->height <= said_[instance].finished) return;
    const auto is_cast = [&subject](const Statement& known) {
        return known.type == subject->type && known.height == subject->height &&
               known.view == subject->view && known.digest == subject->digest;
    };
    if (std::ranges::none_of(said_[instance].statements, is_cast))
        violate(instance, fmt::format("verifier: it lets through a vote that was never cast: {}",
                                      consensus::testing::describe(message)));
}

void Invariants::on_send(std::size_t instance, core::Height head, const consensus::Message& message,
                         const std::vector<consensus::VoteRecord>& log) {
    const std::optional<core::VoteSubject> subject = binding_subject(message);
    if (!subject) return;
    Said& said = said_[instance];
    // The own NEW-VIEW stays useful to those behind until a certificate of its view exists.
    if (subject->height <= said.finished && subject->type != VoteType::new_view)
        violate(instance, fmt::format("finished heights: {} after height {} was final here",
                                      consensus::testing::describe(message), said.finished));
    // What waited for the disk while its height came by import is spent, but was decided in time.
    if (subject->height <= head) return;
    const auto same = [&subject](const Statement& known) {
        return known.type == subject->type && known.height == subject->height && known.view == subject->view;
    };
    const auto known = std::ranges::find_if(said.statements, same);
    if (known != said.statements.end()) {
        if (known->digest != subject->digest)
            violate(instance,
                    fmt::format("equivocation: {} is the second", consensus::testing::describe(message)));
        return;
    }
    const Statement statement{subject->type, subject->height, subject->view, subject->digest};
    said.statements.push_back(statement);
    if (!is_logged(log, message))
        violate(instance, fmt::format("vote before send: {} is not in the vote log",
                                      consensus::testing::describe(message)));
    check_lock(instance, statement);
    // Answering with the NEW-VIEW of the entered view repeats an old statement; it is no vote.
    if (subject->type == VoteType::new_view) return;
    if (subject->view < said.promised)
        violate(instance, fmt::format("view monotone: {} after view {} was promised",
                                      consensus::testing::describe(message), said.promised));
    said.promised = std::max(said.promised, subject->view);
}

void Invariants::check_lock(std::size_t instance, const Statement& statement) {
    std::optional<Statement>& lock = said_[instance].lock;
    if (statement.type == VoteType::commit) lock = statement;
    if (statement.type != VoteType::prepare || !lock || lock->height != statement.height ||
        lock->digest == statement.digest)
        return;
    const auto permits = [&statement](const Demand& demand) {
        return demand.height == statement.height && demand.view == statement.view &&
               (!demand.digest || *demand.digest == statement.digest);
    };
    if (std::ranges::none_of(demands_, permits))
        violate(instance, fmt::format("lock rule: PREPARE of another block at height {} view {} without a "
                                      "NEW-VIEW for it",
                                      statement.height, statement.view));
}

void Invariants::on_commit_heard(std::size_t instance, std::size_t sender, const consensus::Commit& commit) {
    const consensus::Envelope& envelope = commit.envelope;
    auto& all = said_[instance].commits;
    const auto same = [&envelope](const Commits& known) {
        return known.height == envelope.height && known.view == envelope.view;
    };
    auto known = std::ranges::find_if(all, same);
    if (known == all.end()) known = all.insert(known, {envelope.height, envelope.view, {}});
    known->first.try_emplace(sender, commit.digest);
}

std::optional<core::Hash> Invariants::decided(std::size_t instance, core::Height head,
                                              std::size_t quorum) const {
    for (const Commits& commits : said_[instance].commits) {
        if (commits.height != head + 1) continue;
        for (const auto& [sender, digest] : commits.first) {
            const auto agrees = [&digest](const auto& other) { return other.second == digest; };
            if (static_cast<std::size_t>(std::ranges::count_if(commits.first, agrees)) >= quorum)
                return digest;
        }
    }
    return std::nullopt;
}

void Invariants::on_finalize(std::size_t instance, core::Height height) {
    said_[instance].finished = std::max(said_[instance].finished, height);
}

void Invariants::on_append(std::size_t instance, core::Height height, const core::Hash& digest) {
    if (height > chain_.size() + 1) return violate(instance, "contiguity: a height was skipped");
    if (height == chain_.size() + 1) chain_.push_back(digest);
    if (chain_[height - 1] != digest)
        violate(instance, fmt::format("agreement: another block is final at height {}", height));
}

void Invariants::on_promise(std::size_t instance, core::View view, bool own_decision) {
    said_[instance].highest_view = std::max(said_[instance].highest_view, view);
    if (own_decision) highest_view_ = std::max(highest_view_, view);
    if (view > highest_view_)
        violate(instance,
                fmt::format("views: it went to view {} though no correct validator had left view {}", view,
                            highest_view_));
}

void Invariants::on_enter(std::size_t instance, core::View view, std::size_t promises) {
    const auto promised = [view](const Said& said) { return said.highest_view >= view; };
    if (static_cast<std::size_t>(std::ranges::count_if(said_, promised)) < promises)
        violate(instance, fmt::format("entry: it works in view {} though no quorum has promised it", view));
    on_promise(instance, view, false);
}

void Invariants::on_alarm(std::size_t instance, const consensus::RaiseAlarm& alarm) {
    violate(instance, fmt::format("alarm: {} at height {} view {}", consensus::describe(alarm.kind),
                                  alarm.height, alarm.view));
}

}  // namespace sluice::simulation::twins
