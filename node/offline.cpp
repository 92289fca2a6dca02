#include "node/offline.hpp"

#include <unistd.h>

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
        out << fmt::format("whole: {} blocks, {} transactions{}\n", report.head + 1, report.transactions,
                           full ? fmt::format(", {} accounts, {} slots", report.accounts, report.slots) : "");
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

}  // namespace

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
