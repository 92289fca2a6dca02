#include "cli/diagnosis.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace sluice::cli {
namespace {

constexpr std::uint64_t silent_after_ms = 5'000;
constexpr std::int64_t clock_trouble_ms = 2'000;
constexpr std::uint64_t disk_trouble_bytes = 1ull << 30;
constexpr std::int64_t certificate_trouble_s = 30 * 86'400;
constexpr std::uint64_t stuck_after_ms = 10'000;

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i)
        text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    return text;
}

std::string span_text(std::uint64_t ms) {
    if (ms < 120'000) return fmt::format("{} s", ms / 1000);
    if (ms < 7'200'000) return fmt::format("{} min", ms / 60'000);
    return fmt::format("{} h", ms / 3'600'000);
}

std::uint64_t number(const Json& object, const char* key, std::uint64_t otherwise = 0) {
    return object.contains(key) && object[key].is_number_integer() ? object[key].get<std::uint64_t>()
                                                                   : otherwise;
}

/// The reachable node with the highest head speaks for the network.
const NodePicture* best_of(const std::vector<NodePicture>& nodes) {
    const NodePicture* best = nullptr;
    for (const auto& node : nodes)
        if (node.is_reachable && (!best || number(node.status, "height") > number(best->status, "height")))
            best = &node;
    return best;
}

/// Validators that the network has not heard from lately.
struct Absence {
    std::vector<std::string> names;
    std::vector<std::string> details;
    std::size_t validators = 0;
    std::size_t quorum = 0;
};

Absence absent_validators(const Json& status, std::uint64_t now_ms) {
    Absence absence;
    for (const auto& validator : status.value("validators", Json::array())) {
        ++absence.validators;
        const auto seen = number(validator, "lastSeenMs");
        if (seen != 0 && seen + silent_after_ms >= now_ms) continue;
        const auto name = validator.value("name", validator.value("address", std::string("?")));
        absence.names.push_back(name);
        absence.details.push_back(
            seen == 0 ? fmt::format("{} was not heard since the node started", name)
                      : fmt::format("{} was last heard {} ago", name, span_text(now_ms - seen)));
    }
    absence.quorum = number(status, "quorum", (2 * absence.validators + 2) / 3);
    return absence;
}

void find_absence(const Json& status, std::uint64_t now_ms, std::vector<Finding>& findings) {
    const auto absence = absent_validators(status, now_ms);
    if (absence.names.empty()) return;
    const auto present = absence.validators - absence.names.size();
    const auto details = joined(absence.details);
    if (present < absence.quorum)
        findings.push_back({Severity::trouble,
                            fmt::format("no quorum: {} of {} validators are heard and {} are needed; {}",
                                        present, absence.validators, absence.quorum, details),
                            fmt::format("start {}; the chain then goes on by itself, and nothing is lost",
                                        joined(absence.names))});
    else
        findings.push_back({Severity::note,
                            fmt::format("the chain goes on without {}: {}", joined(absence.names), details),
                            fmt::format("start {} again", joined(absence.names))});
}

void find_clocks(const Json& status, std::vector<Finding>& findings) {
    for (const auto& validator : status.value("validators", Json::array())) {
        if (!validator.contains("clockAheadMs") || !validator["clockAheadMs"].is_number_integer()) continue;
        const auto ahead = validator["clockAheadMs"].get<std::int64_t>();
        if (std::abs(ahead) < clock_trouble_ms) continue;
        findings.push_back(
            {Severity::trouble,
             fmt::format("the clock of {} is {:.1f} s {}", validator.value("name", std::string("?")),
                         static_cast<double>(std::abs(ahead)) / 1000.0, ahead > 0 ? "ahead" : "behind"),
             "synchronise it (systemctl status systemd-timesyncd or chrony)"});
    }
}

void find_machine(const NodePicture& node, std::uint64_t now_ms, std::vector<Finding>& findings) {
    const auto free_bytes = number(node.status, "diskFreeBytes", disk_trouble_bytes);
    if (free_bytes < disk_trouble_bytes)
        findings.push_back({Severity::trouble,
                            fmt::format("{} has {} MiB of disk left", node.name, free_bytes >> 20),
                            "free space or enlarge the disk; a full disk stops the node"});
    const auto expires = static_cast<std::int64_t>(number(node.status, "certificateExpiresS"));
    const auto left = expires - static_cast<std::int64_t>(now_ms / 1000);
    if (expires != 0 && left < certificate_trouble_s)
        findings.push_back(
            {left < 0 ? Severity::trouble : Severity::note,
             left < 0 ? fmt::format("the TLS certificate of {} has expired", node.name)
                      : fmt::format("the TLS certificate of {} expires in {} days", node.name, left / 86'400),
             "install a new certificate and restart the node"});
    if (node.status.value("evidence", 0) != 0)
        findings.push_back({Severity::trouble,
                            fmt::format("{} holds evidence of a validator that voted twice", node.name),
                            "see sluice_evidence; two processes may run with one key"});
}

void find_progress(const NodePicture& best, std::vector<Finding>& findings) {
    const auto pool = best.status.contains("pool") ? number(best.status["pool"], "transactions") : 0;
    const auto age = number(best.status, "lastBlockAgeMs");
    if (pool > 0 && age > stuck_after_ms)
        findings.push_back(
            {Severity::trouble,
             fmt::format("{} transactions wait and no block was made for {}", pool, span_text(age)),
             "see the validators above; with a quorum the view changes by itself"});
}

void find_laggards(const std::vector<NodePicture>& nodes, const NodePicture& best,
                   std::vector<Finding>& findings) {
    const auto height = number(best.status, "height");
    for (const auto& node : nodes) {
        if (!node.is_reachable || number(node.status, "height") + 2 >= height) continue;
        findings.push_back(
            {Severity::note,
             fmt::format("{} is {} blocks behind", node.name, height - number(node.status, "height")),
             "it catches up by itself; look at its log if it does not"});
    }
}

}  // namespace

std::string_view name_of(Severity severity) {
    switch (severity) {
        case Severity::well:
            return "well";
        case Severity::note:
            return "note";
        case Severity::trouble:
            return "trouble";
    }
    return "";
}

std::vector<Finding> diagnose(const std::vector<NodePicture>& nodes, std::uint64_t now_ms) {
    std::vector<Finding> findings;
    std::vector<std::string> down, silent;
    for (const auto& node : nodes) {
        if (!node.is_running)
            down.push_back(node.name);
        else if (!node.is_reachable)
            silent.push_back(node.name);
    }
    if (!down.empty())
        findings.push_back({Severity::note,
                            fmt::format("{} {} down", joined(down), down.size() == 1 ? "is" : "are"),
                            fmt::format("sluice devnet start {}", down.front())});
    if (!silent.empty())
        findings.push_back(
            {Severity::trouble,
             fmt::format("{} {} and {} not answer", joined(silent), silent.size() == 1 ? "runs" : "run",
                         silent.size() == 1 ? "does" : "do"),
             "frozen or overloaded: sluice devnet resume, or look at its log"});
    const auto* best = best_of(nodes);
    if (!best) {
        findings.push_back({Severity::trouble, "no node answers", "start the nodes: sluice devnet up"});
    } else {
        find_absence(best->status, now_ms, findings);
        find_clocks(best->status, findings);
        find_progress(*best, findings);
        find_laggards(nodes, *best, findings);
        for (const auto& node : nodes)
            if (node.is_reachable) find_machine(node, now_ms, findings);
        if (findings.empty())
            findings.push_back({Severity::well,
                                fmt::format("all {} validators are heard; height {}, last block {} ago",
                                            best->status.value("validators", Json::array()).size(),
                                            number(best->status, "height"),
                                            span_text(number(best->status, "lastBlockAgeMs"))),
                                ""});
    }
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
    return findings;
}

}  // namespace sluice::cli
