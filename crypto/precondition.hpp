/// The promises a caller makes to this folder: broken, the process ends before it computes on.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace sluice::crypto {

/// Ends the process with one sentence on standard error unless `fact` holds. For own logic and for a machine
/// that fails, never for foreign bytes.
inline void require(bool fact, const char* sentence) {
    if (fact) return;
    std::fputs("sluice: crypto: ", stderr);
    std::fputs(sentence, stderr);
    std::fputc('\n', stderr);
    std::abort();
}

}  // namespace sluice::crypto
