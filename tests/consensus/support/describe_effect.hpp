/// Effects and messages as one line of text, for traces and transcripts.
#pragma once

#include <string>

#include "consensus/effects.hpp"

namespace sluice::consensus::testing {

/// "COMMIT h=3 v=1 d=8f3a": name, height, view, and the first two bytes of the digest where there is one.
std::string describe(const Message& message);
std::string describe(const Effect& effect);
/// Four hex digits.
std::string short_digest(const Hash& digest);

}  // namespace sluice::consensus::testing
