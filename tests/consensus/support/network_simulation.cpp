#include "support/network_simulation.hpp"

#include <algorithm>
#include <iostream>
#include <sstream>

#include "consensus/limits.hpp"
#include "core/check.hpp"
#include "support/describe_effect.hpp"

namespace sluice::consensus::testing {

namespace {

constexpr Height sync_batch = 16;
constexpr std::uint64_t events_max = 400'000;

}  // namespace

Weather Weather::drawn(Dice& dice) {
    static constexpr std::size_t sizes[] = {1, 2, 3, 4, 4, 4, 4, 4, 5, 6, 7, 7, 8, 10};
    Weather weather;
    weather.validators = sizes[dice.between(0, std::size(sizes) - 1)];
    const bool changes = dice.chance(200);
    std::size_t faults = core::faults_tolerated(changes ? weather.validators - 1 : weather.validators);
    if (changes) {
        weather.spare = 1;
        weather.change_permille = 300;
    }
    for (std::size_t i = 0; i < faults; ++i) {
        const std::uint64_t kind = dice.between(0, 9);
        if (kind < 3) ++weather.twins;
        if (kind >= 3 && kind < 6) ++weather.liars;
        if (kind == 6) ++weather.amnesiacs;
    }
    weather.phase_cuts = dice.chance(400);
    if (weather.phase_cuts) {
        weather.crash_permille = dice.chance(200) ? dice.between(0, 5) : 0;
        weather.blocks = dice.between(1, 2);
        weather.lasts_ms = static_cast<std::int64_t>(dice.between(5'000, 15'000));
        return weather;
    }
    weather.loss_permille = dice.chance(500) ? dice.between(0, 300) : 0;
    weather.duplicate_permille = dice.chance(300) ? dice.between(0, 300) : 0;
    weather.slow_permille = dice.chance(500) ? dice.between(0, 200) : 0;
    weather.cut_permille = dice.chance(700) ? dice.between(0, 600) : 0;
    weather.crash_permille = dice.chance(500) ? dice.between(0, 20) : 0;
    weather.blocks = dice.between(2, 6);
    weather.lasts_ms = static_cast<std::int64_t>(dice.between(3'000, 40'000));
    return weather;
}

Weather Weather::phases(std::size_t validators, std::size_t twins, Dice& dice) {
    Weather weather;
    weather.validators = validators;
    weather.twins = twins;
    weather.phase_cuts = true;
    weather.blocks = 1;
    weather.lasts_ms = static_cast<std::int64_t>(dice.between(4'000, 14'000));
    return weather;
}

NetworkSimulation::NetworkSimulation(std::uint64_t seed, const Weather& weather)
    : seed_(seed),
      dice_(seed),
      weather_(weather),
      chain_(toy_chain(weather.validators)),
      liar_(Dice(seed ^ 0x5eed)) {
    chain_.config.rotation_period = dice_.between(1, 4);
    for (std::size_t i = 0; i < weather_.validators + weather_.spare; ++i) {
        slots_.push_back({.node = SimulatedNode(chain_, i)});
    }
    // Who is faulty must not depend on who is primary first.
    const std::size_t first = dice_.between(0, weather_.validators - 1);
    std::size_t next = 0;
    const auto victim = [&] { return (first + next++) % weather_.validators; };
    for (std::size_t i = 0; i < weather_.twins; ++i) {
        const std::size_t number = victim();
        slots_[number].faulty = true;
        slots_.push_back({.node = SimulatedNode(chain_, number), .faulty = true});
    }
    for (std::size_t i = 0; i < weather_.liars; ++i) {
        Slot& slot = slots_[victim()];
        slot.faulty = true;
        slot.liar = true;
    }
    for (std::size_t i = 0; i < weather_.amnesiacs; ++i) {
        slots_[victim()].amnesiac = true;
    }
}

Outcome NetworkSimulation::run() {
    target_ = weather_.blocks;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        boot(i);
    }
    change_cuts();
    heartbeat();
    run_until(now_ + core::milliseconds(weather_.lasts_ms));
    if (!checker_.failure()) heal();
    outcome_.failure = outcome_.failure ? outcome_.failure : checker_.failure();
    outcome_.height = checker_.highest();
    for (const Slot& slot : slots_) {
        if (slot.node.is_up()) outcome_.view = std::max(outcome_.view, slot.node.replica().status().promised);
    }
    return outcome_;
}

void NetworkSimulation::heal() {
    storm_ = false;
    cut_.clear();
    target_ = std::max(checker_.highest(), weather_.blocks) + 2;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!slots_[i].node.is_up()) boot(i);
        tell_work(i);
    }
    const auto faults = static_cast<std::int64_t>(core::faults_tolerated(weather_.validators));
    const core::Instant end = now_ + limits::view_timeout_max * (faults + 3) + core::seconds(30);
    while (now_ < end && !everyone_at(target_) && !checker_.failure() && outcome_.events < events_max) {
        run_until(std::min(end, now_ + core::seconds(1)));
    }
    if (!checker_.failure() && !everyone_at(target_)) outcome_.failure = describe_stall(target_);
}

bool NetworkSimulation::everyone_at(Height height) const {
    return std::all_of(slots_.begin(), slots_.end(),
                       [height](const Slot& slot) { return slot.faulty || slot.node.head() >= height; });
}

std::string NetworkSimulation::describe_stall(Height wanted) const {
    std::ostringstream text;
    text << "stalled: wanted height " << wanted << ", events " << outcome_.events << ';';
    for (const Slot& slot : slots_) {
        text << " [" << slot.node.number() << (slot.faulty ? "!" : "");
        if (slot.node.is_up()) {
            const ReplicaStatus status = slot.node.replica().status();
            text << " head " << status.head << " promised " << status.promised << " entered "
                 << status.entered << " certified " << status.certified << (status.locked ? " locked" : "")
                 << (status.recovering ? " recovering" : "") << (status.silenced ? " silenced" : "");
        } else {
            text << " down";
        }
        text << ']';
    }
    return text.str();
}

void NetworkSimulation::note(std::size_t slot, const std::string& what) const {
    std::cerr << now_.us / 1000 << " ms  " << slots_[slot].node.number() << (slots_[slot].faulty ? "!" : "")
              << "  " << what << '\n';
}

// ---- time

void NetworkSimulation::later(core::Duration delay_by, std::function<void()> happen) {
    events_.push({.at = now_ + delay_by, .order = order_++, .happen = std::move(happen)});
}

/// Only if the process that asked for it still lives then.
void NetworkSimulation::later_at(std::size_t index, core::Duration delay_by,
                                 std::function<void(Slot&)> happen) {
    later(delay_by, [this, index, incarnation = slots_[index].incarnation, happen = std::move(happen)] {
        Slot& slot = slots_[index];
        if (!slot.node.is_up() || slot.incarnation != incarnation) return;
        happen(slot);
        settle(index);
    });
}

void NetworkSimulation::run_until(core::Instant end) {
    while (!events_.empty() && events_.top().at <= end && !checker_.failure() &&
           outcome_.events < events_max) {
        const Event event = events_.top();
        events_.pop();
        now_ = event.at;
        ++outcome_.events;
        event.happen();
    }
    now_ = std::max(now_, end);
}

core::Duration NetworkSimulation::delay() {
    if (storm_ && dice_.chance(weather_.slow_permille)) {
        return core::milliseconds(static_cast<std::int64_t>(dice_.between(100, 6'000)));
    }
    return core::Duration{static_cast<std::int64_t>(dice_.between(1'000, 40'000))};
}

// ---- processes

void NetworkSimulation::boot(std::size_t index) {
    Slot& slot = slots_[index];
    ++slot.incarnation;
    Hash nonce{};
    nonce[0] = static_cast<std::uint8_t>(slot.incarnation);
    nonce[1] = static_cast<std::uint8_t>(index);
    if (trace_) note(index, "start at head " + std::to_string(slot.node.head()));
    CHECK(slot.node.boot(now_, nonce));
    settle(index);
    tell_work(index);
}

void NetworkSimulation::crash(std::size_t index) {
    Slot& slot = slots_[index];
    if (trace_) note(index, "crash");
    // A write whose end nobody saw may have reached the disk or not.
    if (slot.persisting && dice_.chance(500)) slot.node.perform_local(slot.node.effects().front());
    slot.persisting = false;
    slot.node.crash();
    slot.deadline.reset();
    ++outcome_.crashes;
    --slot.crashes_left;
    if (slot.amnesiac && dice_.chance(500)) {
        slot.node.lose_vote_log();
    }
    if (!storm_) return;
    later(core::milliseconds(static_cast<std::int64_t>(dice_.between(1, 10'000))), [this, index] {
        if (!slots_[index].node.is_up()) boot(index);
    });
}

void NetworkSimulation::tell_work(std::size_t index) {
    Slot& slot = slots_[index];
    if (!slot.node.is_up()) return;
    slot.node.give(now_, WorkPending{.pending = slot.node.head() < target_, .since = now_});
    settle(index);
}

/// Performs what the replica wants, strictly in order; a crash may fall between any two effects.
void NetworkSimulation::settle(std::size_t index) {
    Slot& slot = slots_[index];
    while (slot.node.is_up() && !slot.node.effects().empty() && !slot.persisting) {
        if (storm_ && slot.crashes_left > 0 && dice_.chance(weather_.crash_permille)) return crash(index);
        if (std::holds_alternative<Persist>(slot.node.effects().front()) && dice_.chance(200)) {
            slot.persisting = true;
            later_at(index, core::milliseconds(static_cast<std::int64_t>(dice_.between(1, 60))),
                     [this, index](Slot& disk) {
                         disk.persisting = false;
                         const Effect written = std::move(disk.node.effects().front());
                         disk.node.effects().pop_front();
                         perform(index, written);
                     });
            break;
        }
        const Effect effect = std::move(slot.node.effects().front());
        slot.node.effects().pop_front();
        perform(index, effect);
    }
    if (slot.node.is_up()) watch_deadline(index);
}

void NetworkSimulation::watch_deadline(std::size_t index) {
    Slot& slot = slots_[index];
    const std::optional<core::Instant> wanted = slot.node.replica().next_deadline();
    if (wanted == slot.deadline) return;
    slot.deadline = wanted;
    ++slot.deadline_token;
    if (!wanted) return;
    const core::Duration wait = std::max(*wanted - now_, core::Duration{0});
    later_at(index, wait, [this, token = slot.deadline_token](Slot& due) {
        if (due.deadline_token != token) return;
        due.deadline.reset();
        due.node.give(now_, DeadlineReached{});
    });
}

void NetworkSimulation::perform(std::size_t index, const Effect& effect) {
    Slot& slot = slots_[index];
    const Height before = slot.node.head();
    if (trace_) note(index, describe(effect));
    slot.node.perform_local(effect);
    if (std::holds_alternative<Finalize>(effect)) {
        if (!slot.faulty) checker_.on_finalize(slot.node, std::get<Finalize>(effect).height);
    } else if (const auto* broadcast = std::get_if<Broadcast>(&effect)) {
        send(index, broadcast->message, std::nullopt);
    } else if (const auto* answer = std::get_if<Send>(&effect)) {
        send(index, answer->message, answer->to);
    } else if (const auto* request = std::get_if<BuildProposal>(&effect)) {
        build(index, *request);
    } else if (const auto* question = std::get_if<CheckProposal>(&effect)) {
        check(index, *question);
    } else if (const auto* body = std::get_if<RequestBody>(&effect)) {
        fetch_body(index, *body);
    } else if (std::holds_alternative<RequestSync>(effect)) {
        sync(index, before + 1, std::nullopt);
    } else if (const auto* certificates = std::get_if<SendCertificates>(&effect)) {
        for (std::size_t other = 0; other < slots_.size(); ++other) {
            if (slots_[other].node.address() == certificates->to)
                sync(other, certificates->from_height, index);
        }
    } else if (const auto* alarm = std::get_if<RaiseAlarm>(&effect)) {
        if (!slot.faulty) checker_.on_alarm(slot.node, *alarm);
    } else if (std::holds_alternative<RejoinAgreed>(effect)) {
        ++outcome_.rejoins;
    } else if (std::holds_alternative<ReportEvidence>(effect)) {
        ++outcome_.evidence;
    }
    if (slot.node.head() > before) {
        if (!slot.faulty) checker_.on_append(slot.node, slot.node.head(), slot.node.head_digest());
        later_at(index, core::milliseconds(static_cast<std::int64_t>(dice_.between(0, 5))),
                 [this](Slot& done) {
                     done.node.report_appends(now_);
                     if (dice_.chance(300)) done.node.disk().records = done.node.replica().durable_records();
                     done.node.give(now_, WorkPending{.pending = done.node.head() < target_, .since = now_});
                 });
    }
}

void NetworkSimulation::heartbeat() {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (!slots_[i].node.is_up()) continue;
        slots_[i].node.give(now_, HeartbeatDue{.clock = 0});
        settle(i);
        // Nodes tell each other their heads; somebody who is ahead is asked.
        sync(i, slots_[i].node.head() + 1, std::nullopt);
    }
    later(core::seconds(1), [this] { heartbeat(); });
}

// ---- network

void NetworkSimulation::change_cuts() {
    if (!storm_) return;
    cut_.clear();
    const std::uint64_t share = weather_.split || dice_.chance(600) ? weather_.cut_permille : 0;
    const bool sides = weather_.split || dice_.chance(300);
    std::vector<bool> side(slots_.size());
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        side[i] = dice_.chance(500);
    }
    for (std::size_t from = 0; from < slots_.size() && share > 0; ++from) {
        for (std::size_t to = 0; to < slots_.size(); ++to) {
            if (sides ? side[from] != side[to] : dice_.chance(share)) cut_.insert({from, to});
        }
    }
    if (weather_.split) return;
    later(core::milliseconds(static_cast<std::int64_t>(dice_.between(10, 8'000))), [this] { change_cuts(); });
}

/// The same answer for every repetition of a message, so that a phase stays as incomplete as it was drawn.
bool NetworkSimulation::is_cut(std::uint64_t phase, std::uint64_t low, std::uint64_t high, std::size_t from,
                               std::size_t to) const {
    Dice share(seed_ ^ (phase * 0x10001));
    const std::uint64_t permille = share.between(low, high);
    Dice link(share.next() + from * 64 + to);
    return link.chance(permille);
}

bool NetworkSimulation::phase_cut(const Message& message, std::size_t from, std::size_t to) const {
    if (!storm_ || !weather_.phase_cuts) return false;
    const Envelope* envelope = envelope_of(message);
    if (envelope == nullptr) return blocks_cut(from, to);
    return is_cut(envelope->view * 16 + message.index() + 1, 100, 700, from, to);
}

/// Finished blocks hardly pass: whoever learns of a commit no longer helps to undo it.
bool NetworkSimulation::blocks_cut(std::size_t from, std::size_t to) const {
    if (!storm_ || !weather_.phase_cuts) return false;
    return is_cut(static_cast<std::uint64_t>(now_.us / core::seconds(4).us) * 16 + 15, 800, 1000, from, to);
}

void NetworkSimulation::send(std::size_t from, const Message& message, std::optional<Address> only) {
    Slot& sender = slots_[from];
    if (sender.faulty) {
        checker_.on_wire(message);
    } else {
        checker_.on_send(sender.node, message);
    }
    liar_.see(message);
    if (const auto* view_change = std::get_if<ViewChange>(&message))
        outcome_.locks_carried += view_change->lock ? 1 : 0;
    for (std::size_t to = 0; to < slots_.size(); ++to) {
        if (slots_[to].node.number() == sender.node.number()) continue;
        if (only && slots_[to].node.address() != *only) continue;
        if (!sender.liar) {
            deliver(from, to, message);
            continue;
        }
        for (const Message& lie : liar_.lie(message, sender.node.signer(), chain_.identity)) {
            checker_.on_wire(lie);
            deliver(from, to, lie);
        }
    }
}

void NetworkSimulation::deliver(std::size_t from, std::size_t to, const Message& message) {
    const std::uint64_t copies = storm_ && dice_.chance(weather_.duplicate_permille) ? 2 : 1;
    for (std::uint64_t i = 0; i < copies; ++i) {
        if (!connected(from, to) || (storm_ && dice_.chance(weather_.loss_permille))) continue;
        if (phase_cut(message, from, to)) continue;
        later(delay(), [this, to, message, encoded = dice_.chance(50)] {
            SimulatedNode& node = slots_[to].node;
            if (!node.is_up()) return;
            if (encoded) CHECK(decode_message(encode(message)).has_value());
            const std::optional<MessageError> refused = node.hear(now_, message);
            // Signed under a set of the future: blocks are missing here.
            if (refused == MessageError::unknown_validators) sync(to, node.head() + 1, std::nullopt);
            settle(to);
        });
    }
}

void NetworkSimulation::build(std::size_t index, const BuildProposal& request) {
    const core::Duration pause = std::max(request.not_before - now_, core::Duration{0});
    later_at(index, pause + core::milliseconds(static_cast<std::int64_t>(dice_.between(0, 10))),
             [this, request](Slot& slot) {
                 if (slot.node.head() + 1 != request.height) return;
                 if (!request.allow_empty && slot.node.head() >= target_) {
                     slot.node.give(now_, NothingToPropose{.height = request.height, .view = request.view});
                     return;
                 }
                 const std::string salt = "s" + std::to_string(dice_.next());
                 slot.node.give(now_, slot.node.build(request, salt, wanted_change(slot.node)));
             });
}

/// One change per block, never so many that the faulty ones become too many.
std::optional<Address> NetworkSimulation::wanted_change(const SimulatedNode& node) {
    if (!dice_.chance(weather_.change_permille)) return std::nullopt;
    const core::ValidatorSet now = node.validators();
    const std::size_t number = dice_.between(0, weather_.validators + weather_.spare - 1);
    const bool leaves = now.index_of(toy_address(number)).has_value();
    if (leaves && (now.size() < weather_.validators || now.size() == 1)) return std::nullopt;
    if (!leaves && now.size() > weather_.validators) return std::nullopt;
    return toy_address(number);
}

void NetworkSimulation::check(std::size_t index, const CheckProposal& request) {
    const bool slow = storm_ && dice_.chance(5);
    const std::uint64_t takes = slow ? dice_.between(1'000, 15'000) : dice_.between(0, 20);
    later_at(index, core::milliseconds(static_cast<std::int64_t>(takes)),
             [this, request](Slot& slot) { slot.node.give(now_, slot.node.check(request)); });
}

void NetworkSimulation::fetch_body(std::size_t index, const RequestBody& request) {
    for (std::size_t other = 0; other < slots_.size(); ++other) {
        if (other == index || !connected(index, other) || !connected(other, index)) continue;
        if (blocks_cut(other, index)) continue;
        if (storm_ && dice_.chance(weather_.loss_permille)) continue;
        later_at(index, delay() + delay(), [this, other, request](Slot& slot) {
            const core::SharedBytes payload = slots_[other].node.find_body(request.digest);
            if (payload == nullptr) return;
            const auto body = slot.node.verifier().verify_body(request.digest, payload);
            if (body) slot.node.give(now_, *body);
        });
    }
}

void NetworkSimulation::sync(std::size_t index, Height from_height, std::optional<std::size_t> source) {
    const std::size_t other = source.value_or(dice_.between(0, slots_.size() - 1));
    if (other == index || !connected(other, index) || !slots_[other].node.is_up()) return;
    if (blocks_cut(other, index)) return;
    const auto& blocks = slots_[other].node.disk().blocks;
    std::vector<StoredBlock> batch;
    for (Height height = from_height; height <= blocks.size() && batch.size() < sync_batch; ++height) {
        batch.push_back(blocks[static_cast<std::size_t>(height - 1)]);
    }
    if (batch.empty()) return;
    later_at(index, delay() + delay(), [this, index, batch = std::move(batch)](Slot& slot) {
        slot.node.give(now_, Syncing{.on = true});
        for (const StoredBlock& block : batch) {
            if (!slot.node.import(block)) continue;
            if (!slot.faulty) checker_.on_append(slot.node, slot.node.head(), slot.node.head_digest());
            slot.node.report_appends(now_);
            settle(index);
            if (!slot.node.is_up()) return;
        }
        slot.node.give(now_, Syncing{.on = false});
        slot.node.give(now_, WorkPending{.pending = slot.node.head() < target_, .since = now_});
    });
}

}  // namespace sluice::consensus::testing
