/// sluice receipt: the proof of a payment from a node. sluice verify: what it proves, offline.
#include <unistd.h>

#include <iostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/command.hpp"
#include "cli/files.hpp"
#include "cli/network_access.hpp"
#include "cli/receipt_check.hpp"
#include "cli/receipt_files.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

constexpr Argument payment_argument{"PAYMENT", ArgumentKind::positional,
                                    "UETR of a payment, or hash of its transaction", true};
constexpr Argument out_argument{"--out", ArgumentKind::value,
                                "Write to this file instead of standard output"};
constexpr Argument receipt_arguments[] = {payment_argument, out_argument, dir_argument, rpc_argument,
                                          node_argument};

constexpr Argument receipt_file_argument{"RECEIPT", ArgumentKind::positional, "Receipt file", true};
constexpr Argument genesis_argument{"--genesis", ArgumentKind::value, "Genesis file of the chain", true};
constexpr Argument trusted_argument{
    "--trusted-header", ArgumentKind::value,
    "File with a header that you trust and its validators, such as an older receipt"};
constexpr Argument verify_arguments[] = {receipt_file_argument, genesis_argument, trusted_argument};

ExitCode receipt(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto network = NetworkAccess::find(arguments);
    if (!network) return fail(ExitCode::refused, network.error(), as_json);
    RpcClient rpc(network->rpc_url());
    const auto text = fetch_receipt(rpc, arguments.text("PAYMENT"));
    if (!text) return fail(ExitCode::refused, text.error(), as_json);
    const auto out = arguments.text("--out");
    if (out.empty()) {
        // Byte for byte: a verifier compares them.
        std::cout.write(text->data(), static_cast<std::streamsize>(text->size())).flush();
        return std::cout ? ExitCode::done
                         : fail(ExitCode::refused, "cannot write to standard output", as_json);
    }
    if (auto written = write_file(out, *text, FileMode::ordinary); !written)
        return fail(ExitCode::refused, written.error(), as_json);
    if (as_json)
        print_json({{"receipt", out}});
    else
        print_line(fmt::format("receipt written to {}", out));
    return ExitCode::done;
}

/// Keys of validators that left may be stolen later; what they could forge begins at the anchor.
std::string anchor_warning(const VerifiedReceipt& verified) {
    if (verified.anchor_height > 0)
        return "the anchor is the header that you gave: it is believed without proof";
    return "the anchor is genesis: keys of validators that have retired since could forge a history from it; "
           "give a header that you trust with --trusted-header";
}

Json json_of(const VerifiedReceipt& verified) {
    const auto& payment = verified.payment;
    return {{"verified", true},
            {"uetr", payment.uetr.to_string()},
            {"payer", payment.payer.to_string()},
            {"payee", payment.payee.to_string()},
            {"amount", payment.amount},
            {"currency", payment.currency.to_string()},
            {"status", payment.status},
            {"why", native::name_of(verified.facts.event.status)},
            {"msgType",
             std::string(verified.facts.event.message_type.begin(), verified.facts.event.message_type.end())},
            {"height", payment.height},
            {"timeMs", payment.time_ms},
            {"time", core::format_time(payment.time_ms)},
            {"blockHash", core::to_hex_0x(verified.proven.block_hash)},
            {"transactionHash", core::to_hex_0x(payment.transaction_hash)},
            {"paymentId", core::to_hex_0x(payment.payment_id)},
            {"sealedBy", verified.sealed_by},
            {"validators", verified.proven.validators},
            {"chainId", verified.chain.chain_id},
            {"genesisHash", core::to_hex_0x(verified.chain.genesis_hash)},
            {"devnet", verified.is_devnet},
            {"anchor", {{"height", verified.anchor_height}, {"hash", core::to_hex_0x(verified.anchor_hash)}}},
            {"warning", anchor_warning(verified)}};
}

void print_verified(const VerifiedReceipt& verified) {
    const auto& payment = verified.payment;
    print_line(fmt::format("VERIFIED: {} {} from {} to {}: {} ({})", payment.amount,
                           payment.currency.to_string(), payment.payer.to_string(), payment.payee.to_string(),
                           payment.status, native::name_of(verified.facts.event.status)));
    print_line(fmt::format("UETR         {}", payment.uetr.to_string()));
    print_line(fmt::format("payment      {}", core::to_hex_0x(payment.payment_id)));
    print_line(fmt::format("transaction  {}", core::to_hex_0x(payment.transaction_hash)));
    print_line(fmt::format("block        height {}, {}, {}", payment.height, format_time(payment.time_ms),
                           core::to_hex_0x(verified.proven.block_hash)));
    print_line(fmt::format("sealed by    {} of {} validators: {}", verified.sealed_by.size(),
                           verified.proven.validators, fmt::join(verified.sealed_by, ", ")));
    print_line(fmt::format("chain        {}{}, genesis {}", verified.chain.chain_id,
                           verified.is_devnet ? " (devnet)" : "",
                           core::to_hex_0x(verified.chain.genesis_hash)));
    print_line(fmt::format("anchor       height {}, {}", verified.anchor_height,
                           core::to_hex_0x(verified.anchor_hash)));
    print_line(fmt::format("note         {}", anchor_warning(verified)));
}

ExitCode verify(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto receipt_text = read_file(arguments.text("RECEIPT"), core::receipt_document_bytes_max);
    if (!receipt_text) return fail(ExitCode::refused, receipt_text.error(), as_json);
    const auto genesis = read_file(arguments.text("--genesis"));
    if (!genesis) return fail(ExitCode::refused, genesis.error(), as_json);
    ReceiptFiles files{*receipt_text, *genesis, std::nullopt};
    std::string trusted;
    if (arguments.has("--trusted-header")) {
        auto text = read_file(arguments.text("--trusted-header"), core::receipt_document_bytes_max);
        if (!text) return fail(ExitCode::refused, text.error(), as_json);
        trusted = std::move(*text);
        files.trusted_header = trusted;
    }
    const auto verified = check_receipt(files);
    if (!verified) return fail(ExitCode::refused, fmt::format("NOT VERIFIED: {}", verified.error()), as_json);
    if (as_json)
        print_json(json_of(*verified));
    else
        print_verified(*verified);
    // What is proven may be that nothing is settled: a script that asks for the exit code must not take it
    // for paid.
    switch (native::outcome_of(verified->facts.event.status)) {
        case native::Outcome::final:
            return ExitCode::done;
        case native::Outcome::never:
            return ExitCode::refused;
        case native::Outcome::pending:
        case native::Outcome::unknown:
            break;
    }
    return ExitCode::not_final;
}

constexpr Command commands[] = {
    {"receipt", "The receipt file of a final payment, which proves it without any node", receipt_arguments,
     receipt, "sluice receipt 8a562c67-ca16-48ba-b074-65581be6f011 > r.json"},
    {"verify", "Check a receipt file without node or network, and say what it proves", verify_arguments,
     verify, "sluice verify r.json --genesis devnet/genesis.json"},
};

}  // namespace

std::span<const Command> receipt_commands() {
    return commands;
}

}  // namespace sluice::cli
