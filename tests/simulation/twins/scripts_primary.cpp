/// What faulty primaries do.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "tests/simulation/twins/voice.hpp"

namespace sluice::simulation::twins {

namespace {

using consensus::Message;
using consensus::PrePrepare;

PrePrepare with_block(PrePrepare proposal, const Setting& setting, const Alteration& alteration) {
    if (auto block = setting.alter(proposal.payload, alteration)) {
        proposal.payload = std::move(block->payload);
        proposal.digest = block->digest;
    }
    return proposal;
}

class SilentPrimary final : public Voice {
  public:
    using Voice::Voice;
    std::vector<Utterance> speak(const Message& message, std::size_t) override {
        if (std::holds_alternative<PrePrepare>(message) ||
            std::holds_alternative<consensus::NewView>(message))
            return {};
        return only(message);
    }
};

class SlowPrimary final : public Voice {
  public:
    using Voice::Voice;
    std::vector<Utterance> speak(const Message& message, std::size_t) override {
        const bool waits = std::holds_alternative<PrePrepare>(message);
        return {{.message = message, .delay = waits ? setting_.view_timeout * 9 / 10 : core::Duration{}}};
    }
};

/// One block for even receivers, another for odd ones, and votes to match; other scripts of this kind in the
/// network play along, because they hear each other.
class EquivocatingPrimary final : public Voice {
  public:
    using Voice::Voice;

    void hear(const Message& message) override {
        const auto* proposal = std::get_if<PrePrepare>(&message);
        if (proposal == nullptr) return;
        auto& known = blocks_[{proposal->envelope.height, proposal->envelope.view}];
        if (std::ranges::find(known, proposal->digest) == known.end() && known.size() < 2)
            known.push_back(proposal->digest);
    }

    std::vector<Utterance> speak(const Message& message, std::size_t to) override {
        if (const auto* proposal = std::get_if<PrePrepare>(&message)) {
            if (to % 2 == 0) return only(message);
            auto list = only(signed_again(with_block(*proposal, setting_, {Alteration::Kind::another})));
            hear(list.front().message);
            // Now and then somebody gets to see both.
            if (random_.percent(20)) list.push_back({message, {}});
            return list;
        }
        // Its votes are said in `interject`, to suit each receiver.
        if (std::holds_alternative<consensus::Prepare>(message) ||
            std::holds_alternative<consensus::Commit>(message))
            return {};
        return only(message);
    }

    std::vector<Utterance> interject(std::size_t to) override {
        std::vector<Utterance> votes;
        for (const auto& [place, digests] : blocks_) {
            const core::Hash& digest = digests[to % digests.size()];
            if (!voted_.insert({place, {digest, to}}).second) continue;
            votes.push_back(
                {signed_again(consensus::Prepare{envelope(place.first, place.second), digest}), {}});
            votes.push_back(
                {signed_again(consensus::Commit{envelope(place.first, place.second), digest}), {}});
        }
        return votes;
    }

  private:
    using Place = std::pair<core::Height, core::View>;
    std::map<Place, std::vector<core::Hash>> blocks_;
    std::set<std::pair<Place, std::pair<core::Hash, std::size_t>>> voted_;
};

class PartialSender final : public Voice {
  public:
    using Voice::Voice;
    std::vector<Utterance> speak(const Message& message, std::size_t to) override {
        const consensus::Envelope* said = consensus::envelope_of(message);
        const std::uint64_t turn = said == nullptr ? 0 : said->height + said->view;
        const std::size_t n = setting_.validators.size();
        const std::size_t distance = (to + n - (self_ + 1 + turn) % n) % n;
        if (distance + 1 >= quorum()) return {};
        return only(message);
    }
};

/// Any q VIEW-CHANGEs that it can find rather than those that show the lock, or fewer; and after a NEW-VIEW
/// that demands a block, another one.
class StaleJustifier final : public Voice {
  public:
    using Voice::Voice;

    void hear(const Message& message) override {
        if (const auto* change = std::get_if<consensus::ViewChange>(&message)) keep(changes_, *change);
        if (const auto* view = std::get_if<consensus::NewView>(&message)) keep(views_, *view);
    }

    std::vector<Utterance> speak(const Message& message, std::size_t) override {
        if (const auto* proposal = std::get_if<PrePrepare>(&message)) {
            if (proposal->envelope.view == 0 || random_.percent(40)) return only(message);
            return only(
                signed_again(with_block(*proposal, setting_, {Alteration::Kind::another, own_address()})));
        }
        if (const auto* view = std::get_if<consensus::NewView>(&message))
            return only(signed_again(changed(*view)));
        return only(message);
    }

  private:
    consensus::NewView changed(consensus::NewView view) {
        auto& list = view.view_changes;
        switch (random_.below(5)) {
            case 0:
                list.erase(list.begin() + static_cast<std::ptrdiff_t>(random_.below(list.size())));
                break;
            case 1:
                for (auto& change : list)
                    change.lock.reset();
                break;
            case 2:
                if (!views_.empty()) list = any_of(views_).view_changes;
                break;
            case 3:
                list = without_locks(view);
                break;
            default:
                break;
        }
        return view;
    }

    /// Of what was heard for this height and view, whatever shows no lock: a legitimate set if there are q.
    std::vector<consensus::ViewChange> without_locks(const consensus::NewView& view) const {
        std::map<core::ValidatorIndex, consensus::ViewChange> chosen;
        for (const auto& list : {view.view_changes, changes_})
            for (const consensus::ViewChange& change : list)
                if (change.envelope.height == view.envelope.height &&
                    change.envelope.view == view.envelope.view) {
                    auto& place = chosen.try_emplace(change.envelope.sender, change).first->second;
                    if (!change.lock) place = change;
                }
        std::vector<consensus::ViewChange> list;
        for (const auto& [sender, change] : chosen)
            if (!change.lock) list.push_back(change);
        return list.size() >= quorum() ? list : view.view_changes;
    }

    std::vector<consensus::ViewChange> changes_;
    std::vector<consensus::NewView> views_;
};

class BadBuilder final : public Voice {
  public:
    using Voice::Voice;
    std::vector<Utterance> speak(const Message& message, std::size_t) override {
        const auto* proposal = std::get_if<PrePrepare>(&message);
        if (proposal == nullptr || random_.percent(30)) return only(message);
        const std::uint64_t defect = random_.below(4);
        const std::size_t other = (self_ + 1) % setting_.validators.size();
        static constexpr std::array kinds{Alteration::Kind::does_not_execute,
                                          Alteration::Kind::foreign_parent, Alteration::Kind::next_height,
                                          Alteration::Kind::foreign_builder};
        Alteration alteration{kinds[defect]};
        if (defect == 1) alteration.parent = any_hash();
        if (defect == 3)
            alteration.builder = setting_.validators.at(static_cast<core::ValidatorIndex>(other));
        return only(signed_again(with_block(*proposal, setting_, alteration)));
    }
};

}  // namespace

std::unique_ptr<Actor> silent_primary(const Cast& cast) {
    return std::make_unique<SilentPrimary>(cast);
}
std::unique_ptr<Actor> slow_primary(const Cast& cast) {
    return std::make_unique<SlowPrimary>(cast);
}
std::unique_ptr<Actor> equivocating_primary(const Cast& cast) {
    return std::make_unique<EquivocatingPrimary>(cast);
}
std::unique_ptr<Actor> partial_sender(const Cast& cast) {
    return std::make_unique<PartialSender>(cast);
}
std::unique_ptr<Actor> stale_justifier(const Cast& cast) {
    return std::make_unique<StaleJustifier>(cast);
}
std::unique_ptr<Actor> bad_builder(const Cast& cast) {
    return std::make_unique<BadBuilder>(cast);
}

}  // namespace sluice::simulation::twins
