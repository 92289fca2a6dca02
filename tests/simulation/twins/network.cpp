#include "tests/simulation/twins/network.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "consensus/limits.hpp"
#include "core/check.hpp"
#include "support/describe_effect.hpp"
#include "support/toy_block.hpp"

namespace sluice::simulation::twins {

namespace {

/// A scenario that needs more than this is in a loop.
constexpr std::uint64_t events_max = 200'000;
/// Deadlines that may pass in one round without a view timer running out: then it is over, too.
constexpr int quiet_moments_max = 2;
/// So is one in which nothing but faulty validators is heard for this long.
constexpr core::Duration round_max = core::seconds(8);
/// What catching up may take on top of the view timers.
constexpr core::Duration catch_up = core::seconds(8);

}  // namespace

Network::Network(Plan plan)
    : plan_(std::move(plan)),
      chain_(make_chain(plan_.validators, plan_.rotation_period)),
      verifier_(chain_.identity, chain_.config.rotation_period,
                consensus::ValidatorHistory(1, chain_.validators), consensus::testing::toy_digest,
                consensus::testing::toy_recover),
      invariants_(plan_.instances()),
      performed_(plan_.instances(), 0),
      crashes_(plan_.crashes) {
    instances_.reserve(plan_.instances());
    for (std::size_t i = 0; i < plan_.instances(); ++i) {
        instances_.emplace_back(chain_, plan_.validator_of(i));
        faulty_.push_back(plan_.is_twin(i));
    }
    if (plan_.shuffle) shuffle_.emplace(*plan_.shuffle);
}

void Network::cast(std::size_t validator, std::unique_ptr<Actor> actor) {
    CHECK(validator < plan_.validators);
    faulty_[validator] = true;
    actors_[validator] = std::move(actor);
}

Verdict Network::run() {
    target_ = plan_.storm_blocks;
    for (std::size_t i = 0; i < instances_.size(); ++i)
        boot(i);
    storm();
    if (!is_over()) heal();
    return verdict();
}

// ---- time and rounds

bool Network::is_over() const {
    return !invariants_.violation().empty();
}

void Network::storm() {
    int quiet_moments = 0;
    while (round_ < plan_.rounds && !is_over()) {
        drain();
        timed_out_ = false;
        if (!next_moment(std::nullopt)) return;
        if (fire_deadlines()) ++quiet_moments;
        const bool enough = quiet_moments >= quiet_moments_max || now_ - round_since_ >= round_max;
        if (!timed_out_ && !enough) continue;
        quiet_moments = 0;
        next_round();
    }
}

void Network::next_round() {
    ++round_;
    round_since_ = now_;
    for (Delivery& delivery : late_) {
        count(Situation::late_delivery);
        queue_.push_back(std::move(delivery));
    }
    late_.clear();
    for (std::size_t i = 0; i < instances_.size(); ++i)
        if (down_until_.contains(i) && down_until_[i] <= round_) boot(i);
}

void Network::heal() {
    healed_ = true;
    healed_at_ = now_;
    height_at_healing_ = invariants_.highest();
    target_ = std::max(height_at_healing_, plan_.storm_blocks) + (plan_.work_after_storm ? 1 : 0);
    next_round();
    for (std::size_t i = 0; i < instances_.size(); ++i) {
        if (!instances_[i].is_up()) boot(i);
        tell_work(i);
    }
    const auto faults = static_cast<std::int64_t>(chain_.validators.faults());
    const core::Duration bound = consensus::limits::view_timeout_max * (faults + 2) + catch_up;
    core::Instant end = now_ + bound;
    bool moved = false;
    for (drain(); !everyone_at(target_) && !is_over(); drain()) {
        // The first new block within the bound; then everybody at the target within another.
        if (!moved && heal_ms_) end = end + bound;
        moved = heal_ms_.has_value();
        if (!next_moment(end)) return invariants_.violate(0, unfinished(target_));
        fire_deadlines();
    }
}

bool Network::everyone_at(core::Height height) const {
    for (std::size_t i = 0; i < instances_.size(); ++i)
        if (!faulty_[i] && instances_[i].head() < height) return false;
    return true;
}

std::string Network::unfinished(core::Height wanted) const {
    std::string text = fmt::format("liveness: {} ms after healing not all are at height {}",
                                   (now_ - healed_at_).us / 1000, wanted);
    for (std::size_t i = 0; i < instances_.size(); ++i) {
        const consensus::ReplicaStatus status = instances_[i].replica().status();
        text +=
            fmt::format("; {}{} head {} promised {} entered {} certified {}{}{}", instances_[i].validator(),
                        faulty_[i] ? "!" : "", status.head, status.promised, status.entered, status.certified,
                        status.locked ? " locked" : "", status.silenced ? " silenced" : "");
    }
    return text;
}

void Network::drain() {
    while (!is_over()) {
        if (queue_front_ == queue_.size()) {
            queue_.clear();
            queue_front_ = 0;
            return check_quiet();
        }
        if (shuffle_) {
            const std::size_t chosen = queue_front_ + shuffle_->below(queue_.size() - queue_front_);
            std::swap(queue_[queue_front_], queue_[chosen]);
        }
        const Delivery delivery = std::move(queue_[queue_front_++]);
        if (++events_ > events_max) return invariants_.violate(delivery.to, "work without end");
        deliver(delivery);
    }
}

/// Lets time pass until something is due; false if that is never, or not before `limit`.
bool Network::next_moment(std::optional<core::Instant> limit) {
    interject();
    if (queue_front_ < queue_.size()) return true;
    std::optional<core::Instant> next;
    if (!delayed_.empty()) next = delayed_.begin()->first;
    for (const Instance& instance : instances_) {
        if (!instance.is_up()) continue;
        const std::optional<core::Instant> deadline = instance.replica().next_deadline();
        if (deadline && (!next || *deadline < *next)) next = deadline;
    }
    if (!next || (limit && *next > *limit)) {
        if (limit) now_ = *limit;
        return false;
    }
    now_ = std::max(now_, *next);
    while (!delayed_.empty() && delayed_.begin()->first <= now_) {
        queue_.push_back(std::move(delayed_.begin()->second));
        delayed_.erase(delayed_.begin());
    }
    return true;
}

bool Network::fire_deadlines() {
    bool fired = false;
    for (std::size_t i = 0; i < instances_.size() && !is_over(); ++i) {
        if (!instances_[i].is_up()) continue;
        const std::optional<core::Instant> deadline = instances_[i].replica().next_deadline();
        if (!deadline || *deadline > now_) continue;
        fired = true;
        if (++events_ > events_max) invariants_.violate(i, "deadlines without end");
        give(i, consensus::DeadlineReached{});
    }
    return fired;
}

// ---- instances

void Network::boot(std::size_t index) {
    down_until_.erase(index);
    if (keep_timeline_) note(index, fmt::format("starts at head {}", instances_[index].head()));
    auto effects = instances_[index].boot(now_);
    if (!effects)
        return invariants_.violate(
            index, fmt::format("restart: the vote log is refused: {}", consensus::describe(effects.error())));
    perform_all(index, std::move(*effects));
    tell_work(index);
}

void Network::crash(std::size_t index) {
    count(Situation::crash);
    if (instances_[index].replica().status().locked) count(Situation::crash_with_lock);
    if (keep_timeline_) note(index, "crashes");
    instances_[index].crash();
    invariants_.on_crash(index);
}

bool Network::dies_now(std::size_t index, const consensus::Effect& effect) {
    const std::uint64_t performed = performed_[index]++;
    if (crashes_.empty() || healed_) return false;
    const auto due = std::ranges::find_if(crashes_, [&](const Crash& planned) {
        return planned.instance == index && planned.effect == performed;
    });
    if (due == crashes_.end()) return false;
    const auto* persist = std::get_if<consensus::Persist>(&effect);
    if (persist != nullptr && due->written) {
        count(Situation::written_unsent);
        auto& log = instances_[index].disk().records;
        log.insert(log.end(), persist->records.begin(), persist->records.end());
    }
    if (due->log_lost) {
        count(Situation::log_lost);
        invariants_.on_log_lost(index);
        instances_[index].disk().records = {consensus::lost_record(instances_[index].head())};
    }
    down_until_[index] = round_ + due->rounds;
    crash(index);
    return true;
}

void Network::tell_work(std::size_t index) {
    if (!instances_[index].is_up()) return;
    give(index, consensus::WorkPending{.pending = instances_[index].head() < target_, .since = now_});
}

void Network::give(std::size_t index, const consensus::Input& input) {
    if (!instances_[index].is_up()) return;
    perform_all(index, instances_[index].replica().step(now_, input));
}

/// Strictly in order; a crash may fall before any of them.
void Network::perform_all(std::size_t index, consensus::Effects effects) {
    for (const consensus::Effect& effect : effects) {
        if (dies_now(index, effect)) return;
        if (keep_timeline_) note(index, consensus::testing::describe(effect));
        trace(index * 64 + effect.index());
        perform(index, effect);
    }
}

void Network::perform(std::size_t index, const consensus::Effect& effect) {
    Instance& instance = instances_[index];
    if (const auto* persist = std::get_if<consensus::Persist>(&effect)) {
        auto& log = instance.disk().records;
        log.insert(log.end(), persist->records.begin(), persist->records.end());
    } else if (const auto* broadcast = std::get_if<consensus::Broadcast>(&effect)) {
        send(index, broadcast->message, nullptr);
    } else if (const auto* single = std::get_if<consensus::Send>(&effect)) {
        send(index, single->message, &single->to);
    } else if (const auto* request = std::get_if<consensus::BuildProposal>(&effect)) {
        if (!request->allow_empty && instance.head() >= target_) {
            answer(index, consensus::NothingToPropose{.height = request->height, .view = request->view});
        } else {
            consensus::ProposalBuilt built =
                instance.build(*request, fmt::format("{}/{}", index, request->view));
            built_.insert(built.digest);
            answer(index, std::move(built));
        }
    } else if (const auto* question = std::get_if<consensus::CheckProposal>(&effect)) {
        answer(index, instance.check(*question));
    } else if (const auto* final_block = std::get_if<consensus::Finalize>(&effect)) {
        finalize(index, *final_block);
    } else if (const auto* certificates = std::get_if<consensus::SendCertificates>(&effect)) {
        send_blocks(index, certificates->to);
    } else if (const auto* body = std::get_if<consensus::RequestBody>(&effect)) {
        fetch_body(index, body->digest);
    } else if (std::holds_alternative<consensus::RequestSync>(effect)) {
        request_blocks(index);
    } else if (const auto* alarm = std::get_if<consensus::RaiseAlarm>(&effect)) {
        if (!is_faulty(index)) invariants_.on_alarm(index, *alarm);
    } else if (const auto* promised = std::get_if<consensus::ViewPromised>(&effect)) {
        const bool own_decision = promised->cause != consensus::ViewChangeCause::joined;
        timed_out_ = timed_out_ || own_decision;
        if (!is_faulty(index)) invariants_.on_promise(index, promised->view, own_decision);
    } else if (const auto* entered = std::get_if<consensus::ViewEntered>(&effect)) {
        if (!is_faulty(index)) invariants_.on_enter(index, entered->view, least_correct_in_quorum());
        if (!entered->by_new_view) count(Situation::view_by_certificate);
    } else if (std::holds_alternative<consensus::RejoinAgreed>(effect)) {
        count(Situation::rejoined);
    } else if (const auto* evidence = std::get_if<consensus::ReportEvidence>(&effect)) {
        count(Situation::evidence);
        for (std::size_t i = 0; i < instances_.size(); ++i)
            if (!faulty_[i] && instances_[i].signer().address() == evidence->evidence.validator)
                invariants_.violate(i, "equivocation: there is evidence against a correct validator");
    }
}

std::size_t Network::least_correct_in_quorum() const {
    std::size_t faulty = 0;
    for (std::size_t i = 0; i < plan_.validators; ++i)
        faulty += faulty_[i] ? 1 : 0;
    return chain_.validators.quorum() - std::min(faulty, chain_.validators.quorum());
}

void Network::finalize(std::size_t index, const consensus::Finalize& effect) {
    if (!is_faulty(index)) {
        invariants_.on_finalize(index, effect.height);
        judge_final_block(index, effect);
    }
    if (effect.height == instances_[index].head() + 1)
        instances_[index].append({effect.digest, effect.payload, effect.certificate});
    queue_.push_back({.kind = Kind::report, .from = index, .to = index, .parcel = nullptr, .life = 0});
}

/// A quorum of distinct validators of one view stands behind it, it executes, and its builder is who it says.
void Network::judge_final_block(std::size_t index, const consensus::Finalize& effect) {
    if (effect.certificate.block_hash != effect.digest || effect.certificate.height != effect.height ||
        !verifier_.verify(consensus::Message(effect.certificate)))
        invariants_.violate(index, "certificate: a block is made final without one that holds");
    const auto block = consensus::testing::decode_toy_block(*effect.payload);
    if (!block || !block->good || block->height != effect.height)
        return invariants_.violate(index, "validity: a block is made final that does not execute");
    const auto builder = chain_.validators.index_of(block->proposer);
    if (!builder || (!faulty_[*builder] && !built_.contains(effect.digest)))
        invariants_.violate(index, "validity: a final block names a builder that did not build it");
}

void Network::deliver(const Delivery& delivery) {
    const std::size_t to = delivery.to;
    if (!instances_[to].is_up()) return;
    switch (delivery.kind) {
        case Kind::message:
            if (const auto* commit =
                    std::get_if<consensus::Verified<consensus::Commit>>(&delivery.parcel->input);
                commit != nullptr && !is_faulty(to))
                hear_commit(to, **commit);
            return give(to, delivery.parcel->input);
        case Kind::answer:
            if (delivery.life == instances_[to].life()) give(to, delivery.parcel->input);
            return;
        case Kind::report:
            return report_blocks(to);
        case Kind::blocks:
            return import_blocks(to, delivery.from);
    }
}

/// Far away is out of earshot: a replica keeps votes of a few heights and views only.
void Network::hear_commit(std::size_t index, const consensus::Commit& commit) {
    const consensus::ReplicaStatus status = instances_[index].replica().status();
    const auto [height, view] = std::pair(commit.envelope.height, commit.envelope.view);
    const auto is_near = [view = view](core::View own) {
        return std::max(own, view) - std::min(own, view) <= consensus::limits::view_window;
    };
    if (height <= status.head || height - status.head > consensus::limits::height_window) return;
    if (!is_near(status.entered) && !is_near(status.promised)) return;
    invariants_.on_commit_heard(index, commit.envelope.sender, commit);
}

/// With nothing left to do nobody may sit on a quorum of COMMITs.
void Network::check_quiet() {
    for (std::size_t i = 0; i < instances_.size(); ++i) {
        if (faulty_[i] || !instances_[i].is_up()) continue;
        const Instance& instance = instances_[i];
        const auto decided = invariants_.decided(i, instance.head(), chain_.validators.quorum());
        if (decided && instance.find_body(*decided) != nullptr)
            invariants_.violate(i, "late quorum: a quorum of COMMITs of one view was heard, and ignored");
    }
}

void Network::import_blocks(std::size_t index, std::size_t source) {
    const auto& theirs = instances_[source].disk().blocks;
    while (instances_[index].head() < theirs.size()) {
        const StoredBlock& block = theirs[instances_[index].head()];
        if (!verifier_.verify(consensus::Message(block.certificate)) ||
            consensus::testing::toy_digest(*block.payload) != block.certificate.block_hash)
            return invariants_.violate(source, "certificate: a stored block has none that holds");
        count(Situation::blocks_to_laggard);
        instances_[index].append(block);
    }
    report_blocks(index);
}

void Network::report_blocks(std::size_t index) {
    Instance& instance = instances_[index];
    while (const auto block = instance.unreported()) {
        if (!is_faulty(index)) {
            invariants_.on_append(index, block->height, block->digest);
            if (healed_ && !heal_ms_ && block->height > height_at_healing_)
                heal_ms_ = static_cast<std::uint64_t>((now_ - healed_at_).us / 1000);
        }
        if (keep_timeline_)
            note(index, fmt::format("has block {} {}", block->height,
                                    consensus::testing::short_digest(block->digest)));
        give(index, *block);
        // A log may be rewritten to the least that it must hold whenever a block was appended.
        if (instance.is_up() && (events_ & 1) != 0)
            instance.disk().records = instance.replica().durable_records();
    }
    tell_work(index);
}

}  // namespace sluice::simulation::twins
