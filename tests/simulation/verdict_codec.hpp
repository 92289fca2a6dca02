/// Verdicts between the processes of a campaign: length, then JSON.
#pragma once

#include <optional>
#include <utility>

#include "core/bytes.hpp"
#include "tests/simulation/mode.hpp"

namespace sluice::simulation {

core::Bytes encode_verdict(std::uint64_t number, const Verdict& verdict);
/// The first whole message of `received`, which is taken off it.
std::optional<std::pair<std::uint64_t, Verdict>> take_verdict(core::Bytes& received);

}  // namespace sluice::simulation
