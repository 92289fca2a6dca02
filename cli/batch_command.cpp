/// sluice batch: a file of payments of one bank, a hundred under one signature.
#include <chrono>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cli/batch/batch_run.hpp"
#include "cli/business_date.hpp"
#include "cli/command.hpp"
#include "cli/confirmation.hpp"
#include "cli/files.hpp"
#include "cli/progress.hpp"
#include "contracts/native/settlement_results.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;
using batch::BatchRecord;
using batch::FilePayment;
using batch::RowFault;
using batch::RowOutcome;

/// What a file is checked against.
struct NetworkFacts {
    std::map<core::CurrencyCode, unsigned> exponents;
    std::set<core::Bic> participants;
    std::string genesis_hash;
};

core::Result<NetworkFacts, RpcError> read_facts(RpcClient& rpc) {
    NetworkFacts facts;
    const auto data = read_call(rpc, native::calls::currencies());
    if (!data) return core::fail(data.error());
    const auto currencies = native::results::currencies(*data);
    if (!currencies)
        return core::fail(
            RpcError{RpcError::Kind::malformed, 0, "the node's list of currencies cannot be read", {}});
    for (const auto& row : *currencies)
        facts.exponents[native::currency_of(row.code)] = row.exponent;
    const auto status = rpc.call("sluice_status", Json::array());
    if (!status) return core::fail(status.error());
    facts.genesis_hash = status->value("genesisHash", "");
    for (std::size_t from = 0;;) {
        const auto answer = rpc.call("settle_getParticipants", {{{"from", from}}});
        if (!answer) return core::fail(answer.error());
        const auto rows = answer->value("participants", Json::array());
        for (const auto& row : rows)
            if (const auto bic = core::Bic::parse(row.value("bic", ""))) facts.participants.insert(*bic);
        if (rows.empty()) return facts;
        from += rows.size();
    }
}

batch::FileRules rules_for(const NetworkAccess& network, const NetworkFacts& facts, const core::Bic& payer,
                           std::string label) {
    return {.payer = payer,
            .find_bank = [&](const std::string& name) -> core::Result<core::Bic, std::string> {
                const auto bic = network.bank(name);
                if (!bic) return core::fail(bic.error());
                if (!facts.participants.contains(*bic))
                    return core::fail(fmt::format("no participant has the BIC {}", bic->to_string()));
                return *bic;
            },
            .find_exponent = [&](const core::CurrencyCode& code) -> core::Result<unsigned, std::string> {
                const auto found = facts.exponents.find(code);
                if (found != facts.exponents.end()) return found->second;
                std::string known;
                for (const auto& [other, exponent] : facts.exponents)
                    known += (known.empty() ? "" : ", ") + other.to_string();
                return core::fail(fmt::format("this network settles {}", known));
            },
            .label = std::move(label)};
}

ExitCode tell_faults(const std::string& file, const std::vector<RowFault>& faults, bool as_json) {
    if (as_json) {
        Json rows = Json::array();
        for (const auto& fault : faults)
            rows.push_back({{"line", fault.line}, {"error", fault.sentence}});
        print_json({{"error", "the file was not sent"}, {"file", file}, {"faults", rows}});
        return ExitCode::usage;
    }
    for (const auto& fault : faults)
        fmt::print(stderr, "{}:{}: {}\n", file, fault.line, fault.sentence);
    return fail(ExitCode::usage, fmt::format("{} fault(s) in {}; nothing was sent", faults.size(), file),
                false);
}

/// "1,204 payments" have sums per currency: "12 payments, 120.00 EUR, 5.00 USD".
std::string summary_of(const std::vector<FilePayment>& payments) {
    std::map<native::CurrencyText, std::pair<core::Minor, unsigned>> sums;
    for (const auto& payment : payments) {
        auto& [sum, exponent] = sums[payment.instruction.currency];
        sum += payment.instruction.amount;
        exponent = payment.exponent;
    }
    auto text = fmt::format("{} payments", payments.size());
    for (const auto& [currency, sum] : sums)
        text += fmt::format(", {} {}", core::format_amount(sum.first, sum.second),
                            native::currency_of(currency).to_string());
    return text;
}

/// Dates of rows that name none. The first run decides, so that a run after midnight asks for the same.
core::Result<void, RpcError> set_value_dates(RpcClient& rpc, BatchRecord& record,
                                             std::vector<FilePayment>& payments) {
    for (auto& payment : payments) {
        if (payment.instruction.value_date != 0) continue;
        const auto currency = native::currency_of(payment.instruction.currency);
        if (record.value_date(currency) == 0) {
            const auto date = business_date(rpc, currency);
            if (!date) return core::fail(date.error());
            record.set_value_date(currency, *date);
        }
        payment.instruction.value_date = record.value_date(currency);
    }
    return {};
}

std::filesystem::path record_file(const NetworkAccess& network, const std::string& genesis_hash,
                                  const core::Bic& payer, const std::string& label, const std::string& text) {
    const auto hash = core::keccak256(
        core::view(fmt::format("{}\x1f{}\x1f{}\x1f{}", genesis_hash, payer.to_string(), label, text)));
    return network.folder() / "batches" / (core::to_hex(hash).substr(0, 16) + ".json");
}

struct Counts {
    std::size_t settled = 0, queued = 0, rejected = 0, unknown = 0, repeated = 0;
};
Counts count(const std::vector<RowOutcome>& outcomes) {
    Counts counts;
    for (const auto& outcome : outcomes) {
        counts.repeated += outcome.is_repeated;
        if (outcome.status == "Final")
            ++counts.settled;
        else if (outcome.status == "Pending")
            ++counts.queued;
        else if (outcome.status == "Never" || outcome.status == "Refused")
            ++counts.rejected;
        else
            ++counts.unknown;
    }
    return counts;
}

Json row_json(const FilePayment& payment, const RowOutcome& outcome) {
    const auto& instruction = payment.instruction;
    return {{"line", payment.line},
            {"uetr", core::Uetr{instruction.uetr}.to_string()},
            {"payee", native::bic_of(instruction.payee).to_string()},
            {"amount", core::format_amount(instruction.amount, payment.exponent)},
            {"ccy", native::currency_of(instruction.currency).to_string()},
            {"status", outcome.status.empty() ? "Unknown" : outcome.status},
            {"why", outcome.why},
            {"reason", outcome.reason.empty() ? Json() : Json(outcome.reason)},
            {"txHash", outcome.transaction.empty() ? Json() : Json(outcome.transaction)},
            {"repeated", outcome.is_repeated}};
}

ExitCode print_result(const std::vector<FilePayment>& payments, const std::vector<RowOutcome>& outcomes,
                      const std::string& fault, double seconds, bool as_json) {
    const auto counts = count(outcomes);
    const auto code = counts.unknown > 0    ? ExitCode::not_final
                      : counts.rejected > 0 ? ExitCode::refused
                                            : ExitCode::done;
    if (as_json) {
        Json rows = Json::array();
        for (std::size_t i = 0; i < payments.size(); ++i)
            rows.push_back(row_json(payments[i], outcomes[i]));
        print_json({{"payments", payments.size()},
                    {"settled", counts.settled},
                    {"queued", counts.queued},
                    {"rejected", counts.rejected},
                    {"unknown", counts.unknown},
                    {"repeated", counts.repeated},
                    {"seconds", seconds},
                    {"error", fault.empty() ? Json() : Json(fault)},
                    {"rows", rows}});
        return code;
    }
    std::vector<std::vector<std::string>> open;
    for (std::size_t i = 0; i < payments.size(); ++i) {
        if (outcomes[i].status == "Final") continue;
        const auto row = row_json(payments[i], outcomes[i]);
        open.push_back({std::to_string(payments[i].line), row["uetr"], row["payee"], row["amount"],
                        row["ccy"], outcomes[i].why.empty() ? "not sent" : outcomes[i].why,
                        outcomes[i].reason.empty() ? "-" : outcomes[i].reason});
    }
    if (!open.empty())
        print_line(table({"line", "UETR", "payee", "amount", "currency", "state", "reason"}, open));
    print_line(table({"payments", "settled", "queued", "rejected", "unknown", "sent before"},
                     {{std::to_string(payments.size()), std::to_string(counts.settled),
                       std::to_string(counts.queued), std::to_string(counts.rejected),
                       std::to_string(counts.unknown), std::to_string(counts.repeated)}}));
    if (!fault.empty()) return fail(code, fault, false);
    print_line(fmt::format("{:.1f} s", seconds));
    return code;
}

ExitCode send(const Arguments& arguments, const NetworkAccess& network, RpcClient& rpc,
              std::vector<FilePayment>& payments, BatchRecord& record) {
    const bool as_json = arguments.has("--json");
    if (const auto dated = set_value_dates(rpc, record, payments); !dated)
        return fail(exit_code_of(dated.error()), dated.error().message, as_json);
    if (!is_confirmed(arguments, fmt::format("{} pays: {}.", arguments.text("--from"), summary_of(payments))))
        return fail(ExitCode::refused, "nothing was sent", as_json);
    const auto signing = network.signing(arguments, "maker", arguments.text("--from"));
    if (!signing) return fail(ExitCode::usage, signing.error(), as_json);
    const auto key = open_signing(*signing);
    if (!key) return fail(ExitCode::usage, key.error(), as_json);
    // Before anything is sent: a run that is cut off leaves its value dates behind.
    if (const auto saved = record.save(); !saved) return fail(ExitCode::refused, saved.error(), as_json);
    const auto begin = std::chrono::steady_clock::now();
    std::vector<RowOutcome> outcomes;
    std::string fault;
    {
        Progress progress("payments", payments.size());
        batch::BatchRun run(rpc, *key, record, [&](std::size_t done) { progress.show(done); });
        outcomes = run.send(payments);
        fault = run.fault();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    return print_result(payments, outcomes, fault, took.count(), as_json);
}

ExitCode run(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto file = arguments.text("FILE"), label = arguments.text("--label");
    const auto text = read_file(file, 256u << 20);
    if (!text) return fail(ExitCode::usage, text.error(), as_json);
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    const auto payer = network->bank(arguments.text("--from"));
    if (!payer) return fail(ExitCode::usage, payer.error(), as_json);
    RpcClient rpc(network->rpc_url(), std::chrono::seconds(90));
    const auto facts = read_facts(rpc);
    if (!facts) return fail(exit_code_of(facts.error()), facts.error().message, as_json);
    auto payments = batch::read_payment_file(*text, rules_for(*network, *facts, *payer, label));
    if (!payments) return tell_faults(file, payments.error(), as_json);
    if (arguments.has("--check")) {
        if (as_json)
            print_json({{"file", file}, {"payments", payments->size()}});
        else
            print_line(fmt::format("{}: {}; nothing was sent", file, summary_of(*payments)));
        return ExitCode::done;
    }
    auto record = BatchRecord::open(record_file(*network, facts->genesis_hash, *payer, label, *text),
                                    facts->genesis_hash);
    if (!record) return fail(ExitCode::refused, record.error(), as_json);
    return send(arguments, *network, rpc, *payments, *record);
}

constexpr Argument run_arguments[] = {
    {"FILE", ArgumentKind::positional,
     "CSV file: columns payee, amount, ccy, and as wished reference, type, priority, value_date, uetr", true},
    {"--from", ArgumentKind::value, "Paying bank: devnet name or BIC", true},
    {"--label", ArgumentKind::value, "Tells this file from an equal one that was paid before"},
    {"--check", ArgumentKind::flag, "Read and check the file only"},
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument,
};

constexpr Command commands[] = {
    {"batch", "Pay what a file says, a hundred payments under one signature", run_arguments, run,
     "sluice batch payments.csv --from bank-a"},
};

}  // namespace

std::span<const Command> batch_commands() {
    return commands;
}

}  // namespace sluice::cli
