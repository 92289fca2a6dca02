/// A second opinion on what the verifier lets through, written from the rules and not from its code.
#pragma once

#include <string>

#include "tests/simulation/twins/instance.hpp"

namespace sluice::simulation::twins {

/// What is wrong with a message that was accepted; empty if nothing is. Looks at NEW-VIEWs, VIEW-CHANGEs,
/// proposals and certificates.
std::string fault_of(const consensus::Message& message, const Chain& chain);

}  // namespace sluice::simulation::twins
