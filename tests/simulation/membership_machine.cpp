/// One node with its disk, and how it is opened, killed, repaired, and joins.
#include <algorithm>

#include <fmt/format.h>

#include "core/check.hpp"
#include "ledger/state_import.hpp"
#include "tests/simulation/membership_machine.hpp"

namespace sluice::simulation {

void Machine::create() {
    CHECK(node::create_data(store_, votes_, network_.chain, network_.opening()).has_value());
    open();
}

void Machine::open() {
    auto options = network_.opening();
    options.may_be_behind = is_repaired_;
    auto opened = node::open_data(store_, votes_, network_.chain, options);
    if (!opened) return network_.fail(fmt::format("node {} does not open: {}", number_, opened.error()));
    data_ = std::move(*opened);
    data_->setup.self = signer_.address();
    data_->setup.signer = &signer_;
    is_repaired_ = data_->setup.silent_until.has_value();
    node_ = std::make_unique<node::Node>(std::move(data_->setup), *this, *this, *this, *this);
}

void Machine::kill() {
    ++run_;
    node_.reset();
    join_.reset();
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
        if (network_.machine(to).address() == peer)
            network_.transmit(number_, to, channel, network_.as_sent(number_, to, bytes));
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

void Machine::punish(const core::Address& peer, std::string_view why) {
    if (network_.may_be_punished(peer)) return;
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

// ---- joining

void Machine::join() {
    CHECK(node::create_data(store_, votes_, network_.chain, network_.opening()).has_value());
    begin_join();
}

void Machine::begin_join() {
    join_storage_ =
        std::make_unique<node::JoinStorage>(node::JoinStorage{store_, network_.opening().ledger.state});
    join_ = std::make_unique<node::SnapshotJoin>(node::join_roots(network_.chain, {}), *this, *this, *this);
    within_join(run_, [&] { join_->start(network_.now()); });
}

void Machine::lose_ledger() {
    kill();
    ledger::clear_store(store_);
    CHECK(node::create_ledger(store_, network_.chain, network_.opening()).has_value());
    is_repaired_ = true;
    open();
}

void Machine::on_reopening(node::Reopening) {
    // The node is in the middle of a step.
    network_.after({1}, [this, run = run_] {
        if (run != run_) return;
        kill();
        open();
        if (is_up()) network_.connect(number_);
    });
}

void Machine::start(node::JoinTask task) {
    auto shared = std::make_shared<node::JoinTask>(std::move(task));
    auto at = core::Instant{network_.now().instant.us +
                            static_cast<std::int64_t>(20 + network_.random.below(2'000))};
    at = core::Instant{std::max(at.us, disk_free_.us + 1)};
    disk_free_ = at;
    network_.at(at, [this, run = run_, shared] {
        within_join(
            run, [&] { join_->on_task_done(network_.now(), node::run(std::move(*shared), *join_storage_)); });
    });
}

void Machine::within_join(std::uint64_t run, const std::function<void()>& work) {
    if (run != run_ || !join_) return;
    work();
    if (!join_->end()) return arm_join();
    if (*join_->end() != node::JoinEnd::joined) return network_.fail("nobody offered a state");
    kill();
    open();
    if (is_up()) network_.connect(number_);
}

void Machine::arm_join() {
    const auto next = join_->next_deadline();
    if (!next || next == armed_) return;
    armed_ = next;
    network_.at(*next, [this, run = run_, at = *next] {
        if (run != run_ || armed_ != at) return;
        armed_.reset();
        within_join(run, [&] { join_->on_deadline(network_.now()); });
    });
}

}  // namespace sluice::simulation
