#include "tests/simulation/membership_network.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "consensus/message_codec.hpp"
#include "core/check.hpp"
#include "tests/simulation/membership_machine.hpp"

namespace sluice::simulation {
crypto::PrivateKey key_of_node(std::size_t number) {
    return crypto::PrivateKey(std::span<const std::uint8_t, 32>(
        core::keccak256(core::view(fmt::format("sluice membership {}", number)))));
}

namespace {

core::Address address_of_node(std::size_t number) {
    return crypto::address_of(key_of_node(number));
}

/// Changes that keep the chain going.
constexpr std::uint64_t endless = 1'000;
constexpr core::Duration time_limit = core::seconds(900);
constexpr std::uint64_t chain_id = 20'022;

node::Chain make_chain(std::size_t validators) {
    core::ChainSpec spec;
    spec.chain_id = chain_id;
    spec.time_ms = start_wall_ms - 60'000;
    spec.devnet = true;
    spec.rotation_period = 4;
    for (std::size_t i = 0; i < validators; ++i)
        spec.validators.push_back({.name = fmt::format("node-{}", i),
                                   .address = address_of_node(i),
                                   .bic = *core::Bic::parse("VALADEFF")});
    spec.operators.keys = {address_of_node(1'000)};
    CHECK(!core::find_fault(spec));
    return node::make_chain(std::move(spec));
}

std::vector<crypto::PrivateKey> keys_of(std::size_t count) {
    std::vector<crypto::PrivateKey> keys;
    for (std::size_t i = 0; i < count; ++i)
        keys.push_back(key_of_node(i));
    return keys;
}

}  // namespace

Network::Network(const MembershipOptions& options)
    : random(options.seed),
      chain(make_chain(options.validators)),
      options_(options),
      acts_(chain_id, keys_of(options.validators + options.outsiders), Random(random.next()),
            {.changes = options.healing ? endless : options.changes,
             .least = options.least,
             .most = options.most}) {
    for (std::size_t i = 0; i <= options.validators + options.outsiders; ++i)
        machines_.push_back(std::make_unique<Machine>(*this, i));
}

void Network::transmit(std::size_t from, std::size_t to, network::Channel channel, core::SharedBytes bytes) {
    if (lossy && random.percent(options_.loss_percent)) return;
    const auto delay = static_cast<std::int64_t>(200 + random.below(4'000));
    after({delay}, [this, from, to, channel, bytes = std::move(bytes)] {
        auto& receiver = *machines_[to];
        receiver.within_join(receiver.run(), [&] {
            receiver.joining().on_frame(now(), machines_[from]->address(), channel, bytes);
        });
        receiver.within(receiver.run(),
                        [&] { receiver.node().on_frame(now(), machines_[from]->address(), channel, bytes); });
    });
}

/// Who votes on a height is a member of the set of that height, as the sender knows it.
void Network::note_sent(Machine& sender, core::ByteView bytes) {
    const auto message = consensus::decode_message(bytes);
    CHECK(message.has_value());
    const auto* envelope = consensus::envelope_of(*message);
    if (envelope == nullptr) return;
    const auto set = sender.snapshot()->validators(envelope->height);
    if (!set || !set->index_of(sender.address()))
        return fail(fmt::format("{} of height {} by a node that is no validator of it",
                                consensus::name_of(*message), envelope->height));
    const auto* prepare = std::get_if<consensus::Prepare>(&*message);
    const auto* commit = std::get_if<consensus::Commit>(&*message);
    if (prepare == nullptr && commit == nullptr) return;
    voted_.insert({envelope->height, sender.address()});
    const auto& digest = prepare != nullptr ? prepare->digest : commit->digest;
    const auto said =
        said_.try_emplace({sender.address(), message->index(), envelope->height, envelope->view}, digest);
    if (said.first->second != digest)
        fail(fmt::format("a validator contradicts itself at height {}", envelope->height));
}

node::OpeningOptions Network::opening() const {
    node::OpeningOptions options;
    if (options_.healing) options.ledger.state.snapshot_interval = 4;
    return options;
}

/// Who is asked first, because its address is the lowest of those that serve.
std::size_t Network::liar() const {
    std::size_t lowest = 0;
    for (std::size_t i = 1; i + 1 < machines_.size(); ++i)
        if (machines_[i]->address() < machines_[lowest]->address()) lowest = i;
    return lowest;
}

bool Network::may_be_punished(const core::Address& peer) const {
    return options_.healing && peer == machines_[liar()]->address();
}

/// One node alters every part of a state that it serves.
core::SharedBytes Network::as_sent(std::size_t from, std::size_t to, const core::SharedBytes& bytes) {
    if (!options_.healing || from != liar() || !machines_[to]->is_joining()) return bytes;
    auto message = node::decode_sync_message(*bytes);
    auto* answer = message ? std::get_if<node::PartsAnswer>(&*message) : nullptr;
    if (answer == nullptr || answer->chunks.empty()) return bytes;
    ++outcome_.lies;
    auto& chunk = answer->chunks.front();
    if (chunk.leaves.empty())
        chunk.bytes.back() ^= 1;
    else
        chunk.leaves[random.below(chunk.leaves.size())].value.back() ^= 1;
    return core::share(node::encode(*message));
}

void Network::note_block(std::size_t number, const node::FinalBlock& block) {
    const auto height = block.block->block.header.height;
    const auto [place, is_first] = canonical_.try_emplace(height, block.block->hash);
    if (place->second != block.block->hash)
        fail(fmt::format("agreement: node {} has another block at height {}", number, height));
}

void Network::connect(std::size_t number) {
    auto& one = *machines_[number];
    one.within(one.run(), [&] { one.node().start(now()); });
    link(number);
}

void Network::link(std::size_t number) {
    auto& one = *machines_[number];
    for (std::size_t other = 0; other < machines_.size(); ++other) {
        auto& peer = *machines_[other];
        if (other == number || (!peer.is_up() && !peer.is_joining())) continue;
        one.within_join(one.run(), [&] { one.joining().on_peer_up(now(), peer.address()); });
        peer.within_join(peer.run(), [&] { peer.joining().on_peer_up(now(), one.address()); });
        one.within(one.run(), [&] { one.node().on_peer_up(now(), peer.address()); });
        peer.within(peer.run(), [&] { peer.node().on_peer_up(now(), one.address()); });
    }
}

Machine& Network::furthest() {
    Machine* best = nullptr;
    for (auto& machine : machines_)
        if (machine->is_up() &&
            (best == nullptr || machine->snapshot()->height() > best->snapshot()->height()))
            best = machine.get();
    CHECK(best != nullptr);
    return *best;
}

/// Five times a second the operators look at the chain and sign what is missing.
void Network::act() {
    const auto snapshot = furthest().snapshot();
    const auto state = snapshot->state_at(snapshot->height());
    CHECK(state.has_value());
    for (const auto& transaction : acts_.next(**state, snapshot->height()))
        for (auto& machine : machines_)
            machine->within(machine->run(), [&] {
                const auto head = machine->snapshot();
                const auto own = head->state_at(head->height());
                const auto account = (*own)->account(transaction->sender);
                machine->node().submit(now(), {{transaction, account ? account->nonce : 0}});
            });
    after(core::milliseconds(200), [this] { act(); });
}

void Network::plan_crashes() {
    for (std::uint64_t i = 0; i < options_.crashes; ++i) {
        const auto at = core::milliseconds(static_cast<std::int64_t>(random.below(6'000)));
        const auto number = static_cast<std::size_t>(random.below(machines_.size() - 1));
        after(at, [this, number] {
            if (!machines_[number]->is_up() || furthest().address() == machines_[number]->address()) return;
            machines_[number]->kill();
            for (auto& peer : machines_)
                peer->within(peer->run(),
                             [&] { peer->node().on_peer_down(now(), machines_[number]->address()); });
            after(core::milliseconds(static_cast<std::int64_t>(random.below(3'000))), [this, number] {
                machines_[number]->open();
                if (machines_[number]->is_up()) connect(number);
            });
        });
    }
}

bool Network::advance(core::Duration limit, const std::function<bool()>& is_over) {
    const core::Instant end{now_.us + limit.us};
    while (!events_.empty() && outcome_.failure.empty() && !is_over()) {
        auto first = events_.begin();
        if (first->first > end) return false;
        now_ = first->first;
        const auto work = std::move(first->second);
        events_.erase(first);
        work();
    }
    return outcome_.failure.empty() && is_over();
}

bool Network::agree(core::Height least) {
    return std::all_of(machines_.begin(), machines_.end(), [&](const auto& machine) {
        return machine == machines_.back() ? true
                                           : machine->is_up() && machine->snapshot()->height() >= least;
    });
}

void Network::restart_all() {
    for (std::size_t i = 0; i + 1 < machines_.size(); ++i) {
        machines_[i]->kill();
        machines_[i]->open();
    }
    if (options_.healing)
        machines_.back()->join();
    else
        machines_.back()->create();
    // Everybody runs before anybody hears of another.
    for (auto& machine : machines_)
        machine->within(machine->run(), [&] { machine->node().start(now()); });
    for (std::size_t i = 0; i < machines_.size(); ++i)
        if (machines_[i]->is_up() || machines_[i]->is_joining()) link(i);
}

/// One validator after the other loses its ledger and keeps its votes; the others go on. It follows without a
/// voice, and then votes again.
void Network::heal() {
    for (std::size_t number = 0; number < options_.validators && outcome_.failure.empty(); ++number) {
        auto& patient = *machines_[number];
        const auto head = furthest().snapshot()->height();
        for (auto& peer : machines_)
            peer->within(peer->run(), [&] { peer->node().on_peer_down(now(), patient.address()); });
        patient.lose_ledger();
        if (patient.is_up()) connect(number);
        const auto is_back = [&] {
            return patient.is_up() && patient.snapshot()->height() >= head && !patient.is_silent();
        };
        if (!advance(core::seconds(60), is_back)) fail(fmt::format("node {} did not heal", number));
        ++outcome_.healed;
    }
}

/// Every block lies under a certificate of the set of its height.
void Network::check_history(Machine& machine) {
    const auto snapshot = machine.snapshot();
    outcome_.smallest = options_.validators;
    for (core::Height height = 1; height <= snapshot->height(); ++height) {
        const auto certificate = snapshot->certificate(height);
        const auto set = snapshot->validators(height);
        if (!certificate || !set || !core::verify(*certificate, chain.identity(), *set))
            return fail(fmt::format("height {} has no certificate of its own set", height));
        const auto extra = core::decode_extra_data(snapshot->header(height)->extra_data);
        if (!extra || extra->validators_hash != set->hash() ||
            extra->next_validators_hash != snapshot->validators(height + 1)->hash())
            return fail(fmt::format("the header of height {} names other sets than the ledger", height));
        outcome_.smallest = std::min(outcome_.smallest, set->size());
        outcome_.largest = std::max(outcome_.largest, set->size());
    }
}

/// Who joined, and who of them voted at the very first height that it might. A quorum may be faster than one
/// of its members, so not all do.
void Network::count_first_votes(Machine& machine) {
    const auto snapshot = machine.snapshot();
    for (const auto change : snapshot->validator_changes()) {
        if (change > snapshot->height()) continue;
        const auto before = snapshot->validators(change - 1), now_on = snapshot->validators(change);
        for (const auto& member : now_on->members()) {
            if (before->index_of(member)) continue;
            ++outcome_.joined;
            outcome_.voted_at_once += voted_.contains({change, member}) ? 1 : 0;
        }
    }
}

MembershipOutcome Network::run() {
    for (std::size_t i = 0; i + 1 < machines_.size(); ++i)
        machines_[i]->create();
    for (std::size_t i = 0; i + 1 < machines_.size(); ++i)
        connect(i);
    plan_crashes();
    after(core::milliseconds(10), [this] { act(); });
    const auto is_over = [this] {
        const auto snapshot = furthest().snapshot();
        return MembershipActs::carried(**snapshot->state_at(snapshot->height())) >= options_.changes;
    };
    if (!advance(time_limit, is_over)) fail("liveness: the changes were not carried in time");
    lossy = false;
    const auto head = furthest().snapshot()->height();
    if (!advance(time_limit, [&] { return agree(head); }))
        fail("liveness: not everybody reached the last change");
    if (outcome_.failure.empty()) count_first_votes(furthest());
    if (outcome_.failure.empty()) restart_all();
    auto& latecomer = *machines_.back();
    const auto all_there = [&] {
        return agree(head) && latecomer.is_up() && latecomer.snapshot()->height() >= head;
    };
    if (outcome_.failure.empty() && !advance(core::seconds(60), all_there))
        fail("a node from genesis did not get through the changes");
    if (outcome_.failure.empty() && !options_.healing) check_history(latecomer);
    if (outcome_.failure.empty() && options_.healing) {
        outcome_.joined_at = latecomer.snapshot()->first_header();
        const auto least = furthest().snapshot()->height();
        if (latecomer.snapshot()->hash_at(head) != canonical_.at(head)) fail("the joiner has another block");
        heal();
        if (outcome_.failure.empty() && !advance(core::seconds(60), [&] { return agree(least + 3); }))
            fail("liveness: not everybody went on after healing");
    }
    const auto last = furthest().snapshot();
    outcome_.height = last->height();
    outcome_.carried = MembershipActs::carried(**last->state_at(last->height()));
    outcome_.simulated_ms = static_cast<std::uint64_t>(now_.us / 1000);
    return outcome_;
}

MembershipOutcome run_membership(const MembershipOptions& options) {
    return Network(options).run();
}

}  // namespace sluice::simulation
