#include "tests/simulation/stage.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "consensus/message_codec.hpp"
#include "core/check.hpp"
#include "network/limits.hpp"

namespace sluice::simulation {
namespace {

using Kind = EventLabel::Kind;

constexpr std::size_t timeline_lines_max = 400;
/// How long a supervisor waits before it starts a process again.
constexpr std::uint64_t restart_ms_max = 3000;

std::vector<bool> draw_sick(const Options& options) {
    std::vector<bool> sick(options.validators + options.observers, false);
    auto random = Random::of(options.seed, "sick");
    for (const auto& casting : options.impostors)
        sick[casting.validator] = true;
    const auto most = core::faults_tolerated(options.validators);
    for (auto left = most - std::min(most, options.impostors.size()); left > 0;) {
        const auto index = random.below(options.validators);
        if (sick[index]) continue;
        sick[index] = true;
        --left;
    }
    return sick;
}

std::vector<std::int64_t> draw_drifts(const Options& options) {
    auto random = Random::of(options.seed, "drift");
    const auto most = static_cast<std::int64_t>(options.faults.scaled(Fault::drift, 500));
    std::vector<std::int64_t> drifts(options.validators + options.observers);
    for (auto& drift : drifts)
        drift = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * most + 1))) - most;
    return drifts;
}

std::optional<MembershipActs> membership_of(const Options& options, std::uint64_t chain_id) {
    if (options.membership_changes == 0) return std::nullopt;
    std::vector<crypto::PrivateKey> keys;
    for (std::size_t i = 0; i < options.validators + options.observers; ++i)
        keys.push_back(key_of("validator", i));
    return MembershipActs(chain_id, std::move(keys), Random::of(options.seed, "membership"),
                          {.changes = options.membership_changes,
                           .least = options.validators,
                           .most = options.validators + options.observers});
}

}  // namespace

Stage::Stage(const Options& chosen)
    : options(chosen),
      chain_kit(simulation::chain_kit(options.validators, options.observers, options.rotation_period)),
      network(options.seed, options.faults, options.validators + options.observers, coverage),
      checkers(chain_kit.chain.identity(), chain_kit.chain.genesis_hash,
               options.validators + options.observers, coverage),
      wire(*this, options.validators + options.observers),
      workload(chain_kit, Random::of(options.seed, "workload"), coverage),
      impostors(options.validators + options.observers),
      sick(draw_sick(options)),
      retired(options.validators + options.observers, false),
      drifts(draw_drifts(options)),
      membership_(membership_of(options, chain_kit.chain.spec.chain_id)),
      clients_(Random::of(options.seed, "clients")),
      crashes_(Random::of(options.seed, "restarts")) {
    for (std::size_t i = 0; i < options.validators + options.observers; ++i)
        processes.push_back(std::make_unique<Process>(*this, i));
    for (const auto& casting : options.impostors)
        cast(casting);
}

void Stage::cast(const Casting& casting) {
    auto random = Random::of(options.seed, fmt::format("impostor {}", casting.validator));
    impostors[casting.validator] =
        std::make_unique<Impostor>(chain_kit, options.validators, casting, Random(random.next()));
    processes[casting.validator]->memory = Memory::unaware;
    if (!casting.script.empty()) hit(coverage, fmt::format("script: {}", casting.script));
    if (casting.script == "far speaker" && casting.interjects_every <= core::milliseconds(2))
        hit(coverage, "flood of far messages");
    if (!casting.sync_lie.empty()) hit(coverage, fmt::format("lie: {}", casting.sync_lie));
    if (verifier_) return;
    auto members = chain_kit.addresses;
    members.resize(options.validators);
    verifier_ = std::make_unique<consensus::MessageVerifier>(
        chain_kit.chain.identity(), options.rotation_period,
        consensus::ValidatorHistory(1, *core::ValidatorSet::make(std::move(members))), node::payload_digest);
}

void Stage::begin() {
    if (options.crash_point) {
        auto& victim = *processes[options.crash_point->node];
        victim.die_at_effect = options.crash_point->effect;
    }
    for (auto& process : processes)
        process->install();
    if (options.crash_point && options.crash_point->disk_call > 0)
        processes[options.crash_point->node]->disk.arm(options.crash_point->disk_call,
                                                       options.crash_point->failure);
    for (std::size_t i = 0; i < processes.size(); ++i)
        connect_all(i);
    for (const auto& casting : options.impostors)
        interject(casting.validator);
    if (options.latecomer) stop(*options.latecomer, false, core::milliseconds(1500));
    world.after(core::milliseconds(5), {Kind::client, 0, 0}, [this] { client_acts(); });
    if (membership_) world.after(core::milliseconds(300), {Kind::client, 3, 0}, [this] { operators_act(); });
}

// ---- between processes

void Stage::say(std::size_t from, std::size_t to, network::Channel channel, const core::SharedBytes& bytes,
                std::uint64_t print) {
    if (impostors[from])
        utter(from, to, impostors[from]->speak(channel, bytes, to));
    else
        transmit(from, to, channel, bytes, print);
}

void Stage::utter(std::size_t from, std::size_t to, std::vector<Frame> frames) {
    for (auto& [channel, bytes, delay] : frames) {
        if (channel == network::Channel::consensus) note_proof(*bytes);
        // The faulty tell each other what they are about.
        for (std::size_t i = 0; i < impostors.size(); ++i)
            if (impostors[i] && i != from) impostors[i]->hear(channel, *bytes);
        const auto print = fingerprint(*bytes);
        if (delay == core::Duration{}) {
            transmit(from, to, channel, bytes, print);
            continue;
        }
        world.after(delay, {Kind::fault, from, 7}, [this, from, to, channel = channel, bytes = bytes, print] {
            if (is_up(from)) transmit(from, to, channel, bytes, print);
        });
    }
}

/// A NEW-VIEW that proves itself justifies votes, whoever put it together.
void Stage::note_proof(core::ByteView bytes) {
    auto message = consensus::decode_message(bytes);
    if (!message || !std::holds_alternative<consensus::NewView>(*message)) return;
    const auto verified = verifier_->verify(std::move(*message));
    if (verified) wire.note_new_view(*std::get<consensus::Verified<consensus::NewView>>(*verified));
}

void Stage::interject(std::size_t index) {
    auto& impostor = *impostors[index];
    if (is_up(index) && !processes[index]->is_paused())
        for (std::size_t to = 0; to < processes.size(); ++to)
            if (to != index) utter(index, to, impostor.interject(to));
    world.after(impostor.casting().interjects_every, {Kind::fault, index, 8},
                [this, index] { interject(index); });
}

void Stage::shut_out(std::size_t by, std::size_t whom) {
    hit(coverage, "lying peer shut out");
    auto& length_ms = shut_out_ms_[{by, whom}];
    length_ms = length_ms == 0 ? network::ban_first.count()
                               : std::min<std::int64_t>(2 * length_ms, network::ban_max.count());
    world.after({1}, {Kind::fault, by, 9},
                [this, by, whom, gap = core::milliseconds(length_ms)] { reset_connection(by, whom, gap); });
}

void Stage::transmit(std::size_t from, std::size_t to, network::Channel channel,
                     const core::SharedBytes& bytes, std::uint64_t print) {
    if (options.deaf_validator == to && channel == network::Channel::transactions) return;
    const auto passage = network.send(world.now(), from, to, bytes->size());
    if (passage.reset) {
        world.after({1}, {Kind::fault, to, 1},
                    [this, from, to] { reset_connection(from, to, core::milliseconds(300)); });
        return;
    }
    const EventLabel label{Kind::frame, to, print ^ from};
    for (const auto& arrival : {passage.arrival, passage.repeated}) {
        if (!arrival) continue;
        world.at(*arrival, label, [this, from, to, channel, bytes, epoch = network.epoch(from, to)] {
            if (!network.arrived(from, to, epoch)) return;
            auto& process = *processes[to];
            if (impostors[to]) impostors[to]->hear(channel, *bytes);
            process.within(process.run(), [this, &process, from, channel, bytes] {
                process.running().on_frame(process.now(), processes[from]->signer.address(), channel, bytes);
            });
        });
    }
}

void Stage::reset_connection(std::size_t one, std::size_t other, core::Duration gap) {
    if (!network.is_connected(one, other)) return;
    network.disconnect(one, other);
    for (const auto& [here, there] : {std::pair{one, other}, std::pair{other, one}}) {
        auto& process = *processes[here];
        process.within(process.run(), [&process, address = processes[there]->signer.address()] {
            process.running().on_peer_down(process.now(), address);
        });
    }
    world.after(gap, {Kind::fault, one, 2}, [this, one, other] {
        if (network.is_connected(one, other) || !is_up(one) || !is_up(other)) return;
        hit(coverage, "reconnected");
        connect(one, other);
    });
}

/// Either end may be killed by what it does first; then there is no connection to tell the other end of.
void Stage::connect(std::size_t one, std::size_t other) {
    network.connect(one, other);
    for (const auto& [here, there] : {std::pair{one, other}, std::pair{other, one}}) {
        if (!network.is_connected(one, other)) return;
        auto& process = *processes[here];
        process.within(process.run(), [&process, address = processes[there]->signer.address()] {
            process.running().on_peer_up(process.now(), address);
        });
    }
}

void Stage::connect_all(std::size_t index) {
    for (std::size_t other = 0; other < processes.size(); ++other)
        if (other != index && is_up(index) && is_up(other) && !network.is_connected(index, other))
            connect(index, other);
}

void Stage::crash(std::size_t index, bool power_cut) {
    stop(index, power_cut, core::milliseconds(static_cast<std::int64_t>(crashes_.below(restart_ms_max))));
}

void Stage::stop(std::size_t index, bool power_cut, core::Duration down_for) {
    auto& process = *processes[index];
    hit(coverage, power_cut ? "power cut" : "process killed");
    if (process.is_up() && index == primary()) hit(coverage, "primary stopped");
    tell(index, power_cut ? "POWER CUT" : "KILLED");
    process.end(power_cut);
    std::size_t down = 0;
    for (std::size_t i = 0; i < options.validators; ++i)
        if (!is_up(i)) ++down;
    if (down > faults_tolerated()) hit(coverage, "more than f validators down");
    if (down == options.validators) hit(coverage, "all validators down");
    for (std::size_t other = 0; other < processes.size(); ++other) {
        if (other == index || !network.is_connected(index, other)) continue;
        network.disconnect(index, other);
        auto& peer = *processes[other];
        peer.within(peer.run(), [&peer, address = process.signer.address()] {
            peer.running().on_peer_down(peer.now(), address);
        });
    }
    world.after(down_for, {Kind::fault, index, 3}, [this, index] { restart(index); });
}

void Stage::restart(std::size_t index) {
    auto& process = *processes[index];
    if (process.is_up() || retired[index] || checkers.violation()) return;
    tell(index, "START");
    hit(coverage, "restart");
    process.open();
    if (process.is_up()) connect_all(index);
}

// ---- clients

std::size_t Stage::some_node(Random& random) const {
    return static_cast<std::size_t>(random.below(processes.size()));
}

/// The node that a client sends to.
std::size_t Stage::place_for(const core::RecoveredTransaction& transaction) {
    auto drawn = some_node(clients_);
    while (retired[drawn])
        drawn = (drawn + 1) % processes.size();
    if (!options.deaf_validator) return drawn;
    if (transaction.sender == crypto::address_of(chain_kit.maker_keys[0])) return *options.deaf_validator;
    return drawn != *options.deaf_validator ? drawn : (drawn + 1) % processes.size();
}

void Stage::submit(const core::TransactionPtr& transaction, std::size_t to) {
    auto& process = *processes[to];
    process.within(process.run(), [&process, transaction] { process.submit(transaction); });
}

bool Stage::clients_have_finished() const {
    return checkers.highest() >= options.heights;
}

/// To every node: none of them may be the one that is down.
void Stage::top_up_payments() {
    while (workload.submitted().size() < checkers.client_transactions() + options.payments_under_way) {
        const auto payment = workload.payment();
        for (std::size_t i = 0; i < processes.size(); ++i)
            submit(payment, i);
    }
    world.after(core::milliseconds(5), {Kind::client, 0, 1}, [this] { top_up_payments(); });
}

void Stage::client_acts() {
    if (clients_have_finished()) return;
    const bool is_funded = workload.submitted().size() >= bank_count;
    if (options.payments_under_way > 0 && is_funded) return top_up_payments();
    const auto submission = workload.next();
    for (const auto& transaction : submission.now) {
        // Many clients send to two nodes: nothing may depend on one node's memory.
        submit(transaction, place_for(*transaction));
        if (!submission.to_different_nodes && clients_.percent(40))
            submit(transaction, place_for(*transaction));
    }
    if (submission.later)
        world.after(core::milliseconds(static_cast<std::int64_t>(clients_.between(1, 400))),
                    {Kind::client, 1, 0}, [this, later = submission.later] {
                        submit(later, place_for(*later));
                        submit(later, place_for(*later));
                    });
    const auto pause = 1 + clients_.below(2 * options.client_interval_ms);
    world.after(core::milliseconds(static_cast<std::int64_t>(pause)), {Kind::client, 0, 0},
                [this] { client_acts(); });
}

ledger::LedgerSnapshotPtr Stage::furthest() const {
    ledger::LedgerSnapshotPtr best;
    for (const auto& process : processes)
        if (process->is_up() && (!best || process->height() > best->height()))
            best = process->running().snapshot();
    return best;
}

bool Stage::has_its_validators() const {
    if (!membership_) return true;
    const auto snapshot = furthest();
    return snapshot && membership_->is_over(**snapshot->state_at(snapshot->height()));
}

void Stage::operators_act() {
    if (const auto snapshot = furthest()) {
        const auto state = snapshot->state_at(snapshot->height());
        CHECK(state.has_value());
        if (membership_->is_over(**state)) return hit(coverage, "all changes of the validators carried");
        for (const auto& transaction : membership_->next(**state, snapshot->height()))
            for (std::size_t i = 0; i < processes.size(); ++i)
                if (takes_part(i)) submit(transaction, i);
    }
    world.after(core::milliseconds(250), {Kind::client, 3, 0}, [this] { operators_act(); });
}

// ---- what processes tell

void Stage::note_caught_up() {
    if (chaos || caught_up_at) return;
    for (std::size_t i = 0; i < processes.size(); ++i)
        if (takes_part(i) && (!is_up(i) || processes[i]->height() < height_at_healing)) return;
    caught_up_at = world.now();
}

void Stage::on_height(std::size_t index, const node::FinalBlock& block) {
    note_caught_up();
    const auto height = block.block->block.header.height;
    if (height > noted_) {
        noted_ = height;
        workload.note_outcomes(*block.block);
        if (!chaos && !first_block_after_healing) {
            first_block_after_healing = world.now();
            view_of_that_block = wire.highest_promise();
        }
    }
    if (options.timeline)
        tell(index, fmt::format("FINAL {} {}", height, core::to_hex(block.block->hash).substr(0, 8)));
}

void Stage::on_pool_verdict(node::PoolVerdict verdict) {
    switch (verdict) {
        case node::PoolVerdict::added:
            return;
        case node::PoolVerdict::already_known:
            return hit(coverage, "pool: already known");
        case node::PoolVerdict::replacement_underpriced:
            return hit(coverage, "pool: another one has the nonce");
        case node::PoolVerdict::nonce_too_low:
            return hit(coverage, "pool: nonce used");
        case node::PoolVerdict::insufficient_funds:
            return hit(coverage, "pool: funds gone");
        case node::PoolVerdict::nonce_gap_too_large:
        case node::PoolVerdict::sender_full:
        case node::PoolVerdict::pool_full:
            return hit(coverage, "pool: no room");
    }
}

void Stage::tell(std::size_t index, std::string_view line) {
    if (!options.timeline) return;
    if (lines_.size() == timeline_lines_max) lines_.pop_front();
    const auto us = world.now().us;
    lines_.push_back(fmt::format("{:>6}.{:06} node {}: {}", us / 1'000'000, us % 1'000'000, index, line));
}

// ---- questions

std::size_t Stage::index_of(const core::Address& address) const {
    const auto& all = chain_kit.addresses;
    const auto found = std::find(all.begin(), all.end(), address);
    CHECK(found != all.end());
    return static_cast<std::size_t>(found - all.begin());
}

std::size_t Stage::index_of_text(std::string_view address) const {
    for (std::size_t i = 0; i < processes.size(); ++i)
        if (core::to_hex_0x(chain_kit.addresses[i]) == address) return i;
    CHECK(false);
    return 0;
}

/// As the highest node that is up sees it.
std::size_t Stage::primary() const {
    std::size_t best = 0;
    core::View view = 0;
    for (std::size_t i = 0; i < options.validators; ++i) {
        if (!is_up(i)) continue;
        const auto entered = processes[i]->running().status(processes[i]->now()).consensus;
        if (entered.entered >= view) {
            view = entered.entered;
            best = static_cast<std::size_t>(((entered.head + 1) / options.rotation_period + view) %
                                            options.validators);
        }
    }
    return best;
}

}  // namespace sluice::simulation
