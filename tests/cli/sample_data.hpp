/// Where external test data lie: SLUICE_DATA, or beside the checkout. Tests skip what is not there.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace sluice::cli::iso20022::test {

inline std::filesystem::path sample_data() {
    const char* named = std::getenv("SLUICE_DATA");
    return named ? std::filesystem::path(named)
                 : std::filesystem::path(SLUICE_SOURCE_DIR) / ".." / "shared" / "data";
}

}  // namespace sluice::cli::iso20022::test
