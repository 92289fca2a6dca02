/// sluice conformance: published settlement cases on a live network, through its public interfaces.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/business_date.hpp"
#include "cli/command.hpp"
#include "cli/confirmation.hpp"
#include "cli/conformance/case_run.hpp"
#include "cli/files.hpp"

namespace sluice::cli {
namespace {

using conformance::CaseOutcome;
using conformance::ReadCase;
using conformance::SettlementCase;
using conformance::SkippedCase;

/// Counts and tells as it goes.
class Report {
  public:
    explicit Report(bool as_json) : as_json_(as_json) {}

    void skipped(const SkippedCase& one) {
        ++skipped_;
        add("SKIP", one.id, one.reason, {{"reason", one.reason}});
    }
    void ran(const SettlementCase& subject, const CaseOutcome& outcome) {
        if (outcome.differences.empty()) {
            ++passed_;
            add("PASS", subject.id,
                fmt::format("{} of {} payments settled", outcome.settled, subject.payments.size()),
                {{"settled", outcome.settled}, {"payments", subject.payments.size()}});
        } else {
            ++failed_;
            add("FAIL", subject.id, fmt::format("{}", fmt::join(outcome.differences, "; ")),
                {{"differences", outcome.differences}});
        }
    }
    ExitCode close() const {
        const bool is_empty = passed_ + failed_ == 0;
        if (as_json_)
            print_json({{"cases", cases_},
                        {"passed", passed_},
                        {"failed", failed_},
                        {"skipped", skipped_},
                        {"error", is_empty ? Json("nothing was checked") : Json()}});
        else
            print_line(fmt::format("{} passed, {} failed, {} skipped", passed_, failed_, skipped_));
        if (is_empty && !as_json_) return fail(ExitCode::refused, "nothing was checked", false);
        return failed_ == 0 && !is_empty ? ExitCode::done : ExitCode::refused;
    }

  private:
    void add(const char* word, const std::string& id, const std::string& text, const Json& more) {
        Json row{{"id", id}, {"result", word}};
        row.update(more);
        cases_.push_back(std::move(row));
        if (!as_json_) print_line(fmt::format("{} {}  {}", word, id, text));
    }

    const bool as_json_;
    Json cases_ = Json::array();
    std::size_t passed_ = 0, failed_ = 0, skipped_ = 0;
};

core::Result<std::vector<ReadCase>, std::string> read_all(const std::vector<std::string>& files) {
    std::vector<ReadCase> all;
    for (const auto& file : files) {
        const auto text = read_file(file);
        if (!text) return core::fail(text.error());
        auto cases = conformance::read_cases(*text);
        if (!cases) return core::fail(fmt::format("{}: {}", file, cases.error()));
        all.insert(all.end(), cases->begin(), cases->end());
    }
    return all;
}

ExitCode run(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto cases = read_all(arguments.list("--cases"));
    if (!cases) return fail(ExitCode::usage, cases.error(), as_json);
    const auto currency = core::CurrencyCode::parse(arguments.text("--currency"));
    if (!currency) return fail(ExitCode::usage, "--currency: allowed are three capital letters", as_json);
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto signing = network->signing(arguments, "operator", "central-bank");
    if (!signing) return fail(ExitCode::usage, signing.error(), as_json);
    const auto key = open_signing(*signing);
    if (!key) return fail(ExitCode::usage, key.error(), as_json);
    RpcClient rpc(network->rpc_url(), std::chrono::seconds(90));
    const auto date = business_date(rpc, *currency);
    if (!date) return fail(exit_code_of(date.error()), date.error().message, as_json);
    // Two runs with one operator's key would use the same banks.
    const auto lock = FileLock::take(signing->key_file.string() + ".conformance.lock");
    if (!lock) return fail(ExitCode::refused, lock.error(), as_json);

    conformance::TestBanks banks(rpc, *key, *currency);
    const conformance::SwitchMemory memory(fmt::format("{}.conformance-{}-{}", signing->key_file.string(),
                                                       signing->chain_id, currency->to_string()));
    if (const auto restored = conformance::restore_switch(banks, memory); !restored)
        return fail(ExitCode::refused, restored.error(), as_json);
    Report report(as_json);
    for (const auto& one : *cases)
        if (const auto* skipped = std::get_if<SkippedCase>(&one))
            report.skipped(*skipped);
        else
            report.ran(std::get<SettlementCase>(one),
                       run_case(std::get<SettlementCase>(one), banks, memory, *date));
    return report.close();
}

constexpr Argument run_arguments[] = {
    {"--cases", ArgumentKind::list, "Files of cases", true},
    {"--currency", ArgumentKind::value, "Three letters; the cases run in this currency", false, "EUR"},
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument,
};

constexpr Command commands[] = {
    {"conformance", "Run published settlement cases on a live network", run_arguments, run,
     "sluice conformance --dir ./devnet --cases gridlock_cases.json rtgs_cases.json"},
};

}  // namespace

std::span<const Command> conformance_commands() {
    return commands;
}

}  // namespace sluice::cli
