/// sluice lsm: runs of liquidity saving, its switch, and what each bank allows it.
#include <charconv>

#include <fmt/format.h>

#include "cli/amounts.hpp"
#include "cli/command.hpp"
#include "cli/confirmation.hpp"
#include "cli/submission_output.hpp"
#include "contracts/native/liquidity_client.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

std::vector<std::string> run_row(const Json& run) {
    return {run.value("runId", Json()).dump(),
            run.value("runHeight", Json()).dump(),
            run.value("ccy", ""),
            run.value("queued", Json()).dump(),
            run.value("settled", Json()).dump(),
            run.value("bypassed", Json()).dump(),
            amount_text(run.value("grossValue", Json())),
            amount_text(run.value("netMoved", Json())),
            amount_text(run.value("liquiditySaved", Json()))};
}

void show_runs(const std::vector<Json>& runs) {
    if (runs.empty()) return print_line("There was no run yet.");
    std::vector<std::vector<std::string>> rows;
    for (const Json& run : runs)
        rows.push_back(run_row(run));
    print_line(table(
        {"run", "height", "currency", "queued", "settled", "bypassed", "gross", "net moved", "saved"}, rows));
}

/// Asks one settle_ view; prints it as JSON, or gives it to `show`.
template <typename Show>
ExitCode view(const Arguments& arguments, const char* method, const Json& query, Show show) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    RpcClient rpc(network->rpc_url());
    const auto answer = rpc.call(method, Json::array({query}));
    if (!answer) return fail(exit_code_of(answer.error()), answer.error().message, as_json);
    if (as_json) {
        print_json(*answer);
        return ExitCode::done;
    }
    return show(*answer);
}

Json currency_query(const Arguments& arguments) {
    Json query = Json::object();
    if (const auto currency = arguments.text("--currency"); !currency.empty()) query["ccy"] = currency;
    return query;
}

ExitCode runs(const Arguments& arguments) {
    return view(arguments, "settle_getLsmRuns", currency_query(arguments), [](const Json& answer) {
        const auto all = answer.value("runs", Json::array());
        show_runs({all.begin(), all.end()});
        return ExitCode::done;
    });
}

ExitCode show(const Arguments& arguments) {
    const auto text = arguments.text("RUN");
    std::uint64_t id = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (fault != std::errc() || end != text.data() + text.size())
        return fail(ExitCode::usage, "RUN: allowed is the number of a run, as 'sluice lsm runs' lists it",
                    arguments.has("--json"));
    return view(arguments, "settle_getLsmRun", {{"runId", id}}, [&](const Json& run) {
        if (run.is_null())
            return fail(ExitCode::refused, fmt::format("no run {} is remembered", text), false);
        show_runs({run});
        std::vector<std::vector<std::string>> rows;
        for (const auto& bank : run["inputs"]["banks"])
            rows.push_back({bank.value("bic", ""), bank.value("balance", ""),
                            bank["floors"][2].get<std::string>(), std::to_string(bank["queue"].size()),
                            bank.value("mayPay", true) ? "yes" : "no",
                            bank.value("allowsBypass", false) ? "yes" : "no"});
        print_line(table({"bank", "balance", "floor (Normal)", "queued", "may pay", "bypass"}, rows));
        print_line(fmt::format("inputs {} (minor units; scripts/check-netting computes the run again)",
                               run.value("inputsHash", "")));
        return ExitCode::done;
    });
}

ExitCode status(const Arguments& arguments) {
    Json query = currency_query(arguments);
    if (const auto name = arguments.text("--bic"); !name.empty()) {
        const auto network = NetworkAccess::find(arguments);
        if (!network) return fail(ExitCode::usage, network.error(), arguments.has("--json"));
        const auto bank = network->bank(name);
        if (!bank) return fail(ExitCode::usage, bank.error(), arguments.has("--json"));
        query["bic"] = bank->to_string();
    }
    return view(arguments, "settle_getLsmStatus", query, [](const Json& answer) {
        std::vector<std::vector<std::string>> rows;
        for (const auto& row : answer)
            rows.push_back({row.value("ccy", ""), row.value("enabled", false) ? "on" : "off",
                            row.value("queued", Json()).dump(), row.value("deadlock", false) ? "yes" : "no",
                            row.contains("bic") ? row.value("bic", "") : "-",
                            row.contains("shortfall") ? amount_text(row["shortfall"]) : "-",
                            row.contains("subLimit") ? amount_text(row["subLimit"]) : "-",
                            !row.contains("allowBypass")      ? "-"
                            : row.value("allowBypass", false) ? "allowed"
                                                              : "not allowed"});
        print_line(table({"currency", "saving", "queued", "deadlock", "bank", "its shortfall",
                          "kept out of runs", "bypass"},
                         rows));
        return ExitCode::done;
    });
}

core::Result<native::CurrencyText, std::string> read_code(const Arguments& arguments) {
    const auto currency = core::CurrencyCode::parse(arguments.text("--currency"));
    if (!currency) return core::fail(std::string("--currency: allowed are three capital letters, like EUR"));
    return currency->chars();
}

/// An act of an operator on one currency.
ExitCode operate(const Arguments& arguments, const char* sentence,
                 native::ContractCall (*make)(const native::CurrencyText&)) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto code = read_code(arguments);
    if (!code) return fail(ExitCode::usage, code.error(), as_json);
    if (!is_confirmed(arguments, fmt::format("{} ({}).", sentence, arguments.text("--currency"))))
        return fail(ExitCode::refused, "nothing was sent", as_json);
    return submit_and_print(arguments, *network, "operator", "central-bank", make(*code));
}

ExitCode run(const Arguments& arguments) {
    return operate(arguments, "Resolve the queues once, at the end of the next block",
                   [](const native::CurrencyText& code) { return native::calls::run_lsm(code); });
}

ExitCode switch_on(const Arguments& arguments) {
    return operate(arguments, "Switch liquidity saving on", [](const native::CurrencyText& code) {
        return native::calls::set_lsm_enabled(code, true);
    });
}

ExitCode switch_off(const Arguments& arguments) {
    return operate(
        arguments, "Switch liquidity saving off: queues settle from their heads alone",
        [](const native::CurrencyText& code) { return native::calls::set_lsm_enabled(code, false); });
}

ExitCode options(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto code = read_code(arguments);
    if (!code) return fail(ExitCode::usage, code.error(), as_json);
    core::Minor kept = 0;
    std::string kept_text = "nothing";
    if (const auto amount = arguments.text("--sub-limit"); !amount.empty()) {
        RpcClient rpc(network->rpc_url());
        const auto money = read_money(rpc, amount, arguments.text("--currency"), true);
        if (!money) return fail(ExitCode::usage, money.error(), as_json);
        kept = money->minor;
        kept_text = money->to_string();
    }
    const bool allow_bypass = arguments.has("--allow-bypass");
    if (!is_confirmed(arguments,
                      fmt::format("{}: {} stays out of runs of liquidity saving; its queue {} be passed by.",
                                  arguments.text("--bank"), kept_text, allow_bypass ? "may" : "may not")))
        return fail(ExitCode::refused, "nothing was sent", as_json);
    return submit_and_print(arguments, *network, "admin", arguments.text("--bank"),
                            native::calls::set_lsm_options(*code, allow_bypass, kept));
}

constexpr Argument any_currency{"--currency", ArgumentKind::value,
                                "Three letters; all currencies by default"};
constexpr Argument one_currency{"--currency", ArgumentKind::value, "Three letters, like EUR", true};
constexpr Argument runs_arguments[] = {any_currency, dir_argument, rpc_argument, node_argument};
constexpr Argument show_arguments[] = {
    {"RUN", ArgumentKind::positional, "Number of the run", true}, dir_argument, rpc_argument, node_argument};
constexpr Argument status_arguments[] = {
    any_currency,
    {"--bic", ArgumentKind::value, "Bank whose shortfall and options to show: devnet name or BIC"},
    dir_argument,
    rpc_argument,
    node_argument};
constexpr Argument operator_arguments[] = {one_currency, wait_argument, yes_argument, dir_argument,
                                           rpc_argument, node_argument, key_argument, password_argument};
constexpr Argument options_arguments[] = {
    {"--bank", ArgumentKind::value, "Bank whose admin signs", true},
    one_currency,
    {"--allow-bypass", ArgumentKind::flag, "Let payments behind the head settle first; without it, not"},
    {"--sub-limit", ArgumentKind::value, "Money that runs leave on the account; without it, none"},
    wait_argument,
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};

constexpr Command commands[] = {
    {"lsm runs", "What liquidity saving settled, the newest run first", runs_arguments, runs},
    {"lsm show", "One run and what went into it", show_arguments, show, "sluice lsm show 3"},
    {"lsm status", "Whether it is on, whether queues stand still, what a bank lacks", status_arguments,
     status, "sluice lsm status --currency EUR --bic bank-a"},
    {"lsm run", "Resolve the queues of a currency once (operator)", operator_arguments, run},
    {"lsm on", "Switch liquidity saving on (operator)", operator_arguments, switch_on},
    {"lsm off", "Switch liquidity saving off (operator)", operator_arguments, switch_off},
    {"lsm options", "What a bank lets liquidity saving do with its queue and money", options_arguments,
     options},
};

}  // namespace

std::span<const Command> liquidity_commands() {
    return commands;
}

}  // namespace sluice::cli
