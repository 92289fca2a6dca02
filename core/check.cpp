#include "core/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace sluice::core {

void check_failed(const char* fact, const char* file, int line) noexcept {
    std::fprintf(stderr, "CHECK failed: %s (%s:%d)\n", fact, file, line);
    std::fflush(stderr);
    std::abort();
}

}  // namespace sluice::core
