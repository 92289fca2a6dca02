/// Joining from a snapshot, as a state machine over ports: which peers offer a state, which state is taken,
/// which parts are asked of whom. It runs in place of Node until the store holds a ledger.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "node/join_tasks.hpp"
#include "node/ports.hpp"

namespace sluice::node {

/// Runs tasks one at a time, in order; each result comes back through SnapshotJoin::on_task_done.
class JoinWorkers {
  public:
    virtual ~JoinWorkers() = default;
    virtual void start(JoinTask task) = 0;
};

enum class JoinEnd {
    joined,           ///< the store holds a ledger
    nothing_offered,  ///< peers have answered, and none holds a state; the store is as it was, or unfinished
};

/// For people and metrics.
struct JoinProgress {
    core::Height height = 0;  ///< of the state being fetched; 0: none chosen yet
    std::size_t peers = 0;
    std::size_t sources = 0;  ///< peers that hold this state
    std::size_t parts_waiting = 0;
    std::uint64_t accounts = 0;
    std::uint64_t bytes = 0;
};

/// Owned by one thread; ports outlive it. A peer that sends what does not hold is punished and asked no more:
/// it costs one message. When nobody holds the chosen state any more, everything begins anew.
class SnapshotJoin {
  public:
    SnapshotJoin(std::shared_ptr<const JoinRoots> roots, Outbox& outbox, JoinWorkers& workers, EventLog& log);

    void start(Now now);
    void on_frame(Now now, const core::Address& from, network::Channel channel,
                  const core::SharedBytes& bytes);
    void on_peer_up(Now now, const core::Address& peer);
    void on_peer_down(Now now, const core::Address& peer);
    void on_task_done(Now now, JoinResult result);
    void on_deadline(Now now);
    std::optional<core::Instant> next_deadline() const { return next_look_; }

    /// Set once it is over; nothing more is sent or started then.
    std::optional<JoinEnd> end() const { return end_; }
    JoinProgress progress() const;

  private:
    enum class Phase { choosing, beginning, fetching, finishing };
    enum class Asking { idle, asked, checking, offered, offered_nothing };
    struct Request {
        std::uint64_t id = 0;
        std::vector<ledger::WantedPart> wanted;  ///< empty once the answer is being taken
        core::Instant deadline;
    };
    struct Peer {
        Asking asking = Asking::idle;
        std::uint64_t request_id = 0;
        core::Instant deadline;  ///< when to ask again, unless it has made an offer
        bool is_silent = false;  ///< it let a question for its offer pass
        JoinTrust trust;         ///< how far its links have led
        std::shared_ptr<const ledger::JoinedChain> offer;
        bool is_source = false;  ///< of the state being fetched
        std::optional<Request> request;
        core::Instant quiet_until;
        unsigned overdue = 0;  ///< requests that it did not answer in time
    };

    void take(Now now, OfferChecked result);
    void take(Now now, ImportBegun result);
    void take(Now now, PartsTaken result);
    void take(Now now, ImportFinished result);
    void on_offer(Now now, const core::Address& from, SnapshotOffer offer);
    void on_parts(const core::Address& from, PartsAnswer answer);
    /// Whatever follows from what has happened.
    void settle(Now now);
    void ask_for_offers(Now now);
    void choose(Now now);
    void fetch(Now now);
    void give_up_overdue(Now now);
    void begin_anew();
    void stop_using(Peer& peer);
    void exclude(const core::Address& peer, std::string_view why);
    void send(const core::Address& to, const SyncMessage& message);

    const std::shared_ptr<const JoinRoots> roots_;
    Outbox& outbox_;
    JoinWorkers& workers_;
    EventLog& log_;
    Phase phase_ = Phase::choosing;
    std::map<core::Address, Peer> peers_;
    std::shared_ptr<const ledger::JoinedChain> chosen_;
    std::vector<ledger::WantedPart> wanted_;  ///< asked for from the end, so that few wait
    std::size_t taking_ = 0;                  ///< answers that are being written
    std::optional<core::Instant> first_offer_;
    std::optional<core::Instant> first_answer_;
    std::uint64_t next_request_ = 1;
    std::uint64_t accounts_ = 0;
    std::uint64_t bytes_ = 0;
    std::optional<core::Instant> next_look_;
    std::optional<JoinEnd> end_;
};

}  // namespace sluice::node
