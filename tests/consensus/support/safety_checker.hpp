/// What must hold of correct validators whatever the network, the disks and the others do. Watches from
/// outside.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "support/simulated_node.hpp"

namespace sluice::consensus::testing {

class SafetyChecker {
  public:
    /// A correct node is about to put `message` on the wire.
    void on_send(const SimulatedNode& node, const Message& message);
    /// A correct node has committed this height by its own votes: from here on it says nothing more about it.
    void on_finalize(const SimulatedNode& node, Height height);
    /// A correct node holds this block final.
    void on_append(const SimulatedNode& node, Height height, const Hash& digest);
    /// A correct node has raised an alarm, which is a failure while at most f are faulty.
    void on_alarm(const SimulatedNode& node, const RaiseAlarm& alarm);
    /// Everything sent by anybody: NEW-VIEWs justify votes against a lock.
    void on_wire(const Message& message);

    const std::optional<std::string>& failure() const { return failure_; }
    Height highest() const { return chain_.empty() ? 0 : chain_.rbegin()->first; }

  private:
    struct Locked {
        Height height = 0;
        View view = 0;
        Hash digest{};
    };

    void fail(const SimulatedNode& node, const std::string& what);
    void check_single(const SimulatedNode& node, const core::VoteSubject& subject);
    void check_durable(const SimulatedNode& node, const Message& message);
    void check_lock(const SimulatedNode& node, const core::VoteSubject& subject);

    std::map<Height, Hash> chain_;
    std::map<std::tuple<std::size_t, VoteType, Height, View>, Hash> said_;
    std::map<std::size_t, View> promised_;
    std::map<std::size_t, Height> finalized_;
    std::map<std::size_t, Locked> locked_;
    std::set<std::pair<Height, View>> new_views_;
    std::optional<std::string> failure_;
};

}  // namespace sluice::consensus::testing
