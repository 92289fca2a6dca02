/// How many signatures this process has checked; counted by fast_signature.cpp, always zero with ECDSA.
#pragma once

#include <cstdint>

namespace sluice::simulation {

extern std::uint64_t signature_checks;

}  // namespace sluice::simulation
