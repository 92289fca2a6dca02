#include "tests/simulation/signature_count.hpp"

namespace sluice::simulation {

std::uint64_t signature_checks = 0;

}  // namespace sluice::simulation
