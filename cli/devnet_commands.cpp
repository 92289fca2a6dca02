/// sluice devnet: a network of several banks on one machine.
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/devnet_creation.hpp"
#include "cli/devnet_processes.hpp"
#include "cli/files.hpp"
#include "cli/network_access.hpp"
#include "cli/wallet.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;
using std::chrono::milliseconds;

constexpr milliseconds start_limit{20'000};
constexpr milliseconds stop_limit{6'000};

core::UnixMs wall_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<core::UnixMs>(std::chrono::duration_cast<milliseconds>(now).count());
}

/// A decimal number in a range, or a sentence.
core::Result<std::uint64_t, std::string> number(const Arguments& arguments, std::string_view name,
                                                std::uint64_t least, std::uint64_t most) {
    const auto text = arguments.text(name);
    const auto value = core::uint256_from_decimal(text);
    if (!value || !value->fits_u64() || value->low_u64() < least || value->low_u64() > most)
        return core::fail(fmt::format("{} {}: allowed is a number from {} to {}", name, text, least, most));
    return value->low_u64();
}

core::Result<DevnetPlan, std::string> plan_from(const Arguments& arguments) {
    const auto validators = number(arguments, "--validators", 1, devnet_validators_max);
    if (!validators) return core::fail(validators.error());
    const auto base_port = number(arguments, "--base-port", 1024, 65'535 - 2000 - devnet_validators_max);
    if (!base_port) return core::fail(base_port.error());
    const auto chain_id = number(arguments, "--chain-id", 1, (1ull << 53) - 1);
    if (!chain_id) return core::fail(chain_id.error());
    const auto interval = number(arguments, "--block-interval-ms", 0, 10'000);
    if (!interval) return core::fail(interval.error());
    DevnetPlan plan{.dir = arguments.text("--dir"),
                    .validators = *validators,
                    .base_port = static_cast<std::uint16_t>(*base_port),
                    .chain_id = *chain_id,
                    .block_interval_ms = static_cast<std::uint32_t>(*interval),
                    .value_date = 0,
                    .time_ms = wall_ms()};
    if (const auto text = arguments.text("--value-date"); !text.empty()) {
        const auto date = core::parse_date(text);
        if (!date) return core::fail(fmt::format("--value-date {}: allowed is a day as YYYY-MM-DD", text));
        plan.value_date = *date;
    }
    for (std::size_t i = 0; i < plan.validators; ++i)
        for (const int offset : {0, 1000, 2000})
            if (auto port = check_port_free(static_cast<std::uint16_t>(*base_port + i) +
                                            static_cast<std::uint16_t>(offset));
                !port)
                return core::fail(port.error());
    return plan;
}

std::optional<core::Height> height_of(const DevnetNode& node) {
    RpcClient rpc(node.rpc_url(), milliseconds(2000));
    const auto answer = rpc.call("eth_blockNumber", Json::array());
    return answer ? quantity(*answer) : std::nullopt;
}

core::Result<void, std::string> start_all(Devnet& devnet) {
    for (auto& node : devnet.nodes)
        if (auto started = start_node(node); !started) return started;
    if (auto saved = save_devnet(devnet); !saved) return saved;
    for (const auto& node : devnet.nodes) {
        bool gone = false;
        const bool up = wait_until(start_limit, [&] {
            gone = wait_for_end(node, milliseconds(0));
            return gone || height_of(node).has_value();
        });
        if (gone || !up)
            return core::fail(fmt::format("{} did not start; the end of {}:\n{}", node.name,
                                          (node.folder() / "sluiced.log").string(), log_tail(node, 8)));
    }
    return {};
}

/// The first money: real issues by the central bank, which are the first blocks.
core::Result<void, std::string> issue_first_money(const Devnet& devnet) {
    const auto* central_bank = devnet.find_account("central-bank", "operator");
    if (!central_bank) return core::fail(std::string("the devnet has no central bank"));
    const Signing signing{devnet.chain_id, central_bank->address, central_bank->keystore,
                          central_bank->password_file};
    RpcClient rpc(devnet.nodes.front().rpc_url());
    std::uint64_t number = 0;
    std::vector<std::pair<core::Bic, std::string>> wanted;
    for (const auto& account : devnet.accounts)
        if (account.role == "maker")
            for (const auto* currency : {"EUR", "USD"})
                wanted.emplace_back(account.bic, currency);
    for (const auto& [bic, currency] : wanted) {
        const auto call = native::calls::issue({.bic = bic.chars(),
                                                .currency = core::CurrencyCode::parse(currency)->chars(),
                                                .amount = devnet_issue_minor,
                                                .rtgs_reference = core::word_from_u64(++number)});
        const bool last = number == wanted.size();
        const auto done = submit_call(rpc, signing, call, last ? "final" : "accepted", start_limit);
        if (!done) return core::fail(fmt::format("the first issue was refused: {}", done.error().message));
        if (last && !done->is_final)
            return core::fail(
                std::string("the validators did not agree on a first block; see 'sluice devnet doctor'"));
    }
    return {};
}

core::Result<void, std::string> wait_for_common_height(const Devnet& devnet) {
    const auto target = height_of(devnet.nodes.front()).value_or(0);
    for (const auto& node : devnet.nodes)
        if (!wait_until(start_limit, [&] { return height_of(node).value_or(0) >= target; }))
            return core::fail(fmt::format("{} did not reach height {}", node.name, target));
    return {};
}

void print_up(const Devnet& devnet, double seconds, bool as_json) {
    if (as_json) {
        auto json = to_json(devnet);
        json["seconds"] = seconds;
        return print_json(json);
    }
    print_line(fmt::format("{} validators agree on height {}, after {:.1f} s.", devnet.nodes.size(),
                           height_of(devnet.nodes.front()).value_or(0), seconds));
    std::vector<std::vector<std::string>> rows;
    for (const auto& node : devnet.nodes)
        rows.push_back({node.name, node.bic.to_string(), node.rpc_url(), std::to_string(node.pid)});
    print_line(table({"bank", "BIC", "JSON-RPC", "process"}, rows));
    print_line(fmt::format("Everything about it is in {}", devnet_file(devnet.dir).string()));
}

ExitCode up(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto begin = std::chrono::steady_clock::now();
    const std::filesystem::path dir = arguments.text("--dir");
    const bool is_new = !std::filesystem::exists(devnet_file(dir));
    if (auto made = make_folder(dir, FileMode::secret); !made)
        return fail(ExitCode::refused, made.error(), as_json);
    const auto lock = FileLock::take(dir / "lock");
    if (!lock) return fail(ExitCode::refused, lock.error(), as_json);
    core::Result<Devnet, std::string> devnet = core::fail(std::string());
    if (is_new) {
        const auto plan = plan_from(arguments);
        if (!plan) return fail(ExitCode::usage, plan.error(), as_json);
        devnet = create_devnet(*plan);
    } else {
        devnet = load_devnet(dir);
    }
    if (!devnet) return fail(ExitCode::refused, devnet.error(), as_json);
    if (auto started = start_all(*devnet); !started) return fail(ExitCode::refused, started.error(), as_json);
    if (height_of(devnet->nodes.front()).value_or(0) == 0)
        if (auto issued = issue_first_money(*devnet); !issued)
            return fail(ExitCode::refused, issued.error(), as_json);
    if (auto agreed = wait_for_common_height(*devnet); !agreed)
        return fail(ExitCode::refused, agreed.error(), as_json);
    print_up(*devnet, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
             as_json);
    return ExitCode::done;
}

ExitCode down(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    auto devnet = load_devnet(arguments.text("--dir"));
    if (!devnet) return fail(ExitCode::refused, devnet.error(), as_json);
    for (const auto& node : devnet->nodes) {
        if (!is_running(node)) continue;
        static_cast<void>(
            signal_node(node, NodeSignal::resume));  // a paused process would not hear the next one
        static_cast<void>(signal_node(node, NodeSignal::terminate));
    }
    std::size_t killed = 0;
    for (auto& node : devnet->nodes) {
        if (!wait_for_end(node, stop_limit)) {
            static_cast<void>(signal_node(node, NodeSignal::kill));
            static_cast<void>(wait_for_end(node, stop_limit));
            ++killed;
        }
        node.pid = 0;
    }
    if (auto saved = save_devnet(*devnet); !saved) return fail(ExitCode::refused, saved.error(), as_json);
    if (as_json)
        print_json({{"stopped", devnet->nodes.size()}, {"killed", killed}});
    else
        print_line(
            fmt::format("Stopped. 'sluice devnet up --dir {}' goes on where it was.", devnet->dir.string()));
    return ExitCode::done;
}

ExitCode status(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto devnet = load_devnet(arguments.text("--dir"));
    if (!devnet) return fail(ExitCode::refused, devnet.error(), as_json);
    Json nodes = Json::array();
    std::vector<std::vector<std::string>> rows;
    std::size_t running = 0;
    for (const auto& node : devnet->nodes) {
        RpcClient rpc(node.rpc_url(), milliseconds(1500));
        const bool alive = is_running(node);
        running += alive ? 1 : 0;
        const auto answer =
            alive ? rpc.call("sluice_status", Json::array()) : core::Result<Json, RpcError>(Json());
        const Json picture = answer ? *answer : Json();
        const std::string state = !alive                          ? "down"
                                  : !answer                       ? "silent"
                                  : picture.value("ready", false) ? "ready"
                                                                  : "waiting";
        nodes.push_back(
            {{"name", node.name}, {"state", state}, {"pid", alive ? node.pid : 0}, {"status", picture}});
        const auto shown = [&](const char* key) {
            return picture.is_object() && picture.contains(key) ? picture[key].dump() : std::string("-");
        };
        rows.push_back({node.name, state, shown("height"), shown("view"), shown("peers"),
                        alive ? std::to_string(node.pid) : "-"});
    }
    if (as_json)
        print_json(nodes);
    else
        print_line(table({"bank", "state", "height", "view", "peers", "process"}, rows));
    return running == devnet->nodes.size() ? ExitCode::done : ExitCode::refused;
}

/// The devnet and one of its nodes by name, or a usage error.
core::Result<std::pair<Devnet, std::size_t>, std::string> find_node(const Arguments& arguments) {
    auto devnet = load_devnet(arguments.text("--dir"));
    if (!devnet) return core::fail(devnet.error());
    for (std::size_t i = 0; i < devnet->nodes.size(); ++i)
        if (devnet->nodes[i].name == arguments.text("NAME")) return std::pair{std::move(*devnet), i};
    return core::fail(fmt::format("no node '{}' here; see 'sluice devnet status'", arguments.text("NAME")));
}

ExitCode start(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    auto found = find_node(arguments);
    if (!found) return fail(ExitCode::usage, found.error(), as_json);
    auto& [devnet, index] = *found;
    auto& node = devnet.nodes[index];
    if (auto started = start_node(node); !started) return fail(ExitCode::refused, started.error(), as_json);
    if (auto saved = save_devnet(devnet); !saved) return fail(ExitCode::refused, saved.error(), as_json);
    if (!wait_until(start_limit, [&] { return height_of(node).has_value(); }))
        return fail(ExitCode::refused, fmt::format("{} did not start:\n{}", node.name, log_tail(node, 8)),
                    as_json);
    if (as_json)
        print_json({{"name", node.name}, {"pid", node.pid}});
    else
        print_line(fmt::format("{} runs as process {}", node.name, node.pid));
    return ExitCode::done;
}

ExitCode send_signal(const Arguments& arguments, NodeSignal signal, std::string_view done) {
    const bool as_json = arguments.has("--json");
    auto found = find_node(arguments);
    if (!found) return fail(ExitCode::usage, found.error(), as_json);
    auto& [devnet, index] = *found;
    auto& node = devnet.nodes[index];
    if (auto sent = signal_node(node, signal); !sent) return fail(ExitCode::refused, sent.error(), as_json);
    if (signal == NodeSignal::kill) {
        static_cast<void>(wait_for_end(node, stop_limit));
        node.pid = 0;
        if (auto saved = save_devnet(devnet); !saved) return fail(ExitCode::refused, saved.error(), as_json);
    }
    if (as_json)
        print_json({{"name", node.name}, {"state", done}});
    else
        print_line(fmt::format("{} is {}", node.name, done));
    return ExitCode::done;
}

ExitCode kill(const Arguments& arguments) {
    return send_signal(arguments, NodeSignal::kill, "killed");
}
ExitCode pause(const Arguments& arguments) {
    return send_signal(arguments, NodeSignal::pause, "paused");
}
ExitCode resume(const Arguments& arguments) {
    return send_signal(arguments, NodeSignal::resume, "running");
}

constexpr Argument up_arguments[] = {
    dir_argument,
    {"--validators", ArgumentKind::value, "Banks with a validator each, 1 to 26", false, "4"},
    {"--base-port", ArgumentKind::value, "JSON-RPC of node i listens on this port + i", false, "8545"},
    {"--chain-id", ArgumentKind::value, "Chain id", false, "20022"},
    {"--block-interval-ms", ArgumentKind::value, "Least time between blocks", false, "10"},
    {"--value-date", ArgumentKind::value, "First business day, YYYY-MM-DD; today by default"},
};
constexpr Argument dir_only[] = {dir_argument};
constexpr Argument name_arguments[] = {
    {"NAME", ArgumentKind::positional, "Node, as 'devnet status' names it", true}, dir_argument};

constexpr Command commands[] = {
    {"devnet up", "Make a network, or start it again; returns when all nodes agree on a block", up_arguments,
     up, "sluice devnet up --validators 4"},
    {"devnet down", "Stop all nodes; nothing is lost", dir_only, down},
    {"devnet status", "State, height and view of each node", dir_only, status},
    {"devnet start", "Start one node", name_arguments, start},
    {"devnet kill", "Kill one node at once (SIGKILL)", name_arguments, kill},
    {"devnet pause", "Freeze one node (SIGSTOP)", name_arguments, pause},
    {"devnet resume", "Let a frozen node go on", name_arguments, resume},
};

}  // namespace

std::span<const Command> devnet_commands() {
    return commands;
}

}  // namespace sluice::cli
