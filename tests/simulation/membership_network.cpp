#include "tests/simulation/membership_network.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "consensus/message_codec.hpp"
#include "core/check.hpp"
#include "crypto/signer.hpp"
#include "ledger/memory_store.hpp"
#include "ledger/memory_vote_directory.hpp"
#include "node/node.hpp"
#include "node/opening.hpp"
#include "tests/simulation/membership_acts.hpp"

namespace sluice::simulation {
namespace {

constexpr core::UnixMs start_wall_ms = 1'800'000'000'000;
constexpr core::Duration time_limit = core::seconds(900);
constexpr std::uint64_t chain_id = 20'022;

crypto::PrivateKey key_of_node(std::size_t number) {
    return crypto::PrivateKey(std::span<const std::uint8_t, 32>(
        core::keccak256(core::view(fmt::format("sluice membership {}", number)))));
}

core::Address address_of_node(std::size_t number) {
    return crypto::address_of(key_of_node(number));
}

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

class Network;

/// One node with its disk.
class Machine final : public node::Outbox,
                      public node::Workers,
                      public node::NodeObserver,
                      public node::EventLog {
  public:
    Machine(Network& network, std::size_t number)
        : network_(network), number_(number), signer_(key_of_node(number)) {}

    void create();
    void open();
    void kill();
    bool is_up() const { return node_ != nullptr; }
    node::Node& node() { return *node_; }
    ledger::LedgerSnapshotPtr snapshot() const { return node_->snapshot(); }
    const core::Address address() const { return signer_.address(); }
    /// Runs `work` unless the process has ended since `run`.
    void within(std::uint64_t run, const std::function<void()>& work);
    std::uint64_t run() const { return run_; }

    void broadcast(network::Channel channel, core::SharedBytes bytes) override;
    void send(const core::Address& peer, network::Channel channel, core::SharedBytes bytes) override;
    void punish(const core::Address& peer, std::string_view why) override;
    void start(node::Lane lane, node::Task task) override;
    void on_final_block(const node::FinalBlock& block) override;
    void on_pending(const core::TransactionPtr&) override {}
    void on_view_entered(core::View) override {}
    void on_evidence() override;
    void on_fatal(std::string_view reason) override;
    void write(node::LogLevel level, std::string_view event, std::span<const node::LogField> fields) override;

  private:
    void arm();

    Network& network_;
    std::size_t number_;
    crypto::LocalSigner signer_;
    ledger::MemoryStore store_;
    ledger::MemoryVoteDirectory votes_;
    std::uint64_t run_ = 0;
    std::optional<node::OpenedData> data_;
    std::unique_ptr<node::Node> node_;
    core::Instant disk_free_;
    std::optional<core::Instant> armed_;
};

class Network {
  public:
    explicit Network(const MembershipOptions& options);
    MembershipOutcome run();

    // ---- for machines
    node::Now now() const { return {now_, start_wall_ms + static_cast<core::UnixMs>(now_.us / 1000)}; }
    void after(core::Duration delay, std::function<void()> work) {
        events_.emplace(core::Instant{now_.us + delay.us}, std::move(work));
    }
    void at(core::Instant time, std::function<void()> work) {
        events_.emplace(std::max(time, now_), std::move(work));
    }
    void transmit(std::size_t from, std::size_t to, network::Channel channel, core::SharedBytes bytes);
    void note_sent(Machine& sender, core::ByteView bytes);
    void note_block(std::size_t number, const node::FinalBlock& block);
    void fail(std::string what) {
        if (outcome_.failure.empty()) outcome_.failure = std::move(what);
    }
    std::size_t size() const { return machines_.size(); }
    Machine& machine(std::size_t number) { return *machines_[number]; }

    Random random;
    node::Chain chain;
    MembershipOutcome outcome_;
    bool lossy = true;

  private:
    void connect(std::size_t number);
    void act();
    void plan_crashes();
    bool advance(core::Duration limit, const std::function<bool()>& is_over);
    bool agree(core::Height least);
    Machine& furthest();
    void restart_all();
    void check_history(Machine& machine);
    void count_first_votes(Machine& machine);

    MembershipOptions options_;
    core::Instant now_{1'000'000};
    std::multimap<core::Instant, std::function<void()>> events_;  ///< ties in order of their coming
    std::vector<std::unique_ptr<Machine>> machines_;  ///< the last one begins at the end, from genesis
    MembershipActs acts_;
    std::map<core::Height, core::Hash> canonical_;
    std::set<std::pair<core::Height, core::Address>> voted_;
};

std::vector<crypto::PrivateKey> keys_of(std::size_t count) {
    std::vector<crypto::PrivateKey> keys;
    for (std::size_t i = 0; i < count; ++i)
        keys.push_back(key_of_node(i));
    return keys;
}

// ---- one node

void Machine::create() {
    CHECK(node::create_data(store_, votes_, network_.chain, {}).has_value());
    open();
}

void Machine::open() {
    auto opened = node::open_data(store_, votes_, network_.chain, {});
    if (!opened) return network_.fail(fmt::format("node {} does not open: {}", number_, opened.error()));
    data_ = std::move(*opened);
    data_->setup.self = signer_.address();
    data_->setup.signer = &signer_;
    node_ = std::make_unique<node::Node>(std::move(data_->setup), *this, *this, *this, *this);
}

void Machine::kill() {
    ++run_;
    node_.reset();
    data_.reset();
    armed_.reset();
}

void Machine::within(std::uint64_t run, const std::function<void()>& work) {
    if (run != run_ || !node_) return;
    work();
    if (run == run_ && node_) arm();
}

void Machine::arm() {
    const auto next = node_->next_deadline();
    if (!next || next == armed_) return;
    armed_ = next;
    network_.at(*next, [this, run = run_, at = *next] {
        if (run != run_ || armed_ != at) return;
        armed_.reset();
        within(run, [&] { node_->on_deadline(network_.now()); });
    });
}

void Machine::broadcast(network::Channel channel, core::SharedBytes bytes) {
    if (channel == network::Channel::consensus) network_.note_sent(*this, *bytes);
    for (std::size_t to = 0; to < network_.size(); ++to)
        if (to != number_) network_.transmit(number_, to, channel, bytes);
}

void Machine::send(const core::Address& peer, network::Channel channel, core::SharedBytes bytes) {
    for (std::size_t to = 0; to < network_.size(); ++to)
        if (network_.machine(to).address() == peer) network_.transmit(number_, to, channel, bytes);
}

void Machine::start(node::Lane lane, node::Task task) {
    auto shared = std::make_shared<node::Task>(std::move(task));
    const auto usual =
        static_cast<std::int64_t>(20 + network_.random.below(lane == node::Lane::disk ? 900 : 300));
    auto at = core::Instant{network_.now().instant.us + usual};
    if (lane == node::Lane::disk) {
        at = core::Instant{std::max(at.us, disk_free_.us + 1)};
        disk_free_ = at;
    }
    network_.at(at, [this, run = run_, shared] {
        within(run, [&] {
            node::Storage storage{*data_->ledger, *data_->vote_log};
            node_->on_task_done(network_.now(), node::run(std::move(*shared), storage));
        });
    });
}

void Machine::punish(const core::Address&, std::string_view why) {
    network_.fail(fmt::format("node {} punished an honest peer: {}", number_, why));
}

void Machine::on_final_block(const node::FinalBlock& block) {
    network_.note_block(number_, block);
}

void Machine::on_evidence() {
    network_.fail(fmt::format("node {} has evidence against an honest node", number_));
}

void Machine::on_fatal(std::string_view reason) {
    network_.fail(fmt::format("node {} stopped: {}", number_, reason));
}

void Machine::write(node::LogLevel, std::string_view event, std::span<const node::LogField>) {
    if (event == "view_change") ++network_.outcome_.view_changes;
    if (event == "alarm") network_.fail(fmt::format("node {} raised an alarm", number_));
}

// ---- all of them

Network::Network(const MembershipOptions& options)
    : random(options.seed),
      chain(make_chain(options.validators)),
      options_(options),
      acts_(chain_id, keys_of(options.validators + options.outsiders), Random(random.next()),
            {.changes = options.changes, .least = options.least, .most = options.most}) {
    for (std::size_t i = 0; i <= options.validators + options.outsiders; ++i)
        machines_.push_back(std::make_unique<Machine>(*this, i));
}

void Network::transmit(std::size_t from, std::size_t to, network::Channel channel, core::SharedBytes bytes) {
    if (lossy && random.percent(options_.loss_percent)) return;
    const auto delay = static_cast<std::int64_t>(200 + random.below(4'000));
    after({delay}, [this, from, to, channel, bytes = std::move(bytes)] {
        auto& receiver = *machines_[to];
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
    if (std::holds_alternative<consensus::Prepare>(*message) ||
        std::holds_alternative<consensus::Commit>(*message))
        voted_.insert({envelope->height, sender.address()});
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
    for (std::size_t other = 0; other < machines_.size(); ++other) {
        auto& peer = *machines_[other];
        if (other == number || !peer.is_up()) continue;
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
    machines_.back()->create();
    for (std::size_t i = 0; i < machines_.size(); ++i)
        if (machines_[i]->is_up()) connect(i);
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
    if (outcome_.failure.empty()) check_history(latecomer);
    const auto last = furthest().snapshot();
    outcome_.height = last->height();
    outcome_.carried = MembershipActs::carried(**last->state_at(last->height()));
    outcome_.simulated_ms = static_cast<std::uint64_t>(now_.us / 1000);
    return outcome_;
}

}  // namespace

MembershipOutcome run_membership(const MembershipOptions& options) {
    return Network(options).run();
}

}  // namespace sluice::simulation
