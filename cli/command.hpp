/// Commands as rows: name, arguments, help, run. The program is a table of them.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::cli {

/// Exit codes of every command.
enum class ExitCode : int {
    done = 0,
    refused = 1,      ///< refused or failed; nothing more will happen
    usage = 2,        ///< the command line is wrong
    not_final = 3,    ///< not final within the wait: the state is unknown, ask before sending again
    unreachable = 4,  ///< no node answered
};

enum class ArgumentKind {
    flag,        ///< --json
    value,       ///< --amount 250.00
    positional,  ///< NAME
    list,        ///< FILE… : the rest of the line
};

struct Argument {
    std::string_view name;  ///< "--amount", or for a positional its name in capitals
    ArgumentKind kind = ArgumentKind::value;
    std::string_view help;
    bool required = false;
    std::string_view default_value = {};
    std::string_view variable = {};  ///< environment variable that stands in before the default
};

/// What was typed, by the argument's name; flags hold "true".
class Arguments {
  public:
    void set(std::string name, std::vector<std::string> values) {
        values_[std::move(name)] = std::move(values);
    }
    bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
    /// The value, or "" if it was not given and has no default.
    std::string text(std::string_view name) const {
        const auto found = values_.find(name);
        return found == values_.end() || found->second.empty() ? "" : found->second.front();
    }
    std::vector<std::string> list(std::string_view name) const {
        const auto found = values_.find(name);
        return found == values_.end() ? std::vector<std::string>{} : found->second;
    }

  private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

struct Command {
    std::string_view path;  ///< "pay", "devnet up": words separated by blanks
    std::string_view help;
    std::span<const Argument> arguments;
    ExitCode (*run)(const Arguments&);
    std::string_view example = {};
};

// One table per group of commands, each beside its code.
std::span<const Command> devnet_commands();
std::span<const Command> devnet_add_commands();
std::span<const Command> validator_commands();
std::span<const Command> key_commands();
std::span<const Command> genesis_commands();
std::span<const Command> payment_commands();
std::span<const Command> money_commands();
std::span<const Command> liquidity_commands();
std::span<const Command> day_commands();
std::span<const Command> lock_commands();
std::span<const Command> participant_commands();
std::span<const Command> authority_commands();
std::span<const Command> view_commands();
std::span<const Command> receipt_commands();
std::span<const Command> status_commands();
std::span<const Command> iso_commands();
std::span<const Command> deploy_commands();
std::span<const Command> call_commands();
std::span<const Command> batch_commands();
std::span<const Command> bench_commands();
std::span<const Command> limit_commands();
std::span<const Command> return_commands();
std::span<const Command> conformance_commands();
std::span<const Command> history_commands();

}  // namespace sluice::cli
