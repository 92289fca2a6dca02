/// What correct nodes may say: held against every consensus message at the moment it leaves its node.
#pragma once

#include <map>
#include <set>

#include "consensus/durable_state.hpp"
#include "consensus/messages.hpp"
#include "node/event_log.hpp"
#include "tests/simulation/checkers.hpp"
#include "tests/simulation/coverage.hpp"

namespace sluice::simulation {

class Process;
class Stage;

/// One for all nodes: proofs that one node sends justify what another one votes.
class WireChecks {
  public:
    WireChecks(Stage& stage, std::size_t nodes) : stage_(stage), nodes_(nodes) {}

    void on_sent(Process& process, const consensus::Message& message);
    void on_log(Process& process, std::string_view event, std::span<const node::LogField> fields);
    /// A consensus message of so many bytes cost so many signature checks.
    void on_verified(Process& process, std::size_t bytes, std::uint64_t checks);
    /// A node starts from what its vote log holds.
    void on_recovered(Process& process, const consensus::RecoveredState& state, core::Height head);
    /// Somebody has sent this valid NEW-VIEW: it justifies what others vote.
    void note_new_view(const consensus::NewView& new_view);
    /// Of all VIEW-CHANGEs that were sent.
    core::View highest_promise() const;
    /// It lost its vote log and knows it: promises are gone, but it must not contradict what it has said.
    void on_rejoin(std::size_t node) {
        nodes_[node].promised = 0;
        nodes_[node].commit.reset();
    }

  private:
    struct Place {
        core::Height height = 0;
        core::View view = 0;
        auto operator<=>(const Place&) const = default;
    };
    struct Vote {
        core::VoteType type{};
        Place place;
        auto operator<=>(const Vote&) const = default;
    };
    struct Lock {
        Place place;
        core::Hash digest{};
    };
    struct Node {
        std::map<Vote, core::Hash> said;
        core::View promised = 0;                  ///< by a VIEW-CHANGE that was sent
        std::optional<Lock> commit;               ///< the COMMIT of the highest view at the highest height
        std::optional<core::Instant> changed_at;  ///< local time of the last timeout of this run
    };

    void violate(const Process& process, std::string_view rule, const consensus::Envelope& envelope);
    void check_vote(Process& process, core::VoteType type, const consensus::Envelope& envelope,
                    const core::Hash& digest);
    void check_durable(Process& process, const consensus::Message& message,
                       const consensus::Envelope& envelope);
    void check_lock(Process& process, const consensus::Prepare& prepare);
    void check_primary(Process& process, const consensus::PrePrepare& proposal);
    void note_view_change(Process& process, const consensus::ViewChange& change);
    void on_view_change_log(Process& process, std::span<const node::LogField> fields);

    Stage& stage_;
    std::vector<Node> nodes_;
    /// By NEW-VIEWs, whoever sent them: the blocks that they demand; no hash: free to propose.
    std::map<Place, std::set<std::optional<core::Hash>>> proven_;
};

}  // namespace sluice::simulation
