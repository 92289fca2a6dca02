/// The chain that scripts of misbehaviour lie about: of toy blocks or of real ones.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "consensus/messages.hpp"
#include "core/time.hpp"
#include "core/validator_set.hpp"

namespace sluice::simulation::twins {

/// In what a faulty builder's block differs from the one it should have proposed.
struct Alteration {
    enum class Kind : std::uint8_t {
        another,  ///< as good as the one it stands for, wherever that can be had
        does_not_execute,
        foreign_parent,
        next_height,
        foreign_builder,
    };
    Kind kind{};
    std::optional<core::Address> builder = {};  ///< whom the block names; none: as it was
    core::Hash parent{};                        ///< of `foreign_parent`
};

/// Made by the network that plays the scripts; outlives them.
struct Setting {
    core::ChainIdentity identity;
    core::ValidatorSet validators;
    core::Duration view_timeout;
    /// With the key of any validator: on other chains all of them have signed what a script likes.
    std::function<core::Signature(std::size_t validator, const core::Hash& digest)> sign;
    /// Nothing where the payload is no block.
    std::function<std::optional<consensus::Body>(const core::SharedBytes& payload, const Alteration&)> alter;
};

}  // namespace sluice::simulation::twins
