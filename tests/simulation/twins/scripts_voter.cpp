/// What faulty voters do.
#include <array>
#include <limits>
#include <utility>

#include "tests/simulation/twins/voice.hpp"

namespace sluice::simulation::twins {

namespace {

using consensus::Message;
using consensus::VoteType;

bool is_vote(const Message& message) {
    return std::holds_alternative<consensus::Prepare>(message) ||
           std::holds_alternative<consensus::Commit>(message) ||
           std::holds_alternative<consensus::ViewChange>(message);
}

class LateVoter final : public Voice {
  public:
    using Voice::Voice;
    std::vector<Utterance> speak(const Message& message, std::size_t) override {
        core::Duration delay;
        if (is_vote(message) && random_.percent(80))
            delay = core::milliseconds(static_cast<std::int64_t>(random_.below(20'000)));
        return {{.message = message, .delay = delay}};
    }
};

/// Everything it says is validly signed, and none of it is near.
class FarSpeaker final : public Voice {
  public:
    using Voice::Voice;

    std::vector<Utterance> speak(const Message& message, std::size_t) override {
        if (const auto* change = std::get_if<consensus::ViewChange>(&message)) last_ = *change;
        return only(message);
    }

    std::vector<Utterance> interject(std::size_t) override {
        std::vector<Utterance> list;
        for (int i = 0; i < 3; ++i) {
            const core::Height height = random_.percent(50) ? far() : 1 + random_.below(3);
            const core::View view = random_.percent(70) ? far() : random_.below(5);
            list.push_back({signed_again(consensus::Prepare{envelope(height, view), any_hash()}), {}});
            list.push_back({signed_again(consensus::Commit{envelope(height, view), any_hash()}), {}});
            list.push_back({signed_again(consensus::Heartbeat{envelope(height, view), 0, 0}), {}});
        }
        consensus::ViewChange change{
            .envelope = envelope(1, far()), .head = std::nullopt, .lock = std::nullopt};
        if (last_) {
            change.head = last_->head;
            change.envelope.height = last_->envelope.height;
        }
        list.push_back({signed_again(std::move(change)), {}});
        return list;
    }

  private:
    std::uint64_t far() {
        static constexpr std::array<std::uint64_t, 5> places{
            1ull << 31, (1ull << 63) - 1, std::numeric_limits<std::uint64_t>::max(), 9, 1000};
        return any_of(std::vector<std::uint64_t>(places.begin(), places.end())) - random_.below(3);
    }

    std::optional<consensus::ViewChange> last_;
};

/// What others said once is said again, also as if it had been the next vote; and what the same keys said on
/// another chain is said here.
class Replayer final : public Voice {
  public:
    using Voice::Voice;

    void hear(const Message& message) override {
        keep(heard_, message);
        if (const auto* prepare = std::get_if<consensus::Prepare>(&message)) {
            last_ = prepare->envelope;
            promoted_ = consensus::Commit{prepare->envelope, prepare->digest};
        }
    }

    std::vector<Utterance> interject(std::size_t) override {
        std::vector<Utterance> list;
        if (promoted_) list.push_back({*promoted_, {}});
        for (int i = 0; i < 4 && !heard_.empty(); ++i)
            list.push_back(
                {any_of(heard_), core::milliseconds(static_cast<std::int64_t>(random_.below(9'000)))});
        core::ChainIdentity other = setting_.identity;
        if (random_.percent(50))
            ++other.chain_id;
        else
            other.genesis_hash = any_hash();
        list.push_back({commits_of(other), {}});
        return list;
    }

  private:
    /// On the other chain the same validators have committed another block: everybody's signature is genuine.
    core::CommitCertificate commits_of(const core::ChainIdentity& other) {
        core::CommitCertificate certificate{
            .height = last_.height, .view = last_.view, .block_hash = any_hash(), .signatures = {}};
        const core::VoteSubject subject{.type = VoteType::commit,
                                        .height = last_.height,
                                        .view = last_.view,
                                        .digest = certificate.block_hash,
                                        .validators_hash = setting_.validators.hash()};
        for (std::size_t i = 0; i < quorum(); ++i)
            certificate.signatures.push_back({static_cast<core::ValidatorIndex>(i),
                                              setting_.sign(i, core::signing_digest(other, subject))});
        return certificate;
    }

    std::vector<Message> heard_;
    std::optional<consensus::Commit> promoted_;  ///< somebody's PREPARE, its signature included
    consensus::Envelope last_{.height = 1, .view = 0, .validators_hash = {}, .sender = 0, .signature = {}};
};

class Garbler final : public Voice {
  public:
    using Voice::Voice;
    std::vector<Utterance> speak(const Message& message, std::size_t) override {
        if (!is_vote(message) || random_.percent(40)) return only(message);
        Message other = message;
        if (random_.percent(50)) {
            if (auto* prepare = std::get_if<consensus::Prepare>(&other))
                *prepare = signed_again(consensus::Prepare{prepare->envelope, any_hash()});
            if (auto* commit = std::get_if<consensus::Commit>(&other))
                *commit = signed_again(consensus::Commit{commit->envelope, any_hash()});
            return only(std::move(other));
        }
        std::visit(
            [this](auto& alternative) {
                if constexpr (!std::is_same_v<std::decay_t<decltype(alternative)>, core::CommitCertificate>) {
                    core::Signature& signature = alternative.envelope.signature;
                    signature.r[random_.below(32)] ^= static_cast<std::uint8_t>(1 + random_.below(255));
                    if (random_.percent(20)) signature.s.fill(0xff);
                }
            },
            other);
        return only(std::move(other));
    }
};

/// A quorum of one: its own signature, repeated, under its own index or under everybody's.
class DuplicateSigner final : public Voice {
  public:
    using Voice::Voice;

    void hear(const Message& message) override {
        if (const auto* prepare = std::get_if<consensus::Prepare>(&message)) last_ = *prepare;
    }

    std::vector<Utterance> speak(const Message& message, std::size_t) override {
        if (const auto* change = std::get_if<consensus::ViewChange>(&message);
            change && random_.percent(60)) {
            consensus::ViewChange other = *change;
            const core::View view = random_.below(other.envelope.view);
            const core::Hash digest = any_hash();
            other.lock = consensus::PrepareCertificate{
                .height = other.envelope.height,
                .view = view,
                .digest = digest,
                .signatures = repeated(VoteType::prepare, other.envelope.height, view, digest)};
            return only(signed_again(std::move(other)));
        }
        if (const auto* new_view = std::get_if<consensus::NewView>(&message);
            new_view && random_.percent(60)) {
            consensus::NewView other = *new_view;
            other.view_changes.back() = other.view_changes.front();
            return only(signed_again(std::move(other)));
        }
        return only(message);
    }

    std::vector<Utterance> interject(std::size_t) override {
        if (!last_) return {};
        const core::Hash digest = any_hash();
        const auto& [height, view] = std::pair(last_->envelope.height, last_->envelope.view);
        return only(core::CommitCertificate{.height = height,
                                            .view = view,
                                            .block_hash = digest,
                                            .signatures = repeated(VoteType::commit, height, view, digest)});
    }

  private:
    std::vector<consensus::CertificateSignature> repeated(VoteType type, core::Height height, core::View view,
                                                          const core::Hash& digest) {
        const core::VoteSubject subject{.type = type,
                                        .height = height,
                                        .view = view,
                                        .digest = digest,
                                        .validators_hash = setting_.validators.hash()};
        const core::Signature signature =
            setting_.sign(self_, core::signing_digest(setting_.identity, subject));
        const bool own_index = random_.percent(50);
        std::vector<consensus::CertificateSignature> list;
        for (std::size_t i = 0; i < quorum(); ++i)
            list.push_back({static_cast<core::ValidatorIndex>(own_index ? self_ : i), signature});
        return list;
    }

    std::optional<consensus::Prepare> last_;
};

/// Small-scope mutation (ByzzFuzz): one field of a message that correct code wanted to send, signed again.
class Mutator final : public Voice {
  public:
    using Voice::Voice;

    void hear(const Message& message) override {
        if (const auto* prepare = std::get_if<consensus::Prepare>(&message)) keep(digests_, prepare->digest);
        if (const auto* change = std::get_if<consensus::ViewChange>(&message))
            if (change->lock) keep(locks_, *change->lock);
    }

    std::vector<Utterance> speak(const Message& message, std::size_t) override {
        if (random_.percent(50)) return only(message);
        std::vector<Utterance> list;
        if (random_.percent(30)) list.push_back({message, {}});
        Message other = message;
        std::visit([this](auto& alternative) { mutate(alternative); }, other);
        list.push_back({std::move(other), {}});
        return list;
    }

  private:
    void nudge(std::uint64_t& number) { number += random_.percent(50) || number == 0 ? 1 : ~0ull; }
    void mutate_envelope(consensus::Envelope& said) {
        switch (random_.below(4)) {
            case 0:
                return nudge(said.height);
            case 1:
                return nudge(said.view);
            case 2:
                said.sender =
                    static_cast<core::ValidatorIndex>(random_.below(setting_.validators.size() + 1));
                return;
            default:
                said.validators_hash = any_hash();
        }
    }
    void mutate_lock(std::optional<consensus::PrepareCertificate>& lock) {
        if (!lock || random_.percent(20)) {
            if (!locks_.empty()) lock = any_of(locks_);
            return;
        }
        switch (random_.below(5)) {
            case 0:
                return lock.reset();
            case 1:
                return nudge(lock->view);
            case 2:
                return nudge(lock->height);
            case 3:
                lock->digest = digests_.empty() ? any_hash() : any_of(digests_);
                return;
            default:
                lock->signatures.pop_back();
        }
    }

    template <typename M>
    void mutate(M& message) {
        if constexpr (std::is_same_v<M, core::CommitCertificate>) {
            nudge(message.view);
        } else {
            if (random_.percent(40))
                mutate_envelope(message.envelope);
            else
                mutate_content(message);
            message = signed_again(message);
        }
    }
    template <typename M>
    void mutate_content(M& message) {
        if constexpr (std::is_same_v<M, consensus::Prepare> || std::is_same_v<M, consensus::Commit>) {
            message.digest = digests_.empty() ? any_hash() : any_of(digests_);
        } else if constexpr (std::is_same_v<M, consensus::PrePrepare>) {
            if (!digests_.empty()) message.digest = any_of(digests_);
        } else if constexpr (std::is_same_v<M, consensus::ViewChange>) {
            if (message.head && random_.percent(30))
                message.head->signatures.pop_back();
            else
                mutate_lock(message.lock);
        } else if constexpr (std::is_same_v<M, consensus::NewView>) {
            auto& change = message.view_changes[random_.below(message.view_changes.size())];
            if (random_.percent(50))
                mutate_lock(change.lock);
            else
                change = message.view_changes.front();
        }
    }

    std::vector<core::Hash> digests_;
    std::vector<consensus::PrepareCertificate> locks_;
};

}  // namespace

std::unique_ptr<Actor> late_voter(const Cast& cast) {
    return std::make_unique<LateVoter>(cast);
}
std::unique_ptr<Actor> far_speaker(const Cast& cast) {
    return std::make_unique<FarSpeaker>(cast);
}
std::unique_ptr<Actor> replayer(const Cast& cast) {
    return std::make_unique<Replayer>(cast);
}
std::unique_ptr<Actor> garbler(const Cast& cast) {
    return std::make_unique<Garbler>(cast);
}
std::unique_ptr<Actor> duplicate_signer(const Cast& cast) {
    return std::make_unique<DuplicateSigner>(cast);
}
std::unique_ptr<Actor> mutator(const Cast& cast) {
    return std::make_unique<Mutator>(cast);
}

}  // namespace sluice::simulation::twins
