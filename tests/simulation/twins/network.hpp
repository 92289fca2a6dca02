/// Real replicas over a played network, played disks and a played clock that stands still until nothing is
/// left to deliver. First a storm as the plan says; then everything arrives, and the chain must move.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/mode.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/twins/actor.hpp"
#include "tests/simulation/twins/instance.hpp"
#include "tests/simulation/twins/invariants.hpp"
#include "tests/simulation/twins/plan.hpp"

namespace sluice::simulation::twins {

class Network {
  public:
    explicit Network(Plan plan);
    /// The validator is faulty from the start: what its replica says passes through `actor`.
    void cast(std::size_t validator, std::unique_ptr<Actor> actor);
    /// Keeps a line per effect, crash and start: for reading one failing scenario.
    void keep_timeline() { keep_timeline_ = true; }
    /// Once. Storm, healing, verdict.
    Verdict run();

    const Chain& chain() const { return chain_; }

  private:
    /// A message as it travels: verified once for all receivers, who share one validator set.
    struct Parcel {
        consensus::Input input;
        std::size_t phase = 0;
        core::View view = 0;
    };
    enum class Kind { message, answer, report, blocks };
    struct Delivery {
        Kind kind{};
        std::size_t from = 0;
        std::size_t to = 0;
        std::shared_ptr<const Parcel> parcel;  ///< of a message or an answer
        std::uint64_t life = 0;                ///< of the receiver that waits for an answer
    };
    enum class Situation {
        lock_carried,
        new_view_with_lock,
        crash,
        crash_with_lock,
        written_unsent,
        log_lost,
        rejoined,
        late_delivery,
        view_by_certificate,
        blocks_to_laggard,
        body_fetched,
        message_refused,
        evidence,
        count
    };

    // Time and rounds.
    void storm();
    void heal();
    bool is_over() const;
    void drain();
    bool fire_deadlines();
    bool next_moment(std::optional<core::Instant> limit);
    void next_round();
    bool everyone_at(core::Height height) const;
    std::string unfinished(core::Height wanted) const;

    // Instances.
    void boot(std::size_t index);
    void crash(std::size_t index);
    bool dies_now(std::size_t index, const consensus::Effect& effect);
    void give(std::size_t index, const consensus::Input& input);
    void perform_all(std::size_t index, consensus::Effects effects);
    void perform(std::size_t index, const consensus::Effect& effect);
    void finalize(std::size_t index, const consensus::Finalize& effect);
    void judge_final_block(std::size_t index, const consensus::Finalize& effect);
    void deliver(const Delivery& delivery);
    void hear_commit(std::size_t index, const consensus::Commit& commit);
    void check_quiet();
    void import_blocks(std::size_t index, std::size_t source);
    void report_blocks(std::size_t index);
    void answer(std::size_t index, consensus::Input input);
    void tell_work(std::size_t index);

    // Wire.
    void send(std::size_t from, const consensus::Message& message, const core::Address* only);
    void say(std::size_t from, std::size_t validator, Utterance utterance);
    std::shared_ptr<const Parcel> verified(std::size_t from, const consensus::Message& message);
    void post(Delivery delivery, std::size_t phase, core::View view, core::Duration delay = {});
    void request_blocks(std::size_t index);
    void send_blocks(std::size_t index, const core::Address& to);
    void fetch_body(std::size_t index, const core::Hash& digest);
    Fate fate(std::size_t phase, core::View view, std::size_t from, std::size_t to) const;
    bool exchanges_blocks(std::size_t from, std::size_t to) const;
    /// Correct validators in the least favourable quorum.
    std::size_t least_correct_in_quorum() const;
    bool is_faulty(std::size_t index) const { return faulty_[index]; }
    void interject();

    void count(Situation situation) { ++situations_[static_cast<std::size_t>(situation)]; }
    void note(std::size_t index, std::string what);
    void trace(std::uint64_t word);
    Verdict verdict();

    Plan plan_;
    Chain chain_;
    consensus::MessageVerifier verifier_;
    std::vector<Instance> instances_;
    std::vector<bool> faulty_;
    std::map<std::size_t, std::unique_ptr<Actor>> actors_;  ///< by validator
    Invariants invariants_;
    std::optional<Random> shuffle_;

    core::Instant now_{1'000'000};
    std::uint32_t round_ = 0;
    core::Instant round_since_{1'000'000};
    bool healed_ = false;
    core::Instant healed_at_;
    core::Instant next_interjection_;
    core::Height height_at_healing_ = 0;
    std::optional<std::uint64_t> heal_ms_;
    core::Height target_ = 0;
    std::vector<Delivery> queue_;
    std::size_t queue_front_ = 0;
    std::multimap<core::Instant, Delivery> delayed_;
    std::vector<Delivery> late_;  ///< of the present round: arrive when it ends
    std::vector<std::uint64_t> performed_;
    std::set<core::Hash> built_;  ///< by any instance
    std::vector<Crash> crashes_;
    std::map<std::size_t, std::uint32_t> down_until_;
    bool timed_out_ = false;

    std::array<std::uint64_t, static_cast<std::size_t>(Situation::count)> situations_{};
    std::uint64_t trace_ = 0;
    std::uint64_t events_ = 0;
    bool keep_timeline_ = false;
    std::vector<std::string> timeline_;
};

}  // namespace sluice::simulation::twins
