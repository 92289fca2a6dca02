/// sluice: the wallet and operator's program. Builds its command line from the tables of commands.
#include <cstdlib>
#include <deque>
#include <exception>
#include <iostream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/command.hpp"
#include "cli/output.hpp"

namespace sluice::cli {
namespace {

/// Where CLI11 puts what it reads for one argument.
struct Slot {
    const Argument* argument = nullptr;
    bool flag = false;
    std::vector<std::string> values;
    CLI::Option* option = nullptr;
};

struct Bound {
    const Command* command = nullptr;
    CLI::App* app = nullptr;
    std::deque<Slot> slots;
};

/// Flags that every command has.
constexpr Argument common_arguments[] = {
    {"--json", ArgumentKind::flag, "Answer as JSON, for machines"},
};

std::string group_help(std::string_view group) {
    static const std::map<std::string_view, std::string_view> groups{
        {"devnet", "A real network of several banks on this machine"},
        {"participant", "A bank's own entry: keys, mandates, thresholds"},
        {"authority", "Acts of the operators, by k of n"},
        {"validator", "Who votes: the validators, and changes of their set"},
        {"key", "Keys in keystore files"},
        {"genesis", "The genesis file of a chain"},
        {"day", "The business day of a currency"},
        {"iso", "ISO 20022 messages"},
        {"credit", "Credit lines of the central bank"},
        {"limit", "Limits of a bank on what it pays"},
        {"lsm", "Liquidity saving: payments that settle together"},
        {"freeze", "What an authority freezes"},
        {"unfreeze", "Ends of freezes"},
        {"recall", "Settled payments that their payer wants back"},
        {"bench", "Measurements on this machine"}};
    const auto found = groups.find(group);
    return found == groups.end() ? "" : std::string(found->second);
}

/// The app of a command's path, made with its groups as needed.
CLI::App* app_for(CLI::App& root, std::map<std::string, CLI::App*>& groups, const Command& command) {
    const auto blank = command.path.find(' ');
    const std::string last(blank == std::string_view::npos ? command.path : command.path.substr(blank + 1));
    CLI::App* parent = &root;
    if (blank != std::string_view::npos) {
        const std::string group(command.path.substr(0, blank));
        auto& known = groups[group];
        if (!known) {
            known = root.add_subcommand(group, group_help(group));
            known->require_subcommand(1);
        }
        parent = known;
    }
    auto* app = parent->add_subcommand(last, std::string(command.help));
    if (!command.example.empty()) app->footer(fmt::format("Example:\n  {}", command.example));
    return app;
}

void bind(Bound& bound, const Argument& argument) {
    Slot& slot = bound.slots.emplace_back();
    slot.argument = &argument;
    const std::string name(argument.name), help(argument.help);
    if (argument.kind == ArgumentKind::flag) {
        slot.option = bound.app->add_flag(name, slot.flag, help);
        return;
    }
    slot.option = bound.app->add_option(name, slot.values, help);
    // Without the second, a positional would take what belongs to the next one.
    if (argument.kind != ArgumentKind::list) slot.option->expected(1)->allow_extra_args(false);
    if (argument.required) slot.option->required();
    std::string text = help;
    if (!argument.default_value.empty()) text += fmt::format(" (default {})", argument.default_value);
    if (!argument.variable.empty()) text += fmt::format(" [${}]", argument.variable);
    slot.option->description(text);
}

/// Stands before a value that begins with a bracket: CLI11 would take "[1,2]" for two values.
constexpr char bracket_mark = '\x01';

std::vector<std::string> with_marks(int argc, char** argv) {
    std::vector<std::string> words;
    for (int i = argc - 1; i > 0; --i)  // CLI11 wants them in reverse
        words.push_back(argv[i][0] == '[' ? bracket_mark + std::string(argv[i]) : argv[i]);
    return words;
}

std::vector<std::string> without_marks(std::vector<std::string> values) {
    for (auto& value : values)
        if (!value.empty() && value[0] == bracket_mark) value.erase(0, 1);
    return values;
}

/// What holds where nothing was typed: the environment, else the default, else nothing.
std::string unsaid_value(const Argument& argument) {
    const char* const variable =
        argument.variable.empty() ? nullptr : std::getenv(std::string(argument.variable).c_str());
    return variable != nullptr && *variable != '\0' ? variable : std::string(argument.default_value);
}

Arguments arguments_of(const Bound& bound) {
    Arguments arguments;
    for (const auto& slot : bound.slots) {
        const std::string name(slot.argument->name);
        if (slot.argument->kind == ArgumentKind::flag) {
            if (slot.flag) arguments.set(name, {"true"});
        } else if (slot.option->count() > 0) {
            arguments.set(name, without_marks(slot.values));
        } else if (const auto value = unsaid_value(*slot.argument); !value.empty()) {
            arguments.set(name, {value});
        }
    }
    return arguments;
}

/// What a command did not expect, such as an answer of another shape than a node gives. Whether an act that
/// was under way took effect is not known then, so the exit code is that of silence.
ExitCode run_guarded(const Command& command, const Arguments& arguments) {
    try {
        return command.run(arguments);
    } catch (const std::exception& error) {
        return fail(
            ExitCode::unreachable,
            fmt::format("{} stopped: {}. If it sent something, ask for the status before sending it again",
                        command.path, error.what()),
            arguments.has("--json"));
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App root{"sluice: pay, look and operate on a Sluice network", "sluice"};
    root.set_version_flag("--version", "sluice " SLUICE_VERSION);
    root.require_subcommand(1);
    root.set_help_all_flag("--help-all", "Help for every command");
    std::deque<Bound> bound;
    std::map<std::string, CLI::App*> groups;
    for (const auto table :
         {devnet_commands(),      devnet_add_commands(), validator_commands(),   key_commands(),
          genesis_commands(),     payment_commands(),    money_commands(),       liquidity_commands(),
          lock_commands(),        view_commands(),       receipt_commands(),     status_commands(),
          iso_commands(),         deploy_commands(),     call_commands(),        bench_commands(),
          conformance_commands(), batch_commands(),      limit_commands(),       day_commands(),
          return_commands(),      history_commands(),    participant_commands(), authority_commands()})
        for (const auto& command : table) {
            auto& entry = bound.emplace_back();
            entry.command = &command;
            entry.app = app_for(root, groups, command);
            for (const auto& argument : command.arguments)
                bind(entry, argument);
            for (const auto& argument : common_arguments)
                bind(entry, argument);
        }
    try {
        root.parse(with_marks(argc, argv));
    } catch (const CLI::ParseError& error) {
        return root.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::usage);
    }
    for (const auto& entry : bound)
        if (entry.app->parsed()) return static_cast<int>(run_guarded(*entry.command, arguments_of(entry)));
    return static_cast<int>(ExitCode::usage);
}

}  // namespace sluice::cli

int main(int argc, char** argv) {
    return sluice::cli::main(argc, argv);
}
