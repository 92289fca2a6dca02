#include "support/byzantine.hpp"

#include <algorithm>
#include <map>

#include "support/toy_block.hpp"

namespace sluice::consensus::testing {

namespace {

constexpr std::size_t memory = 64;

template <typename T>
void keep(std::vector<T>& list, const T& item) {
    if (list.size() >= memory) list.erase(list.begin());
    list.push_back(item);
}

template <typename M>
void sign_again(M& message, ToySigner& signer, const core::ChainIdentity& chain) {
    message.envelope.signature = signer.sign(core::signing_digest(chain, subject_of(message)));
}

}  // namespace

void Liar::see(const Message& message) {
    if (const auto* prepare = std::get_if<Prepare>(&message)) {
        keep(digests_, prepare->digest);
    } else if (const auto* view_change = std::get_if<ViewChange>(&message)) {
        if (view_change->lock) keep(locks_, *view_change->lock);
        keep(view_changes_, *view_change);
    }
}

Message Liar::changed(Message message) {
    const auto nudge = [this](std::uint64_t& number) {
        number += dice_.chance(500) ? 1 : (number > 0 ? -1ull : 1);
    };
    const auto nudge_envelope = [&](Envelope& envelope) {
        if (dice_.chance(500)) {
            nudge(envelope.height);
        } else {
            nudge(envelope.view);
        }
    };
    if (auto* pre_prepare = std::get_if<PrePrepare>(&message)) {
        auto block = decode_toy_block(*pre_prepare->payload);
        if (block && dice_.chance(700)) {
            block->salt += "x" + std::to_string(dice_.between(0, 3));
            block->good = dice_.chance(800);
            pre_prepare->payload = core::share(encode(*block));
            pre_prepare->digest = core::keccak256(*pre_prepare->payload);
        } else {
            nudge_envelope(pre_prepare->envelope);
        }
    } else if (auto* prepare = std::get_if<Prepare>(&message)) {
        if (!digests_.empty() && dice_.chance(600)) {
            prepare->digest = digests_[dice_.between(0, digests_.size() - 1)];
        } else {
            nudge_envelope(prepare->envelope);
        }
    } else if (auto* commit = std::get_if<Commit>(&message)) {
        if (!digests_.empty() && dice_.chance(600)) {
            commit->digest = digests_[dice_.between(0, digests_.size() - 1)];
        } else {
            nudge_envelope(commit->envelope);
        }
    } else if (auto* view_change = std::get_if<ViewChange>(&message)) {
        if (dice_.chance(500)) {
            view_change->lock.reset();
        } else if (!locks_.empty() && dice_.chance(500)) {
            view_change->lock = locks_[dice_.between(0, locks_.size() - 1)];
        } else {
            nudge(view_change->envelope.view);
        }
    } else if (auto* new_view = std::get_if<NewView>(&message)) {
        auto& list = new_view->view_changes;
        if (dice_.chance(500)) {
            // Any view changes seen for this view: perhaps a quorum without the lock that matters.
            std::map<ValidatorIndex, ViewChange> chosen;
            for (const ViewChange& seen : view_changes_) {
                if (seen.envelope.view != new_view->envelope.view) continue;
                if (seen.envelope.height != new_view->envelope.height) continue;
                if (dice_.chance(600)) chosen[seen.envelope.sender] = seen;
            }
            list.clear();
            for (auto& [sender, seen] : chosen) {
                list.push_back(seen);
            }
        } else if (!list.empty()) {
            list.erase(list.begin() + static_cast<std::ptrdiff_t>(dice_.between(0, list.size() - 1)));
        }
    }
    return message;
}

std::vector<Message> Liar::lie(const Message& message, ToySigner& signer, const core::ChainIdentity& chain) {
    keep(own_, message);
    const std::uint64_t mood = dice_.between(0, 9);
    if (mood == 0) return {};
    if (mood <= 4) return {message};
    Message other = mood == 5 ? own_[dice_.between(0, own_.size() - 1)] : changed(message);
    std::visit(
        [&](auto& alternative) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(alternative)>, core::CommitCertificate>) {
                sign_again(alternative, signer, chain);
            }
        },
        other);
    if (mood == 9) return {message, other};
    return {other};
}

}  // namespace sluice::consensus::testing
