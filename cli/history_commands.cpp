/// sluice entries and payments: what happened on accounts, and payments by what they are.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/amounts.hpp"
#include "cli/command.hpp"
#include "cli/network_access.hpp"
#include "core/calendar.hpp"

namespace sluice::cli {
namespace {

std::string text_of(const Json& row, const char* key) {
    const auto found = row.find(key);
    if (found == row.end() || found->is_null()) return "";
    return found->is_string() ? found->get<std::string>() : found->dump();
}

/// Columns of an entry, as a table and for a database alike.
const std::vector<std::string> entry_columns{"bic",          "ccy",    "entry", "delta",
                                             "balance",      "kind",   "uetr",  "type",
                                             "counterparty", "height", "time",  "transaction"};

std::vector<std::string> entry_row(const Json& row) {
    return {text_of(row, "bic"),
            text_of(row, "ccy"),
            text_of(row, "entry"),
            amount_text(row.value("delta", Json())),
            amount_text(row.value("balance", Json())),
            text_of(row, "kind"),
            text_of(row, "uetr"),
            text_of(row, "msgType"),
            text_of(row, "counterparty"),
            text_of(row, "height"),
            text_of(row, "time"),
            text_of(row, "txHash")};
}

/// No cell holds a comma, a quote or a line end: codes, numbers and hashes are all there is.
std::string csv_line(const std::vector<std::string>& cells) {
    return fmt::format("{}", fmt::join(cells, ","));
}

/// A number for one account, "HEIGHT.INDEX" for many.
Json sequence_of(const std::string& text) {
    if (text.empty()) return Json();
    if (text.find_first_not_of("0123456789") == std::string::npos && text.size() < 19)
        return std::stoull(text);
    return text;
}

ExitCode entries(const Arguments& arguments) {
    const bool as_json = arguments.has("--json"), as_csv = arguments.has("--csv");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    Json query = Json::object();
    if (const auto name = arguments.text("--bic"); !name.empty()) {
        const auto bank = network->bank(name);
        if (!bank) return fail(ExitCode::usage, bank.error(), as_json);
        query["bic"] = bank->to_string();
    }
    if (const auto currency = arguments.text("--currency"); !currency.empty()) query["ccy"] = currency;
    if (const auto from = sequence_of(arguments.text("--from-seq")); !from.is_null()) query["fromSeq"] = from;
    RpcClient rpc(network->rpc_url());
    Json all = Json::array(), next;
    std::vector<std::vector<std::string>> rows;
    if (as_csv) print_line(csv_line(entry_columns));
    for (bool is_complete = false; !is_complete;) {
        const auto page = rpc.call("settle_exportEntries", {query});
        if (!page) return fail(exit_code_of(page.error()), page.error().message, as_json);
        for (const auto& row : page->value("entries", Json::array())) {
            if (as_json)
                all.push_back(row);
            else if (as_csv)
                print_line(csv_line(entry_row(row)));
            else
                rows.push_back(entry_row(row));
        }
        next = page->value("nextSeq", Json());
        query["fromSeq"] = next;
        is_complete = page->value("isComplete", true);
    }
    if (as_json) {
        print_json({{"entries", all}, {"nextSeq", next}});
    } else if (as_csv) {
        fmt::print(stderr, "go on later with --from-seq {}\n",
                   next.is_string() ? next.get<std::string>() : next.dump());
    } else {
        for (auto& row : rows) {
            row.pop_back();  // the hash is too wide for people
            row.back() = format_time(std::stoull(row.back()));
        }
        print_line(table({entry_columns.begin(), entry_columns.end() - 1}, rows));
    }
    return ExitCode::done;
}

/// Options that go into the filter as they are.
constexpr std::pair<const char*, const char*> plain_filters[] = {
    {"--currency", "ccy"},           {"--status", "status"},      {"--direction", "direction"},
    {"--amount-from", "amountFrom"}, {"--amount-to", "amountTo"},
};

core::Result<Json, std::string> read_filter(const Arguments& arguments, const NetworkAccess& network) {
    Json filter = Json::object();
    if (const auto name = arguments.text("--party"); !name.empty()) {
        const auto bank = network.bank(name);
        if (!bank) return core::fail(bank.error());
        filter["party"] = bank->to_string();
    }
    for (const auto& [option, member] : plain_filters)
        if (const auto value = arguments.text(option); !value.empty()) filter[member] = value;
    if (const auto text = arguments.text("--value-date"); !text.empty()) {
        const auto date = core::parse_date(text);
        if (!date) return core::fail(fmt::format("--value-date {}: allowed is a day as YYYY-MM-DD", text));
        filter["valueDate"] = *date;
    }
    if (arguments.has("--newest")) filter["order"] = "newest";
    if (const auto cursor = arguments.text("--cursor"); !cursor.empty()) filter["cursor"] = cursor;
    return filter;
}

ExitCode payments(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::usage, network.error(), as_json);
    auto filter = read_filter(arguments, *network);
    if (!filter) return fail(ExitCode::usage, filter.error(), as_json);
    const auto text = arguments.text("--max");
    if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos)
        return fail(ExitCode::usage, fmt::format("--max {}: allowed is a number", text), as_json);
    const std::size_t max = std::stoul(text);
    RpcClient rpc(network->rpc_url());
    Json all = Json::array(), next, oldest;
    do {
        (*filter)["max"] = std::max<std::size_t>(max - all.size(), 1);
        const auto page = rpc.call("settle_getPayments", {*filter});
        if (!page) return fail(exit_code_of(page.error()), page.error().message, as_json);
        for (const auto& row : page->value("payments", Json::array()))
            all.push_back(row);
        next = page->value("next", Json());
        oldest = page->value("oldestHeight", Json());
        (*filter)["cursor"] = next;
    } while (!next.is_null() && all.size() < max);
    if (as_json) {
        print_json({{"payments", all}, {"next", next}, {"oldestHeight", oldest}});
        return ExitCode::done;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : all)
        rows.push_back({text_of(row, "uetr"), text_of(row, "payer"), text_of(row, "payee"),
                        amount_text(row.value("amount", Json())), row["amount"].value("ccy", ""),
                        text_of(row, "valueDate"), text_of(row, "why"), text_of(row, "reason")});
    print_line(
        table({"UETR", "payer", "payee", "amount", "currency", "value date", "state", "reason"}, rows));
    if (next.is_string())
        print_line(fmt::format("There may be more: go on with --cursor {}", next.get<std::string>()));
    else if (oldest.is_number_unsigned() && oldest.get<std::uint64_t>() > 1)
        print_line(fmt::format("This node keeps blocks from height {} on.", oldest.get<std::uint64_t>()));
    return ExitCode::done;
}

constexpr Argument entry_arguments[] = {
    {"--bic", ArgumentKind::value, "Bank: devnet name or BIC; all banks by default"},
    {"--currency", ArgumentKind::value, "Three letters; all currencies by default"},
    {"--from-seq", ArgumentKind::value,
     "Where an earlier run ended: of one account a number, else HEIGHT.INDEX"},
    {"--csv", ArgumentKind::flag, "Comma-separated, for a database"},
    dir_argument,
    rpc_argument,
    node_argument};
constexpr Argument payment_arguments[] = {
    {"--party", ArgumentKind::value, "Bank that pays or is paid: devnet name or BIC"},
    {"--direction", ArgumentKind::value, "outgoing or incoming, seen from --party"},
    {"--currency", ArgumentKind::value, "Three letters"},
    {"--status", ArgumentKind::value, "Pending, Final, Never, or a state such as Queued"},
    {"--value-date", ArgumentKind::value, "YYYY-MM-DD"},
    {"--amount-from", ArgumentKind::value, "At least this much, in --currency"},
    {"--amount-to", ArgumentKind::value, "At most this much, in --currency"},
    {"--newest", ArgumentKind::flag, "The newest first"},
    {"--max", ArgumentKind::value, "How many at most", false, "50"},
    {"--cursor", ArgumentKind::value, "Where an earlier run ended, with the same filter"},
    dir_argument,
    rpc_argument,
    node_argument};

constexpr Command commands[] = {
    {"entries", "Every change of balances, numbered without gaps", entry_arguments, entries,
     "sluice entries --bic bank-a --currency EUR --csv > entries.csv"},
    {"payments", "Payments by party, state, amount or date", payment_arguments, payments,
     "sluice payments --party bank-a --status Queued"},
};

}  // namespace

std::span<const Command> history_commands() {
    return commands;
}

}  // namespace sluice::cli
