#include "support/manual_network.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace sluice::consensus::testing {

ManualNetwork::ManualNetwork(std::size_t validators, std::uint64_t rotation_period, std::size_t observers)
    : chain_(toy_chain(validators)) {
    chain_.config.rotation_period = rotation_period;
    const std::size_t count = validators + observers;
    for (std::size_t i = 0; i < count; ++i) {
        nodes_.emplace_back(chain_, i);
    }
    faulty_.resize(count);
    wants_work_.resize(count);
    builds_.resize(count);
    checks_.resize(count);
    bodies_.resize(count);
    unseen_.resize(count);
    performed_.resize(count);
}

void ManualNetwork::start_all() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        CHECK(restart(i));
    }
}

void ManualNetwork::crash(std::size_t number) {
    nodes_[number].crash();
    builds_[number].reset();
    checks_[number].reset();
    bodies_[number].clear();
}

bool ManualNetwork::restart(std::size_t number) {
    Hash nonce{};
    nonce[0] = static_cast<std::uint8_t>(number + 1);
    if (!nodes_[number].boot(now_, nonce)) return false;
    settle(number);
    if (wants_work_[number]) work(number);
    return true;
}

void ManualNetwork::work(std::size_t number, bool pending) {
    wants_work_[number] = pending;
    give(number, WorkPending{.pending = pending, .since = now_});
}

void ManualNetwork::give(std::size_t number, const Input& input) {
    if (!nodes_[number].is_up()) return;
    nodes_[number].give(now_, input);
    settle(number);
}

void ManualNetwork::advance(core::Duration by) {
    const core::Instant end = now_ + by;
    while (true) {
        std::optional<core::Instant> next;
        for (SimulatedNode& node : nodes_) {
            if (!node.is_up()) continue;
            const auto deadline = node.replica().next_deadline();
            if (deadline && (!next || *deadline < *next)) next = deadline;
        }
        if (!next || *next > end) break;
        now_ = std::max(now_, *next);
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            if (!nodes_[i].is_up()) continue;
            const auto deadline = nodes_[i].replica().next_deadline();
            if (deadline && *deadline <= now_) give(i, DeadlineReached{});
        }
    }
    now_ = end;
}

bool ManualNetwork::build(std::size_t number, const std::string& name, std::optional<Address> change) {
    if (!builds_[number]) return false;
    const BuildProposal request = *builds_[number];
    builds_[number].reset();
    const ProposalBuilt built = nodes_[number].build(request, name, change);
    define(name, *decode_toy_block(*built.payload));
    give(number, built);
    return true;
}

bool ManualNetwork::check(std::size_t number, bool forced_no) {
    if (!checks_[number]) return false;
    const CheckProposal request = *checks_[number];
    checks_[number].reset();
    ProposalChecked answer = nodes_[number].check(request);
    if (forced_no) answer.ok = false;
    give(number, answer);
    return true;
}

bool ManualNetwork::fetch_bodies(std::size_t number) {
    const std::vector<RequestBody> wanted = std::move(bodies_[number]);
    bodies_[number].clear();
    bool any = false;
    for (const RequestBody& request : wanted) {
        for (const SimulatedNode& other : nodes_) {
            const core::SharedBytes payload = other.is_up() ? other.find_body(request.digest) : nullptr;
            if (payload == nullptr || !nodes_[number].is_up()) continue;
            const auto body = nodes_[number].verifier().verify_body(request.digest, payload);
            if (!body) continue;
            give(number, *body);
            any = true;
            break;
        }
    }
    return any;
}

void ManualNetwork::put(std::size_t from, std::size_t to, Message message) {
    checker_.on_wire(message);
    wire_.push_back(message);
    in_flight_.push_back({.from = from, .to = to, .content = std::move(message)});
}

std::optional<MessageError> ManualNetwork::deliver(const InFlight& item) {
    SimulatedNode& node = nodes_[item.to];
    if (!node.is_up()) return std::nullopt;
    if (const auto* message = std::get_if<Message>(&item.content)) {
        const auto refused = node.hear(now_, *message);
        settle(item.to);
        return refused;
    }
    const auto& blocks = nodes_[item.from].disk().blocks;
    for (Height height = node.head() + 1; height <= blocks.size() && node.is_up(); ++height) {
        if (!node.import(blocks[static_cast<std::size_t>(height - 1)])) break;
        if (!faulty_[item.to]) checker_.on_append(node, node.head(), node.head_digest());
        node.report_appends(now_);
        settle(item.to);
        wants_work_[item.to] = false;
    }
    return std::nullopt;
}

void ManualNetwork::run(const std::function<bool(const InFlight&)>& passes) {
    bool moved = true;
    while (moved) {
        moved = false;
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            if (builds_[i]) moved = build(i, "auto" + std::to_string(++salts_)) || moved;
            if (checks_[i]) moved = check(i) || moved;
            moved = fetch_bodies(i) || moved;
        }
        while (!in_flight_.empty()) {
            const InFlight item = std::move(in_flight_.front());
            in_flight_.pop_front();
            moved = true;
            if (!passes || passes(item)) static_cast<void>(deliver(item));
        }
    }
}

bool ManualNetwork::run_to_height(Height height, core::Duration limit) {
    const core::Instant end = now_ + limit;
    const auto done = [&] {
        return std::all_of(nodes_.begin(), nodes_.end(), [height](const SimulatedNode& node) {
            return !node.is_up() || node.head() >= height;
        });
    };
    run();
    while (!done() && now_ < end) {
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            if (nodes_[i].is_up() && !wants_work_[i]) work(i);
        }
        run();
        advance(core::milliseconds(100));
        run();
    }
    return done();
}

Hash ManualNetwork::define(const std::string& name, const ToyBlock& block) {
    const Hash digest = core::keccak256(encode(block));
    blocks_.insert_or_assign(name, block);
    names_.insert_or_assign(digest, name);
    return digest;
}

std::optional<Hash> ManualNetwork::digest_of(const std::string& name) const {
    const auto block = blocks_.find(name);
    if (block == blocks_.end()) return std::nullopt;
    return core::keccak256(encode(block->second));
}

core::SharedBytes ManualNetwork::payload_of(const std::string& name) const {
    return core::share(encode(blocks_.at(name)));
}

std::string ManualNetwork::named(std::string text) const {
    for (const auto& [digest, name] : names_) {
        const std::string digits = "d=" + short_digest(digest);
        for (std::size_t at = text.find(digits); at != std::string::npos; at = text.find(digits, at)) {
            text.replace(at, digits.size(), "d=" + name);
        }
    }
    return text;
}

std::string ManualNetwork::text_of(const Effect& effect) const {
    return named(describe(effect));
}

void ManualNetwork::settle(std::size_t number) {
    SimulatedNode& node = nodes_[number];
    while (node.is_up() && !node.effects().empty()) {
        if (const auto limit = crash_after_.find(number); limit != crash_after_.end()) {
            if (limit->second == 0) {
                crash_after_.erase(limit);
                crash(number);
                return;
            }
            --limit->second;
        }
        const Effect effect = std::move(node.effects().front());
        node.effects().pop_front();
        ++performed_[number];
        unseen_[number].push_back(text_of(effect));
        perform(number, effect);
    }
}

void ManualNetwork::perform(std::size_t number, const Effect& effect) {
    SimulatedNode& node = nodes_[number];
    const Height before = node.head();
    node.perform_local(effect);
    if (const auto* to_all = std::get_if<Broadcast>(&effect)) {
        broadcast(number, to_all->message, std::nullopt);
    } else if (const auto* to_one = std::get_if<Send>(&effect)) {
        broadcast(number, to_one->message, to_one->to);
    } else if (const auto* request = std::get_if<BuildProposal>(&effect)) {
        builds_[number] = *request;
    } else if (const auto* question = std::get_if<CheckProposal>(&effect)) {
        checks_[number] = *question;
    } else if (const auto* body = std::get_if<RequestBody>(&effect)) {
        bodies_[number].push_back(*body);
    } else if (const auto* certificates = std::get_if<SendCertificates>(&effect)) {
        for (std::size_t to = 0; to < nodes_.size(); ++to) {
            if (nodes_[to].address() != certificates->to) continue;
            in_flight_.push_back(
                {.from = number, .to = to, .content = BlocksInFlight{certificates->from_height}});
        }
    } else if (const auto* alarm = std::get_if<RaiseAlarm>(&effect)) {
        if (!faulty_[number]) checker_.on_alarm(node, *alarm);
    } else if (std::holds_alternative<RequestSync>(effect)) {
        for (std::size_t from = 0; from < nodes_.size(); ++from) {
            if (from == number || !nodes_[from].is_up() || nodes_[from].head() <= node.head()) continue;
            in_flight_.push_back({.from = from, .to = number, .content = BlocksInFlight{node.head() + 1}});
        }
    }
    if (std::holds_alternative<Finalize>(effect)) checker_.on_finalize(node, before + 1);
    if (node.head() > before) {
        if (!faulty_[number]) checker_.on_append(node, node.head(), node.head_digest());
        node.report_appends(now_);
        wants_work_[number] = false;
    }
}

void ManualNetwork::broadcast(std::size_t from, const Message& message, std::optional<Address> only) {
    if (faulty_[from]) {
        checker_.on_wire(message);
    } else {
        checker_.on_send(nodes_[from], message);
    }
    wire_.push_back(message);
    for (std::size_t to = 0; to < nodes_.size(); ++to) {
        if (to == from || (only && nodes_[to].address() != *only)) continue;
        in_flight_.push_back({.from = from, .to = to, .content = message});
    }
}

}  // namespace sluice::consensus::testing
