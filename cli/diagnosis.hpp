/// Why is it not moving, and what to do next: sentences from status pictures, without any network of its own.
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"

namespace sluice::cli {

/// One node as the doctor sees it.
struct NodePicture {
    std::string name;
    bool is_running = false;  ///< its process is alive; true where that cannot be seen
    bool is_reachable = false;
    Json status;  ///< of sluice_status; null when not reachable
};

enum class Severity { well, note, trouble };

struct Finding {
    Severity severity = Severity::well;
    std::string what;    ///< one sentence: the fact, with names and values
    std::string advice;  ///< what to do next; empty where there is nothing to do
};

/// The findings, gravest first; never empty. `names` gives a validator's name by its address, as the pictures
/// name it.
std::vector<Finding> diagnose(const std::vector<NodePicture>& nodes, std::uint64_t now_ms);

std::string_view name_of(Severity severity);

}  // namespace sluice::cli
