/// sluiced: the node program. `sluiced --config FILE` runs; sub-commands prepare and inspect a data
/// directory.
#include <unistd.h>

#include <iostream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "ledger/storage_failure.hpp"
#include "node/join_runtime.hpp"
#include "node/offline.hpp"
#include "node/process_facts.hpp"
#include "node/runtime.hpp"
#include "node/version.hpp"

namespace sluice::node {
namespace {

int exit_status(ExitCode code) {
    return static_cast<int>(code);
}

int report(const StartFailure& failure) {
    std::cerr << "sluiced: " << failure.message << "\n";
    return exit_status(failure.code);
}

/// Joins from a snapshot where that is due. Nothing: go on.
std::optional<ExitCode> join_if_due(const NodeConfig& config, const Chain& chain, bool is_asked,
                                    SpdlogEventLog& log) {
    const auto fail = [&](const StartFailure& failure) {
        log.error("start_failed", {{"reason", failure.message}});
        return failure.code;
    };
    const auto due = is_to_join(config, chain);
    if (!due) return fail(due.error());
    if (!*due && !is_asked) return std::nullopt;
    auto runtime = JoinRuntime::create(config, chain, log);
    if (!runtime) return fail(runtime.error());
    return (*runtime)->run();
}

/// One process, which opens its data again where the node asks for it. It tries to join once: after that an
/// empty ledger begins with the first block.
ExitCode run_node(const NodeConfig& config) {
    SpdlogEventLog log(config.log_level, config.log_format);
    const auto fail = [&](const StartFailure& failure) {
        log.error("start_failed", {{"reason", failure.message}});
        return failure.code;
    };
    const auto chain = load_chain(config.genesis_file);
    if (!chain) return fail(chain.error());
    bool may_join = config.sync_start == SyncStart::snapshot ||
                    (config.sync_start == SyncStart::automatic && !config.archive);
    if (auto code = join_if_due(config, *chain, false, log)) return *code;
    while (true) {
        auto runtime = Runtime::create(config, *chain, may_join, log);
        if (!runtime) return fail(runtime.error());
        const RunEnd end = (*runtime)->run();
        runtime->reset();
        if (!end.reopening) return end.code;
        if (*end.reopening != Reopening::join) continue;
        may_join = false;
        if (auto code = join_if_due(config, *chain, true, log)) return *code;
    }
}

struct Arguments {
    std::string config_file;
    bool full = false;
    bool json = false;
    RejoinOptions rejoin;
    RepairOptions repair;
};

using Command = int (*)(const NodeConfig&, const Arguments&);

int with_config(const Arguments& arguments, Command command) {
    const auto config = load_config(arguments.config_file, process_environment());
    if (!config) {
        std::cerr << "sluiced: " << config.error().message << "\n";
        return exit_status(ExitCode::usage);
    }
    try {
        return command(*config, arguments);
    } catch (const ledger::StorageFailure& failure) {
        std::cerr << "sluiced: storage failed: " << failure.what() << "\n";
        return exit_status(ExitCode::failed);
    }
}

int command_run(const NodeConfig& config, const Arguments&) {
    return exit_status(run_node(config));
}

int command_init(const NodeConfig& config, const Arguments&) {
    const auto chain = load_chain(config.genesis_file);
    if (!chain) return report(chain.error());
    if (const auto done = initialise(config, *chain); !done) return report(done.error());
    std::cout << fmt::format("initialised {} for chain {} (genesis {})\n", config.data_dir.string(),
                             chain->spec.chain_id, core::to_hex_0x(chain->genesis_hash));
    return 0;
}

int command_rejoin(const NodeConfig& config, const Arguments& arguments) {
    const auto chain = load_chain(config.genesis_file);
    if (!chain) return report(chain.error());
    const auto done = rejoin(config, *chain, arguments.rejoin);
    if (!done) return report(done.error());
    std::cout << fmt::format("{} holds a new vote log: {}\n", config.data_dir.string(), *done);
    return 0;
}

int command_repair(const NodeConfig& config, const Arguments& arguments) {
    const auto done = repair(config, arguments.repair);
    if (!done) return report(done.error());
    std::cout << *done << "\n";
    return 0;
}

int command_verify_db(const NodeConfig& config, const Arguments& arguments) {
    const auto done = verify_db(config, arguments.full, arguments.json, std::cout);
    return done ? exit_status(*done) : report(done.error());
}

int command_dump_votes(const NodeConfig& config, const Arguments& arguments) {
    const auto done = dump_votes(config, arguments.json, std::cout);
    return done ? exit_status(*done) : report(done.error());
}

}  // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    CLI::App app{"sluiced, a Sluice node: validates, executes and settles on one permissioned chain",
                 "sluiced"};
    app.set_version_flag("--version", fmt::format("sluiced {}", version));
    bool list_keys = false;
    app.add_flag("--help-config", list_keys, "List every key of the configuration file and exit");
    app.add_option("--config", arguments.config_file, "Configuration file (TOML)");

    Command chosen = command_run;
    const auto add = [&](const char* name, const char* help, Command command) {
        auto* sub = app.add_subcommand(name, help);
        sub->add_option("--config", arguments.config_file, "Configuration file (TOML)");
        sub->callback([&chosen, command] { chosen = command; });
        return sub;
    };
    add("init", "Make the data directory of a new node: genesis ledger and an empty vote log", command_init);
    auto* again =
        add("rejoin", "Vote again after the vote log was lost: asks the other validators from where on",
            command_rejoin);
    again->add_flag("--accept-lost-votes", arguments.rejoin.accept_lost_votes,
                    "Vote at once, without asking: only when more than f validators have lost their logs");
    again->add_flag("--discard-votes", arguments.rejoin.discard_whole_log,
                    "Also when the vote log is whole, because it is an older copy");
    auto* mend =
        add("repair", "Check a stopped node's ledger and begin it anew if it is damaged; the votes stay",
            command_repair);
    mend->add_flag("--discard-ledger", arguments.repair.discard_whole_ledger,
                   "Also when the ledger is whole: keep it beside and begin anew");
    auto* verify =
        add("verify-db", "Check a stopped node's ledger: hash chain, certificates, roots", command_verify_db);
    verify->add_flag("--full", arguments.full, "Also recompute the state root from the whole state");
    verify->add_flag("--json", arguments.json, "Report as JSON");
    auto* dump = add("dump-votes", "Show a stopped node's vote log", command_dump_votes);
    dump->add_flag("--json", arguments.json, "One JSON object per record");
    app.require_subcommand(0, 1);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : exit_status(ExitCode::usage);
    }
    if (list_keys) {
        std::cout << describe_config_keys();
        return 0;
    }
    if (arguments.config_file.empty()) {
        std::cerr << "sluiced: --config FILE is missing; see sluiced --help\n";
        return exit_status(ExitCode::usage);
    }
    forbid_memory_dumps();
    allow_open_files();
    return with_config(arguments, chosen);
}

}  // namespace sluice::node

int main(int argc, char** argv) {
    return sluice::node::main(argc, argv);
}
