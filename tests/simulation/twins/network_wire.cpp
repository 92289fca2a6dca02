/// What travels between instances, and what a scenario amounts to.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "consensus/view_change.hpp"
#include "core/check.hpp"
#include "support/describe_effect.hpp"
#include "tests/simulation/twins/judge.hpp"
#include "tests/simulation/twins/network.hpp"

namespace sluice::simulation::twins {

namespace {

constexpr core::Duration interjection_interval = core::milliseconds(500);
constexpr std::size_t timeline_max = 5'000;

std::size_t phase_of(const consensus::Message& message) {
    return std::holds_alternative<core::CommitCertificate>(message) ? phase_blocks : message.index();
}

core::View view_of(const consensus::Message& message) {
    const consensus::Envelope* envelope = consensus::envelope_of(message);
    return envelope == nullptr ? 0 : envelope->view;
}

}  // namespace

Fate Network::fate(std::size_t phase, core::View view, std::size_t from, std::size_t to) const {
    if (healed_) return Fate::arrives;
    return plan_.fate({.round = round_, .phase = phase, .view = view, .from = from, .to = to});
}

void Network::post(Delivery delivery, std::size_t phase, core::View view, core::Duration delay) {
    switch (fate(phase, view, delivery.from, delivery.to)) {
        case Fate::arrives:
            if (delay > core::Duration{})
                delayed_.emplace(now_ + delay, std::move(delivery));
            else
                queue_.push_back(std::move(delivery));
            return;
        case Fate::late:
            late_.push_back(std::move(delivery));
            return;
        case Fate::lost:
            return;
    }
}

void Network::answer(std::size_t index, consensus::Input input) {
    queue_.push_back({.kind = Kind::answer,
                      .from = index,
                      .to = index,
                      .parcel = std::make_shared<Parcel>(Parcel{std::move(input), 0, 0}),
                      .life = instances_[index].life()});
}

void Network::send(std::size_t from, const consensus::Message& message, const core::Address* only) {
    const std::size_t author = instances_[from].validator();
    const consensus::Envelope* envelope = consensus::envelope_of(message);
    if (envelope != nullptr) {
        std::uint64_t word = 0;
        std::memcpy(&word, envelope->signature.r.data(), sizeof word);
        trace(word);
    }
    // What is passed on as an answer was said by somebody else.
    if (envelope != nullptr && envelope->sender == author) {
        if (!is_faulty(from))
            invariants_.on_send(from, instances_[from].head(), message, instances_[from].disk().records);
        if (!actors_.contains(author)) invariants_.on_wire(message);
        if (const auto* change = std::get_if<consensus::ViewChange>(&message); change && change->lock)
            count(Situation::lock_carried);
        if (const auto* new_view = std::get_if<consensus::NewView>(&message);
            new_view && consensus::highest_lock(new_view->view_changes) != nullptr)
            count(Situation::new_view_with_lock);
    }
    for (const auto& [validator, actor] : actors_)
        actor->hear(message);
    if (const auto actor = actors_.find(author); actor != actors_.end()) {
        for (std::size_t to = 0; to < plan_.validators; ++to) {
            if (to == author || (only != nullptr && instances_[to].signer().address() != *only)) continue;
            for (Utterance& utterance : actor->second->speak(message, to))
                say(author, to, std::move(utterance));
        }
        return;
    }
    const auto parcel = verified(from, message);
    if (parcel == nullptr) return;
    for (std::size_t to = 0; to < instances_.size(); ++to) {
        if (instances_[to].validator() == author) continue;
        if (only != nullptr && instances_[to].signer().address() != *only) continue;
        post({.kind = Kind::message, .from = from, .to = to, .parcel = parcel, .life = 0}, parcel->phase,
             parcel->view);
    }
}

/// One faulty validator's words to one other.
void Network::say(std::size_t from, std::size_t validator, Utterance utterance) {
    if (const consensus::Envelope* envelope = consensus::envelope_of(utterance.message)) {
        std::uint64_t word = 0;
        std::memcpy(&word, envelope->signature.r.data(), sizeof word);
        trace(word + validator);
    }
    const auto parcel = verified(from, utterance.message);
    if (parcel == nullptr) return;
    invariants_.on_wire(utterance.message);
    if (const auto* envelope = consensus::envelope_of(utterance.message);
        envelope != nullptr && !actors_.contains(envelope->sender) &&
        envelope->height > instances_[envelope->sender].head())
        invariants_.on_quoted(envelope->sender, utterance.message);
    for (const auto& [other, actor] : actors_)
        if (other != from) actor->hear(utterance.message);
    if (keep_timeline_)
        note(from, fmt::format("tells {}: {}", validator, consensus::testing::describe(utterance.message)));
    for (std::size_t to = 0; to < instances_.size(); ++to)
        if (instances_[to].validator() == validator)
            post({.kind = Kind::message, .from = from, .to = to, .parcel = parcel, .life = 0}, parcel->phase,
                 parcel->view, utterance.delay);
}

std::shared_ptr<const Network::Parcel> Network::verified(std::size_t from,
                                                         const consensus::Message& message) {
    auto checked = verifier_.verify(message);
    if (checked && actors_.contains(instances_[from].validator()))
        if (const std::string fault = fault_of(message, chain_); !fault.empty())
            invariants_.violate(from, "verifier: it lets through " + fault);
    if (checked)
        return std::make_shared<Parcel>(
            Parcel{consensus::to_input(std::move(*checked)), phase_of(message), view_of(message)});
    count(Situation::message_refused);
    if (!actors_.contains(instances_[from].validator()))
        invariants_.violate(
            from, fmt::format("validity: its {} is refused: {}", consensus::testing::describe(message),
                              consensus::describe(checked.error())));
    return nullptr;
}

/// Out of turn, but not without end: what is said lets time pass, and time lets more be said.
void Network::interject() {
    if (actors_.empty() || now_ < next_interjection_) return;
    next_interjection_ = now_ + interjection_interval;
    for (const auto& [validator, actor] : actors_)
        for (std::size_t to = 0; to < plan_.validators; ++to) {
            if (to == validator || !instances_[validator].is_up()) continue;
            for (Utterance& utterance : actor->interject(to))
                say(validator, to, std::move(utterance));
        }
}

// ---- blocks and bodies

bool Network::exchanges_blocks(std::size_t from, std::size_t to) const {
    return from != to && instances_[from].is_up() && fate(phase_blocks, 0, from, to) == Fate::arrives;
}

void Network::request_blocks(std::size_t index) {
    for (std::size_t from = 0; from < instances_.size(); ++from) {
        if (instances_[from].head() <= instances_[index].head() || !exchanges_blocks(from, index)) continue;
        queue_.push_back({.kind = Kind::blocks, .from = from, .to = index, .parcel = nullptr, .life = 0});
        return;
    }
}

void Network::send_blocks(std::size_t index, const core::Address& to) {
    for (std::size_t other = 0; other < instances_.size(); ++other)
        if (instances_[other].signer().address() == to && exchanges_blocks(index, other))
            queue_.push_back(
                {.kind = Kind::blocks, .from = index, .to = other, .parcel = nullptr, .life = 0});
}

void Network::fetch_body(std::size_t index, const core::Hash& digest) {
    for (std::size_t from = 0; from < instances_.size(); ++from) {
        if (!exchanges_blocks(from, index) || !exchanges_blocks(index, from)) continue;
        core::SharedBytes payload = instances_[from].find_body(digest);
        if (payload == nullptr) continue;
        auto body = verifier_.verify_body(digest, std::move(payload));
        CHECK(body.has_value());
        count(Situation::body_fetched);
        return answer(index, *std::move(body));
    }
}

// ---- the account of a scenario

void Network::note(std::size_t index, std::string what) {
    if (timeline_.size() >= timeline_max) return;
    timeline_.push_back(fmt::format("{:>7} ms  round {}  {}{}{}  {}", now_.us / 1000, round_,
                                    instances_[index].validator(), index >= plan_.validators ? "'" : "",
                                    faulty_[index] ? "!" : "", what));
}

void Network::trace(std::uint64_t word) {
    trace_ = Random(trace_ ^ word).next();
}

Verdict Network::verdict() {
    static constexpr std::array names{"lock carried in a VIEW-CHANGE",
                                      "NEW-VIEW bound by a lock",
                                      "crash",
                                      "crash while locked",
                                      "durable but unsent",
                                      "vote log lost",
                                      "voting again after a lost log",
                                      "late delivery",
                                      "view entered by certificate",
                                      "blocks sent to a laggard",
                                      "body fetched",
                                      "message refused",
                                      "evidence"};
    static_assert(names.size() == static_cast<std::size_t>(Situation::count));
    Verdict verdict;
    verdict.failure = invariants_.violation();
    core::Bytes account;
    core::append_be64(account, trace_);
    for (const core::Hash& hash : invariants_.chain())
        core::append(account, hash);
    verdict.trace = core::keccak256(account);
    for (std::size_t i = 0; i < names.size(); ++i)
        if (situations_[i] > 0) verdict.coverage[names[i]] = situations_[i];
    if (!plan_.twinned.empty()) verdict.faults.emplace_back("twins");
    if (!plan_.partition.empty()) verdict.faults.emplace_back("partition");
    if (plan_.drops) verdict.faults.emplace_back("drops");
    if (plan_.shuffle) verdict.faults.emplace_back("reorder");
    if (!plan_.crashes.empty()) verdict.faults.emplace_back("crash");
    verdict.timeline = std::move(timeline_);
    verdict.heal_ms = heal_ms_;
    verdict.simulated_ms = static_cast<std::uint64_t>(now_.us / 1000);
    verdict.events = events_;
    verdict.validators = plan_.validators;
    verdict.height = invariants_.highest();
    return verdict;
}

}  // namespace sluice::simulation::twins
