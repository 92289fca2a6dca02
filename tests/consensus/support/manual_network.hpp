/// A network in which nothing happens by itself: every delivery, answer and second is asked for. For
/// transcripts and for tests that need one exact schedule.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/describe_effect.hpp"
#include "support/safety_checker.hpp"
#include "support/simulated_node.hpp"

namespace sluice::consensus::testing {

/// Blocks asked for or sent as they lie in a ledger.
struct BlocksInFlight {
    Height from_height = 0;
};

struct InFlight {
    std::size_t from = 0;
    std::size_t to = 0;
    std::variant<Message, BlocksInFlight> content;
};

class ManualNetwork {
  public:
    explicit ManualNetwork(std::size_t validators, std::uint64_t rotation_period = 256,
                           std::size_t observers = 0);

    std::size_t size() const { return nodes_.size(); }
    SimulatedNode& node(std::size_t number) { return nodes_[number]; }
    core::Instant now() const { return now_; }
    SafetyChecker& checker() { return checker_; }
    /// Marks a validator whose statements the checker need not watch.
    void blame(std::size_t number) { faulty_[number] = true; }

    void start_all();
    bool start(std::size_t number) { return restart(number); }
    void crash(std::size_t number);
    bool restart(std::size_t number);
    /// The node crashes when it has performed this many more effects.
    void crash_after(std::size_t number, std::size_t effects) { crash_after_[number] = effects; }

    /// Work for one block waits at this node; the next block it appends contains it.
    void work(std::size_t number, bool pending = true);
    void give(std::size_t number, const Input& input);
    /// Lets time pass, millisecond by millisecond where a deadline lies, on every node that is up.
    void advance(core::Duration by);

    /// Answers the outstanding BuildProposal with a block of this name. False if none is outstanding.
    bool build(std::size_t number, const std::string& name, std::optional<Address> change = std::nullopt);
    /// Answers the outstanding CheckProposal; by its own judgement, or with a forced no.
    bool check(std::size_t number, bool forced_no = false);
    /// Fetches the bodies that were asked for from whoever has them.
    bool fetch_bodies(std::size_t number);

    std::deque<InFlight>& in_flight() { return in_flight_; }
    void put(std::size_t from, std::size_t to, Message message);
    /// Delivers one item; the verifier's reason if it was refused.
    std::optional<MessageError> deliver(const InFlight& item);
    /// Delivers, builds, checks and fetches until nothing is left to do (without letting time pass).
    void run(const std::function<bool(const InFlight&)>& passes = nullptr);
    /// `run`, letting time pass up to `limit` until everyone that is up has this height. False if that does
    /// not happen.
    bool run_to_height(Height height, core::Duration limit);

    /// Names for blocks in what the nodes say.
    Hash define(const std::string& name, const ToyBlock& block);
    const std::map<std::string, ToyBlock>& blocks() const { return blocks_; }
    std::optional<Hash> digest_of(const std::string& name) const;
    core::SharedBytes payload_of(const std::string& name) const;
    std::string text_of(const Effect& effect) const;
    std::string named(std::string text) const;

    /// What each node has done and nobody has looked at yet.
    std::vector<std::string>& unseen(std::size_t number) { return unseen_[number]; }
    /// Every message that was put on the wire by correct or forging hands, in order.
    const std::vector<Message>& wire() const { return wire_; }
    std::size_t performed(std::size_t number) const { return performed_[number]; }

  private:
    void settle(std::size_t number);
    void perform(std::size_t number, const Effect& effect);
    void broadcast(std::size_t from, const Message& message, std::optional<Address> only);

    ToyChain chain_;
    std::vector<SimulatedNode> nodes_;
    std::vector<bool> faulty_;
    std::vector<bool> wants_work_;
    std::vector<std::optional<BuildProposal>> builds_;
    std::vector<std::optional<CheckProposal>> checks_;
    std::vector<std::vector<RequestBody>> bodies_;
    std::vector<std::vector<std::string>> unseen_;
    std::vector<std::size_t> performed_;
    std::map<std::size_t, std::size_t> crash_after_;
    std::deque<InFlight> in_flight_;
    std::vector<Message> wire_;
    std::map<std::string, ToyBlock> blocks_;
    std::map<Hash, std::string> names_;
    std::uint64_t salts_ = 0;
    core::Instant now_{core::seconds(1).us};
    SafetyChecker checker_;
};

}  // namespace sluice::consensus::testing
