/// The software's version, as peers, status pages and `--version` show it.
#pragma once

#include <string_view>

namespace sluice::node {

inline constexpr std::string_view version = SLUICE_VERSION;

}  // namespace sluice::node
