#include "support/transcript.hpp"

#include <algorithm>
#include <sstream>

namespace sluice::consensus::testing {

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, separator);) {
        parts.push_back(part);
    }
    return parts;
}

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream in(line.substr(0, line.find('#')));
    std::vector<std::string> words;
    for (std::string word; in >> word;) {
        words.push_back(word);
    }
    return words;
}

/// The value of "key=value" among the words, or an empty string.
std::string value(const std::vector<std::string>& words, const std::string& key) {
    for (const std::string& word : words) {
        if (word.starts_with(key + "=")) return word.substr(key.size() + 1);
    }
    return {};
}

std::uint64_t number(const std::string& text) {
    return text.empty() ? 0 : std::stoull(text);
}

/// Every word of `wanted` appears in `text`, in this order.
bool matches(const std::string& text, const std::vector<std::string>& wanted) {
    const std::vector<std::string> have = words_of(text);
    auto at = have.begin();
    for (const std::string& word : wanted) {
        at = std::find(at, have.end(), word);
        if (at == have.end()) return false;
        ++at;
    }
    return true;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

}  // namespace

std::optional<std::string> Transcript::run(const std::string& text) {
    std::istringstream in(text);
    std::size_t line_number = 0;
    for (std::string line; std::getline(in, line);) {
        ++line_number;
        std::optional<std::string> wrong = execute(line);
        if (!wrong && network_) wrong = network_->checker().failure();
        if (wrong) return "line " + std::to_string(line_number) + ": " + line + "\n  " + *wrong;
    }
    return std::nullopt;
}

std::optional<std::string> Transcript::execute(const std::string& line) {
    const Words words = words_of(line);
    if (words.empty()) return std::nullopt;
    const std::string& verb = words[0];
    if (verb == "replicas") return setup(words);
    if (!network_) return "a transcript begins with 'replicas'";
    if (verb == "build") return build(words);
    if (verb == "block") return define_block(words);
    if (verb == "check") return check(words);
    if (verb == "deliver") return deliver(words, false);
    if (verb == "drop") return deliver(words, true);
    if (verb == "refuse") return refuse(words);
    if (verb == "forge") return forge(words);
    if (verb == "expect") return expect(words);
    if (verb == "status") return status(words);
    return process(words);
}

std::optional<std::string> Transcript::setup(const Words& words) {
    const std::string rotation = value(words, "rotation");
    network_ = std::make_unique<ManualNetwork>(number(words.at(1)), rotation.empty() ? 256 : number(rotation),
                                               number(value(words, "observers")));
    network_->start_all();
    return std::nullopt;
}

std::vector<std::size_t> Transcript::nodes(const std::string& word) const {
    std::vector<std::size_t> list;
    if (word == "*") {
        for (std::size_t i = 0; i < network_->size(); ++i) {
            list.push_back(i);
        }
        return list;
    }
    for (const std::string& part : split(word, ',')) {
        list.push_back(number(part));
    }
    return list;
}

/// What happens to nodes and time.
std::optional<std::string> Transcript::process(const Words& words) {
    const std::string& verb = words[0];
    if (verb == "advance") {
        network_->advance(core::milliseconds(static_cast<std::int64_t>(number(words.at(1)))));
        return std::nullopt;
    }
    if (verb == "run") {
        network_->run();
        return std::nullopt;
    }
    if (verb == "forget") {
        for (std::size_t i = 0; i < network_->size(); ++i) {
            network_->unseen(i).clear();
        }
        return std::nullopt;
    }
    for (const std::size_t node : nodes(words.at(1))) {
        if (verb == "work") {
            network_->work(node);
        } else if (verb == "idle") {
            network_->work(node, false);
        } else if (verb == "crash") {
            network_->crash(node);
        } else if (verb == "crash-after") {
            network_->crash_after(node, number(words.at(2)));
        } else if (verb == "restart") {
            if (!network_->restart(node)) return "the vote log does not replay";
        } else if (verb == "fetch") {
            if (!network_->fetch_bodies(node)) return "no body was asked for, or nobody has it";
        } else if (verb == "blame") {
            network_->blame(node);
        } else if (verb == "censored") {
            network_->give(node, PrimaryCensors{});
        } else if (verb == "heartbeat") {
            network_->give(node, HeartbeatDue{.clock = 0});
        } else {
            return "no such command";
        }
    }
    return std::nullopt;
}

/// build NODE NAME [change=REPLICA]
std::optional<std::string> Transcript::build(const Words& words) {
    std::optional<Address> change;
    if (const std::string who = value(words, "change"); !who.empty()) change = toy_address(number(who));
    if (network_->build(number(words.at(1)), words.at(2), change)) return std::nullopt;
    return "no block was asked for";
}

/// block NAME h=1 by=2 [on=PARENT] [bad]
std::optional<std::string> Transcript::define_block(const Words& words) {
    ToyBlock block;
    block.height = number(value(words, "h"));
    block.proposer = toy_address(number(value(words, "by")));
    block.salt = words.at(1);
    block.good = std::find(words.begin(), words.end(), "bad") == words.end();
    const std::string parent = value(words, "on");
    if (parent.empty()) {
        block.parent = network_->node(0).chain().identity.genesis_hash;
    } else {
        const auto digest = network_->digest_of(parent);
        if (!digest) return "no block " + parent;
        block.parent = *digest;
    }
    network_->define(words.at(1), block);
    return std::nullopt;
}

std::optional<std::string> Transcript::check(const Words& words) {
    const bool no = words.size() > 2 && words[2] == "no";
    for (const std::size_t node : nodes(words.at(1))) {
        if (!network_->check(node, no)) return "no check was asked for";
    }
    return std::nullopt;
}

/// Takes what is in flight on this route ("0->1,2", "*->3") and of this kind ("prepare h=1", "all",
/// "blocks").
std::vector<InFlight> Transcript::take(const std::string& route, const Words& kind) {
    const auto arrow = route.find("->");
    const auto from = nodes(route.substr(0, arrow));
    const auto to = nodes(route.substr(arrow + 2));
    const auto has = [](const std::vector<std::size_t>& list, std::size_t item) {
        return std::find(list.begin(), list.end(), item) != list.end();
    };
    std::vector<InFlight> taken;
    std::deque<InFlight> left;
    for (InFlight& item : network_->in_flight()) {
        const auto* message = std::get_if<Message>(&item.content);
        const std::string text = message == nullptr ? "blocks" : network_->named(lower(describe(*message)));
        const bool right_kind = kind.empty() || kind[0] == "all" || matches(text, kind);
        if (right_kind && has(from, item.from) && has(to, item.to)) {
            taken.push_back(std::move(item));
        } else {
            left.push_back(std::move(item));
        }
    }
    network_->in_flight() = std::move(left);
    return taken;
}

std::optional<std::string> Transcript::deliver(const Words& words, bool drop) {
    const Words kind(words.begin() + 2, words.end());
    const std::vector<InFlight> items = take(words.at(1), kind);
    if (items.empty()) return "nothing like that is in flight";
    for (const InFlight& item : items) {
        if (drop) continue;
        if (const auto refused = network_->deliver(item)) {
            return "refused by " + std::to_string(item.to) + ": " +
                   std::string(consensus::describe(*refused));
        }
    }
    return std::nullopt;
}

std::optional<std::string> Transcript::refuse(const Words& words) {
    const Words kind(words.begin() + 2, words.end());
    const std::vector<InFlight> items = take(words.at(1), kind);
    if (items.empty()) return "nothing like that is in flight";
    for (const InFlight& item : items) {
        if (!network_->deliver(item)) return "accepted by " + std::to_string(item.to);
    }
    return std::nullopt;
}

/// forge 3->0,1 prepare h=1 v=0 d=B
std::optional<std::string> Transcript::forge(const Words& words) {
    const std::string& route = words.at(1);
    const auto arrow = route.find("->");
    const std::size_t sender = number(route.substr(0, arrow));
    const std::optional<Message> message = forged(words, sender);
    if (!message) return "such a message cannot be forged";
    for (const std::size_t to : nodes(route.substr(arrow + 2))) {
        if (to != sender) network_->put(sender, to, *message);
    }
    return std::nullopt;
}

std::optional<Message> Transcript::forged(const Words& words, std::size_t sender) {
    const Forger forger(network_->node(0).chain());
    const std::string& kind = words.at(2);
    const Height height = number(value(words, "h"));
    const View view = number(value(words, "v"));
    const std::string name = value(words, "d");
    const Hash digest = network_->digest_of(name).value_or(Hash{});
    std::optional<core::CommitCertificate> head;
    if (const auto& blocks = network_->node(sender).disk().blocks;
        height > 1 && blocks.size() + 1 >= height) {
        head = blocks[static_cast<std::size_t>(height - 2)].certificate;
    }
    if (kind == "pre-prepare") return forger.pre_prepare(sender, height, view, network_->payload_of(name));
    if (kind == "prepare") return forger.prepare(sender, height, view, digest);
    if (kind == "commit") return forger.commit(sender, height, view, digest);
    if (kind == "certificate") return forger.certificate(height, view, digest, nodes(value(words, "by")));
    if (kind == "view-change") {
        std::optional<PrepareCertificate> lock;
        const std::vector<std::string> parts = split(value(words, "lock"), ':');  // view:block:signers
        if (parts.size() == 3) {
            lock = forger.lock(height, number(parts[0]), network_->digest_of(parts[1]).value_or(Hash{}),
                               nodes(parts[2]));
        }
        return forger.view_change(sender, height, view, head, lock);
    }
    if (kind == "new-view") {
        std::vector<ViewChange> list;
        for (const std::size_t from : nodes(value(words, "of"))) {
            // The last one that this validator put on the wire.
            for (auto seen = network_->wire().rbegin(); seen != network_->wire().rend(); ++seen) {
                const auto* view_change = std::get_if<ViewChange>(&*seen);
                if (view_change == nullptr || view_change->envelope.sender != from) continue;
                if (!value(words, "any").empty() ||
                    (view_change->envelope.view == view && view_change->envelope.height == height)) {
                    list.push_back(*view_change);
                    break;
                }
            }
        }
        return forger.new_view(sender, height, view, std::move(list));
    }
    return std::nullopt;
}

/// expect 0,1 broadcast COMMIT h=1 v=0 d=A: each of them has done this since it was last looked at.
std::optional<std::string> Transcript::expect(const Words& words) {
    if (words.at(2) == "no" || words.at(2) == "nothing") return expect_nothing(words);
    const Words wanted(words.begin() + 2, words.end());
    for (const std::size_t node : nodes(words.at(1))) {
        std::vector<std::string>& unseen = network_->unseen(node);
        const auto found = std::find_if(unseen.begin(), unseen.end(),
                                        [&wanted](const std::string& text) { return matches(text, wanted); });
        if (found == unseen.end()) {
            std::string seen = "replica " + std::to_string(node) + " has instead:";
            for (const std::string& text : unseen) {
                seen += "\n    " + text;
            }
            return seen;
        }
        unseen.erase(unseen.begin(), std::next(found));
    }
    return std::nullopt;
}

/// expect 0 no COMMIT: nothing of the kind among what nobody has looked at yet. expect 0 nothing: nothing at
/// all.
std::optional<std::string> Transcript::expect_nothing(const Words& words) {
    const Words unwanted(words.begin() + 3, words.end());
    for (const std::size_t node : nodes(words.at(1))) {
        for (const std::string& text : network_->unseen(node)) {
            if (matches(text, unwanted)) return "replica " + std::to_string(node) + " has: " + text;
        }
    }
    return std::nullopt;
}

/// status 0,1 head=1 promised=2 entered=2 locked=0
std::optional<std::string> Transcript::status(const Words& words) {
    for (const std::size_t node : nodes(words.at(1))) {
        if (!network_->node(node).is_up()) return "replica " + std::to_string(node) + " is down";
        const ReplicaStatus now = network_->node(node).replica().status();
        const std::vector<std::pair<std::string, std::uint64_t>> facts = {
            {"head", now.head},         {"promised", now.promised},      {"entered", now.entered},
            {"locked", now.locked},     {"certified", now.certified},    {"recovering", now.recovering},
            {"silenced", now.silenced}, {"backoff", now.timeouts_in_row}};
        for (const auto& [name, fact] : facts) {
            const std::string wanted = value(words, name);
            if (!wanted.empty() && number(wanted) != fact) {
                return "replica " + std::to_string(node) + " has " + name + "=" + std::to_string(fact);
            }
        }
    }
    return std::nullopt;
}

}  // namespace sluice::consensus::testing
