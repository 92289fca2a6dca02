/// sluice iso: ISO 20022 messages in, payments and answers out.
#include <algorithm>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/confirmation.hpp"
#include "cli/files.hpp"
#include "cli/iso_submission.hpp"
#include "core/uint256.hpp"

namespace sluice::cli {
namespace {

constexpr std::uint64_t wait_ms_max = 60'000;
constexpr std::uint64_t message_bytes_max = 16 << 20;

constexpr Argument files_argument{"FILE", ArgumentKind::list, "Messages: pacs.008, pacs.009", true};
constexpr Argument xml_argument{"--xml", ArgumentKind::flag, "Print the answers as XML"};
constexpr Argument wait_ms_argument{"--wait-ms", ArgumentKind::value, "Wait so long for the final word",
                                    false, "10000"};
constexpr Argument bytes_argument{"--max-bytes", ArgumentKind::value, "Refuse longer messages", false,
                                  "100000"};
constexpr Argument header_argument{"--require-header", ArgumentKind::flag,
                                   "Refuse a Document without AppHdr"};
constexpr Argument submit_arguments[] = {files_argument, dir_argument,      rpc_argument, node_argument,
                                         key_argument,   password_argument, xml_argument, wait_ms_argument,
                                         bytes_argument, header_argument,   yes_argument};
constexpr Argument show_arguments[] = {files_argument, xml_argument, bytes_argument, header_argument};

core::Result<std::uint64_t, std::string> number(const Arguments& arguments, std::string_view name,
                                                std::uint64_t most) {
    const auto value = core::uint256_from_decimal(arguments.text(name));
    if (!value || !value->fits_u64() || value->low_u64() == 0 || value->low_u64() > most)
        return core::fail(
            fmt::format("{} {}: allowed is a number from 1 to {}", name, arguments.text(name), most));
    return value->low_u64();
}

/// Adds what the command line says to the rules.
core::Result<void, std::string> apply_options(const Arguments& arguments, iso20022::ReadingRules& rules) {
    const auto bytes = number(arguments, "--max-bytes", message_bytes_max);
    if (!bytes) return core::fail(bytes.error());
    rules.xml.bytes_max = *bytes;
    rules.require_header = arguments.has("--require-header");
    return {};
}

/// One message is answered with an object, several with a list.
void print_all(std::vector<Json> entries) {
    if (entries.size() == 1) return print_json(entries.front());
    Json list = Json::array();
    for (auto& entry : entries)
        list.push_back(std::move(entry));
    print_json(list);
}

std::string line_of(const std::string& file, const IsoOutcome& outcome) {
    std::string line = fmt::format("{}  {}", outcome.uetr == "-" ? file : outcome.uetr, outcome.status);
    if (!outcome.reason.empty()) line += " " + outcome.reason;
    if (!outcome.text.empty()) line += ": " + outcome.text;
    if (outcome.height) line += fmt::format("  height {}", *outcome.height);
    if (outcome.time_ms) line += fmt::format("  {}", format_time(*outcome.time_ms));
    return line;
}

/// The worst first: an unknown payment must be asked about before anything else.
ExitCode worse(ExitCode left, ExitCode right) {
    for (const auto code : {ExitCode::usage, ExitCode::not_final, ExitCode::unreachable, ExitCode::refused})
        if (left == code || right == code) return code;
    return ExitCode::done;
}

ExitCode submit(const Arguments& arguments) {
    const bool as_json = arguments.has("--json"), as_xml = arguments.has("--xml");
    const auto wait = number(arguments, "--wait-ms", wait_ms_max);
    if (!wait) return fail(ExitCode::usage, wait.error(), as_json);
    const auto files = arguments.list("FILE");
    if (!is_confirmed(arguments, fmt::format("This pays what {} message(s) say.", files.size())))
        return fail(ExitCode::refused, "nothing was sent", as_json);
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::refused, network.error(), as_json);
    RpcClient rpc(network->rpc_url(), std::chrono::milliseconds(*wait + 20'000));
    auto rules = reading_rules(rpc);
    if (!rules) return fail(exit_code_of(rules.error()), rules.error().message, as_json);
    if (const auto applied = apply_options(arguments, *rules); !applied)
        return fail(ExitCode::usage, applied.error(), as_json);
    IsoSubmission submission(arguments, *network, rpc, std::move(*rules), std::chrono::milliseconds(*wait));
    auto code = ExitCode::done;
    std::vector<Json> entries;
    for (const auto& file : files) {
        auto outcome = submission.submit(file);
        code = worse(code, outcome.code);
        if (as_xml)
            print_line(outcome.answer_xml);
        else if (!as_json)
            print_line(line_of(file, outcome));
        if (!as_json && outcome.json.contains("warning"))
            fail(code, outcome.json["warning"].get<std::string>(), false);
        entries.push_back(std::move(outcome.json));
    }
    if (as_json && !as_xml) print_all(std::move(entries));
    return code;
}

void print_content(const std::string& file, const iso20022::CreditTransfer& transfer) {
    print_line(fmt::format("{}: {}", file, transfer.original.message_name));
    const auto json = json_of(transfer);
    const auto text = [&](const char* key) {
        return json[key].is_string() ? json[key].get<std::string>() : json[key].dump();
    };
    print_line(fmt::format("  {} {} from {} to {}", json["amount"]["value"].get<std::string>(),
                           json["amount"]["ccy"].get<std::string>(), text("payer"), text("payee")));
    for (const auto* key : {"uetr", "msgType", "messageId", "instructionId", "endToEndId", "valueDate",
                            "priority", "earliest", "latest", "paymentId", "messageHash"})
        print_line(fmt::format("  {:<14} {}", key, text(key)));
}

ExitCode show(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    iso20022::ReadingRules rules;
    if (const auto applied = apply_options(arguments, rules); !applied)
        return fail(ExitCode::usage, applied.error(), as_json);
    auto code = ExitCode::done;
    std::vector<Json> entries;
    for (const auto& file : arguments.list("FILE")) {
        const auto text = read_file(file);
        if (!text) return fail(ExitCode::refused, text.error(), as_json);
        const auto transfer = iso20022::read_credit_transfer(*text, rules);
        if (transfer) {
            entries.push_back({{"file", file}, {"readable", true}});
            entries.back().update(json_of(*transfer));
            if (!as_json) print_content(file, *transfer);
            continue;
        }
        code = ExitCode::refused;
        const auto& rejection = transfer.error().rejection;
        const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::system_clock::now().time_since_epoch());
        const auto answer =
            iso20022::answer_refusal(transfer.error(), static_cast<core::UnixMs>(now.count()));
        entries.push_back({{"file", file},
                           {"readable", false},
                           {"message", transfer.error().original.message_name},
                           {"answer", answer.message},
                           {"answerStatus", answer.status},
                           {"reason", rejection.code},
                           {"place", rejection.place},
                           {"reasonText", rejection.text}});
        if (arguments.has("--xml"))
            print_line(answer.xml);
        else if (!as_json)
            print_line(fmt::format("{}: {}{} {}: {}{}", file, answer.message,
                                   answer.status.empty() ? "" : " " + answer.status, rejection.code,
                                   rejection.text,
                                   rejection.place.empty() ? "" : fmt::format(" ({})", rejection.place)));
    }
    if (as_json) print_all(std::move(entries));
    return code;
}

constexpr Command commands[] = {
    {"iso submit", "Settle payment messages and say what became of each", submit_arguments, submit,
     "sluice iso submit payment.xml --xml"},
    {"iso show", "Read and check messages without sending anything", show_arguments, show,
     "sluice iso show payment.xml"},
};

}  // namespace

std::span<const Command> iso_commands() {
    return commands;
}

}  // namespace sluice::cli
