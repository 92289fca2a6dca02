#include "node/offline.hpp"

#include <unistd.h>

#include <fstream>
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "consensus/durable_state.hpp"
#include "consensus/message_codec.hpp"
#include "ledger/leveldb_store.hpp"
#include "ledger/verify.hpp"

namespace sluice::node {
namespace {

using Json = nlohmann::ordered_json;

/// Progress on a terminal only, on one line that is written over.
void show_progress(const std::string& part, std::uint64_t done, std::uint64_t of) {
    if (isatty(STDERR_FILENO) == 0) return;
    std::cerr << fmt::format("\rverifying {}: {} of {}   ", part, done, of) << std::flush;
}

void write_report(const ledger::VerifyReport& report, bool full, bool json, std::ostream& out) {
    if (json) {
        Json faults = Json::array();
        for (const auto& fault : report.faults)
            faults.push_back({{"height", fault.height}, {"what", fault.what}});
        out << Json{{"whole", report.whole()},
                    {"head", report.head},
                    {"firstBody", report.first_body},
                    {"transactions", report.transactions},
                    {"accounts", report.accounts},
                    {"slots", report.slots},
                    {"full", full},
                    {"faultsFound", report.faults_found},
                    {"faults", faults}}
                   .dump(2)
            << "\n";
        return;
    }
    for (const auto& fault : report.faults)
        out << fmt::format("height {}: {}\n", fault.height, fault.what);
    if (report.whole())
        out << fmt::format("whole: {} blocks, {} transactions{}{}\n", report.head + 1, report.transactions,
                           full ? fmt::format(", {} accounts, {} slots", report.accounts, report.slots) : "",
                           report.first_body > 0
                               ? fmt::format("; bodies are kept from block {} on", report.first_body)
                               : "");
    else
        out << fmt::format("NOT whole: {} faults\n", report.faults_found);
}

std::string_view name_of(consensus::RecordKind kind) {
    switch (kind) {
        case consensus::RecordKind::body:
            return "BODY";
        case consensus::RecordKind::sent:
            return "SENT";
        case consensus::RecordKind::lock:
            return "LOCK";
        case consensus::RecordKind::entered:
            return "ENTERED";
        case consensus::RecordKind::rejoin:
            return "REJOIN";
        case consensus::RecordKind::lost:
            return "LOST";
        case consensus::RecordKind::promised:
            return "PROMISED";
    }
    return "UNKNOWN";
}

/// What the record says, in one word: the message type of a sent one, the kind of any other.
std::string title_of(const ledger::VoteRecord& record) {
    const auto kind = static_cast<consensus::RecordKind>(record.kind);
    if (kind == consensus::RecordKind::sent)
        if (const auto message = consensus::decode_message(record.payload))
            return std::string(consensus::name_of(*message));
    return std::string(name_of(kind));
}

/// What there is of a ledger.
struct LedgerFound {
    enum class Kind {
        missing,
        unfinished,  ///< a join from a snapshot was cut short
        damaged,
        whole,
        untouchable,  ///< of another chain or a newer version, or not to be opened now
    };
    Kind kind = Kind::missing;
    core::Height height = 0;
    std::string detail;
};

LedgerFound look_at_ledger(const NodeConfig& config, const Chain& chain) {
    using Kind = LedgerFound::Kind;
    if (!std::filesystem::exists(ledger_directory(config))) return {Kind::missing, 0, "there is no ledger"};
    const auto store = ledger::open_leveldb(ledger_directory(config), store_options(config));
    if (!store) {
        const auto reason = store.error().reason;
        const bool is_damage = reason != ledger::LevelDbError::locked && reason != ledger::LevelDbError::io;
        return {is_damage ? Kind::damaged : Kind::untouchable, 0, store.error().detail};
    }
    const auto opened =
        ledger::Ledger::open(**store, chain.genesis_hash, std::nullopt, opening_options(config).ledger);
    if (!opened && opened.error().reason == ledger::OpenError::unfinished_join)
        return {Kind::unfinished, 0, opened.error().detail};
    if (!opened && (opened.error().reason == ledger::OpenError::wrong_genesis ||
                    opened.error().reason == ledger::OpenError::unsupported_format))
        return {Kind::untouchable, 0, opened.error().detail};
    if (!opened) return {Kind::damaged, 0, opened.error().detail};
    ledger::VerifyOptions options;
    options.full = true;
    options.chain = chain.identity();
    options.progress = show_progress;
    const auto report = ledger::verify_database(**store, options);
    if (isatty(STDERR_FILENO) != 0) std::cerr << "\r";
    if (report.whole()) return {Kind::whole, report.head, {}};
    const auto& first = report.faults.front();
    return {
        Kind::damaged, report.head,
        fmt::format("{} faults, the first at height {}: {}", report.faults_found, first.height, first.what)};
}

/// From here on a start may find the ledger behind the vote log. Should a power cut take the file away, the
/// start is refused and the repair can be run again.
core::Result<void, StartFailure> set_repair_mark(const NodeConfig& config) {
    std::ofstream file(repair_mark(config));
    if (file << "the ledger may be behind the vote log\n" << std::flush) return {};
    return core::fail(
        StartFailure{ExitCode::failed, fmt::format("cannot write {}", repair_mark(config).string())});
}

core::Result<std::string, StartFailure> begin_anew(const NodeConfig& config, const Chain& chain,
                                                   const LedgerFound& found) {
    std::string aside;
    if (found.kind != LedgerFound::Kind::missing) {
        const auto name = set_aside(ledger_directory(config), "damaged");
        if (!name) return core::fail(name.error());
        aside = fmt::format("; it is kept as {}", name->string());
    }
    auto store = ledger::create_leveldb(ledger_directory(config), store_options(config));
    if (!store)
        return core::fail(
            StartFailure{ExitCode::failed, "cannot create the ledger: " + store.error().detail});
    if (const auto created = create_ledger(**store, chain, opening_options(config)); !created)
        return core::fail(StartFailure{ExitCode::failed, created.error()});
    return fmt::format("{}{}. A new ledger begins",
                       found.detail.empty() ? "no fault was found" : found.detail, aside);
}

}  // namespace

core::Result<std::string, StartFailure> repair(const NodeConfig& config, const RepairOptions& options) {
    using Kind = LedgerFound::Kind;
    const auto refuse = [](std::string why) {
        return core::fail(StartFailure{ExitCode::needs_operator, std::move(why)});
    };
    const auto chain = load_chain(config.genesis_file);
    if (!chain) return core::fail(chain.error());
    if (!std::filesystem::exists(ledger_directory(config)) &&
        !std::filesystem::exists(vote_directory(config)))
        return refuse(fmt::format("{} is not initialised: run 'sluiced init'", config.data_dir.string()));
    const auto lock = ledger::DirectoryLock::take(config.data_dir);
    if (!lock) return refuse("the node runs: stop it first");
    std::error_code ignored;
    std::filesystem::create_directory(vote_directory(config), ignored);
    const auto directory = ledger::open_vote_directory(vote_directory(config));
    const auto votes = ledger::read_vote_log(*directory);
    const LedgerFound found = look_at_ledger(config, *chain);
    if (found.kind == Kind::untouchable) return refuse(found.detail);
    if (found.kind == Kind::unfinished)
        return std::string("a join from a snapshot was cut short: start the node, and it begins anew");
    const core::Height known = votes ? height_known(*votes) : 0;
    const bool is_kept = found.kind == Kind::whole && !options.discard_whole_ledger;
    if (is_kept && found.height >= known)
        return fmt::format("the ledger is whole up to block {}; nothing was changed", found.height);
    if (const auto marked = set_repair_mark(config); !marked) return core::fail(marked.error());
    std::string said = fmt::format("the ledger is whole up to block {}, and stays", found.height);
    if (!is_kept) {
        auto begun = begin_anew(config, *chain, found);
        if (!begun) return core::fail(begun.error());
        said = std::move(*begun);
    }
    if (!votes)
        return fmt::format("{}. The vote log is not whole either: run 'sluiced rejoin', then start the node",
                           said);
    return fmt::format(
        "{}. Once started, the node fetches what is missing from others, and votes again from "
        "block {} on",
        said, known + 1);
}

core::Result<ExitCode, StartFailure> verify_db(const NodeConfig& config, bool full, bool json,
                                               std::ostream& out) {
    const auto chain = load_chain(config.genesis_file);
    if (!chain) return core::fail(chain.error());
    const auto lock = ledger::DirectoryLock::take(config.data_dir);
    if (!lock)
        return core::fail(StartFailure{ExitCode::failed, "the node runs: stop it first, or verify a copy"});
    auto store = ledger::open_leveldb(ledger_directory(config));
    if (!store)
        return core::fail(StartFailure{ExitCode::failed, "cannot open the ledger: " + store.error().detail});
    ledger::VerifyOptions options;
    options.full = full;
    options.chain = chain->identity();
    options.progress = show_progress;
    const auto report = ledger::verify_database(**store, options);
    if (isatty(STDERR_FILENO) != 0) std::cerr << "\r";
    write_report(report, full, json, out);
    return report.whole() ? ExitCode::stopped : ExitCode::failed;
}

core::Result<ExitCode, StartFailure> dump_votes(const NodeConfig& config, bool json, std::ostream& out) {
    auto directory = ledger::open_vote_directory(vote_directory(config));
    const auto contents = ledger::read_vote_log(*directory);
    if (!contents)
        return core::fail(
            StartFailure{ExitCode::needs_operator, "the vote log is not whole: " + contents.error().detail});
    for (const auto& frame : contents->frames)
        for (const auto& record : frame.records) {
            const auto title = title_of(record);
            if (json)
                out << Json{{"sequence", frame.sequence},
                            {"type", title},
                            {"height", record.height},
                            {"view", record.view},
                            {"bytes", record.payload.size()}}
                           .dump()
                    << "\n";
            else
                out << fmt::format("{:>8}  {:<12} height {:<8} view {:<6} {} bytes\n", frame.sequence, title,
                                   record.height, record.view, record.payload.size());
        }
    if (!json)
        out << fmt::format("head mark: height {} {}{}\n", contents->mark.height,
                           core::to_hex_0x(contents->mark.hash),
                           contents->torn_tail ? "; a torn last write was left out" : "");
    return ExitCode::stopped;
}

}  // namespace sluice::node
