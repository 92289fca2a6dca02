/// sluice deploy: a compiler's contract, with the arguments of its constructor.
#include <fmt/format.h>

#include "cli/abi/text.hpp"
#include "cli/confirmation.hpp"
#include "cli/contract_arguments.hpp"
#include "cli/contract_file.hpp"
#include "cli/submission_output.hpp"

namespace sluice::cli {
namespace {

/// Initial code of a creation (EIP-3860).
constexpr std::size_t creation_code_bytes_max = 49'152;

/// Types of the constructor's parameters: --constructor, else the ABI's, else none.
core::Result<std::vector<abi::Type>, std::string> constructor_inputs(const Arguments& arguments,
                                                                     const abi::Interface* interface) {
    const auto text = arguments.text("--constructor");
    if (!text.empty()) {
        if (text[0] == '(') return abi::parse_types(text);
        auto signature = abi::parse_signature(text);
        if (!signature) return core::fail("--constructor: " + signature.error());
        if (signature->name != "constructor")
            return core::fail(fmt::format("--constructor {}: it begins with constructor(", text));
        return std::move(signature->inputs);
    }
    if (interface != nullptr) return interface->constructor_inputs;
    if (arguments.list("--args").empty()) return std::vector<abi::Type>{};
    return core::fail(
        std::string("a hex file does not say what its constructor takes: add --constructor 'constructor(…)' "
                    "or --abi FILE"));
}

struct Deployment {
    core::Bytes data;
    std::optional<abi::Interface> interface;
};

core::Result<Deployment, std::string> read_deployment(const Arguments& arguments) {
    auto file = read_contract_file(arguments.text("FILE"), arguments.text("--contract"));
    if (!file) return core::fail(file.error());
    Deployment deployment{std::move(file->creation_code), std::move(file->interface)};
    if (!arguments.text("--abi").empty()) {
        auto interface = read_interface_file(arguments.text("--abi"), arguments.text("--contract"));
        if (!interface) return core::fail(interface.error());
        deployment.interface = std::move(*interface);
    }
    const auto inputs =
        constructor_inputs(arguments, deployment.interface ? &*deployment.interface : nullptr);
    if (!inputs) return core::fail(inputs.error());
    const auto values = abi::parse_values(*inputs, arguments.list("--args"));
    if (!values) return core::fail("constructor: " + values.error());
    core::append(deployment.data, abi::encode(*inputs, *values));
    if (deployment.data.size() > creation_code_bytes_max)
        return core::fail(
            fmt::format("{} bytes of creation code and arguments: at most {} can be deployed (EIP-3860)",
                        deployment.data.size(), creation_code_bytes_max));
    return deployment;
}

ExitCode deploy(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto deployment = read_deployment(arguments);
    if (!deployment) return fail(ExitCode::usage, deployment.error(), as_json);
    const auto sender = read_sender(arguments);
    if (!sender) return fail(ExitCode::usage, sender.error(), as_json);
    if (!may_send(arguments, sender->value)) return fail(ExitCode::refused, "nothing was sent", as_json);
    RpcClient rpc(sender->network.rpc_url());
    const auto begin = std::chrono::steady_clock::now();
    const auto sent =
        send_to_contract(rpc, sender->signing,
                         {.to = {}, .data = deployment->data, .value = sender->value, .gas = sender->gas},
                         sender->waits, deployment->interface ? &*deployment->interface : nullptr);
    if (!sent) return print_failure(sent.error(), as_json);
    auto json = outcome_json(*sent, begin);
    const auto address = sent->creates ? core::checksum_hex(*sent->creates) : std::string("unknown");
    json["address"] = address;
    if (as_json) {
        print_json(json);
        return ExitCode::done;
    }
    print_line(sent->receipt.is_object()
                   ? fmt::format("contract {} deployed at height {}, after {:.0f} ms", address,
                                 json["height"].dump(), json["milliseconds"].get<double>())
                   : fmt::format("Accepted: contract {} waits for its block", address));
    print_hash_and_gas(json);
    return ExitCode::done;
}

constexpr Argument from_argument{"--from", ArgumentKind::value,
                                 "Account of the devnet: dev (the default), a bank, NAME:ROLE or an address"};
constexpr Argument deploy_arguments[] = {
    {"FILE", ArgumentKind::positional,
     "Hex bytecode, an artifact of Hardhat or Foundry, or solc's JSON output", true},
    {"--args", ArgumentKind::list, "Arguments of the constructor: 42 0x… text '[1,2]' '(0x…,true)'"},
    {"--constructor", ArgumentKind::value, "Its types without an ABI: 'constructor(address,uint256)'"},
    abi_argument,
    contract_argument,
    value_argument,
    gas_argument,
    from_argument,
    wait_argument,
    yes_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};

constexpr Command commands[] = {
    {"deploy", "Deploy a contract and wait until it is final", deploy_arguments, deploy,
     "sluice deploy Token.json --args 'Bank Token' BNK 1000000"},
};

}  // namespace

std::span<const Command> deploy_commands() {
    return commands;
}

}  // namespace sluice::cli
