/// What must hold of correct validators whatever the network, the disks and the others do. Watches from
/// outside: the wire, the disks and the chains, never a replica's own state.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "consensus/durable_state.hpp"
#include "consensus/effects.hpp"

namespace sluice::simulation::twins {

/// Keeps the first violation; everything after it is a consequence.
class Invariants {
  public:
    explicit Invariants(std::size_t instances) : said_(instances) {}

    /// A correct instance with this head puts an own message on the wire. `log` is what its disk holds.
    void on_send(std::size_t instance, core::Height head, const consensus::Message& message,
                 const std::vector<consensus::VoteRecord>& log);
    /// A vote that is put on the wire in this instance's name, by somebody else: it must have been cast.
    void on_quoted(std::size_t instance, const consensus::Message& message);
    /// Anything signed by anybody: a NEW-VIEW shows what its view obliges to.
    void on_wire(const consensus::Message& message);
    /// A correct instance has made a block final by the votes it saw: it says nothing more about that height.
    void on_finalize(std::size_t instance, core::Height height);
    /// A correct instance holds this block final.
    void on_append(std::size_t instance, core::Height height, const core::Hash& digest);
    /// A correct instance has promised a view: by its own patience, or because others were there before.
    void on_promise(std::size_t instance, core::View view, bool own_decision);
    /// A correct instance works in a view: at least `promises` correct ones have promised it or a higher one.
    void on_enter(std::size_t instance, core::View view, std::size_t promises);
    /// The vote log of this instance is gone. What it promised it cannot know, which is why it counts among
    /// the f; but it must not contradict a vote.
    void on_log_lost(std::size_t instance) { said_[instance].promised = 0; }
    /// A COMMIT of this validator has reached the instance, or is its own.
    void on_commit_heard(std::size_t instance, std::size_t sender, const consensus::Commit& commit);
    /// The instance has crashed: what it heard is gone.
    void on_crash(std::size_t instance) { said_[instance].commits.clear(); }
    /// The block at head + 1 for which a quorum of one view has spoken: whenever it spoke, and whatever view
    /// the instance is in by now. With nothing left to do, the instance must hold it, or lack its body.
    std::optional<core::Hash> decided(std::size_t instance, core::Height head, std::size_t quorum) const;
    void on_alarm(std::size_t instance, const consensus::RaiseAlarm& alarm);
    void violate(std::size_t instance, const std::string& what);

    const std::string& violation() const { return violation_; }
    /// Highest height final at a correct instance.
    core::Height highest() const { return chain_.size(); }
    const std::vector<core::Hash>& chain() const { return chain_; }

  private:
    struct Statement {
        core::VoteType type{};
        core::Height height = 0;
        core::View view = 0;
        core::Hash digest{};
    };
    struct Commits {
        core::Height height = 0;
        core::View view = 0;
        std::map<std::size_t, core::Hash> first;  ///< by sender; a second, different one never counts
    };
    struct Said {
        std::vector<Commits> commits;
        std::vector<Statement> statements;
        core::View promised = 0;      ///< as its votes show
        core::View highest_view = 0;  ///< that it said it had promised
        core::Height finished = 0;
        std::optional<Statement> lock;  ///< the last COMMIT
    };
    struct Demand {
        core::Height height = 0;
        core::View view = 0;
        std::optional<core::Hash> digest;  ///< nothing: a fresh block
    };

    void check_lock(std::size_t instance, const Statement& statement);

    std::vector<Said> said_;       ///< by instance
    core::View highest_view_ = 0;  ///< that a correct instance has promised
    std::vector<Demand> demands_;
    std::vector<core::Hash> chain_;  ///< chain_[i] has height i + 1
    std::string violation_;
};

}  // namespace sluice::simulation::twins
