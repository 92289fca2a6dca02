/// What every script shares: a key, a chain, chance, and a bounded memory of what was said.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "tests/simulation/twins/scripts.hpp"

namespace sluice::simulation::twins {

class Voice : public Actor {
  public:
    explicit Voice(const Cast& cast) : random_(cast.random), setting_(*cast.setting), self_(cast.validator) {}

    std::vector<Utterance> speak(const consensus::Message& message, std::size_t) override {
        return {{.message = message, .delay = {}}};
    }

  protected:
    static constexpr std::size_t memory = 64;

    /// Signs what the envelope says, on any chain.
    template <typename M>
    M signed_again(M message, std::optional<core::ChainIdentity> chain = std::nullopt) {
        message.envelope.signature = setting_.sign(
            self_, core::signing_digest(chain.value_or(setting_.identity), subject_of(message)));
        return message;
    }
    /// The envelope of an own message.
    consensus::Envelope envelope(core::Height height, core::View view) const {
        return {.height = height,
                .view = view,
                .validators_hash = setting_.validators.hash(),
                .sender = static_cast<core::ValidatorIndex>(self_),
                .signature = {}};
    }
    std::size_t quorum() const { return setting_.validators.quorum(); }

    template <typename T>
    static void keep(std::vector<T>& list, const T& item) {
        if (list.size() >= memory) list.erase(list.begin());
        list.push_back(item);
    }
    template <typename T>
    const T& any_of(const std::vector<T>& list) {
        return list[static_cast<std::size_t>(random_.below(list.size()))];
    }
    const core::Address& own_address() const {
        return setting_.validators.at(static_cast<core::ValidatorIndex>(self_));
    }
    core::Hash any_hash() {
        core::Hash hash{};
        for (std::uint8_t& byte : hash)
            byte = static_cast<std::uint8_t>(random_.next());
        return hash;
    }

    Random random_;
    const Setting& setting_;
    std::size_t self_;
};

/// One message, told now.
inline std::vector<Utterance> only(consensus::Message message) {
    std::vector<Utterance> list;
    list.push_back({.message = std::move(message), .delay = {}});
    return list;
}

}  // namespace sluice::simulation::twins
