/// sluice status and doctor.
#include <chrono>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/devnet_processes.hpp"
#include "cli/diagnosis.hpp"
#include "cli/network_access.hpp"
#include "cli/rpc_client.hpp"

namespace sluice::cli {
namespace {

std::uint64_t wall_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

std::string text_of(const Json& object, const char* key) {
    if (!object.contains(key) || object[key].is_null()) return "-";
    return object[key].is_string() ? object[key].get<std::string>() : object[key].dump();
}

void show_status(const Json& status) {
    print_line(fmt::format("height {}  view {}  primary {}  peers {}  {}", text_of(status, "height"),
                           text_of(status, "view"), text_of(status, "primary"), text_of(status, "peers"),
                           status.value("ready", false)     ? "ready"
                           : status.value("syncing", false) ? "syncing"
                                                            : "not ready"));
    print_line(fmt::format("block {}", text_of(status, "blockHash")));
    print_line(fmt::format("state {}", text_of(status, "stateRoot")));
    if (status.value("recovering", false))
        print_line("this validator lost its vote log and waits to vote again");
    if (const auto rejoin = status.find("rejoin"); rejoin != status.end() && rejoin->is_object())
        print_line(
            fmt::format("votes again from height {} and view {} on, after its vote log was lost{}",
                        text_of(*rejoin, "fromHeight"), text_of(*rejoin, "fromView"),
                        rejoin->value("byOperator", false) ? "; an operator accepted the lost votes" : ""));
    std::vector<std::vector<std::string>> rows;
    for (const auto& validator : status.value("validators", Json::array())) {
        const auto seen =
            validator.contains("lastSeenMs") && validator["lastSeenMs"].is_number()
                ? fmt::format(
                      "{} s ago",
                      (wall_ms() - std::min(wall_ms(), validator["lastSeenMs"].get<std::uint64_t>())) / 1000)
                : std::string("never");
        rows.push_back({text_of(validator, "name"), text_of(validator, "address"), seen,
                        text_of(validator, "lastSealedHeight")});
    }
    print_line(table({"validator", "address", "heard", "last sealed"}, rows));
}

ExitCode status(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    RpcClient rpc(network->rpc_url());
    const auto answer = rpc.call("sluice_status", Json::array());
    if (!answer) return fail(exit_code_of(answer.error()), answer.error().message, as_json);
    if (as_json)
        print_json(*answer);
    else
        show_status(*answer);
    return ExitCode::done;
}

NodePicture picture_of(const std::string& name, const std::string& url, bool is_running) {
    NodePicture picture{name, is_running, false, Json()};
    if (!is_running) return picture;
    RpcClient rpc(url, std::chrono::milliseconds(2000));
    if (auto answer = rpc.call("sluice_status", Json::array())) {
        picture.is_reachable = true;
        picture.status = std::move(*answer);
    }
    return picture;
}

ExitCode doctor(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    std::vector<NodePicture> pictures;
    if (network->devnet())
        for (const auto& node : network->devnet()->nodes)
            pictures.push_back(picture_of(node.name, node.rpc_url(), is_running(node)));
    else
        pictures.push_back(picture_of(network->rpc_url(), network->rpc_url(), true));
    const auto findings = diagnose(pictures, wall_ms());
    if (as_json) {
        Json rows = Json::array();
        for (const auto& finding : findings)
            rows.push_back({{"severity", name_of(finding.severity)},
                            {"what", finding.what},
                            {"advice", finding.advice}});
        print_json({{"well", findings.front().severity == Severity::well}, {"findings", rows}});
    } else {
        for (const auto& finding : findings) {
            print_line(fmt::format("{}: {}", name_of(finding.severity), finding.what));
            if (!finding.advice.empty()) print_line(fmt::format("    {}", finding.advice));
        }
    }
    return findings.front().severity == Severity::trouble ? ExitCode::refused : ExitCode::done;
}

constexpr Argument network_arguments[] = {dir_argument, rpc_argument, node_argument};

constexpr Command commands[] = {
    {"status", "Height, view, validators of one node", network_arguments, status},
    {"doctor", "Why is it not moving, and what to do next", network_arguments, doctor},
    {"devnet doctor", "The same for a devnet", network_arguments, doctor},
};

}  // namespace

std::span<const Command> status_commands() {
    return commands;
}

}  // namespace sluice::cli
