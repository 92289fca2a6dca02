/// sluice day: the business day of a currency, and the operator's acts about it.
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/confirmation.hpp"
#include "cli/day_times.hpp"
#include "cli/submission_output.hpp"
#include "contracts/native/settlement_results.hpp"
#include "core/calendar.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

constexpr core::UnixMs minute_ms = 60'000;

/// What every act of this group needs.
struct Subject {
    NetworkAccess network;
    core::CurrencyCode currency;
};

core::Result<Subject, std::string> read_subject(const Arguments& arguments) {
    auto network = NetworkAccess::find(arguments);
    if (!network) return core::fail(network.error());
    const auto currency = core::CurrencyCode::parse(arguments.text("--currency"));
    if (!currency)
        return core::fail(
            fmt::format("--currency {}: allowed are three capital letters", arguments.text("--currency")));
    return Subject{std::move(*network), *currency};
}

core::Result<core::DateYmd, std::string> read_date(const Arguments& arguments) {
    const auto text = arguments.text("--date");
    if (const auto date = core::parse_date(text)) return *date;
    return core::fail(fmt::format("--date {}: allowed is a day as YYYY-MM-DD", text));
}

core::Result<native::Phase, std::string> read_phase(const Arguments& arguments, std::string_view name) {
    const auto text = arguments.text(name);
    if (const auto phase = parse_phase(text)) return *phase;
    return core::fail(fmt::format(
        "{} {}: allowed are pre-open, open, cutoff-customer, cutoff-bank, closing and closed", name, text));
}

/// 00:00 of the local day that a value date stands for.
core::Result<core::UnixMs, std::string> midnight_of(RpcClient& rpc, const core::CurrencyCode& currency,
                                                    core::DateYmd date) {
    const auto data = read_call(rpc, native::calls::midnight_of(currency.chars(), date));
    if (!data) return core::fail(data.error().message);
    const auto midnight = native::results::number(*data);
    if (!midnight || *midnight == 0)
        return core::fail(fmt::format("{} is not settled here", currency.to_string()));
    return *midnight;
}

core::Result<core::DateYmd, std::string> value_date_of(RpcClient& rpc, const core::CurrencyCode& currency) {
    const auto data = read_call(rpc, native::calls::business_day(currency.chars()));
    if (!data) return core::fail(data.error().message);
    const auto day = native::results::business_day(*data);
    if (!day || day->value_date == 0)
        return core::fail(fmt::format("{} is not settled here", currency.to_string()));
    return day->value_date;
}

ExitCode act(const Arguments& arguments, const Subject& subject, const std::string& sentence,
             const native::ContractCall& call) {
    if (!is_confirmed(arguments, sentence))
        return fail(ExitCode::refused, "nothing was sent", arguments.has("--json"));
    return submit_and_print(arguments, subject.network, "operator", "central-bank", call);
}

// ---- show

std::string date_text(const Json& row, const char* member) {
    const auto date = row.value(member, core::DateYmd{0});
    return date == 0 ? "none" : core::format_date(date);
}

std::string instant_text(const Json& row, const char* member) {
    const auto time_ms = row.value(member, core::UnixMs{0});
    return time_ms == 0 ? "-" : format_time(time_ms);
}

void show_date(const Json& row, RpcClient& rpc) {
    const auto currency = core::CurrencyCode::parse(row.value("ccy", ""));
    for (const char* which : {"today", "asked"}) {
        if (!row.contains(which) || !currency) continue;
        const Json& date = row[which];
        const auto day = date.value("date", core::DateYmd{0});
        const auto& times = date["times"];
        if (!times.is_object()) {
            print_line(fmt::format("\n{} {}: no value date", row.value("ccy", ""), core::format_date(day)));
            continue;
        }
        const auto midnight = midnight_of(rpc, *currency, day).value_or(0);
        std::vector<std::vector<std::string>> rows;
        for (const auto& [phase, time] : times.items())
            rows.push_back({phase, "at " + local_time_text(time.get<core::UnixMs>(), midnight),
                            "= " + format_time(time.get<core::UnixMs>())});
        print_line(fmt::format("\n{} {} ({})", row.value("ccy", ""), core::format_date(day),
                               row.value("timeZone", "")));
        print_line(table({"phase", "local time", "instant"}, rows));
        if (date["closedHeight"].is_number())
            print_line(fmt::format("closed in block {}, {} payments expired", date["closedHeight"].dump(),
                                   date["expired"].dump()));
    }
}

ExitCode show(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    Json query = Json::object();
    if (const auto currency = arguments.text("--currency"); !currency.empty()) query["ccy"] = currency;
    if (arguments.has("--date")) {
        const auto date = read_date(arguments);
        if (!date) return fail(ExitCode::usage, date.error(), as_json);
        query["date"] = *date;
    }
    RpcClient rpc(network->rpc_url());
    const auto answer = rpc.call("settle_getBusinessDay", Json::array({query}));
    if (!answer) return fail(exit_code_of(answer.error()), answer.error().message, as_json);
    if (as_json) {
        print_json(*answer);
        return ExitCode::done;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : *answer)
        rows.push_back({row.value("ccy", ""), date_text(row, "valueDate"), row.value("phase", ""),
                        row["nextPhase"].is_string() ? row.value("nextPhase", "") : "value date",
                        instant_text(row, "nextAt"), date_text(row, "nextValueDate")});
    print_line(table({"currency", "value date", "phase", "next", "at", "next value date"}, rows));
    for (const auto& row : *answer)
        show_date(row, rpc);
    return ExitCode::done;
}

// ---- acts

ExitCode advance(const Arguments& arguments) {
    const auto subject = read_subject(arguments);
    if (!subject) return fail(ExitCode::usage, subject.error(), arguments.has("--json"));
    const auto phase = read_phase(arguments, "--to");
    if (!phase) return fail(ExitCode::usage, phase.error(), arguments.has("--json"));
    return act(arguments, *subject,
               fmt::format("{} goes to {} now, through every phase before it.", subject->currency.to_string(),
                           native::name_of(*phase)),
               native::calls::advance(subject->currency.chars(), *phase));
}

ExitCode extend(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto subject = read_subject(arguments);
    if (!subject) return fail(ExitCode::usage, subject.error(), as_json);
    const auto phase = read_phase(arguments, "--phase");
    if (!phase) return fail(ExitCode::usage, phase.error(), as_json);
    const auto minutes = parse_minutes(arguments.text("--until"));
    if (!minutes)
        return fail(ExitCode::usage,
                    fmt::format("--until {}: allowed is a local time HH:MM", arguments.text("--until")),
                    as_json);
    RpcClient rpc(subject->network.rpc_url());
    const auto date = value_date_of(rpc, subject->currency);
    if (!date) return fail(ExitCode::unreachable, date.error(), as_json);
    const auto midnight = midnight_of(rpc, subject->currency, *date);
    if (!midnight) return fail(ExitCode::unreachable, midnight.error(), as_json);
    return act(arguments, *subject,
               fmt::format("{} of {} begins at {} local time today.", native::name_of(*phase),
                           subject->currency.to_string(), minutes_text(*minutes)),
               native::calls::extend(subject->currency.chars(), *phase, *midnight + *minutes * minute_ms));
}

ExitCode calendar(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto subject = read_subject(arguments);
    if (!subject) return fail(ExitCode::usage, subject.error(), as_json);
    const auto date = read_date(arguments);
    if (!date) return fail(ExitCode::usage, date.error(), as_json);
    std::array<core::UnixMs, 5> times{};
    if (const auto text = arguments.text("--times"); !text.empty()) {
        const auto minutes = parse_day_times(text);
        if (!minutes) return fail(ExitCode::usage, "--times " + minutes.error(), as_json);
        RpcClient rpc(subject->network.rpc_url());
        const auto midnight = midnight_of(rpc, subject->currency, *date);
        if (!midnight) return fail(ExitCode::unreachable, midnight.error(), as_json);
        for (std::size_t i = 0; i < times.size(); ++i)
            times[i] = *midnight + (*minutes)[i] * minute_ms;
    }
    return act(arguments, *subject,
               fmt::format("{} on {} {}.", subject->currency.to_string(), core::format_date(*date),
                           times.back() == 0 ? std::string("follows the schedule again")
                                             : "has the times " + arguments.text("--times")),
               native::calls::calendar(subject->currency.chars(), *date, times));
}

ExitCode holiday(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto subject = read_subject(arguments);
    if (!subject) return fail(ExitCode::usage, subject.error(), as_json);
    const auto date = read_date(arguments);
    if (!date) return fail(ExitCode::usage, date.error(), as_json);
    const bool on = !arguments.has("--off");
    return act(arguments, *subject,
               fmt::format("{} is {} holiday of {}.", core::format_date(*date), on ? "a" : "no",
                           subject->currency.to_string()),
               native::calls::set_holiday(subject->currency.chars(), *date, on));
}

ExitCode schedule(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto subject = read_subject(arguments);
    if (!subject) return fail(ExitCode::usage, subject.error(), as_json);
    const auto minutes = parse_day_times(arguments.text("--times"));
    if (!minutes) return fail(ExitCode::usage, "--times " + minutes.error(), as_json);
    const auto weekdays = parse_weekdays(arguments.text("--weekdays"));
    if (!weekdays) return fail(ExitCode::usage, "--weekdays " + weekdays.error(), as_json);
    return act(arguments, *subject,
               fmt::format("From the next day on {} has the times {} on {}.", subject->currency.to_string(),
                           arguments.text("--times"), arguments.text("--weekdays")),
               native::calls::set_schedule(subject->currency.chars(), {*minutes, *weekdays}));
}

constexpr Argument currency_row{"--currency", ArgumentKind::value, "Three letters, like EUR", true};
constexpr Argument date_row{"--date", ArgumentKind::value, "Value date YYYY-MM-DD", true};
constexpr Argument times_help{
    "--times", ArgumentKind::value,
    "Local times of PreOpen,Open,CutoffCustomer,CutoffBank,Closing: 00:00,06:00,17:40,18:00,18:20"};

constexpr Argument show_arguments[] = {
    {"--currency", ArgumentKind::value, "Three letters; all currencies by default"},
    {"--date", ArgumentKind::value, "The plan of this date too, YYYY-MM-DD"},
    dir_argument,
    rpc_argument,
    node_argument};
constexpr Argument advance_arguments[] = {
    currency_row,
    {"--to", ArgumentKind::value, "pre-open, open, cutoff-customer, cutoff-bank, closing or closed", true},
    wait_argument,
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};
constexpr Argument extend_arguments[] = {
    currency_row,
    {"--phase", ArgumentKind::value, "The phase that begins later", true},
    {"--until", ArgumentKind::value, "Its new local time, HH:MM", true},
    wait_argument,
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};
constexpr Argument calendar_arguments[] = {currency_row, date_row,         times_help,   wait_argument,
                                           yes_argument, dir_argument,     rpc_argument, node_argument,
                                           key_argument, password_argument};
constexpr Argument holiday_arguments[] = {
    currency_row,     date_row,      {"--off", ArgumentKind::flag, "It is no holiday after all"},
    wait_argument,    yes_argument,  dir_argument,
    rpc_argument,     node_argument, key_argument,
    password_argument};
constexpr Argument schedule_arguments[] = {
    currency_row,
    {times_help.name, times_help.kind, times_help.help, true},
    {"--weekdays", ArgumentKind::value, "Business days of the week", false, "mon-fri"},
    wait_argument,
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};

constexpr Command commands[] = {
    {"day show", "Value date, phase and planned times of each currency", show_arguments, show,
     "sluice day show --currency EUR --date 2026-12-24"},
    {"day advance", "The operator takes a currency to a later phase now", advance_arguments, advance,
     "sluice day advance --currency EUR --to closed"},
    {"day extend", "The operator lets a phase of today begin later", extend_arguments, extend,
     "sluice day extend --currency EUR --phase cutoff-customer --until 19:00"},
    {"day calendar", "The operator gives one date times of its own, or back to the schedule",
     calendar_arguments, calendar,
     "sluice day calendar --currency EUR --date 2026-12-24 --times 00:00,06:00,12:00,12:30,13:00"},
    {"day holiday", "The operator makes a date no value date", holiday_arguments, holiday,
     "sluice day holiday --currency EUR --date 2026-12-25"},
    {"day schedule", "The operator sets the times of ordinary days", schedule_arguments, schedule},
};

}  // namespace

std::span<const Command> day_commands() {
    return commands;
}

}  // namespace sluice::cli
